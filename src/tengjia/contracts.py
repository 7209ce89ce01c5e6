"""What the parts of the house promise one another. Small on purpose; read it before any other file.

    Reader -> Example -> Tokenizer -> (encoding) -> Batch -> Model -> Criterion -> Trainer -> bundle -> Pipeline

A module is built from its own `Config` (plain, typed values) and, by keyword, from things that exist only at run time.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

if TYPE_CHECKING:
    import numpy
    import torch

    from tengjia.data.example import Example
    from tengjia.data.labels import LabelSet
    from tengjia.text.vector_lookup import Coverage


class Tokens(NamedTuple):
    """A text cut in pieces. `text[starts[i]:ends[i]]` is what piece `i` stands for, whatever the piece looks like."""

    pieces: list[str]
    """What is looked up in the vocabulary; may be normalised (lower case, `##` prefix)."""

    starts: list[int]
    """First character of each piece in the original text."""

    ends: list[int]
    """Character after the last of each piece."""

    words: list[bool] | None = None
    """Whether a piece begins a word and so carries a label; `None`: all do."""


class TokenArrays(NamedTuple):
    """Many texts cut in pieces: N pieces in all, text after text. What `Tokens` says of one text, as flat arrays."""

    pieces: list[str]
    """The distinct pieces, in any order."""

    codes: numpy.ndarray
    """`[N]` int32: which of `pieces` each one is."""

    starts: numpy.ndarray
    """`[N]` int32: first character, counted from the beginning of its own text."""

    ends: numpy.ndarray
    """`[N]` int32: character after the last."""

    words: numpy.ndarray | None
    """`[N]` bool: whether a piece begins a word; `None`: all do."""

    counts: numpy.ndarray
    """`[texts]` int64: how many pieces each text has."""


class Tokenizer(Protocol):
    """Cuts text in pieces with exact offsets; state it learnt or was given goes to files.

    Built as `Class(config, roots={"dataset_root": Path, "bert_model_root": Path})` to read the files its config names
    (user dictionaries are relative to `dataset_root`, vocabularies and encoder folders to `bert_model_root`), or as
    `Class(config)` when `load` will bring them.

    Two further members are optional. `tokenize_many(texts: Sequence[str]) -> TokenArrays` cuts many texts at once,
    exactly as `tokenize` cuts each (encoding uses it where it is there). `frame: tuple[str, str] | None` names the
    pieces that stand before and after every text (`("[CLS]", "[SEP]")`).
    """

    def tokenize(self, text: str) -> Tokens:
        """Cut one text. Deterministic, and free of any dependence on texts seen before."""

    def fit(self, texts: Iterable[str]) -> None:
        """Learn from the training texts (byte_pair, unigram); others do nothing."""

    def vocabulary(self) -> list[str] | None:
        """The pieces in the order of their ids, if the tokenizer brings its own; else `None` and one is counted."""

    def save(self, folder: Path) -> None:
        """Write all files that `load` needs to `folder` (user dictionary, vocabulary): the bundle carries them."""

    def load(self, folder: Path) -> None:
        """Take back what `save` wrote."""


class Vectors(Protocol):
    """Pretrained vectors. Built as `Class(config, root=Path(word_vector_root), cache=Path(cache_root) / "vectors")`.

    `config.frozen` says whether training leaves them as they are; `coverage` tells, after `load`, who got one.
    """

    coverage: Coverage | None

    def load(self, pieces: Sequence[str]) -> numpy.ndarray:
        """Vectors `[len(pieces), width]` float32 of the pieces in their order, rows of NaN where there is none."""

    def words(self, limit: int) -> list[str]:
        """The first `limit` words that have a vector, in the order of the file."""


class Reader(Protocol):
    """Reads one corpus format. Built as `Class(config)`.

    A reader or a dataset may also have `read_together`, with the arguments of `read`: it gives the same examples, many
    of them at once as `tengjia.data.example_table.ExampleBlock`.
    """

    def read(self, path: Path, rejects: Rejects) -> Iterator[Example]:
        """Yield the examples of a file in its order, in constant memory; hand rows that make no sense to `rejects`."""


class Rejects(Protocol):
    """Where rows go that cannot be used (`tengjia.data.rejects`)."""

    def add(self, code: str, *, file: object, line: int, text: str, **values: Any) -> None:
        """Set one row aside.

        Raises:
            DataError: More than `max_rejects` were set aside.
        """

    def note(self, code: str, *, file: object, line: int = 0, text: str = "", **values: Any) -> None:
        """Tell what was mended or found out about a row or a file (its encoding), setting nothing aside."""


class Corpus(Protocol):
    """A dataset module: the parts of a corpus. Built as `Class(config, reader=..., root=Path)`."""

    def read(self, part: str, rejects: Rejects) -> Iterator[Example]:
        """The examples of `"train"`, `"development"` or `"test"`."""

    def parts(self) -> Mapping[str, Sequence[Path]]:
        """The files of each part that exists."""


@dataclass
class Batch:
    """Examples that go through a model together. B examples, S pieces, T units (labelled pieces)."""

    ids: torch.Tensor
    """`[B, S]` int64: piece ids, 0 where there is none."""

    mask: torch.Tensor
    """`[B, S]` bool: where a piece is."""

    units: torch.Tensor | None = None
    """`[B, T]` int64: which piece carries each label; `None` when every piece does (then T = S)."""

    unit_mask: torch.Tensor | None = None
    """`[B, T]` bool: where a unit is; `None` when `units` is."""

    labels: torch.Tensor | None = None
    """`[B, T]` int64: tag ids, 0 where there is none."""

    features: dict[str, torch.Tensor] = field(default_factory=dict)
    """Further `[B, S]` int64 inputs by name (`bigrams`)."""

    index: torch.Tensor | None = None
    """`[B]` int64: which examples these are."""

    @property
    def label_mask(self) -> torch.Tensor:
        """`[B, T]` bool: where a label counts."""
        return self.mask if self.unit_mask is None else self.unit_mask

    def to(self, device: torch.device) -> Batch:
        """The same batch on another device."""

        def moved(value: torch.Tensor | None) -> torch.Tensor | None:
            return None if value is None else value.to(device, non_blocking=True)

        return Batch(
            self.ids.to(device, non_blocking=True),
            self.mask.to(device, non_blocking=True),
            moved(self.units),
            moved(self.unit_mask),
            moved(self.labels),
            {name: value.to(device, non_blocking=True) for name, value in self.features.items()},
            self.index,
        )


@dataclass(frozen=True)
class Inputs:
    """What a model has to know of the data it is built for."""

    pieces: int
    """Size of the vocabulary: ids 0 (padding), 1 (unknown) and up."""

    labels: LabelSet
    """The tags to score."""

    features: Mapping[str, int] = field(default_factory=dict)
    """Vocabulary size of each further input (`bigrams`)."""

    vectors: numpy.ndarray | None = None
    """`[pieces, width]` float32: pretrained vectors, rows of NaN where there is none; `None` without."""

    vectors_frozen: bool = False
    """Whether the pretrained vectors stay as they are in training."""

    encoder: Path | None = None
    """Folder of a Hugging Face encoder (config, and weights unless the model's own weights will be loaded)."""

    encoder_weights: bool = True
    """Whether to read the encoder's weights; false when a bundle brings them."""


class Model(Protocol):
    """A `torch.nn.Module` built as `Class(config, inputs=Inputs)`.

    Nothing in its output may depend on padding. A class attribute `decoder = "crf" | "softmax"` says (readable without
    import) how its scores become tags; with `"crf"` it has an attribute `crf` (`tengjia.layers.crf`).
    """

    def __call__(self, batch: Batch) -> torch.Tensor:
        """Scores `[B, T, C]` of each tag at each unit."""

    def decode(self, scores: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """Best tag ids `[B, T]`, 0 where `mask` is false."""

    def probabilities(self, scores: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """Probability `[B, T, C]` of each tag at each unit, 0 where `mask` is false."""


class Criterion(Protocol):
    """What is minimised. Built as `Class(config, model=model)`; class attribute `decoder` names what it fits."""

    def __call__(self, scores: torch.Tensor, labels: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """The loss **summed** over the units of the batch; the trainer divides by the units of the global batch."""


class Schedule(Protocol):
    """Multipliers of the learning rates, step by step. Built as `Class(config, total_steps=int)`.

    A schedule that learns from what happens has a class attribute `observes = "loss" | "metric"` and a method
    `observe(value: float)`: called after every optimizer step with the mean loss of the **global** batch (so that all
    ranks agree), or after every evaluation with the monitored metric.
    """

    def factor(self, step: int) -> float:
        """Multiplier of every group's base rate at a step, counted from 0; above 0 at the first."""

    def state_dict(self) -> dict[str, Any]:
        """What `load_state_dict` needs to go on exactly: JSON values."""

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Take back what `state_dict` gave."""


class Loss(NamedTuple):
    """Result of a training step."""

    total: torch.Tensor
    """Scalar: the loss summed over `weight` units."""

    weight: int
    """How many units it sums over."""


class Unit(Protocol):
    """The science of a task, for a generic trainer and tester (fairseq2's `TrainUnit`)."""

    module: torch.nn.Module

    def training_step(self, batch: Batch) -> Loss:
        """Loss of a batch."""

    def evaluation_step(self, batch: Batch, evaluator: Evaluator) -> Loss | None:
        """Predict a batch, tell the evaluator, and give the loss where labels are known."""


class Evaluator(Protocol):
    """Measures by sufficient statistics, so that ranks can be summed. Built as `Class(config, labels=LabelSet)`.

    Class attributes readable without import: `metrics: dict[str, str]` (metric -> "max" or "min") and `scheme` needs.
    """

    def reset(self) -> None:
        """Forget everything."""

    def update(self, predicted: torch.Tensor, gold: torch.Tensor, mask: torch.Tensor) -> None:
        """Take in tag ids `[B, T]` of a batch."""

    def statistics(self) -> torch.Tensor:
        """All counts as one float64 vector; the sum over ranks is the statistics of all."""

    def compute(self, statistics: torch.Tensor | None = None) -> dict[str, float]:
        """The metrics (flat names, fractions), from own or summed statistics."""


class Step(NamedTuple):
    """One optimizer step of this rank."""

    batches: list[Batch]
    """The micro-batches (more than one when gradients are accumulated); none on a rank with too few examples."""

    weight: int
    """What the loss is divided by: the units of the **global** batch (all micro-batches and ranks), or its examples."""

    units: int | None = None
    """Units of the global batch, for reports; `None`: the weight."""


class TrainingData(Protocol):
    """What a trainer draws from. The order is a function of (seed, epoch) only."""

    def steps_in_epoch(self, epoch: int = 0) -> int:
        """Optimizer steps in an epoch; with a budget of pieces it may differ from epoch to epoch."""

    def steps(self, epoch: int, start: int = 0) -> Iterator[Step]:
        """The steps of an epoch from step `start` on; skipping costs nothing."""

    def evaluation(self, part: str) -> Iterator[Batch]:
        """This rank's share of the batches of a part, each example on one rank only."""


class Pipeline(Protocol):
    """Answers raw input. What was evaluated is what is served."""

    def __call__(self, texts: str | Sequence[str], **options: Any) -> Any:
        """The answer to one text, or a list of answers to a list."""

    def save(self, folder: Path) -> None:
        """Write the bundle."""

    @classmethod
    def load(cls, folder: Path, *, device: str = "cpu") -> Pipeline:
        """Read a bundle, verifying every file."""
