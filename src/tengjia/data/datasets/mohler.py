"""`dataset=mohler`: answers of students of computer science (Mohler et al. 2011), graded 0 to 5: 2,273 of 81 questions.

    tengjia data get mohler
    python run_modeling.py task=answer_grade stage=train dataset=mohler tokenizer=whitespace

One table. There is no published split: `split.by=group split.group=group` keeps the answers to a question together (the
questions of the test are then new), `split.by=random` does not. The score is the mean of two graders.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import ClassVar, Final

from tengjia.contracts import Reader, Rejects
from tengjia.data.example import Example
from tengjia.data.sources import Source, SourceFile
from tengjia.registry import datasets, readers

_REPOSITORY: Final = (
    "https://raw.githubusercontent.com/gsasikiran/"
    "Comparative-Evaluation-of-Pretrained-Transfer-Learning-Models-on-ASAG/7ada1c2d2e312e7c11cb5bb895c3f8630dae007d"
)
_AT: Final = f"{_REPOSITORY}/comparative_evaluation_on_mohler_dataset/dataset"


@datasets.register("mohler")
class Mohler:
    """The graded answers: `text` (of the student), `reference`, `question`, `group` (its number), `score`.

    Args:
        reader: Not used: the corpus brings its own.
        root: `dataset_root`; the file lies in its folder `mohler`.
    """

    @dataclass(frozen=True)
    class Config:
        """No parameters."""

    reads: ClassVar[dict[str, str]] = {"train": "mohler/mohler_dataset_edited.csv"}
    """The file of each part below `dataset_root`; the check before a run looks for them."""

    source = Source(
        name="mohler",
        folder="mohler",
        about="English answers of students to questions of computer science, graded from 0 to 5",
        origin="https://github.com/gsasikiran/Comparative-Evaluation-of-Pretrained-Transfer-Learning-Models-on-ASAG",
        licence="of the data CC-BY 4.0, as the card of its copy on the Hugging Face hub says; of the repository GPL-3",
        citation=(
            "Michael Mohler, Razvan Bunescu and Rada Mihalcea. Learning to Grade Short Answer Questions using Semantic "
            "Similarity Measures and Dependency Graph Alignments. ACL 2011"
        ),
        files=(
            SourceFile(
                "mohler_dataset_edited.csv",
                f"{_AT}/mohler_dataset_edited.csv",
                "6a5b1656bc942559f3610e75b201e1e7be1a82e508590288c4ac13a4d35d3943",
                605738,
            ),
        ),
        about_chinese="计算机科学课程的英文简答题学生作答，0 到 5 分",
        licence_chinese="数据为 CC-BY 4.0（据其在 Hugging Face hub 上副本的说明）；仓库为 GPL-3",
    )

    def __init__(self, config: Config, *, reader: Reader | None = None, root: Path) -> None:
        self.root = root
        columns = ("id", "question", "desired_answer", "score_avg")
        values = {"text": "student_answer", "label": None, "extra": columns, "delimiter": "comma", "encoding": "utf-8"}
        self.reader: Reader = readers.build({"name": "csv", **values})

    def parts(self) -> Mapping[str, Sequence[Path]]:
        """The one file.

        Raises:
            DataError: The corpus was not fetched.
        """
        return {part: [self.source.file(self.root, Path(name).name)] for part, name in self.reads.items()}

    def read(self, part: str, rejects: Rejects) -> Iterator[Example]:
        """The graded answers."""
        for example in self.reader.read(self.source.file(self.root, Path(self.reads[part]).name), rejects):
            found = example.extra
            names = {"reference": "desired_answer", "question": "question", "group": "id", "score": "score_avg"}
            yield replace(example, extra={name: found[column] for name, column in names.items()})
