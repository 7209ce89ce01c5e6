"""`dataset=bc5cdr`: chemicals and diseases in English abstracts (BioCreative V), 4,560 / 4,581 / 4,797 sentences.

    tengjia data get bc5cdr
    python run_modeling.py task=ner stage=train dataset=bc5cdr tokenizer=whitespace

Three files of `token <tab> tag` lines (BIO). Tokens are joined by a blank. Sixteen sentences of the test part stand in
the training part too.
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

_REPOSITORY: Final = (
    "https://raw.githubusercontent.com/cambridgeltl/MTL-Bioinformatics-2016/df0df02fae6dbb87d88ffcf323b9096528f06f84"
)
_AT: Final = f"{_REPOSITORY}/data/BC5CDR-IOB"


@datasets.register("bc5cdr")
class BC5CDR:
    """The corpus as published, with its own three parts.

    Args:
        reader: Not used: the corpus brings its own.
        root: `dataset_root`; the files lie in its folder `bc5cdr_iob`.
    """

    @dataclass(frozen=True)
    class Config:
        """No parameters."""

    reads: ClassVar[dict[str, str]] = {
        "train": "bc5cdr_iob/train.tsv",
        "development": "bc5cdr_iob/devel.tsv",
        "test": "bc5cdr_iob/test.tsv",
    }
    """The file of each part below `dataset_root`; the check before a run looks for them."""

    source = Source(
        name="bc5cdr",
        folder="bc5cdr_iob",
        about="English chemicals and diseases in abstracts of PubMed; 2 types, BIO columns",
        origin="https://github.com/cambridgeltl/MTL-Bioinformatics-2016",
        licence="CC-BY 4.0 (LICENSE.md beside the data)",
        citation=(
            "Jiao Li et al. BioCreative V CDR task corpus. Database, 2016; "
            "Gamal Crichton et al. A neural network multi-task learning approach to biomedical named entity "
            "recognition. BMC Bioinformatics, 2017"
        ),
        files=(
            SourceFile(
                "train.tsv",
                f"{_AT}/train.tsv",
                "b731361c0ed73afd04cc5fdad39afcdfd8f325d6e46c282339185a91d1af4c14",
                1039940,
            ),
            SourceFile(
                "devel.tsv",
                f"{_AT}/devel.tsv",
                "b909de65c4f7e3c23bb09ad52d654cdc92e96db941abe1a5dcf6f6010c03cff5",
                1031781,
            ),
            SourceFile(
                "test.tsv",
                f"{_AT}/test.tsv",
                "e41a2843a5fff0cd8d1a88cb147968d61ae29336ca70cddc3d7fb8ff21dfa1e8",
                1080717,
            ),
            SourceFile(
                "LICENSE.md",
                f"{_REPOSITORY}/LICENSE.md",
                "fd3a263fe19ed8faa9068b43abaebafc02c77897b0c6fc09abc04bb592e5f16e",
                18651,
            ),
        ),
        about_chinese="PubMed 摘要中的化学物质与疾病（英文）；2 类，BIO 列格式",
        licence_chinese="CC-BY 4.0（见数据旁的 LICENSE.md）",
    )

    def __init__(self, config: Config, *, reader: Reader | None = None, root: Path) -> None:
        self.root = root
        self.reader: Reader = readers.build({"name": "columns", "scheme": "bio", "joiner": " ", "encoding": "utf-8"})

    def parts(self) -> Mapping[str, Sequence[Path]]:
        """The file of each part.

        Raises:
            DataError: The corpus was not fetched.
        """
        return {part: [self.source.file(self.root, Path(name).name)] for part, name in self.reads.items()}

    def read(self, part: str, rejects: Rejects) -> Iterator[Example]:
        """The examples of a part, one a sentence."""
        yield from self.reader.read(self.source.file(self.root, Path(self.reads[part]).name), rejects)
