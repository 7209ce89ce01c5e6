"""A question in plain language, its answer out of the graph; or what of it was understood, and what could be asked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from tengjia.graph.backends import Backend, Schema
from tengjia.graph.dictionary import Dictionary, Entry, normalised
from tengjia.graph.elements import SEPARATOR, Entity
from tengjia.graph.patterns import Matcher
from tengjia.graph.retrieval import CANDIDATES, QUESTIONS, Retrieved, retrieve
from tengjia.graph.statements import find, names, property_values
from tengjia.graph.templates import Template, Templates
from tengjia.graph.writing import ALIAS_SEPARATOR

LONGEST_QUESTION: Final = 1000
"""Characters of a question that are read."""
RETRIEVAL_KIND: Final = "retrieval"
Recogniser = Callable[[str], Sequence[str]]
"""Names that stand in a text, found by a model."""
Slots = Mapping[str, tuple[Entry, ...]]


@dataclass(frozen=True)
class Answer:
    """What the graph says to a question."""

    question: str
    kind: str = ""
    """Which kind of question it is; empty: none that is known."""

    answers: tuple[str, ...] = ()
    understood: tuple[tuple[str, str], ...] = ()
    """Names in the question, and what they are."""

    ambiguous: tuple[str, ...] = ()
    """Names that several entities bear; the answers are those of all."""

    near: tuple[str, ...] = ()
    """Names that may have been meant, where the question was not understood."""

    defaults: tuple[str, ...] = ()
    """Questions that could be asked."""

    retrieved: Retrieved | None = field(default=None)

    def plain(self) -> dict[str, Any]:
        """As JSON values."""
        values: dict[str, Any] = {
            "question": self.question,
            "kind": self.kind or None,
            "answers": list(self.answers),
            "understood": [{"name": name, "is": home} for name, home in self.understood],
            "ambiguous": list(self.ambiguous),
            "near": list(self.near),
        }
        return values if self.retrieved is None else values | {"retrieved": self.retrieved.plain()}


class Answerer:
    """Answers questions about one graph.

    Args:
        backend: The graph.
        templates: The kinds of questions.
        schema: What the graph holds.
        recogniser: Finds names that the dictionary has not, to say what is missing.
    """

    def __init__(
        self, backend: Backend, templates: Templates, schema: Schema, recogniser: Recogniser | None = None
    ) -> None:
        self.backend, self.templates, self.recogniser = backend, templates, recogniser
        self.dictionary = read_dictionary(backend, templates, schema)
        self.matcher = Matcher(self.dictionary, templates.slots, templates.fillers)
        self._features = {path.nodes[0].label for name, path in templates.retrieval.items() if name[0] == "f"}

    def __call__(self, question: str) -> Answer:
        """Answer one question."""
        text = normalised(question[:LONGEST_QUESTION])
        found = self._readings(text)
        for template, slots in found:
            answers = self._answers(template, slots)
            if answers:
                return self._answer(question, template.kind, slots, answers)
        if found:
            return self._answer(question, found[0][0].kind, found[0][1], ())
        features = self._only_features(text)
        if features:
            understood = tuple((entry.name, entry.slot) for entry in features)
            retrieved = self.retrieve([entry.id for entry in features])
            return Answer(question, RETRIEVAL_KIND, retrieved.questions, understood, retrieved=retrieved)
        return self._not_understood(question, text)

    def retrieve(
        self, features: Sequence[str], *, candidates: int = CANDIDATES, questions: int = QUESTIONS
    ) -> Retrieved:
        """Questions about features, given by id or by name, with their answers."""
        ids = []
        for feature in features:
            mentions = self.dictionary.find(normalised(feature))
            named = [entry.id for mention in mentions for entry in mention.entries if entry.slot in self._features]
            ids += named or [feature]
        unique, defaults = list(dict.fromkeys(ids)), self.templates.defaults
        counts = {"candidates": candidates, "questions": questions}
        return retrieve(self.backend, self.templates.retrieval, unique, defaults, **counts)

    def _readings(self, text: str) -> list[tuple[Template, Slots]]:
        """Templates that fit, those first that take the longest names."""
        found = []
        for template in self.templates.templates:
            needed = {node.slot for node in template.path.nodes if node.slot} | {has[2] for has in template.path.has}
            for pattern in template.patterns:
                for slots in self.matcher.match(pattern, text):
                    if needed <= slots.keys() and (template, slots) not in found:
                        found.append((template, slots))
        return sorted(found, key=lambda reading: -sum(len(entries[0].name) for entries in reading[1].values()))

    def _answers(self, template: Template, slots: Slots) -> tuple[str, ...]:
        rows = self.backend.run(
            find(template.path, {slot: [entry.id for entry in entries] for slot, entries in slots.items()})
        )
        values = [str(row["value"]) for row in rows if row["value"] is not None]
        if template.path.wanted[0]:
            values = [part for value in values for part in value.split(SEPARATOR) if part]
        return tuple(dict.fromkeys(values))

    def _answer(self, question: str, kind: str, slots: Slots, answers: tuple[str, ...]) -> Answer:
        understood = tuple((entries[0].name, entries[0].slot) for entries in slots.values())
        ambiguous = tuple(entries[0].name for entries in slots.values() if len(entries) > 1)
        return Answer(question, kind, answers, understood, ambiguous)

    def _only_features(self, text: str) -> list[Entry]:
        """The features that a text names, if it says nothing else."""
        mentions = self.dictionary.find(text)
        covered = sum(mention.end - mention.start for mention in mentions)
        rest = len(text) - covered - self._filled(text, [(mention.start, mention.end) for mention in mentions])
        found = [entry for mention in mentions for entry in mention.entries if entry.slot in self._features]
        return found if rest == 0 and len({entry.id for entry in found}) >= 1 else []

    def _filled(self, text: str, spans: Sequence[tuple[int, int]]) -> int:
        """Characters between names that say nothing."""
        edges = [0, *(edge for span in spans for edge in span), len(text)]
        gaps = [text[edges[number] : edges[number + 1]] for number in range(0, len(edges), 2)]
        return sum(len(gap) for gap in gaps if gap in self.matcher.fillers)

    def _not_understood(self, question: str, text: str) -> Answer:
        mentions = self.dictionary.find(text)
        understood = [(entry.name, entry.slot) for mention in mentions for entry in mention.entries]
        ambiguous = Counter(name for name, _ in understood)
        unknown = self.recogniser(question) if self.recogniser is not None else []
        near = [name for each in unknown if each not in self.dictionary for name in self._near(each)]
        if not near and not understood:
            near = self._near(question)
        return Answer(
            question,
            understood=tuple(dict.fromkeys(understood)),
            ambiguous=tuple(name for name, count in ambiguous.items() if count > 1),
            near=tuple(dict.fromkeys(near)),
            defaults=self.templates.defaults,
        )

    def _near(self, words: str) -> list[str]:
        return self.dictionary.near(words[:LONGEST_QUESTION])


def read_dictionary(backend: Backend, templates: Templates, schema: Schema) -> Dictionary:
    """The names of the entities, and the values of the properties, that can stand in questions."""
    entities = []
    labels = {home for home in templates.slots.values() if "." not in home}
    for label in sorted(labels | {path.nodes[0].label for path in templates.retrieval.values()}):
        for row in backend.run(names(label)):
            aliases = tuple(_words(row["aliases"]).split(ALIAS_SEPARATOR))
            entities.append(Entity(row["id"], label, _words(row["name"]), aliases))
    values: dict[str, list[str]] = {}
    for home, kind, name in templates.value_slots():
        rows = [row for ends in sorted(schema.ends[kind]) for row in backend.run(property_values(kind, ends, name))]
        parts = {part for row in rows for part in _words(row["value"]).split(SEPARATOR)}
        values[home] = sorted(parts - {""})
    return Dictionary(entities, values)


def _words(value: Any) -> str:
    """A value if it is text: on a server others may have written numbers and lists under the same labels."""
    return value if isinstance(value, str) else ""
