"""`dataset=snips`: English requests to a voice assistant, with intents and slots; 13,084, 700 and 700 of them.

    tengjia data get snips
    python run_modeling.py app=demo_app2 task=intent stage=train dataset=snips tokenizer=whitespace

Three files a part that belong together line by line: words, tags (BIO), intents; 7 intents, 39 types of slots, all in
lower case. Twenty-three of the test requests stand in the training part too.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Final

from tengjia.contracts import Reader, Rejects
from tengjia.data.example import Example
from tengjia.data.sources import Source, SourceFile
from tengjia.registry import datasets, readers

_AT: Final = (
    "https://raw.githubusercontent.com/MiuLab/SlotGated-SLU/61f0307c729b1fad479ef1de94aa5ac5dee601b0/data/snips"
)
_FOLDERS: Final = {"train": "train", "development": "valid", "test": "test"}


@datasets.register("snips")
class Snips:
    """The corpus as split by Goo et al. 2018.

    Args:
        reader: Not used: the corpus brings its own.
        root: `dataset_root`; the files lie in the folders `train`, `valid` and `test` of its folder `snips`.
    """

    @dataclass(frozen=True)
    class Config:
        """No parameters."""

    reads: ClassVar[dict[str, str]] = {
        "train": "snips/train/seq.in",
        "development": "snips/valid/seq.in",
        "test": "snips/test/seq.in",
    }
    """The file of words of each part below `dataset_root`; the check before a run looks for them."""

    source = Source(
        name="snips",
        folder="snips",
        about="English requests to a voice assistant; 7 intents, 39 types of slots, three files line by line",
        origin="https://github.com/MiuLab/SlotGated-SLU (data of Snips, sonos/nlu-benchmark)",
        licence="none stated with these files; Snips published the data for use by anybody",
        citation="Alice Coucke et al. Snips Voice Platform. arXiv:1805.10190; split of Goo et al. NAACL 2018",
        files=(
            SourceFile(
                "train/seq.in",
                f"{_AT}/train/seq.in",
                "04ad1e3f2121d83c6478f9a4b17d2dbdc21d06d6127f73cb7af835ed733f9855",
                617079,
            ),
            SourceFile(
                "train/seq.out",
                f"{_AT}/train/seq.out",
                "fd5f2121d8055827e5d6b3d3bac30f3d7e94e82a5d437751960cbdd9e1b4f6d3",
                950926,
            ),
            SourceFile(
                "train/label",
                f"{_AT}/train/label",
                "bfd7df6cf9dd76c5da5d8b61bc85f90386197bdd3d7510c1d324c051537b962f",
                184532,
            ),
            SourceFile(
                "valid/seq.in",
                f"{_AT}/valid/seq.in",
                "64e0f6d8ad8aab3a3828164d7d53731a0993d3ca1aed437ceaca6d3d568d410e",
                33629,
            ),
            SourceFile(
                "valid/seq.out",
                f"{_AT}/valid/seq.out",
                "712e6d34feb8d52d208b820a5f8bae6e6ff990f08374507dfde22de389088319",
                50626,
            ),
            SourceFile(
                "valid/label",
                f"{_AT}/valid/label",
                "9c1dd041216f647bcfca838aaf1a48eb5781e4404256d31ff07cd38a5436c52f",
                9900,
            ),
            SourceFile(
                "test/seq.in",
                f"{_AT}/test/seq.in",
                "c1e341173fcea2951a8ca371956a6f81c76de87b9583c62eb87edd6158fa3a7c",
                33121,
            ),
            SourceFile(
                "test/seq.out",
                f"{_AT}/test/seq.out",
                "58c07c9097d5e1f78889765c2a535a160f6455b90b3142055c8051847afcca47",
                50918,
            ),
            SourceFile(
                "test/label",
                f"{_AT}/test/label",
                "37a26da3ad079bb41c42c85a3a8f827eb47efec4c5917ce5d08f4b2736e4f830",
                10120,
            ),
        ),
        about_chinese="对语音助手说的英文请求；7 种意图、39 类槽位，词、标签、意图三个文件逐行对应",
        licence_chinese="这些文件未声明许可；Snips 公开了数据供任何人使用",
    )

    def __init__(self, config: Config, *, reader: Reader | None = None, root: Path) -> None:
        self.root = root
        self.reader: Reader = readers.build({"name": "parallel", "scheme": "bio", "encoding": "utf-8"})

    def parts(self) -> Mapping[str, Sequence[Path]]:
        """The files of words of each part.

        Raises:
            DataError: The corpus was not fetched.
        """
        return {part: [self._file(part)] for part in _FOLDERS}

    def read(self, part: str, rejects: Rejects) -> Iterator[Example]:
        """The examples of a part."""
        yield from self.reader.read(self._file(part), rejects)

    def _file(self, part: str) -> Path:
        for name in ("seq.out", "label"):
            self.source.file(self.root, f"{_FOLDERS[part]}/{name}")
        return self.source.file(self.root, f"{_FOLDERS[part]}/seq.in")
