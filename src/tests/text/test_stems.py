"""The first letters of pieces as a further input: alike where words begin alike, whatever a vocabulary holds."""

from __future__ import annotations

from pathlib import Path

import numpy
import pytest
from hypothesis import given
from hypothesis import strategies as some

from tengjia.contracts import TokenArrays, Tokens
from tengjia.data.token_arrays import joined
from tengjia.errors import DataError
from tengjia.text.stems import COUNT, Stems


def tokens(texts: list[list[str]]) -> TokenArrays:
    return joined([Tokens(text, [0] * len(text), [1] * len(text)) for text in texts])


def ids(texts: list[list[str]], letters: int = 4) -> list[int]:
    found = Stems(letters).of_pieces([""] * len(texts), tokens(texts), numpy.empty(0))
    assert found.dtype == numpy.int32
    result: list[int] = found.tolist()
    return result


def test_inflected_forms_share_a_stem():
    simulate, simulates, simulating, similar, sim = ids([["simulate", "Simulates", "simulating"], ["similar", "sim"]])
    assert simulate == simulates == simulating
    assert len({simulate, similar, sim}) == 3


@given(some.lists(some.lists(some.text(min_size=1, max_size=6), max_size=4), max_size=4), some.integers(1, 5))
def test_ids_are_those_of_the_first_letters_alone(texts: list[list[str]], letters: int):
    pieces = [piece for text in texts for piece in text]
    found = ids(texts, letters)
    assert len(found) == len(pieces)
    assert all(2 <= number < COUNT for number in found)
    stems = {piece.casefold()[:letters]: number for piece, number in zip(pieces, found)}
    assert [stems[piece.casefold()[:letters]] for piece in pieces] == found


def test_they_come_back_as_they_were(tmp_path: Path):
    Stems(5).save(tmp_path / "stems.json")
    again = Stems.load(tmp_path / "stems.json")
    assert again.letters == 5 and len(again) == COUNT


@pytest.mark.parametrize(
    "content", ["{", "[]", "{}", '{"letters": 0}', '{"letters": true}', '{"letters": 2.5}', " " * 9999]
)
def test_a_damaged_file_is_told(content: str, tmp_path: Path):
    file = tmp_path / "stems.json"
    file.write_text(content)
    with pytest.raises(DataError, match=r"stems\.json"):
        Stems.load(file)
    with pytest.raises(DataError):
        Stems.load(tmp_path / "nothing.json")
