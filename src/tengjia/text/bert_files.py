"""What the tokenizer of a BERT-like encoder needs, from a vocabulary file or a Hugging Face folder."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from tengjia.errors import DataError
from tengjia.text.pieces import encodable
from tengjia.text.word_lists import LARGEST_FILE, read_vocabulary
from tengjia.utilities.files import write_json

FLAGS: Final = ("lowercase", "strip_accents", "split_chinese")
_VOCABULARY: Final = "vocab.txt"
_SAVED: Final = "wordpiece.json"
# Names of the flags in `tokenizer_config.json` and in the normaliser of `tokenizer.json`.
_CONFIG_NAMES: Final = {
    "do_lower_case": "lowercase",
    "strip_accents": "strip_accents",
    "tokenize_chinese_chars": "split_chinese",
}
_NORMALIZER_NAMES: Final = {
    "lowercase": "lowercase",
    "strip_accents": "strip_accents",
    "handle_chinese_chars": "split_chinese",
}


@dataclass(frozen=True)
class WordPieceFiles:
    """A vocabulary, and how text is normalised before it is looked up."""

    pieces: tuple[str, ...]
    lowercase: bool = True
    strip_accents: bool | None = None
    """`None`: when letters are made small."""
    split_chinese: bool = True


def read_vocabulary_or_folder(path: Path, flags: Mapping[str, bool | None]) -> WordPieceFiles:
    """Read a vocabulary file, or a folder that has `vocab.txt` or `tokenizer.json`.

    Args:
        path: File or folder.
        flags: Values by name that win over what the folder says; `None` does not.

    Raises:
        DataError: Nothing is there, the files make no sense, or another kind of tokenizer is described.
    """
    told: dict[str, bool | None] = {}
    if not path.is_dir():
        pieces = read_vocabulary(path)
    else:
        described = _read_object(path / "tokenizer.json")
        settings = _read_object(path / "tokenizer_config.json")
        normalizer = described.get("normalizer") or {}
        told = _flags(normalizer, _NORMALIZER_NAMES, path) | _flags(settings, _CONFIG_NAMES, path)
        plain = path / _VOCABULARY
        pieces = read_vocabulary(plain) if plain.is_file() else _described_pieces(described, path)
    chosen = told | {name: value for name, value in flags.items() if value is not None}
    return _checked(pieces, chosen, path)


def known_pieces(folder: Path) -> list[str] | None:
    """The pieces in the order of their ids as the folder of an encoder tells them, whatever kind of tokenizer it has.

    Returns:
        `None` if it does not tell: a library of another kind, or none, cuts its text.

    Raises:
        DataError: The files make no sense.
    """
    plain = folder / _VOCABULARY
    if plain.is_file():
        return read_vocabulary(plain)
    model = _read_object(folder / "tokenizer.json").get("model")
    vocabulary = model.get("vocab") if isinstance(model, dict) else None
    return sorted(vocabulary, key=vocabulary.__getitem__) if isinstance(vocabulary, dict) else None


def save_files(folder: Path, files: WordPieceFiles) -> None:
    """Write what `read_saved` reads."""
    write_json(folder / _SAVED, asdict(files))


def read_saved(folder: Path) -> WordPieceFiles:
    """Read what `save_files` wrote.

    Raises:
        DataError: A file is missing or makes no sense.
    """
    path = folder / _SAVED
    content = _read_object(path)
    pieces = content.get("pieces")
    if set(content) != {"pieces", *FLAGS} or not isinstance(pieces, list) or len(set(map(repr, pieces))) < len(pieces):
        raise DataError("text.bad_tokenizer_file", file=path, reason="pieces")
    return _checked(pieces, _flags(content, {name: name for name in FLAGS}, path), path)


def _checked(pieces: list[str], flags: Mapping[str, bool | None], path: Path) -> WordPieceFiles:
    for piece in pieces:
        if not isinstance(piece, str) or encodable(piece) != piece:
            raise DataError("text.bad_tokenizer_file", file=path, reason=ascii(piece))
    if "[UNK]" not in pieces:
        raise DataError("text.no_unknown_piece", file=path)
    lowercase, split = flags.get("lowercase"), flags.get("split_chinese")
    return WordPieceFiles(
        tuple(pieces),
        True if lowercase is None else lowercase,
        flags.get("strip_accents"),
        True if split is None else split,
    )


def _described_pieces(described: dict[str, Any], path: Path) -> list[str]:
    model = described.get("model")
    kind = model.get("type", "WordPiece") if isinstance(model, dict) else None
    if kind != "WordPiece" or not isinstance(model, dict):
        raise DataError("text.not_wordpiece", file=path, found=kind)
    vocabulary = model.get("vocab")
    by_id = {str(n): piece for piece, n in vocabulary.items()} if isinstance(vocabulary, dict) else {}
    if not isinstance(vocabulary, dict) or set(by_id) != {str(n) for n in range(len(vocabulary))}:
        raise DataError("text.bad_tokenizer_file", file=path / "tokenizer.json", reason="vocab")
    return [by_id[str(number)] for number in range(len(by_id))]


def _flags(values: Mapping[str, Any], names: Mapping[str, str], path: Path) -> dict[str, bool | None]:
    found: dict[str, bool | None] = {}
    for foreign, own in names.items():
        if foreign in values:
            if not isinstance(values[foreign], bool | None):
                raise DataError("text.bad_tokenizer_file", file=path, reason=f"{foreign} = {values[foreign]!r}")
            found[own] = values[foreign]
    return found


def _read_object(path: Path) -> dict[str, Any]:
    """A JSON object; an empty one when there is no such file."""
    if not path.is_file():
        return {}
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise DataError("text.word_list_size", file=path, limit=LARGEST_FILE)
        content = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise DataError("text.bad_tokenizer_file", file=path, reason=error) from error
    if not isinstance(content, dict):
        raise DataError("text.bad_tokenizer_file", file=path, reason=type(content).__name__)
    return content
