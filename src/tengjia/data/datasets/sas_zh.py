"""`dataset=sas_zh`: answers of Chinese students of logistics (LE; Lai et al. 2024), graded 0 to 1: 409 and 176 of them.

    tengjia data get sas_zh
    python run_modeling.py task=answer_grade stage=train dataset=sas_zh

Files without a header, separated by tabs: number of the question, reference answer, answer, score. The published
evaluation part serves as test; its questions stand in the training part too, its answers do not.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import ClassVar, Final

from tengjia.contracts import Reader, Rejects
from tengjia.data.example import Example
from tengjia.data.rejects import CollectedRejects
from tengjia.data.sources import Source, SourceFile
from tengjia.registry import datasets, readers

_AT: Final = "https://raw.githubusercontent.com/aleversn/SAS-Datasets/9e1a866d58edaa0d78af374d2f3529a10d72239a"
_PLAIN: Final = {"header": False, "label": None, "delimiter": "tab", "quote": "", "encoding": "utf-8"}


@datasets.register("sas_zh")
class SASZh:
    """The graded answers: `text` (of the student), `reference`, `question`, `group` (its number), `score`.

    Args:
        reader: Not used: the corpus brings its own.
        root: `dataset_root`; the files lie in its folder `sas_zh`.
    """

    @dataclass(frozen=True)
    class Config:
        """No parameters."""

    reads: ClassVar[dict[str, str]] = {"train": "sas_zh/LE/s_train_zh.csv", "test": "sas_zh/LE/s_eval_zh.csv"}
    """The file of each part below `dataset_root`; the check before a run looks for them."""

    source = Source(
        name="sas_zh",
        folder="sas_zh",
        about="Chinese answers of students to questions of logistics, graded from 0 to 1",
        origin="https://github.com/aleversn/SAS-Datasets",
        licence="Apache-2.0",
        citation=(
            "Lai et al. M-Sim: multi-level semantic inference model for Chinese short answer scoring in low-resource "
            "scenarios. Computer Speech & Language 84, 2024"
        ),
        files=(
            SourceFile(
                "LE/s_train_zh.csv",
                f"{_AT}/LE/s_train_zh.csv",
                "f00933b83c5abd161cb86e6b6f2222d5c33f4e69adc0523b83a563141c879f4a",
                74798,
            ),
            SourceFile(
                "LE/s_eval_zh.csv",
                f"{_AT}/LE/s_eval_zh.csv",
                "dab05a6e275248fde508f735a225fb4ebce394d294a9a29b56ffc4a2df3110b1",
                32039,
            ),
            SourceFile(
                "LE/qa.csv",
                f"{_AT}/LE/qa.csv",
                "e7b3839e2cb490402b77d047358ea3548b7097dc5142c025237cf35db057d551",
                15727,
            ),
        ),
        about_chinese="物流课程的中文简答题学生作答，0 到 1 分",
        licence_chinese="Apache-2.0",
    )

    def __init__(self, config: Config, *, reader: Reader | None = None, root: Path) -> None:
        self.root = root
        self.reader: Reader = readers.build({"name": "csv", "text": "2", "extra": ("0", "1", "3"), **_PLAIN})

    def parts(self) -> Mapping[str, Sequence[Path]]:
        """The file of each part.

        Raises:
            DataError: The corpus was not fetched.
        """
        return {part: [self.source.file(self.root, f"LE/{Path(name).name}")] for part, name in self.reads.items()}

    def read(self, part: str, rejects: Rejects) -> Iterator[Example]:
        """The graded answers of a part."""
        questions = self._questions()
        for example in self.reader.read(self.source.file(self.root, f"LE/{Path(self.reads[part]).name}"), rejects):
            number, reference, score = (example.extra[place] for place in ("0", "1", "3"))
            extra = {"reference": reference, "question": questions.get(number, ""), "group": number, "score": score}
            yield replace(example, extra=extra)

    def _questions(self) -> dict[str, str]:
        """The questions by their numbers."""
        reader: Reader = readers.build({"name": "csv", "text": "1", "extra": ("0",), **_PLAIN})
        file = self.source.file(self.root, "LE/qa.csv")
        return {example.extra["0"]: example.text for example in reader.read(file, CollectedRejects())}
