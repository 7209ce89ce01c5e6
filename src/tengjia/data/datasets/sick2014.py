"""`dataset=sick2014`: how related two English sentences are, 1 to 5 (SemEval 2014), 4,500 / 500 / 4,927 pairs.

    tengjia data get sick2014
    python run_modeling.py task=my_matching stage=train dataset=sick2014 tokenizer=whitespace

Three files with a header, separated by tabs: both sentences, their relatedness, and whether one entails the other (the
label of the example).
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

_AT: Final = (
    "https://raw.githubusercontent.com/brmson/dataset-sts/e1d3375f5b3bc24f21aa4e46f96eb379e9fc1081/data/sts/sick2014"
)


@datasets.register("sick2014")
class SICK2014:
    """The corpus as published, with its own three parts: `text`, `second`, `score`.

    Args:
        reader: Not used: the corpus brings its own.
        root: `dataset_root`; the files lie in its folder `sick2014`.
    """

    @dataclass(frozen=True)
    class Config:
        """No parameters."""

    reads: ClassVar[dict[str, str]] = {
        "train": "sick2014/SICK_train.txt",
        "development": "sick2014/SICK_trial.txt",
        "test": "sick2014/SICK_test_annotated.txt",
    }
    """The file of each part below `dataset_root`; the check before a run looks for them."""

    source = Source(
        name="sick2014",
        folder="sick2014",
        about="English sentences that are more or less related; pairs with a score from 1 to 5 and entailment",
        origin="https://github.com/brmson/dataset-sts",
        licence="CC BY-NC-SA 3.0: for research, not for commerce",
        citation=(
            "Marco Marelli et al. SemEval-2014 Task 1: Evaluation of Compositional Distributional Semantic Models on "
            "Full Sentences through Semantic Relatedness and Textual Entailment. SemEval 2014"
        ),
        files=(
            SourceFile(
                "SICK_train.txt",
                f"{_AT}/SICK_train.txt",
                "266cf8047149bd1d68138dd30439f3122bff30069740ac6705bb6197d9f1b48e",
                506243,
            ),
            SourceFile(
                "SICK_trial.txt",
                f"{_AT}/SICK_trial.txt",
                "5a88cfb62f8c6bd2a3cce0f2421ba2cb8c2be5ab4a800f6f01e2c64aafb7db56",
                57225,
            ),
            SourceFile(
                "SICK_test_annotated.txt",
                f"{_AT}/SICK_test_annotated.txt",
                "2b8aa806658d6fc23c6824c83776c2d4fee7556000817b5ec0f982861413b7d0",
                559979,
            ),
        ),
        about_chinese="语义相关程度不同的英文句对；1 到 5 分，并有蕴含标注",
        licence_chinese="CC BY-NC-SA 3.0：供研究使用，不可商用",
    )

    def __init__(self, config: Config, *, reader: Reader | None = None, root: Path) -> None:
        self.root = root
        values = {"text": "sentence_A", "label": "entailment_judgment", "extra": ("sentence_B", "relatedness_score")}
        plain = {"delimiter": "tab", "quote": "", "encoding": "utf-8"}
        self.reader: Reader = readers.build({"name": "csv", **values, **plain})

    def parts(self) -> Mapping[str, Sequence[Path]]:
        """The file of each part.

        Raises:
            DataError: The corpus was not fetched.
        """
        return {part: [self.source.file(self.root, Path(name).name)] for part, name in self.reads.items()}

    def read(self, part: str, rejects: Rejects) -> Iterator[Example]:
        """The pairs of a part."""
        for example in self.reader.read(self.source.file(self.root, Path(self.reads[part]).name), rejects):
            found = example.extra
            yield replace(example, extra={"second": found["sentence_B"], "score": found["relatedness_score"]})
