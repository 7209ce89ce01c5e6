"""Regular expressions with slots, matched in time that is bounded by text times expression, whoever wrote them.

expression = Expression("{city}(有|招)(什么|哪些){post}", {"city": Values(["北京", "上海"]), "post": r"\\w{2,6}岗位?"})
expression.search("上海有哪些测试岗")        # {"city": "上海", "post": "测试岗"}

An expression becomes a program of small steps. They are tried as by Perl, the first way that leads to the end being
taken, but no step is tried twice at one place of the text: what failed there once fails always. So there is no
catastrophic backtracking (Cox 2010, "Regular Expression Matching in the Wild", on bit-state backtracking).

Letters match whatever their case, full width and half width alike.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final, NamedTuple

from tengjia.text.characters import FULL_TO_HALF
from tengjia.text.expression_syntax import (
    Choice,
    ExpressionError,
    Kind,
    Literal,
    Node,
    Repeat,
    Row,
    Slot,
    parse,
)

LONGEST_TEXT: Final = 500
"""In longer texts nothing is found."""
MOST_STEPS: Final = 2000
"""Steps of a program."""


class Step(NamedTuple):
    """One step: what it does, with what, and where it leads."""

    act: str
    with_: Any = None
    next: tuple[int, ...] = ()


class Values:
    """A slot that stands for one of some words, perhaps said in other words.

    Args:
        words: The words; or each with the other words for it.
    """

    def __init__(self, words: Iterable[str] | Mapping[str, Iterable[str]]) -> None:
        named = words if isinstance(words, Mapping) else {word: () for word in words}
        self.meant: dict[str, str] = {}
        for word, others in named.items():
            for said in (word, *others):
                self.meant.setdefault(folded(said), word)
        self._lengths: dict[str, list[int]] = {}
        for said in sorted(self.meant, key=len, reverse=True):
            lengths = self._lengths.setdefault(said[:1], [])
            if len(said) not in lengths:
                lengths.append(len(said))

    def ends(self, text: str, place: int) -> list[int]:
        """Where words that begin at a place end, the longest first."""
        lengths = self._lengths.get(text[place : place + 1], [])
        return [place + length for length in lengths if text[place : place + length] in self.meant]


class Expression:
    """An expression, ready to be looked for.

    Args:
        text: As it is written.
        slots: What each slot stands for: words, or an expression without slots.

    Raises:
        ExpressionError: It is not of the subset, too large, or names a slot that there is not.
    """

    def __init__(self, text: str, slots: Mapping[str, Values | str] | None = None) -> None:
        self.text, self._known = text, dict(slots or {})
        tree = parse(text)
        self.slots: tuple[str, ...] = ()
        """The slots that it has, in their order."""
        self._steps: list[Step] = []
        self._add(tree)
        self._steps.append(Step("end"))
        self._needed = _needed(tree)

    def search(self, text: str) -> dict[str, str] | None:
        """What the slots stand for where the expression is first found; `None` where it is not."""
        if len(text) > LONGEST_TEXT:
            return None
        line = folded(text)
        if self._needed and not any(words in line for words in self._needed):
            return None
        tried: set[int] = set()
        for begin in range(len(line) + 1):
            found = self._follow(line, begin, tried)
            if found is not None:
                return self._slots_of(found, text)
        return None

    def _follow(self, line: str, begin: int, tried: set[int]) -> tuple[Any, ...] | None:
        """The way from a place of the text to the end of the program, as a chain of the borders of slots."""
        width = len(self._steps)
        stack: list[tuple[int, int, tuple[Any, ...]]] = [(0, begin, ())]
        while stack:
            number, place, borders = stack.pop()
            if place * width + number in tried:
                continue
            tried.add(place * width + number)
            step = self._steps[number]
            if step.act == "end":
                return borders
            if step.act in ("open", "close"):
                borders = (borders, step.act, step.with_, place)
            for end in _ends(step, line, place):
                stack += [(following, end, borders) for following in reversed(step.next)]
        return None

    def _slots_of(self, chain: tuple[Any, ...], text: str) -> dict[str, str]:
        found: dict[str, str] = {}
        close: dict[str, int] = {}
        while chain:
            chain, act, name, place = chain
            if act == "close":
                close.setdefault(name, place)
            elif name not in found:
                words = text[place : close[name]]
                values = self._known[name]
                found[name] = values.meant.get(folded(words), words) if isinstance(values, Values) else words
        return found

    def _add(self, node: Node) -> None:
        """The steps of a node; after them comes whatever is added next."""
        if len(self._steps) > MOST_STEPS:
            raise ExpressionError("expression.too_large", 1, allowed=MOST_STEPS)
        here = len(self._steps)
        if isinstance(node, Row):
            for part in node.parts:
                self._add(part)
        elif isinstance(node, Choice):
            self._add_choice(node)
        elif isinstance(node, Repeat):
            self._add_repeat(node)
        elif isinstance(node, Slot):
            self._add_slot(node)
        elif isinstance(node, Literal):
            self._steps.append(Step("is", folded(node.character), (here + 1,)))
        else:
            act = "among" if isinstance(node, Kind) else "border"
            self._steps.append(Step(act, node, (here + 1,)))

    def _add_choice(self, node: Choice) -> None:
        fork = len(self._steps)
        self._steps.append(Step("fork"))
        begins, leaps = [], []
        for row in node.rows:
            begins.append(len(self._steps))
            self._add(row)
            leaps.append(len(self._steps))
            self._steps.append(Step("fork"))
        self._steps[fork] = Step("fork", None, tuple(begins))
        for leap in leaps:
            self._steps[leap] = Step("fork", None, (len(self._steps),))

    def _add_repeat(self, node: Repeat) -> None:
        for _ in range(node.least):
            self._add(node.node)
        if node.most is None:
            fork = self._fork(node)
            self._steps.append(Step("fork", None, (fork,)))
            self._lead_on([fork], node.lazy)
        else:
            self._lead_on([self._fork(node) for _ in range(node.most - node.least)], node.lazy)

    def _fork(self, node: Repeat) -> int:
        fork = len(self._steps)
        self._steps.append(Step("fork"))
        self._add(node.node)
        return fork

    def _lead_on(self, forks: list[int], lazy: bool) -> None:
        """Forks between once more, which comes right behind them, and on, which is here."""
        for fork in forks:
            ways = (fork + 1, len(self._steps))
            self._steps[fork] = Step("fork", None, ways[::-1] if lazy else ways)

    def _add_slot(self, slot: Slot) -> None:
        stands_for = self._known.get(slot.name)
        if stands_for is None:
            allowed = ", ".join(sorted(self._known)) or "-"
            raise ExpressionError("expression.unknown_slot", slot.place, found=slot.name, allowed=allowed)
        self.slots = tuple(dict.fromkeys((*self.slots, slot.name)))
        self._steps.append(Step("open", slot.name, (len(self._steps) + 1,)))
        if isinstance(stands_for, Values):
            self._steps.append(Step("words", stands_for, (len(self._steps) + 1,)))
        else:
            inner = parse(stands_for)
            if _has_slot(inner):
                raise ExpressionError("expression.slot_in_slot", slot.place, found=slot.name)
            self._add(inner)
        self._steps.append(Step("close", slot.name, (len(self._steps) + 1,)))


def _ends(step: Step, line: str, place: int) -> list[int]:
    """Where a step may end that begins at a place; the last is tried first."""
    if step.act == "is":
        return [place + 1] if line[place : place + 1] == step.with_ else []
    if step.act == "among":
        return [place + 1] if place < len(line) and line[place] in step.with_ else []
    if step.act == "border":
        return [place] if place == (0 if step.with_.sign == "^" else len(line)) else []
    if step.act == "words":
        ends: list[int] = step.with_.ends(line, place)
        return ends[::-1]
    return [place]


def folded(text: str) -> str:
    """Half width and lower case, character by character: places stay where they are."""
    half = text.translate(FULL_TO_HALF)
    return "".join(lower if len(lower := one.lower()) == 1 else one for one in half)


def _has_slot(node: Node) -> bool:
    if isinstance(node, Row | Choice):
        return any(map(_has_slot, node.parts if isinstance(node, Row) else node.rows))
    return _has_slot(node.node) if isinstance(node, Repeat) else isinstance(node, Slot)


def _needed(node: Node) -> tuple[str, ...]:
    """Words of which one must stand in every text that has the expression; none: nothing is known."""
    if isinstance(node, Literal):
        return (folded(node.character),)
    if isinstance(node, Repeat):
        return _needed(node.node) if node.least else ()
    if isinstance(node, Choice):
        each = [_needed(row) for row in node.rows]
        return tuple(words for found in each for words in found) if all(each) else ()
    if not isinstance(node, Row):
        return ()
    found: list[tuple[str, ...]] = [()]
    run = ""
    for part in (*node.parts, None):
        if isinstance(part, Literal):
            run += folded(part.character)
            continue
        found += [(run,) if run else (), _needed(part) if part is not None else ()]
        run = ""
    return max(found, key=lambda words: (min(map(len, words), default=0), -len(words)))
