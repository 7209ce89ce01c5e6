"""`dataset=cluener2020`: fine-grained Chinese entities in news (CLUE), 10 types, 10,748 and 1,343 sentences.

    tengjia data get cluener2020
    python run_modeling.py task=ner stage=train dataset=cluener2020

JSON lines with inclusive ends. The labels of the published test part are secret, so the published development part
serves as test, and every tenth line of the training part is kept for development. Of the overlapping spans of one
sentence the longest are kept.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Final

from tengjia.contracts import Reader, Rejects
from tengjia.data.example import Example
from tengjia.data.sources import Source, SourceFile
from tengjia.data.splitting import AlreadyTold
from tengjia.registry import datasets, readers

_AT: Final = (
    "https://raw.githubusercontent.com/StanleySun233/ChineseNER/a5305f2bdcd01eba9276194e843f336904f6b6d5/data/cluener"
)
_EVERY: Final = 10


@datasets.register("cluener2020")
class CLUENER2020:
    """The labelled part of the corpus; lines 10, 20, 30, ... of `train.json` are the development part.

    Args:
        reader: Not used: the corpus brings its own.
        root: `dataset_root`; the files lie in its folder `cluener2020`.
    """

    @dataclass(frozen=True)
    class Config:
        """No parameters."""

    reads: ClassVar[dict[str, str]] = {
        "train": "cluener2020/train.json",
        "development": "cluener2020/train.json",
        "test": "cluener2020/dev.json",
    }
    """The file of each part below `dataset_root`; the check before a run looks for them."""

    source = Source(
        name="cluener2020",
        folder="cluener2020",
        about="Chinese fine-grained named entities in news; 10 types, JSON lines with inclusive ends",
        origin="https://github.com/CLUEbenchmark/CLUENER2020 (files from github.com/StanleySun233/ChineseNER)",
        licence="none stated; made from THUCTC (Sina News): for research",
        citation="Liang Xu et al. CLUENER2020: Fine-grained Named Entity Recognition for Chinese. arXiv:2001.04351",
        files=(
            SourceFile(
                "train.json",
                f"{_AT}/train.json",
                "60299d202779dc84f3c3bd81f4dc08f5323d0dbf762cb50cd62dd51aa9a871f8",
                2262996,
            ),
            SourceFile(
                "dev.json",
                f"{_AT}/dev.json",
                "90036b59832e007c45d11eafe5ed80549f58a18a29aaa7fe8b1229622c69ec38",
                285089,
            ),
        ),
        about_chinese="新闻中的细粒度命名实体（中文）；10 类，JSON 行，区间含末尾",
        licence_chinese="未声明；源自 THUCTC（新浪新闻）：供研究使用",
    )

    def __init__(self, config: Config, *, reader: Reader | None = None, root: Path) -> None:
        self.root = root
        self.reader: Reader = readers.build(
            {"name": "json_spans", "ends": "inclusive", "overlap": "longest", "encoding": "utf-8"}
        )

    def parts(self) -> Mapping[str, Sequence[Path]]:
        """The file of each part; the development part shares that of the training part.

        Raises:
            DataError: The corpus was not fetched.
        """
        return {part: [self.source.file(self.root, Path(name).name)] for part, name in self.reads.items()}

    def read(self, part: str, rejects: Rejects) -> Iterator[Example]:
        """The examples of a part, one a line of the file."""
        # Rows of the shared file that cannot be used are told once, with the training part.
        heard = AlreadyTold() if part == "development" else rejects
        for example in self.reader.read(self.source.file(self.root, Path(self.reads[part]).name), heard):
            kept_for = "development" if example.line % _EVERY == 0 else "train"
            if part in ("test", kept_for):
                yield example
