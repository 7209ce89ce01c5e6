"""What a model is after the events of its log: versions, aliases, who may see it, how much it may hold.

`State.apply` is the one place where the rules stand; the same function judges a push on this machine, and one that a
stranger sends to a server. It changes nothing when it refuses.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final, NamedTuple

from tengjia.errors import StoreError
from tengjia.store.names import (
    LATEST,
    check_alias,
    check_digest,
    check_model,
    check_note,
    check_tag,
    check_version,
    folded,
)
from tengjia.utilities.suggestions import suggestions

FORMAT: Final = 1
PRIVATE: Final = "private"
PUBLIC: Final = "public"
REMEMBERED: Final = 256
"""So many of the newest events are known by their id, so that one that is sent twice counts once."""

Event = Mapping[str, Any]


class Version(NamedTuple):
    """One version of a model, as a listing shows it."""

    name: str
    revision: int
    """1 for the first push, one more for each that replaced its content."""
    manifest: str
    """Digest of the manifest."""
    size: int
    """Bytes of all files."""
    files: int
    """How many."""
    pushed: str
    """Time of the newest push in UTC (ISO 8601) by the clock of who pushed: for people; order is that of events."""
    by: str
    """Who pushed."""
    published: bool = False
    """Whether it can no longer change."""
    raw_text: bool = False
    """Whether texts of a corpus are inside."""
    tags: tuple[str, ...] = ()
    note: str = ""


class Move(NamedTuple):
    """An alias was put somewhere."""

    version: str
    """Empty when the alias was taken away."""
    number: int
    """Of the event."""
    time: str
    by: str


@dataclass
class State:
    """A model after event `number`."""

    model: str
    number: int = 0
    head: str = ""
    """Digest of the newest event; the next one names it, so a log cannot be cut and grown anew unseen."""
    visibility: str = PRIVATE
    quota: int | None = None
    """Bytes that all versions together may hold, or no limit."""
    versions: dict[str, Version] = field(default_factory=dict)
    """By folded name, in the order of their first push."""
    aliases: dict[str, tuple[Move, ...]] = field(default_factory=dict)
    """By folded name, the oldest move first."""
    alias_names: dict[str, str] = field(default_factory=dict)
    removed: dict[str, str] = field(default_factory=dict)
    """Published versions that were removed: their names are not given again."""
    newest: str = ""
    """Folded name of the version that was pushed last."""
    recent: dict[str, int] = field(default_factory=dict)
    """Ids of the newest events, to their numbers."""

    def copy(self) -> State:
        """A state to try an event on."""
        return replace(
            self,
            versions=dict(self.versions),
            aliases=dict(self.aliases),
            alias_names=dict(self.alias_names),
            removed=dict(self.removed),
            recent=dict(self.recent),
        )

    def apply(self, event: Event) -> None:
        """Take in the next event.

        Raises:
            StoreError: The event is not allowed after those before it; nothing has changed then.
        """
        kind = event.get("event")
        if kind not in _RULES or event.get("number") != self.number + 1 or event.get("previous") != self.head:
            raise StoreError("store.bad_event", found=f"{kind!r:.40}", model=self.model)
        if not isinstance(event.get("id"), str) or event.get("format") != FORMAT or event.get("model") != self.model:
            raise StoreError("store.bad_event", found=f"{kind!r:.40}", model=self.model)
        _RULES[kind](self, event)
        self.number += 1
        self.recent[event["id"]] = self.number
        while len(self.recent) > REMEMBERED:
            del self.recent[next(iter(self.recent))]

    def version(self, reference: str) -> Version:
        """The version that a name, an alias, or `latest` stands for.

        Raises:
            StoreError: There is none.
        """
        targets = self.alias_targets()
        key = self.newest if reference == LATEST else folded(targets.get(reference, reference))
        found = self.versions.get(key)
        if found is None or (reference not in targets and reference not in {found.name, LATEST}):
            known = [version.name for version in self.versions.values()] + list(targets)
            near = suggestions(reference, known)
            raise StoreError("store.no_version", found=reference, model=self.model, nearest=near)
        return found

    def alias_targets(self) -> dict[str, str]:
        """Alias to version, of those that point somewhere."""
        return {self.alias_names[key]: moves[-1].version for key, moves in self.aliases.items() if moves[-1].version}

    @property
    def size(self) -> int:
        """Bytes of all versions, each counted in full."""
        return sum(version.size for version in self.versions.values())


def _push(state: State, event: Event) -> None:
    name, key = check_version(event.get("version")), folded(str(event.get("version")))
    former = state.versions.get(key)
    _check_name(state, name, former)
    if former is not None and former.published:
        raise StoreError("store.published", found=former.name, model=state.model)
    base = event.get("base")
    if base is not None and base != (former.revision if former else 0):
        raise StoreError("store.conflict", found=name, model=state.model)
    size, files = _count(event, "size"), _count(event, "files")
    _check_quota(state, state.size - (former.size if former else 0) + size)
    raw_text = event.get("raw_text") is True
    if raw_text and state.visibility == PUBLIC and event.get("raw_text_allowed") is not True:
        raise StoreError("store.raw_text", found=name, model=state.model)
    state.versions[key] = Version(
        name=former.name if former else name,
        revision=former.revision + 1 if former else 1,
        manifest=check_digest(event.get("manifest")),
        size=size,
        files=files,
        pushed=_text(event, "time"),
        by=_text(event, "by"),
        raw_text=raw_text,
        tags=former.tags if former else (),
        note=former.note if former else "",
    )
    state.newest = key


def _check_name(state: State, name: str, former: Version | None) -> None:
    key = folded(name)
    if former is not None and former.name != name:
        raise StoreError("store.case_clash", found=name, other=former.name)
    if key in state.removed:
        raise StoreError("store.name_used", found=name, model=state.model)
    if key in state.aliases:
        raise StoreError("store.name_is_alias", found=name, model=state.model)


def _check_quota(state: State, size: int) -> None:
    if state.quota is not None and size > state.quota:
        raise StoreError("store.quota", model=state.model, found=size, limit=state.quota)


def _publish(state: State, event: Event) -> None:
    version = _existing(state, event)
    state.versions[folded(version.name)] = version._replace(published=True)


def _alias(state: State, event: Event) -> None:
    name, key = check_alias(event.get("alias")), folded(str(event.get("alias")))
    target = _existing(state, event).name if event.get("version") else ""
    if key in state.versions:
        raise StoreError("store.name_is_version", found=name, model=state.model)
    if state.alias_names.get(key, name) != name:
        raise StoreError("store.case_clash", found=name, other=state.alias_names[key])
    move = Move(target, event["number"], _text(event, "time"), _text(event, "by"))
    state.alias_names[key] = name
    state.aliases[key] = (*state.aliases.get(key, ()), move)


def _tag(state: State, event: Event) -> None:
    version = _existing(state, event)
    tags = tuple(dict.fromkeys(map(check_tag, _items(event, "tags"))))
    state.versions[folded(version.name)] = version._replace(tags=tags)


def _note(state: State, event: Event) -> None:
    version = _existing(state, event)
    state.versions[folded(version.name)] = version._replace(note=check_note(event.get("note")))


def _remove(state: State, event: Event) -> None:
    version = _existing(state, event)
    key = folded(version.name)
    pointing = [alias for alias, target in state.alias_targets().items() if folded(target) == key]
    if pointing:
        raise StoreError("store.still_aliased", found=version.name, alias=", ".join(pointing))
    if version.published:
        if event.get("even_published") is not True:
            raise StoreError("store.published", found=version.name, model=state.model)
        state.removed[key] = version.name
    del state.versions[key]
    if state.newest == key:
        state.newest = next(reversed(state.versions), "")


def _visibility(state: State, event: Event) -> None:
    wanted = event.get("visibility")
    if wanted not in {PRIVATE, PUBLIC}:
        raise StoreError("store.bad_event", found="visibility", model=state.model)
    raw = [version.name for version in state.versions.values() if version.raw_text]
    if wanted == PUBLIC and raw and event.get("raw_text_allowed") is not True:
        raise StoreError("store.raw_text", found=", ".join(raw[:3]), model=state.model)
    state.visibility = wanted


def _quota(state: State, event: Event) -> None:
    quota = None if event.get("quota") is None else _count(event, "quota")
    state.quota = quota


def _existing(state: State, event: Event) -> Version:
    return state.version(check_version(event.get("version")))


def _count(event: Event, key: str) -> int:
    value = event.get(key)
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 1 << 60:
        raise StoreError("store.bad_event", found=key, model="")
    return value


def _text(event: Event, key: str) -> str:
    value = event.get(key, "")
    if not isinstance(value, str) or len(value) > 200 or not value.isprintable():
        raise StoreError("store.bad_event", found=key, model="")
    return value


def _items(event: Event, key: str) -> list[Any]:
    value = event.get(key)
    if not isinstance(value, list) or len(value) > 100:
        raise StoreError("store.bad_event", found=key, model="")
    return value


_RULES: Final[dict[object, Callable[[State, Event], None]]] = {
    "push": _push,
    "publish": _publish,
    "alias": _alias,
    "tag": _tag,
    "note": _note,
    "remove": _remove,
    "visibility": _visibility,
    "quota": _quota,
}


def encoded(state: State) -> dict[str, Any]:
    """A state as plain values."""
    return {
        "format": FORMAT,
        "model": check_model(state.model),
        "number": state.number,
        "head": state.head,
        "visibility": state.visibility,
        "quota": state.quota,
        "versions": [list(version) for version in state.versions.values()],
        "aliases": [[state.alias_names[key], [list(move) for move in moves]] for key, moves in state.aliases.items()],
        "removed": list(state.removed.values()),
        "newest": state.newest,
        "recent": [[key, number] for key, number in state.recent.items()],
    }


def _version(row: list[Any]) -> Version:
    *plain, tags, note = row
    return Version._make((*plain, tuple(tags), note))


def decoded(value: Mapping[str, Any]) -> State:
    """A state from the plain values of `encoded`.

    Raises:
        StoreError: They are of another format, or make no sense.
    """
    if value.get("format") != FORMAT:
        raise StoreError("store.other_format", found=value.get("format"), allowed=FORMAT)
    try:
        versions = {folded(row[0]): _version(row) for row in value["versions"]}
        aliases = {folded(name): tuple(Move(*move) for move in moves) for name, moves in value["aliases"]}
        return State(
            model=check_model(value["model"]),
            number=value["number"],
            head=value["head"],
            visibility=value["visibility"],
            quota=value["quota"],
            versions=versions,
            aliases=aliases,
            alias_names={folded(name): name for name, _ in value["aliases"]},
            removed={folded(name): name for name in value["removed"]},
            newest=value["newest"],
            recent=dict(value["recent"]),
        )
    except (KeyError, TypeError, ValueError, IndexError, AttributeError):
        raise StoreError("store.damaged", found="state") from None
