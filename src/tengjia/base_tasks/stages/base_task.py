"""What a base task tells the stages: the few things in which one differs from another.

corpus -> Example -> TaskEncoding.rows -> Arrow -> TaskEncoding.part -> batches -> model -> Unit     (train)
Example -> TaskEncoding.question -> BundledPipeline.stream -> answers -> Outcome                     (test, apply)
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    import numpy
    import pyarrow as pa
    import torch

    from tengjia.base_tasks.stages.corpus import Examples
    from tengjia.base_tasks.stages.pipeline import BundledPipeline
    from tengjia.base_tasks.texts.encoder import TextEncoder
    from tengjia.config import Settings
    from tengjia.contracts import Criterion, Labels, Rejects, Unit
    from tengjia.data.batching import Part
    from tengjia.data.example import Example
    from tengjia.metrics.resampling import Difference
    from tengjia.reports.head import ReportHead


class TaskEncoding(Protocol):
    """Examples as rows, rows as batches. The same code trains and serves; the bundle carries all that it learnt.

    Further members are optional. `texts_of_batch(config, batch) -> list[str] | None` and
    `rows_of_batch(batch, numbers)` (a record batch of `data.example_table.SCHEMA`) do for many examples at once, as
    they stand, what `texts_of` and `rows` do: quicker. `further_texts(config) -> tuple[str, ...]` names the columns of
    `Example.extra` that are texts: they are cleaned too. `warnings(odd)` puts into words what of the odd counts a
    person should know.
    """

    config: Any
    """The section `encoding`: its nested class `Config`, which builds on
    `tengjia.base_tasks.texts.encoder.TextEncoder.Config`."""

    @property
    def texts(self) -> TextEncoder:
        """Cuts texts in pieces and gives them ids."""

    @property
    def labels(self) -> Labels:
        """What the model scores; evaluators are built with it."""

    @classmethod
    def learn(cls, config: Any, texts: TextEncoder, examples: Examples, parts: Sequence[str]) -> TaskEncoding:
        """The encoding for a corpus: its classes, tags or scale are those of the parts that are encoded.

        Raises:
            DataError: The corpus has none.
        """

    def check(self, examples: Examples, parts: Sequence[str]) -> None:
        """See that this encoding, learnt from another corpus, fits this one (its model is trained on).

        Raises:
            DataError: There are labels that it does not know.
        """

    @classmethod
    def texts_of(cls, config: Any, example: Example) -> Iterable[str]:
        """The texts of an example that tokenizer and vocabulary are made from."""

    def question(self, example: Example) -> Any:
        """What a pipeline is asked about an example: its text, or its texts."""

    def inputs(self) -> Mapping[str, Any]:
        """What a model of this encoding has to know (arguments of `Inputs`): `texts.inputs()`, `labels`, ..."""

    def facts(self) -> Mapping[str, Any]:
        """What the run notes of it, as JSON values: the names of its types or classes."""

    def schema(self) -> pa.Schema:
        """Columns of the encoded rows."""

    def rows(
        self, examples: Sequence[Example], numbers: numpy.ndarray, rejects: Rejects
    ) -> tuple[pa.RecordBatch, Mapping[str, int]]:
        """Encode examples of a part.

        Args:
            examples: Cleaned; perhaps none.
            numbers: `[examples]` int32: number of each in its part.
            rejects: For those that make no sense (no class, no score).

        Returns:
            The rows, and counts of what was found odd (added up over all chunks, noted in the run).
        """

    def part(self, file: Path) -> Part:
        """Encoded rows in an Arrow file, as something to draw batches from."""

    def save(self, folder: Path) -> None:
        """Write all files that `load` needs."""

    @classmethod
    def load(cls, folder: Path) -> TaskEncoding:
        """Read what `save` wrote.

        Raises:
            DataError: A file is missing, damaged, or of another format.
        """


class Outcome(Protocol):
    """Examples of a part with the answers of one pipeline, and what they are worth."""

    @property
    def level(self) -> float:
        """Share of the draws within an interval."""

    @property
    def measure(self) -> str:
        """The chief measure, by which outcomes are compared (`f1`, `accuracy`, `pearson`): a word of reports, see
        `tengjia.reports.comparison`."""

    def flat(self) -> dict[str, float]:
        """Everything that is measured, under flat names, the chief measure first; scores are fractions."""

    def difference(self, other: Any, *, samples: int) -> Difference:
        """How far this one is ahead of another that was asked about the same examples, by the chief measure."""

    def terminal_table(self) -> str:
        """The scores for a terminal."""

    def write_report(self, file: Path, head: ReportHead) -> Path:
        """Write the error report: one self-contained page."""


class MakeOutcome(Protocol):
    """Makes an outcome."""

    def __call__(
        self,
        examples: Sequence[Example],
        answers: Sequence[Any],
        pipeline: Any,
        *,
        training: Sequence[Example] | None,
        seed: int,
        samples: int,
        level: float,
    ) -> Outcome:
        """Join examples and answers.

        Args:
            examples: Of the part that is tested.
            answers: One for each.
            pipeline: Who gave them.
            training: The training part, where it is another and there is one: what of the errors is new to the model.
            seed: Governs the draws for the intervals.
            samples: How many draws.
            level: Share of the draws within an interval.
        """


Describe = Callable[["Any", int, "torch.Tensor", "torch.Tensor"], str]
"""Words for row N of a batch with what was predicted and what is right."""


def _as_it_is(answer: Any, wanted: Any) -> Any:
    return answer


@dataclass(frozen=True)
class BaseTask:
    """A base task. Each is a constant `TASK` in `tengjia.base_tasks.<name>.task`."""

    name: str
    """As in `base_task:` of a task's YAML."""

    encoding: type[TaskEncoding]
    """Its encoding."""

    unit: Callable[[Settings, Any, Criterion], Unit]
    """`(config, model, criterion)` -> what training minimises and evaluation measures."""

    pipeline: type[BundledPipeline]
    """Raw input in, answers out."""

    outcome: MakeOutcome
    """What the answers to a test part are worth."""

    shown: Callable[..., str]
    """`shown(question, answer, pipeline, colours=bool)`: an answer in words, for the prompt."""

    example: Callable[[Any, Any, Any], Mapping[str, Any]]
    """`(question, answer, encoding)`: an example that is given in a program, as a row of `json_lines`
    (`AutoTrainerPipeline` trains on such)."""

    row_options: Callable[[Any], Mapping[str, Any]]
    """`(encoding)` -> options of the reader `json_lines` with which such rows are read."""

    application: type[Any]
    """Its section `apply`: a class with `Config`, the fields of which are those of `stages.application.Wanted`, those
    that `columns` names, and its own. It stands in `tengjia.base_tasks.<name>.application`, with literals."""

    columns: Mapping[str, str] = field(default_factory=dict)
    """Texts that a question has besides `text`: name in the answers file -> key of the section `apply` that names its
    column (`{"second": "second_column"}`; `apply.second` itself gives one for all). A question is then a tuple: the
    text and these, in this order; one whose key is null in the section is not asked for, and empty."""

    columns_of: Callable[[BaseTask, Any, Any], BaseTask] | None = None
    """`(task, pipeline, section apply)` -> the task with the columns that this pipeline is asked for, where not all
    pipelines of the base task are asked alike.

    Raises:
        ConfigurationError: The section gives a text that the pipeline is not asked for.
    """

    formats: Mapping[str, Any] = field(default_factory=dict)
    """Outputs of `apply` besides JSON lines: name -> `stages.answer_formats.AnswerFormat`."""

    kept: Callable[[Any, Any], Any] = _as_it_is
    """`(answer, section apply)` -> the answer without what is not wanted (`apply.passed_over`)."""

    counted: Mapping[str, Callable[[Any], int]] = field(default_factory=dict)
    """What is counted over the answers to a file: name -> how many there are in one answer (`{"entities": len}`)."""

    adjust: Callable[[Settings, Any], None] | None = None
    """`(config, pipeline)`: what the testing file says of how scores become answers (`evaluator.repair`)."""

    asked: Callable[[Settings, Any], None] | None = None
    """`(config, pipeline)`: what the testing file says of how `apply` is to answer (its section `generation`); it sets
    the pipeline's `options`."""

    describe: Callable[[Any], Describe] | None = None
    """`(encoding)` -> words for an example in the log (`callbacks.evaluation.log_samples`)."""
