"""Two raw texts in, how well they fit out: what `stage=test`, `stage=apply` and every service share.

pipeline = TextMatchingPipeline.load("data/check_points/demo_app/resume_matching/<run>/bundle")
pipeline(("招聘会计，要求有五年经验", "做账七年，熟悉报税")).score
pipeline(("reference", "answer", "question")).score                      # where the encoding has a context
index = pipeline.index(candidates)                 # encoded once
for found in pipeline.rank("招聘会计", index, top=3):
    print(found.match.score, found.text)
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, TypeVar

import numpy
import torch

from tengjia.base_tasks.stages.answering import BATCH_SIZE, length_batches
from tengjia.base_tasks.stages.pipeline import BundledPipeline
from tengjia.base_tasks.text_matching import calibration
from tengjia.base_tasks.text_matching.answers import Match, Ranked
from tengjia.base_tasks.text_matching.calibration import Calibration
from tengjia.base_tasks.text_matching.columns import marked_batch
from tengjia.base_tasks.text_matching.encoding import Encoding
from tengjia.base_tasks.text_matching.joining import joined
from tengjia.config import Settings

if TYPE_CHECKING:
    from tengjia.base_tasks.stages.dataset import Dataset
    from tengjia.base_tasks.text_matching.rows import PairRows
    from tengjia.contracts import Batch

Own = TypeVar("Own", bound="TextMatchingPipeline")
Question = tuple[str, ...]
_ROWS_AT_ONCE: Final = 4096
"""Candidates that are compared with a text at a time."""


def _never() -> None:
    """Stops nobody."""


@dataclass(frozen=True)
class Index:
    """Candidates, ready to be compared with any text."""

    texts: tuple[str, ...]
    """As they were given."""

    vectors: torch.Tensor | None
    """`[N, H]`; `None` where the model must read a text together with each candidate."""

    context: str = ""
    """What they were encoded with, where the encoding has a context."""


class TextMatchingPipeline(BundledPipeline):
    """Compares texts, with all that stands between the model and raw text (`contracts.Pipeline`)."""

    base_task = "text_matching"
    encoding_class = Encoding
    Options = calibration.Options
    usage = """\
from tengjia.base_tasks.text_matching import TextMatchingPipeline

