"""`dataset=afqmc`: whether two Chinese questions about payment ask the same (Ant Financial), 34,334 and 4,316 pairs.

    tengjia data get afqmc
    python run_modeling.py task=my_matching stage=train dataset=afqmc evaluator=pair_f1

Lines without a header, separated by tabs: both questions, and 1 where they ask the same. The published test part has no
labels, so the published development part serves as test, and every tenth line of the training part is kept for
development.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import ClassVar, Final

from tengjia.contracts import Reader, Rejects
from tengjia.data.example import Example
from tengjia.data.sources import Source, SourceFile
from tengjia.data.splitting import AlreadyTold
from tengjia.registry import datasets, readers

_AT: Final = "https://raw.githubusercontent.com/zejunwang1/CSTS/2e7eeedf505c78bf39d34f836773081cfc98af0c/AFQMC"
_EVERY: Final = 10


@datasets.register("afqmc")
class AFQMC:
    """The labelled pairs: `text`, `second`, `score` (0 or 1); lines 10, 20, 30, ... are the development part.

    Args:
        reader: Not used: the corpus brings its own.
        root: `dataset_root`; the files lie in its folder `afqmc`.
    """

    @dataclass(frozen=True)
    class Config:
        """No parameters."""

    reads: ClassVar[dict[str, str]] = {
        "train": "afqmc/train.txt",
        "development": "afqmc/train.txt",
        "test": "afqmc/dev.txt",
    }
    """The file of each part below `dataset_root`; the check before a run looks for them."""

    source = Source(
        name="afqmc",
        folder="afqmc",
        about="Chinese questions about payment; pairs that ask the same or not",
        origin="https://github.com/zejunwang1/CSTS",
        licence="for academic research only, not for commerce",
        citation="Liang Xu et al. CLUE: A Chinese Language Understanding Evaluation Benchmark. COLING 2020",
        files=(
            SourceFile(
                "train.txt",
                f"{_AT}/train.txt",
                "48642eebd4dcd2fa099ad20b47fdbda456bdc396f8359aa4384a452a36f31eb7",
                2847159,
            ),
            SourceFile(
                "dev.txt",
                f"{_AT}/dev.txt",
                "bd5136527078950a4d624a3d903ce86950cafb26b5092559b64c418e015f0df3",
                357229,
            ),
        ),
        about_chinese="支付业务的中文问句；成对标注是否同义",
        licence_chinese="仅供学术研究，不可商用",
    )

    def __init__(self, config: Config, *, reader: Reader | None = None, root: Path) -> None:
        self.root = root
        plain = {"header": False, "label": None, "delimiter": "tab", "quote": "", "encoding": "utf-8"}
        self.reader: Reader = readers.build({"name": "csv", "text": "0", "extra": ("1", "2"), **plain})

    def parts(self) -> Mapping[str, Sequence[Path]]:
        """The file of each part; the development part shares that of the training part.

        Raises:
            DataError: The corpus was not fetched.
        """
        return {part: [self.source.file(self.root, Path(name).name)] for part, name in self.reads.items()}

    def read(self, part: str, rejects: Rejects) -> Iterator[Example]:
        """The pairs of a part."""
        # Rows of the shared file that cannot be used are told once, with the training part.
        heard = AlreadyTold() if part == "development" else rejects
        for example in self.reader.read(self.source.file(self.root, Path(self.reads[part]).name), heard):
            kept_for = "development" if example.line % _EVERY == 0 else "train"
            if part in ("test", kept_for):
                yield replace(example, extra={"second": example.extra["1"], "score": example.extra["2"]})
