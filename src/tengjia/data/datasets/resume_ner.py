"""`dataset=resume_ner`: résumés of Chinese managers (Zhang and Yang 2018), 8 types, 3,821 / 463 / 477 sentences.

    tengjia data get resume_ner
    python run_modeling.py task=ner stage=train dataset=resume_ner

Three files of `character tag` lines (BMES). Five sentences of the test part stand in the training part too.
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

_AT: Final = "https://raw.githubusercontent.com/jiesutd/LatticeLSTM/24d17f4270f11d2f75046789d8b67eaa2b907dce/ResumeNER"


@datasets.register("resume_ner")
class ResumeNER:
    """The corpus as published, with its own three parts.

    Args:
        reader: Not used: the corpus brings its own.
        root: `dataset_root`; the files lie in its folder `resume_ner`.
    """

    @dataclass(frozen=True)
    class Config:
        """No parameters."""

    reads: ClassVar[dict[str, str]] = {
        "train": "resume_ner/train.char.bmes",
        "development": "resume_ner/dev.char.bmes",
        "test": "resume_ner/test.char.bmes",
    }
    """The file of each part below `dataset_root`; the check before a run looks for them."""

    source = Source(
        name="resume_ner",
        folder="resume_ner",
        about="Chinese named entities in résumés of managers of listed companies; 8 types, BMES columns",
        origin="https://github.com/jiesutd/LatticeLSTM",
        licence="none stated; the authors ask for citation: for research. It holds public data of real people",
        citation="Yue Zhang and Jie Yang. Chinese NER Using Lattice LSTM. ACL 2018",
        files=(
            SourceFile(
                "train.char.bmes",
                f"{_AT}/train.char.bmes",
                "93b9bb0be5dd4730121587f9dc1378de3fbbe55cba1c575edec271f822c27be7",
                1094528,
            ),
            SourceFile(
                "dev.char.bmes",
                f"{_AT}/dev.char.bmes",
                "1b0d67153e6e8543e9444936ed1b107bd843078c282533898085e1a9aa293952",
                120251,
            ),
            SourceFile(
                "test.char.bmes",
                f"{_AT}/test.char.bmes",
                "c4a9f42622819a4b59f66e184d446ebfa89b2f1dbba06e11d70675e59fe7e79b",
                135064,
            ),
        ),
        about_chinese="上市公司高管简历中的命名实体（中文）；8 类，BMES 列格式",
        licence_chinese="未声明；作者要求引用：供研究使用。含真实人物的公开信息",
    )

    def __init__(self, config: Config, *, reader: Reader | None = None, root: Path) -> None:
        self.root = root
        self.reader: Reader = readers.build({"name": "columns", "scheme": "bmes", "encoding": "utf-8"})

    def parts(self) -> Mapping[str, Sequence[Path]]:
        """The file of each part.

        Raises:
            DataError: The corpus was not fetched.
        """
        return {part: [self.source.file(self.root, Path(name).name)] for part, name in self.reads.items()}

    def read(self, part: str, rejects: Rejects) -> Iterator[Example]:
        """The examples of a part, one a sentence."""
        yield from self.reader.read(self.source.file(self.root, Path(self.reads[part]).name), rejects)
