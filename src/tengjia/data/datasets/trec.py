"""`dataset=trec`: what an English question asks for (Li and Roth 2002), 5,452 questions, and 500 to test on.

    tengjia data get trec
    python run_modeling.py task=text_classification stage=train dataset=trec tokenizer=whitespace

Lines of `COARSE:fine question`, words separated by blanks: 6 coarse classes (ABBR, DESC, ENTY, HUM, LOC, NUM), 50 fine
ones. No development part was published: every tenth line of the training part is kept for it. Ten of the test
questions stand in the training part too.
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

_AT: Final = (
    "https://raw.githubusercontent.com/harvardnlp/sent-conv-torch/d61ded09c99c0199d8c5bca946cd65864de2b296/data/raw"
)
_EVERY: Final = 10


@datasets.register("trec")
class TREC:
    """The corpus as published; lines 10, 20, 30, ... of the training part are the development part.

    Args:
        reader: Not used: the corpus brings its own.
        root: `dataset_root`; the files lie in its folder `trec`.
    """

    @dataclass(frozen=True)
    class Config:
        fine: bool = False
        """Whether the classes are the 50 fine ones (`HUM:ind`) instead of the 6 coarse ones (`HUM`)."""

    reads: ClassVar[dict[str, str]] = {
        "train": "trec/TREC.train",
        "development": "trec/TREC.train",
        "test": "trec/TREC.test",
    }
    """The file of each part below `dataset_root`; the check before a run looks for them."""

    source = Source(
        name="trec",
        folder="trec",
        about="types of English questions; 6 coarse and 50 fine classes, lines of class and question",
        origin="https://github.com/harvardnlp/sent-conv-torch (questions of the TREC question answering track)",
        licence="none stated for the data: for research",
        citation="Xin Li and Dan Roth. Learning Question Classifiers. COLING 2002",
        files=(
            SourceFile(
                "TREC.train",
                f"{_AT}/TREC.train",
                "9e4c8bdcaffb96ed61041bd64b564183d52793a8e91d84fc3a8646885f466ec3",
                335858,
            ),
            SourceFile(
                "TREC.test",
                f"{_AT}/TREC.test",
                "033f22c028c2bbba9ca682f68ffe204dc1aa6e1cf35dd6207f2d4ca67f0d0e8e",
                23354,
            ),
        ),
        about_chinese="英文问题的类型；6 个大类、50 个小类，每行为类别与问题",
        licence_chinese="数据未声明许可：供研究使用",
    )

    def __init__(self, config: Config, *, reader: Reader | None = None, root: Path) -> None:
        self.config, self.root = config, root
        table = {"delimiter": "space", "fields": 2, "quote": "", "header": False, "text": "1", "label": "0"}
        self.reader: Reader = readers.build({"name": "csv", "encoding": "latin-1", **table})

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
                label = str(example.label)
                yield replace(example, label=label if self.config.fine else label.partition(":")[0])
