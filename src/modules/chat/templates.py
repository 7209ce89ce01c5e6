"""Templates: data of a task (`templates.yaml`), wholly checked before anybody is answered.

robot: {name: 小腾, company: 云帆招聘}           # what answers may say of the robot
slots:
  city: {words: {北京: [帝都], 上海: [魔都, 沪]}} # words, each with others for it; or a list
  days: {pattern: "\\d{1,3}"}                    # or an expression
templates:
  - name: jobs_in_city
    patterns: ["{city}(有|招)(什么|哪些)(职位|岗位)"]
    answers: ["{city}的职位都在首页，选“{city}”就能看到。"]
  - name: who
    examples: [你是谁, 你叫什么名字]               # found by likeness, see `tengjia.retrieval`
    answers: ["我是{name}。"]
unknown: [这个问题我还不会回答。]                  # where nothing fits

Expressions are those of `tengjia.text.expressions`; nothing in here is ever run.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, NamedTuple

from tengjia.config.documents import read_document
from tengjia.errors import ConfigurationError, Problem
from tengjia.messages import text
from tengjia.text.expression_syntax import ExpressionError
from tengjia.text.expressions import Expression, Values
from tengjia.utilities.randomness import seed_for
from tengjia.utilities.suggestions import suggestions

_PLACE: Final = re.compile(r"\{([^\W\d]\w*)\}")
_KEYS: Final = frozenset({"robot", "slots", "templates", "unknown"})
_OF_A_TEMPLATE: Final = frozenset({"name", "patterns", "examples", "answers"})
_LONGEST_SHOWN: Final = 80


class Found(NamedTuple):
    """What a template says to a question."""

    template: str
    answer: str
    slots: dict[str, str]


@dataclass(frozen=True)
class Template:
    """Questions of one kind, and answers of which one is drawn."""

    name: str
    patterns: tuple[Expression, ...]
    examples: tuple[str, ...]
    answers: tuple[str, ...]


@dataclass(frozen=True)
class Templates:
    """All that stands in a file of templates."""

    robot: dict[str, str]
    templates: tuple[Template, ...]
    unknown: tuple[str, ...]
    source: dict[str, Any]
    """As it was written, for the bundle."""

    def find(self, question: str, seed: int) -> Found | None:
        """The answer of the first template one of whose patterns is found in the question."""
        for template in self.templates:
            for pattern in template.patterns:
                slots = pattern.search(question)
                found = None if slots is None else self.say(template, question, slots, seed)
                if found is not None:
                    return found
        return None

    def say(self, template: Template, question: str, slots: Mapping[str, str], seed: int) -> Found | None:
        """One of the answers for which all is known; drawn by seed and question, so the same question gets the same."""
        known = {**self.robot, **slots}
        fitting = [answer for answer in template.answers if set(_PLACE.findall(answer)) <= known.keys()]
        if not fitting:
            return None
        answer = fitting[seed_for(seed, template.name, question) % len(fitting)]
        return Found(template.name, _PLACE.sub(lambda place: known[place[1]], answer), dict(slots))

    def say_unknown(self, question: str, seed: int) -> str | None:
        """What to say where nothing fits."""
        if not self.unknown:
            return None
        words = self.unknown[seed_for(seed, "unknown", question) % len(self.unknown)]
        return _PLACE.sub(lambda place: self.robot[place[1]], words)


def read_templates(file: Path) -> Templates:
    """Read and check a file of templates.

    Raises:
        ConfigurationError: It is not there, is no YAML, or not as it must be; every mistake is told with its line.
    """
    document = read_document(file)
    if document.problems:
        raise ConfigurationError(document.problems)
    return compile_templates(document.data, str(file), document.line)


def compile_templates(data: Mapping[str, Any], file: str, line: Any = lambda *path: 0) -> Templates:
    """Templates out of plain values, which may come from a stranger's bundle.

    Args:
        data: The values.
        file: For messages.
        line: Path of keys -> line.

    Raises:
        ConfigurationError: Something in them is not as it must be.
    """
    work = _Reading(file, line)
    work.known(data, _KEYS, ())
    robot = {name: str(value) for name, value in work.mapping(data.get("robot"), ("robot",)).items()}
    slots = work.slots(data.get("slots"), robot)
    templates = work.templates(data.get("templates"), slots, robot)
    unknown = work.texts(data.get("unknown"), "unknown")
    for number, words in enumerate(unknown):
        work.places(words, robot, ("unknown", number))
    if work.problems:
        raise ConfigurationError(work.problems)
    return Templates(robot, templates, unknown, dict(data))


class _Reading:
    """Reads the parts and collects what is wrong."""

    def __init__(self, file: str, line: Any) -> None:
        self.file, self.line = file, line
        self.problems: list[Problem] = []

    def report(self, code: str, place: tuple[Any, ...], **values: Any) -> None:
        """Note a mistake."""
        self.problems.append(Problem(code, self.file, self.line(*place), ".".join(map(str, place)), values))

    def known(self, values: Mapping[str, Any], allowed: frozenset[str], place: tuple[Any, ...]) -> None:
        """Report keys that mean nothing."""
        for key in values:
            if key not in allowed:
                names, near = ", ".join(sorted(allowed)), suggestions(key, allowed)
                self.report("chat.unknown_key", (*place, key), found=shown(key), nearest=near, allowed=names)

    def mapping(self, value: Any, place: tuple[Any, ...]) -> dict[str, Any]:
        """A mapping, or nothing."""
        if value is not None and not isinstance(value, Mapping):
            self.report("chat.not_this", place, found=shown(value), allowed="{...: ...}")
        return dict(value) if isinstance(value, Mapping) else {}

    def texts(self, value: Any, *place: Any) -> tuple[str, ...]:
        """A list of texts that say something."""
        if value is None:
            return ()
        if not isinstance(value, list | tuple) or not all(isinstance(one, str) and one.strip() for one in value):
            self.report("chat.not_this", place, found=shown(value), allowed="[...]")
            return ()
        return tuple(value)

    def slots(self, value: Any, robot: Mapping[str, str]) -> dict[str, Values | str]:
        """Slot -> its words, or its expression."""
        found: dict[str, Values | str] = {}
        for name, said in self.mapping(value, ("slots",)).items():
            place = ("slots", name)
            said = self.mapping(said, place)
            self.known(said, frozenset({"words", "pattern"}), place)
            if not _PLACE.fullmatch(f"{{{name}}}") or name in robot or len(said) != 1:
                self.report("chat.bad_slot", place, found=shown(said))
            elif "words" in said:
                found[name] = self.words(said["words"], (*place, "words"))
            elif (expression := self.expression(said["pattern"], {}, (*place, "pattern"))) is not None:
                found[name] = expression.text
        return found

    def words(self, value: Any, place: tuple[Any, ...]) -> Values:
        """The words of a slot."""
        if isinstance(value, Mapping):
            return Values({str(word): self.texts(others, *place, word) for word, others in value.items()})
        return Values(self.texts(value, *place))

    def expression(self, value: Any, slots: Mapping[str, Values | str], place: tuple[Any, ...]) -> Expression | None:
        """A compiled expression."""
        if not isinstance(value, str):
            self.report("chat.not_this", place, found=shown(value), allowed="...")
            return None
        try:
            return Expression(value, slots)
        except ExpressionError as error:
            reason = text(error.code, **error.values)
            self.report("chat.bad_expression", place, found=shown(value), reason=reason.message, allowed=reason.hint)
        return None

    def templates(
        self, value: Any, slots: Mapping[str, Values | str], robot: Mapping[str, str]
    ) -> tuple[Template, ...]:
        """The templates that make sense."""
        if value is not None and not isinstance(value, list | tuple):
            self.report("chat.not_this", ("templates",), found=shown(value), allowed="[...]")
            return ()
        found: dict[str, Template] = {}
        for number, item in enumerate(value or ()):
            template = self.template(self.mapping(item, ("templates", number)), slots, robot, ("templates", number))
            if template is not None and found.setdefault(template.name, template) is not template:
                self.report("chat.two_templates", ("templates", number), found=shown(template.name))
        return tuple(found.values())

    def template(
        self,
        said: Mapping[str, Any],
        slots: Mapping[str, Values | str],
        robot: Mapping[str, str],
        place: tuple[Any, ...],
    ) -> Template | None:
        """One template."""
        self.known(said, _OF_A_TEMPLATE, place)
        name = said.get("name")
        written = self.texts(said.get("patterns"), *place, "patterns")
        compiled = [self.expression(one, slots, (*place, "patterns", n)) for n, one in enumerate(written)]
        examples = self.texts(said.get("examples"), *place, "examples")
        answers = self.texts(said.get("answers"), *place, "answers")
        if not isinstance(name, str) or not name or not answers or not (written or examples):
            self.report("chat.not_this", place, found=shown(dict(said)), allowed="name, patterns / examples, answers")
            return None
        patterns = tuple(pattern for pattern in compiled if pattern is not None)
        if len(patterns) == len(compiled):
            always = {slot for pattern in patterns for slot in pattern.slots}
            for number, answer in enumerate(answers):
                self.places(answer, {**robot, **dict.fromkeys(always, "")}, (*place, "answers", number))
            if examples and all(set(_PLACE.findall(answer)) - robot.keys() for answer in answers):
                self.report("chat.slots_without_pattern", (*place, "answers"), found=shown(list(answers)))
        return Template(name, patterns, examples, answers)

    def places(self, words: str, known: Mapping[str, Any], place: tuple[Any, ...]) -> None:
        """Report places of an answer that nothing can fill."""
        for name in _PLACE.findall(words):
            if name not in known:
                allowed, near = ", ".join(sorted(known)) or "-", suggestions(name, known)
                self.report("chat.unknown_place", place, found=name, nearest=near, allowed=allowed)


def shown(value: Any) -> str:
    """A value of a file for a message."""
    words = repr(value)
    return words if len(words) <= _LONGEST_SHOWN else f"{words[:_LONGEST_SHOWN]}…"
