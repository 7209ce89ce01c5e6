"""What may be a name here: one strict checker for models, versions, paths and digests, used wherever one comes in.

A name is decoded once, by whoever received it, and is then taken as it stands: `%2e` is three characters, none of which
is allowed. What passes is the same name on every file system, in every URL, and in every shell.
"""

from __future__ import annotations

import re
import unicodedata
from pathlib import PurePath
from typing import Final

from tengjia.errors import StoreError
from tengjia.messages import text

LATEST: Final = "latest"
"""Stands for the version that was pushed last; so nothing else can be called this."""
MOST_PATH_BYTES: Final = 1000
MOST_PARTS: Final = 16
MOST_PART_BYTES: Final = 200
MOST_NOTE: Final = 10_000

_NAME: Final = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}\Z")
_VERSION: Final = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.+-]{0,99}\Z")
_DIGEST: Final = re.compile(r"[0-9a-f]{64}\Z")
_PUNCTUATION: Final = frozenset("._-+=@,() ")
# Devices of Windows, whatever ending they bear (Microsoft, "Naming Files, Paths, and Namespaces").
_DEVICE: Final = re.compile(
    r"(con|prn|aux|nul|conin\$|conout\$|clock\$|com[0-9¹²³]|lpt[0-9¹²³])(\..*)?\Z", re.IGNORECASE
)


def check_model(name: object) -> str:
    """A name of a model, as it came.

    Raises:
        StoreError: It cannot be one.
    """
    return _checked("model", name, _NAME)


def check_version(name: object) -> str:
    """A name of a version: `1.0`, `v2-beta`, `2026.11.21+cpu`.

    Raises:
        StoreError: It cannot be one.
    """
    return _not_latest("version", _checked("version", name, _VERSION))


def check_alias(name: object) -> str:
    """A name of an alias: `production`.

    Raises:
        StoreError: It cannot be one.
    """
    return _not_latest("alias", _checked("alias", name, _VERSION))


def check_reference(name: object) -> str:
    """What stands for a version: its name, an alias, or `latest`.

    Raises:
        StoreError: It can be none of them.
    """
    return _checked("version", name, _VERSION)


def check_tag(name: object) -> str:
    """A tag of a version.

    Raises:
        StoreError: It cannot be one.
    """
    return _checked("tag", name, _VERSION)


def check_note(note: object) -> str:
    """A free text of people: at most 10,000 characters, no control characters but line feeds and tabs.

    Raises:
        StoreError: It is something else.
    """
    if not isinstance(note, str) or len(note) > MOST_NOTE:
        raise StoreError("store.bad_note", limit=MOST_NOTE)
    if any(unicodedata.category(letter) in {"Cc", "Cs"} and letter not in "\n\t" for letter in note):
        raise StoreError("store.bad_note", limit=MOST_NOTE)
    return note


def check_digest(digest: object) -> str:
    """A SHA-256 in lower-case hexadecimal.

    Raises:
        StoreError: It is something else.
    """
    if not isinstance(digest, str) or not _DIGEST.match(digest):
        raise StoreError("store.bad_digest", found=shown(digest))
    return digest


def check_path(path: object) -> str:
    """A relative path of a file in a version, with `/` between its parts.

    Letters and digits of any script and ``. _ - + = @ , ( )`` and blanks inside; no hidden file, no device name.

    Raises:
        StoreError: It could leave its folder, or read differently elsewhere.
    """
    if not isinstance(path, str) or not path or len(path.encode("utf-8", "replace")) > MOST_PATH_BYTES:
        raise StoreError("store.bad_path", found=shown(path))
    parts = path.split("/")
    if len(parts) > MOST_PARTS or not all(map(_is_part, parts)):
        raise StoreError("store.bad_path", found=shown(path))
    return path


def folded(name: str) -> str:
    """The form in which two names are one on a file system that does not tell cases apart."""
    return unicodedata.normalize("NFC", name.casefold())


def check_distinct(paths: list[str]) -> None:
    """No two paths are one file somewhere, and none is both a file and a folder.

    Raises:
        StoreError: Two of them cannot stand beside each other.
    """
    files: dict[str, str] = {}
    folders: dict[str, str] = {}
    for path in paths:
        key = folded(path)
        if key in files:
            raise StoreError("store.case_clash", found=path, other=files[key])
        files[key] = path
        parts = key.split("/")
        for depth in range(1, len(parts)):
            # `A/x` and `a/y` would fall into one folder elsewhere, and stay apart here.
            folder, written = "/".join(parts[:depth]), "/".join(path.split("/")[:depth])
            if folders.setdefault(folder, written) != written:
                raise StoreError("store.case_clash", found=path, other=folders[folder])
    for key, path in files.items():
        if key in folders:
            raise StoreError("store.case_clash", found=path, other=folders[key])


def shown(value: object) -> str:
    """A stranger's value as a message may show it: short, and without anything that a terminal obeys."""
    said = str(value) if isinstance(value, str | PurePath) else repr(value)
    return "".join(_visible(character) for character in said[:120])


def _visible(character: str) -> str:
    # Control characters, surrogates and marks that turn the direction of writing are not printable.
    return character if character.isprintable() else character.encode("unicode_escape").decode("ascii")


def _not_latest(kind: str, name: str) -> str:
    if name.lower() == LATEST:
        raise StoreError("store.reserved_name", kind=_kind(kind), found=name)
    return name


def _checked(kind: str, name: object, grammar: re.Pattern[str]) -> str:
    if not isinstance(name, str) or not grammar.match(name) or ".." in name or name.endswith("."):
        raise StoreError("store.bad_name", kind=_kind(kind), found=shown(name))
    if _DEVICE.match(name):
        raise StoreError("store.bad_name", kind=_kind(kind), found=shown(name))
    return name


def _kind(name: str) -> str:
    """What is named, in the reader's language."""
    code = f"kind_{name}"
    return text(f"store.{code}").message


def _is_part(part: str) -> bool:
    return (
        bool(part)
        and part[0] not in ".- "
        and part[-1] not in ". "
        and len(part.encode("utf-8", "replace")) <= MOST_PART_BYTES
        and all(letter.isalnum() or letter in _PUNCTUATION or unicodedata.category(letter) == "Mn" for letter in part)
        and unicodedata.normalize("NFC", part) == part
        and not _DEVICE.match(part)
    )
