"""`dataset=tatoeba_cmn_eng`: Chinese sentences with their English (Tatoeba), 26,447 / 1,000 / 1,000 pairs.

    tengjia data get tatoeba_cmn_eng
    python run_modeling.py task=translation stage=train dataset=tatoeba_cmn_eng

The corpus has no parts of its own. Which pairs are for development and test stands in a list of their numbers
(`tatoeba_cmn_eng.json`: number of the English sentence, number of the Chinese one), drawn by the hash of those numbers.
Pairs that share a sentence, on either side, but for case and signs, are in the same part. The text is the Chinese
sentence, `target` the English one; simplified and traditional characters are mixed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import ClassVar, Final

from tengjia.contracts import Reader, Rejects
from tengjia.data.example import Example
from tengjia.data.sources import Source, SourceFile
from tengjia.data.splitting import AlreadyTold
from tengjia.registry import datasets, readers
from tengjia.utilities.files import read_json

_AT: Final = (
    "https://raw.githubusercontent.com/JimEverest/transformer-ready-go/7745df43beea3501a578e17090277ea2d755cb82"
)
_IDS: Final = Path(__file__).parents[1] / "tatoeba_cmn_eng.json"
_NUMBER: Final = re.compile(r"#(\d+)")


@datasets.register("tatoeba_cmn_eng")
class TatoebaCmnEng:
    """One file, divided by a fixed list of numbers.

    Args:
        reader: Not used: the corpus brings its own.
        root: `dataset_root`; the file lies in its folder `tatoeba_cmn_eng`.
    """

    @dataclass(frozen=True)
    class Config:
        """No parameters."""

    reads: ClassVar[dict[str, str]] = {
        "train": "tatoeba_cmn_eng/cmn.txt",
        "development": "tatoeba_cmn_eng/cmn.txt",
        "test": "tatoeba_cmn_eng/cmn.txt",
    }
    """The file of each part below `dataset_root`; the check before a run looks for them."""

    source = Source(
        name="tatoeba_cmn_eng",
        folder="tatoeba_cmn_eng",
        about="Chinese sentences of everyday life with their English; 28,447 pairs",
        origin="https://tatoeba.org by manythings.org/anki (file from github.com/JimEverest/transformer-ready-go)",
        licence="CC BY 2.0 (France); the authors of each sentence are named in the third column",
        citation="Tatoeba, https://tatoeba.org",
        files=(
            SourceFile(
                "cmn.txt",
                f"{_AT}/data/cmn.txt",
                "3a8ac6cb8cdaab6e235d3075ec3680084044d975882d6139c903bf7893097ff6",
                4052123,
            ),
        ),
        about_chinese="日常中文句子及其英文译文；28,447 对",
        licence_chinese="CC BY 2.0（法国）；第三列注明每个句子的作者",
    )

    def __init__(self, config: Config, *, reader: Reader | None = None, root: Path) -> None:
        self.root = root
        columns = {"header": False, "text": "1", "label": None, "extra": ("0", "2")}
        plain = {"delimiter": "tab", "quote": "", "encoding": "utf-8"}
        self.reader: Reader = readers.build({"name": "csv", **columns, **plain})

    def parts(self) -> Mapping[str, Sequence[Path]]:
        """The file, which holds all parts.

        Raises:
            DataError: The corpus was not fetched.
        """
        return {part: [self.source.file(self.root, Path(name).name)] for part, name in self.reads.items()}

    def read(self, part: str, rejects: Rejects) -> Iterator[Example]:
        """The pairs of a part."""
        kept = _parts()
        # Rows of the one file that cannot be used are told once, with the training part.
        heard = rejects if part == "train" else AlreadyTold()
        for example in self.reader.read(self.source.file(self.root, Path(self.reads[part]).name), heard):
            pair = "-".join(_NUMBER.findall(example.extra["2"])[:2])
            if kept.get(pair, "train") == part:
                yield replace(example, extra={"target": example.extra["0"], "pair": pair})


@cache
def _parts() -> dict[str, str]:
    """The part of each pair that is not for training, by its number."""
    return {pair: part for part, pairs in read_json(_IDS).items() for pair in pairs}
