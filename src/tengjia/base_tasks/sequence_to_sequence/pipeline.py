"""A text in, a text out: what `stage=test`, `stage=apply` and every service share.

    pipeline = SequenceToSequencePipeline.load("data/check_points/demo_app/translation/<run>/bundle")
    pipeline("他昨天买了三本书。").text
    pipeline(["...", "..."], method="sampling", temperature=0.7)

A text that is longer than the model reads at once is cut between sentences; what is written for the parts is joined.
"""

from __future__ import annotations

import copy
import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any

from tengjia.base_tasks.sequence_to_sequence.answers import Alternative, Written
from tengjia.base_tasks.sequence_to_sequence.encoding import Encoding
from tengjia.base_tasks.sequence_to_sequence.segments import segments
from tengjia.base_tasks.sequence_to_sequence.spelling import prepared
from tengjia.base_tasks.sequence_to_sequence.unit import borders
from tengjia.base_tasks.stages.answering import BATCH_SIZE, length_batches
from tengjia.base_tasks.stages.pipeline import BundledPipeline
from tengjia.config import Settings
from tengjia.layers.generation.generate import generate
from tengjia.layers.generation.memory import Hypothesis
from tengjia.layers.generation.options import Generation
from tengjia.utilities.randomness import seed_for


class SequenceToSequencePipeline(BundledPipeline):
    """A model that writes, with all that stands between it and raw text (`contracts.Pipeline`)."""

    base_task = "sequence_to_sequence"
    encoding_class = Encoding
    Options = Generation.Config
    usage = """\
from tengjia.base_tasks.sequence_to_sequence import SequenceToSequencePipeline

pipeline = SequenceToSequencePipeline.load("this/folder")
answer = pipeline("...")
print(answer.text, answer.score)"""

    encoding: Encoding
    options: Generation.Config
    words: str = "auto"
    """How words are counted when texts are measured: `evaluator.words`."""

    @classmethod
    def options_of(cls, config: Settings) -> Generation.Config:
        """As the section `generation` says."""
        return Generation.Config(**dict(config.get("generation") or {}))

    def asked_with(self, **options: Any) -> SequenceToSequencePipeline:
        """The same pipeline with other options of `generation`.

        Raises:
            ConfigurationError: An option makes no sense.
        """
        other = copy.copy(self)
        other.options = replace(self.options, **options)
        Generation(other.options)
        return other

    def __call__(self, questions: Any, /, *, batch_size: int = BATCH_SIZE, **options: Any) -> Any:
        """The answer to one text, or a list of the answers to many.

        Args:
            questions: One, or a sequence of them.
            batch_size: How many texts go through the model at once.
            **options: Those of the section `generation`, in place of the pipeline's own.

        Raises:
            ConfigurationError: An option makes no sense.
        """
        if options:
            return self.asked_with(**options)(questions, batch_size=batch_size)
        return super().__call__(questions, batch_size=batch_size)

    def answer(self, questions: Sequence[str], batch_size: int, check: Callable[[], None]) -> list[Written]:
        """What is written for each text of a portion."""
        texts = [prepared(text) for text in self.cleaned(questions)]
        parts = [self._parts(text) for text in texts]
        flat = [part for found in parts for part in found]
        written = self._written(flat, batch_size, check)
        answers, done = [], 0
        for found in parts:
            answers.append(self._joined(written[done : done + len(found)]))
            done += len(found)
        return answers

    def plain(self, answers: Iterable[Written]) -> list[Any]:
        """Answers as JSON values."""
        return [answer.plain() for answer in answers]

    def restored(self, values: Iterable[Any]) -> list[Written]:
        """The answers of which `plain` made these values."""
        return [Written.restored(value) for value in values]

    def _parts(self, text: str) -> list[str]:
        """The parts of a text that are read one by one; none of an empty one."""
        if not text.strip():
            return []
        if len(text) <= self.encoding.room and not self.options.by_sentence:  # no piece is shorter than a character
            return [text]
        tokens = self.encoding.texts.tokenizer.tokenize(text)
        room = self.encoding.room
        if len(tokens.pieces) <= room and not self.options.by_sentence:
            return [text]
        places = segments(text, tokens.starts, tokens.ends, room, every_sentence=self.options.by_sentence)
        return [text[start:end] for start, end in places]

    def _written(self, texts: Sequence[str], batch_size: int, check: Callable[[], None]) -> list[list[Hypothesis]]:
        """What is written for each text: the likeliest, and as many others as are asked for."""
        ids = [row[: self.encoding.room] for row in self.encoding.encoded(texts)]
        result: list[list[Hypothesis]] = [[] for _ in texts]
        chosen_borders = borders(self.encoding.labels)
        for chosen in length_batches(range(len(texts)), [len(row) for row in ids], batch_size):
            check()
            batch = self.placed(self.encoding.source_batch([ids[number] for number in chosen]))
            # What is drawn for a text is a function of the text: the same, whatever else is asked.
            numbers = [seed_for("text", texts[number]) for number in chosen]
            found = generate(self.model, batch, self.options, borders=chosen_borders, numbers=numbers)
            for number, hypotheses in zip(chosen, found, strict=True):
                result[number] = hypotheses[: 1 + self.options.alternatives]  # the others would fill the memory
        return result

    def _joined(self, parts: Sequence[list[Hypothesis]]) -> Written:
        """One answer from what was written for the parts of a text."""
        if not parts:
            return Written("", 0.0)
        spell = self.encoding.labels.text
        best = [part[0] for part in parts if part]
        between = "" if self.encoding.chinese else " "
        text = between.join(found for one in best if (found := spell(one.pieces).strip()))
        others: tuple[Alternative, ...] = ()
        if len(parts) == 1:
            others = tuple(Alternative(spell(one.pieces).strip(), _sureness([one])) for one in parts[0][1:])
        return Written(text, _sureness(best), all(one.ended for one in best), others)


def _sureness(hypotheses: Sequence[Hypothesis]) -> float:
    """The geometric mean of the probabilities of all pieces."""
    pieces = sum(len(one.pieces) + one.ended for one in hypotheses)
    return math.exp(sum(one.log_probability for one in hypotheses) / pieces) if pieces else 0.0
