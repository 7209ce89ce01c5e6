"""Who answers: templates, then the corpus, then the service."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Literal, NamedTuple

from src.modules.chat.corpus import Pair
from src.modules.chat.service import Service
from src.modules.chat.templates import Templates
from tengjia.retrieval.index import Index

Source = Literal["template", "corpus", "service", "unknown"]


@dataclass(frozen=True)
class Reply:
    """What the robot says."""

    answer: str | None
    """The words; `None`: it has none, not even that it does not know."""

    source: Source
    """Who knew."""

    score: float
    """1 for an expression; how well the question fits, 0 to 1, for what was found by likeness; 0 else."""

    matched: str = ""
    """The template, or the known question."""

    slots: dict[str, str] = field(default_factory=dict)
    """What the slots of the template stand for."""

    @property
    def known(self) -> bool:
        """Whether the question was understood."""
        return self.source != "unknown"

    def plain(self) -> dict[str, Any]:
        """The fields as a JSON object."""
        return asdict(self)


class Near(NamedTuple):
    """The best that was found by likeness, whatever the threshold."""

    score: float
    reply: Reply


class Robot:
    """Answers questions.

    Args:
        templates: See `templates`.
        pairs: The corpus.
        index: Finds the examples of the templates, in their order, and then the questions of the corpus.
        threshold: What is found by likeness counts from this score on.
        seed: Draws among the answers of a template.
        service: Asked when nobody else knows; `None`: there is none.
    """

    def __init__(
        self,
        templates: Templates,
        pairs: Sequence[Pair],
        index: Index,
        *,
        threshold: float,
        seed: int,
        service: Service | None = None,
    ) -> None:
        self.templates, self.pairs, self.index = templates, pairs, index
        self.threshold, self.seed, self.service = threshold, seed, service
        self.owners = [template for template in templates.templates for _ in template.examples]

    def __call__(self, question: str) -> Reply:
        """The answer to a question."""
        reply = self.by_template(question)
        if reply is None:
            near = self.near(question)
            reply = near.reply if near is not None and near.score >= self.threshold else None
        if reply is None and self.service is not None and question.strip():
            said = self.service.ask(question)
            reply = None if said is None else Reply(said, "service", 0.0)
        return reply or Reply(self.templates.say_unknown(question, self.seed), "unknown", 0.0)

    def by_template(self, question: str) -> Reply | None:
        """The answer of a template whose expression is found in the question."""
        found = self.templates.find(question, self.seed)
        return None if found is None else Reply(found.answer, "template", 1.0, found.template, found.slots)

    def near(self, question: str) -> Near | None:
        """The best by likeness, an example of a template or a question of the corpus."""
        hits = self.index.search(question, 1)
        return Near(hits[0].score, self._reply(hits[0].number, hits[0].score, question)) if hits else None

    def nearest_answers(self, question: str, count: int) -> list[str | None]:
        """The answers that fit best by likeness."""
        return [self._reply(hit.number, hit.score, question).answer for hit in self.index.search(question, count)]

    def _reply(self, number: int, score: float, question: str) -> Reply:
        if number < len(self.owners):
            template = self.owners[number]
            said = self.templates.say(template, question, {}, self.seed)
            answer = None if said is None else said.answer
            return Reply(answer, "template", round(score, 4), template.name)
        pair = self.pairs[number - len(self.owners)]
        return Reply(pair.answer, "corpus", round(score, 4), pair.question)


def indexed_texts(templates: Templates, pairs: Sequence[Pair]) -> list[str]:
    """What a robot finds by likeness: the examples of the templates, then the questions of the corpus."""
    examples = [example for template in templates.templates for example in template.examples]
    return [*examples, *(pair.question for pair in pairs)]
