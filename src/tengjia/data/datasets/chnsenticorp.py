"""`dataset=chnsenticorp`: sentiment of Chinese reviews of hotels, books and computers, 9,600 / 1,200 / 1,200 texts.

    tengjia data get chnsenticorp
    python run_modeling.py task=text_classification stage=train dataset=chnsenticorp

A zip archive of tables, two classes of equal size (0: negative, 1: positive). Of the test texts 331 stand in the
training part too: look at the accuracy of the others as well, which `stage=test` gives (`accuracy_unseen`).
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

_AT: Final = "https://raw.githubusercontent.com/ymcui/Chinese-BERT-wwm/f6410cbd89c49dee8a42a7f7d94d9cca87b431aa"
_MEMBERS: Final = {"train": "train.tsv", "development": "dev.tsv", "test": "test.tsv"}


@datasets.register("chnsenticorp")
class ChnSentiCorp:
    """The corpus as published, with its own three parts.

    Args:
        reader: Not used: the corpus brings its own.
        root: `dataset_root`; the archive lies in its folder `chnsenticorp`.
    """

    @dataclass(frozen=True)
    class Config:
        """No parameters."""

    reads: ClassVar[dict[str, str]] = {
        "train": "chnsenticorp/chnsenticorp.zip",
        "development": "chnsenticorp/chnsenticorp.zip",
        "test": "chnsenticorp/chnsenticorp.zip",
    }
    """The file of each part below `dataset_root`; the check before a run looks for them."""

    source = Source(
        name="chnsenticorp",
        folder="chnsenticorp",
        about="sentiment of Chinese reviews of hotels, books and computers; 2 classes, tables in a zip archive",
        origin="https://github.com/ymcui/Chinese-BERT-wwm",
        licence="none stated for the data: for research",
        citation="Songbo Tan and Jin Zhang. An empirical study of sentiment analysis for Chinese documents. ESWA, 2008",
        files=(
            SourceFile(
                "chnsenticorp.zip",
                f"{_AT}/data/chnsenticorp/chnsenticorp.zip",
                "79218af1c3efdfd3223569440736eac207ab6b19babd2cd73b7ffc04250700ba",
                1756782,
            ),
        ),
        about_chinese="酒店、图书、电脑评论的情感（中文）；2 类，zip 内为表格",
        licence_chinese="数据未声明许可：供研究使用",
    )

    def __init__(self, config: Config, *, reader: Reader | None = None, root: Path) -> None:
        self.root = root
        table = {
            "name": "csv",
            "text": "text_a",
            "label": "label",
            "delimiter": "tab",
            "quote": "",
            "encoding": "utf-8",
        }
        self.reader: Reader = readers.build(table)

    def parts(self) -> Mapping[str, Sequence[Path]]:
        """The member of the archive that each part is.

        Raises:
            DataError: The corpus was not fetched.
        """
        archive = self.source.file(self.root, "chnsenticorp.zip")
        return {part: [archive / member] for part, member in _MEMBERS.items()}

    def read(self, part: str, rejects: Rejects) -> Iterator[Example]:
        """The examples of a part, one a row."""
        yield from self.reader.read(self.source.file(self.root, "chnsenticorp.zip") / _MEMBERS[part], rejects)
