"""`dataset=clinc150`: 150 intents of requests to an assistant, and requests out of its scope (Larson et al. 2019).

    tengjia data get clinc150
    python run_modeling.py task=text_classification stage=train dataset=clinc150 tokenizer=whitespace

English; 100 texts an intent to learn from (50 in the small version), 20 for development, 30 for the test; out of scope
are 100 / 100 / 1,000 texts more, which have the class `oos`. Two of the test texts stand in the training part too.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Final, Literal

from tengjia.contracts import Reader, Rejects
from tengjia.data.example import Example
from tengjia.data.sources import Source, SourceFile
from tengjia.registry import datasets, readers

_AT: Final = "https://raw.githubusercontent.com/clinc/oos-eval/828f8093932c8fe6ca7936c3d2e52903b1c523de"
_LISTS: Final = {"train": "train", "development": "val", "test": "test"}


@datasets.register("clinc150")
class CLINC150:
    """The corpus as published, with its own three parts.

    Args:
        reader: Not used: the corpus brings its own.
        root: `dataset_root`; the files lie in its folder `clinc150`.
    """

    @dataclass(frozen=True)
    class Config:
        size: Literal["full", "small"] = "full"
        """How many texts of each intent there are to learn from: 100, or 50."""
        out_of_scope: Literal["none", "known", "learnt"] = "learnt"
        """Where texts out of scope (class `oos`) stand: nowhere, in the development and test parts, or in all three."""

    reads: ClassVar[dict[str, str]] = {
        "train": "clinc150/data_full.json",
        "development": "clinc150/data_full.json",
        "test": "clinc150/data_full.json",
    }
    """The file of each part below `dataset_root`; the check before a run looks for them."""

    source = Source(
        name="clinc150",
        folder="clinc150",
        about="English requests to an assistant; 150 intents and texts out of scope, JSON",
        origin="https://github.com/clinc/oos-eval",
        licence="CC BY 3.0 (LICENSE beside the data)",
        citation=(
            "Stefan Larson et al. An Evaluation Dataset for Intent Classification and Out-of-Scope Prediction. "
            "EMNLP 2019"
        ),
        files=(
            SourceFile(
                "data_full.json",
                f"{_AT}/data/data_full.json",
                "36923c3705a59e08fe9c3883d8bc2dd966ef93e22cb78ac41171782a698d56e0",
                2495390,
            ),
            SourceFile(
                "data_small.json",
                f"{_AT}/data/data_small.json",
                "050e17476e6b4fa88f8518edaf09921c8f5e3a86dc8b63615361102a20b2ac01",
                1702451,
            ),
            SourceFile(
                "LICENSE", f"{_AT}/LICENSE", "e6bc9e9c474700b708f568bac9e5a8a9bcb2b1dad53442f5ba449fcb848b8e76", 19467
            ),
        ),
        about_chinese="对助理的英文请求；150 个意图及范围之外的文本，JSON 格式",
        licence_chinese="CC BY 3.0（见数据旁的 LICENSE）",
    )

    def __init__(self, config: Config, *, reader: Reader | None = None, root: Path) -> None:
        self.config, self.root = config, root

    def parts(self) -> Mapping[str, Sequence[Path]]:
        """The file that all parts share.

        Raises:
            DataError: The corpus was not fetched.
        """
        return {part: [self._file()] for part in _LISTS}

    def read(self, part: str, rejects: Rejects) -> Iterator[Example]:
        """The examples of a part: those of the intents, then those out of scope."""
        where, name = self.config.out_of_scope, _LISTS[part]
        outside = where == "learnt" or (where == "known" and part != "train")
        for records in (name, f"oos_{name}") if outside else (name,):
            yield from _reader(records).read(self._file(), rejects)

    def _file(self) -> Path:
        return self.source.file(self.root, f"data_{self.config.size}.json")


def _reader(records: str) -> Reader:
    """Reads one of the lists of the file."""
    reader: Reader = readers.build(
        {"name": "json_lines", "text": "0", "label": "1", "spans": None, "records": records, "encoding": "utf-8"}
    )
    return reader
