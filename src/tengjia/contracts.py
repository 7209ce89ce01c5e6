"""What the parts of the house promise one another. Small on purpose; read it before any other file.

    Reader -> Example -> Tokenizer -> (encoding) -> Batch -> Model -> Criterion -> Trainer -> bundle -> Pipeline

A module is built from its own `Config` (plain, typed values) and, by keyword, from things that exist only at run time.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, is_dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, TypeVar, runtime_checkable

if TYPE_CHECKING:
    import numpy
    import torch

    from tengjia.data.classes import Classes
    from tengjia.data.example import Example
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
    """Further `[B, S]` int64 inputs by name (`bigrams`, `segments`)."""

    index: torch.Tensor | None = None
    """`[B]` int64: which examples these are."""

    target: torch.Tensor | None = None
    """What is known of each text as a whole: `[B]` int64 its class, `[B, C]` float32 of each class whether it has it
    (0 or 1), or `[B]` float32 its score."""

    @property
    def label_mask(self) -> torch.Tensor:
        """`[B, T]` bool: where a label counts."""
        return self.mask if self.unit_mask is None else self.unit_mask

    def to(self, device: torch.device) -> Batch:
        """The same batch on another device."""
        return on_device(self, device)


@dataclass
class PairBatch:
    """Texts that are compared, for models with a vector for each text (those that read both as one take a `Batch`)."""

    texts: tuple[Batch, ...]
    """First and second text of B examples; perhaps a third that fits worse than the second."""

    target: torch.Tensor | None = None
    """`[B]` float32: how well first and second fit, 0 to 1; `None` where that is not known."""

    groups: torch.Tensor | None = None
    """`[B]` int64: examples with the same first text have the same number."""

    index: torch.Tensor | None = None
    """`[B]` int64: which examples these are."""

    def to(self, device: torch.device) -> PairBatch:
        """The same batch on another device."""
        return on_device(self, device)


@dataclass
class SequenceBatch:
    """Texts, and the texts to be written for them. B examples, L pieces of the longest target."""

    source: Batch
    """What is read."""

    target: torch.Tensor | None = None
    """`[B, L]` int64: begin piece, the pieces of the target, end piece, 0 where there is none; `None` in use."""

    target_mask: torch.Tensor | None = None
    """`[B, L]` bool: where a target piece is."""

    index: torch.Tensor | None = None
    """`[B]` int64: which examples these are."""

    def to(self, device: torch.device) -> SequenceBatch:
        """The same batch on another device."""
        return on_device(self, device)


AnyBatch = Batch | PairBatch | SequenceBatch
"""What a trainer hands from data to unit; it only moves it to its device, and notes `index`."""

Moved = TypeVar("Moved")


def on_device(values: Moved, device: torch.device) -> Moved:
    """A batch with all its tensors, however deep, on another device; the indices stay where they are."""
    import torch

    def moved(value: Any) -> Any:
        if isinstance(value, torch.Tensor):
            return value.to(device, non_blocking=True)
        if isinstance(value, dict):
            return {name: moved(inner) for name, inner in value.items()}
        if isinstance(value, tuple):
            return tuple(map(moved, value))
        return on_device(value, device) if is_dataclass(value) else value

    changes = {item.name: moved(getattr(values, item.name)) for item in fields(values) if item.name != "index"}  # type: ignore[arg-type]
    return replace(values, **changes)  # type: ignore[type-var]


class Labels(Protocol):
    """What a model scores: the tags of `tengjia.data.labels.LabelSet`, the classes of `tengjia.data.classes.Classes`,
    the pieces of a target vocabulary, or one score of a `tengjia.data.scale.Scale`."""

    def __len__(self) -> int:
        """How many scores there are at each place."""


@dataclass(frozen=True)
class Inputs:
    """What a model has to know of the data it is built for."""

    pieces: int
    """Size of the vocabulary: ids 0 (padding), 1 (unknown) and up."""

    labels: Any
    """What is scored (`Labels`): the tags, classes, pieces; a model asks for its `len`, a tagger for more."""

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

    classes: Classes | None = None
    """The classes of the whole text, for models that give both tags and a class."""


class Model(Protocol):
    """A `torch.nn.Module` built as `Class(config, inputs=Inputs)`.

    Nothing in its output may depend on padding. A class attribute `decoder` says (readable without import) what it
    gives for a batch, and so which criteria and base tasks it fits:

    - `"crf"`, `"softmax"` (sequence labelling): scores `[B, T, C]` of each tag at each unit of a `Batch`, with the
      methods below; with `"crf"` it has an attribute `crf` (`tengjia.layers.crf`).
    - `"classes"` (text classification): scores `[B, C]` of each class for a `Batch`.
    - `"joint"` (intent and slots): scores `[B, T, C]` of the tags and `[B, K]` of the classes, as a tuple.
    - `"vectors"` (matching with twin encoders): a vector `[B, H]` for a `Batch`; the unit encodes each text of a
      `PairBatch` by it, and compares them with the method `compare(first, second)`: how well texts with vectors
      `[..., H]` fit, `[...]`, 1 the best (a cosine, or a learnt score from 0 to 1).
    - `"score"` (matching by one encoder over both texts): a score `[B]`, 0 to 1, for a `Batch` of joined texts, which
      `features["segments"]` (0, 1) tells apart.
    - `"sequence"` (sequence to sequence): scores `[B, L - 1, C]` of the pieces that follow each target piece of a
      `SequenceBatch`; what decoding needs beside that stands in `tengjia.layers.generation`.
    """

    def __call__(self, batch: Batch) -> torch.Tensor:
        """Scores `[B, T, C]` of each tag at each unit."""

    def decode(self, scores: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """Best tag ids `[B, T]`, 0 where `mask` is false."""

    def probabilities(self, scores: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """Probability `[B, T, C]` of each tag at each unit, 0 where `mask` is false."""


@runtime_checkable
class Counting(Protocol):
    """A model that looks at the training part once, before it is trained: what it counts belongs to its weights."""

    def count(self, batches: Iterable[Batch]) -> None:
        """Count what it needs.

        Args:
            batches: All texts of the training part, each once.
        """


class Criterion(Protocol):
    """What is minimised. Built as `Class(config, model=model)`; class attribute `decoder` names what it fits: one of
    those of `Model`, or several as a tuple.

    Below it is given as for tags; `[B, C]` scores of classes come with labels `[B]` (or `[B, C]`) and a mask `[B]`.
    Matching: `criterion(found, target, groups)`. `found` is, for `"vectors"`, a tuple of `[B, H]`, one of each text of
    the `PairBatch` (first, second, perhaps a third that fits worse), and for `"score"` the scores `[B]`; `target` `[B]`
    float32 (0 to 1) or `None`; `groups` `[B]` int64 or `None`. The loss is summed over the B examples; losses that
    take the other examples of the batch for negatives depend on which examples come together (`in_batch = True`).
    """

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
    """The science of a task, for a generic trainer and tester (fairseq2's `TrainUnit`). Batches are of its own kind."""

    module: torch.nn.Module

    def training_step(self, batch: Any) -> Loss:
        """Loss of a batch."""

    def evaluation_step(self, batch: Any, evaluator: Evaluator) -> Loss | None:
        """Predict a batch, tell the evaluator, and give the loss where labels are known."""


class Evaluator(Protocol):
    """Measures by sufficient statistics, so that ranks can be summed. Built as `Class(config, labels=LabelSet)`.

    Class attributes readable without import:

    - `metrics: dict[str, str]`: metric -> `"max"` or `"min"`;
    - `measures: str`: what `update` is given. `"tags"` (the default): tag ids `[B, T]`, gold and mask alike.
      `"classes"`: probabilities `[B, C]`, gold classes `[B]` int64 (or `[B, C]` 0/1), mask `[B]`. `"joint"`: the pairs
      (tag ids, class ids), and a pair of masks. `"scores"`: scores `[B]`, gold scores `[B]`, groups `[B]` int64.
      `"sequences"`: piece ids that were generated and gold piece ids, `[B, L]` both, mask of the gold ones. `"pieces"`:
      the pair (log probabilities of the gold pieces, likeliest pieces) `[B, L]`, each after the gold ones before it,
      gold piece ids `[B, L]`, mask;
    - `gathered: bool` (default false): its statistics are not summed over ranks but laid end to end (`[N, k]`), for
      measures that have no sufficient statistics of fixed size (rank correlation, area under a curve).
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

    batches: list[Any]
    """The micro-batches, of the kind that the unit takes (more than one when gradients are accumulated); none on a rank
    with too few examples."""

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

    def evaluation(self, part: str) -> Iterator[Any]:
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