pipeline = TextMatchingPipeline.load("this/folder")
print(pipeline(("one text", "another text")).score)
for found in pipeline.rank("one text", ["some", "candidates"], top=3):
    print(found.match.score, found.text)"""

    encoding: Encoding
    options: calibration.Options

    @classmethod
    def of(cls: type[Own], config: Settings, dataset: Dataset, model: Any) -> Own:
        """The pipeline of a model that was trained with a config; its scores are calibrated on the development part,
        where there is one."""
        pipeline = super().of(config, dataset, model)
        part = dataset.encoded.get("development")
        if part is not None and len(part.lengths):
            rows: Any = part.batch
            wanted = Calibration.Config(**dict(config.get("calibration") or {}))
            said = pipeline.scores_of_rows(rows)
            pipeline.options = calibration.fitted(wanted, said, rows.targets, pipeline.encoding.labels)
        return pipeline

    @classmethod
    def options_of(cls, config: Settings) -> calibration.Options:
        """Nothing is calibrated before a development part was seen."""
        return calibration.Options()

    @classmethod
    def sample_questions(cls, texts: Sequence[str]) -> list[Any]:
        """Each sentence with the next one."""
        return list(zip(texts, [*texts[1:], *texts[:1]]))

    @staticmethod
    def is_one(questions: Any) -> bool:
        """A tuple of two texts, or of three with their context, is one question; a list holds many."""
        return isinstance(questions, tuple) and all(isinstance(text, str) for text in questions)

    @property
    def together(self) -> bool:
        """Whether the model reads both texts as one."""
        return bool(self.model.decoder == "score")

    def answer(self, questions: Sequence[Question], batch_size: int, check: Callable[[], None]) -> list[Match]:
        """How well the texts of each question of a portion fit."""
        firsts, seconds = [question[0] for question in questions], [question[1] for question in questions]
        contexts = [question[2] if len(question) > 2 else "" for question in questions]
        return self.matches(self.said(firsts, seconds, batch_size, check, contexts=contexts))

    def matches(self, said: numpy.ndarray) -> list[Match]:
        """Answers from what the model says, `[N]`."""
        meant = self.options.applied(said)
        scores = self.encoding.labels.from_unit(meant)
        return [Match(score, fits) for score, fits in zip(scores.tolist(), (meant >= self.options.threshold).tolist())]

    def said(
        self,
        firsts: Sequence[str],
        seconds: Sequence[str],
        batch_size: int = BATCH_SIZE,
        check: Callable[[], None] = _never,
        *,
        contexts: Sequence[str] | None = None,
    ) -> numpy.ndarray:
        """What the model says of pairs, `[N]` float64, not calibrated; each different text is encoded once (with each
        context that it has)."""
        if contexts is None or not self.encoding.config.context:
            contexts = [""] * len(firsts)
        sides = [list(zip(texts, contexts)) for texts in (firsts, seconds)]
        place = {one: number for number, one in enumerate(dict.fromkeys([*sides[0], *sides[1]]))}
        first, second = ([place[one] for one in side] for side in sides)
        rows = self._rows(list(place))
        if self.together:
            return self._said_together(rows, first, second, batch_size, check)
        vectors = self._vectors(rows, batch_size, check)
        parts = [
            self._compared(vectors[first[at : at + _ROWS_AT_ONCE]], vectors[second[at : at + _ROWS_AT_ONCE]])
            for at in range(0, len(first), _ROWS_AT_ONCE)
        ]
        return numpy.concatenate(parts) if parts else numpy.empty(0)

    def index(self, candidates: Iterable[str], *, context: str = "", batch_size: int = BATCH_SIZE) -> Index:
        """Encode candidates once, to rank them for many texts.

        Args:
            candidates: The texts.
            context: What they belong to, where the encoding has a context.
            batch_size: How many go through the model at once.
        """
        texts = tuple(candidates)
        if self.together:
            return Index(texts, None, context)
        rows = self._rows([(text, context) for text in texts])
        return Index(texts, self._vectors(rows, batch_size, _never), context)

    def rank(
        self,
        query: str,
        candidates: Index | Sequence[str],
        *,
        top: int | None = None,
        context: str = "",
        batch_size: int = BATCH_SIZE,
        check: Callable[[], None] = _never,
    ) -> list[Ranked]:
        """The candidates that fit a text best, the best first; equal ones in their own order.

        Args:
            query: The text.
            candidates: Texts, or an index of them.
            top: At most so many; `None`: all.
            context: What text and candidates belong to, where the encoding has a context; an index that was made with
                another is made again.
            batch_size: How many texts go through the model at once.
            check: Called before every batch; may raise to stop.
        """
        index = candidates if isinstance(candidates, Index) else Index(tuple(candidates), None)
        if not self.together and (index.vectors is None or index.context != context):
            index = self.index(index.texts, context=context, batch_size=batch_size)
        if index.vectors is None:
            count = len(index.texts)
            said = self.said([query] * count, index.texts, batch_size, check, contexts=[context] * count)
        else:
            own = self._vectors(self._rows([(query, context)]), batch_size, check)
            starts = range(0, len(index.texts), _ROWS_AT_ONCE)
            parts = [self._compared(own, index.vectors[at : at + _ROWS_AT_ONCE]) for at in starts]
            said = numpy.concatenate(parts) if parts else numpy.empty(0)
        best = numpy.argsort(-said, kind="stable")[:top]
        return [Ranked(int(i), index.texts[i], match) for i, match in zip(best.tolist(), self.matches(said[best]))]

    def plain(self, answers: Iterable[Match]) -> list[Any]:
        """Answers as JSON values."""
        return [answer.plain() for answer in answers]

    def restored(self, values: Iterable[Any]) -> list[Match]:
        """The answers of which `plain` made these values."""
        return [Match.restored(value) for value in values]

    @torch.inference_mode()
    def scores_of_rows(self, rows: PairRows, batch_size: int = BATCH_SIZE) -> numpy.ndarray:
        """What the model says of encoded pairs, `[rows]`."""
        result = numpy.empty(len(rows))
        for chosen in length_batches(range(len(rows)), rows.lengths.tolist(), batch_size):
            first, second = rows(numpy.array(chosen)).texts[:2]
            result[chosen] = self._scores(first, second)
        return result

    def _rows(self, texts: Sequence[tuple[str, str]]) -> _Rows:
        """Texts, each with its context, encoded."""
        contexts = list(dict.fromkeys(context for _, context in texts))
        cleaned = dict(zip(contexts, self.cleaned(contexts)))
        own = self.cleaned([text for text, _ in texts])
        return _Rows(self.encoding, own, [cleaned[context] for _, context in texts])

    @torch.inference_mode()
    def _vectors(self, rows: _Rows, batch_size: int, check: Callable[[], None]) -> torch.Tensor:
        """`[texts, H]` on the device."""
        found: dict[int, torch.Tensor] = {}
        for chosen in length_batches(range(len(rows)), rows.lengths, batch_size):
            check()
            found.update(zip(chosen, self.model(self.placed(rows.batch(chosen)))))
        return torch.stack([found[number] for number in range(len(rows))]) if found else torch.empty(0, 1)

    @torch.inference_mode()
    def _compared(self, first: torch.Tensor, second: torch.Tensor) -> numpy.ndarray:
        scores: numpy.ndarray = self.model.compare(first, second).double().cpu().numpy()
        return scores

    @torch.inference_mode()
    def _said_together(
        self, rows: _Rows, first: Sequence[int], second: Sequence[int], batch_size: int, check: Callable[[], None]
    ) -> numpy.ndarray:
        lengths = [rows.lengths[one] + rows.lengths[other] for one, other in zip(first, second)]
        result = numpy.empty(len(first))
        for chosen in length_batches(range(len(first)), lengths, batch_size):
            check()
            texts = (rows.batch([side[number] for number in chosen]) for side in (first, second))
            result[chosen] = self._scores(*texts)
        return result

    def _scores(self, first: Batch, second: Batch) -> numpy.ndarray:
        if self.together:
            both = joined(first, second, longest=self.encoding.config.maximum_length)
            together: numpy.ndarray = self.model(self.placed(both)).double().cpu().numpy()
            return together
        return self._compared(self.model(self.placed(first)), self.model(self.placed(second)))


class _Rows:
    """Encoded texts, to make batches of."""

    def __init__(self, encoding: Encoding, texts: Sequence[str], contexts: Sequence[str]) -> None:
        columns, _ = encoding.encoded(texts, contexts)
        self._frame = encoding.texts.frame
        self._ids, self._features = columns.split() if len(texts) else ([], {})
        self.lengths = columns.counts.tolist()

    def __len__(self) -> int:
        return len(self.lengths)

    def batch(self, chosen: Sequence[int]) -> Batch:
        """A batch of some texts."""
        features = {name: [values[number] for number in chosen] for name, values in self._features.items()}
        return marked_batch([self._ids[number] for number in chosen], features, self._frame)


def ranked_lines(found: Iterable[Ranked]) -> Iterator[dict[str, Any]]:
    """Rankings as JSON values."""
    for number, one in enumerate(found, 1):
        yield {"rank": number, "candidate": one.index, "text": one.text, **one.match.plain()}
