"""Sentences of column files that are parsed whole: the same examples and the same rejects as row by row."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from src.tests.readers.support import Outcome, written
from tengjia.data import lines
from tengjia.data.readers.columns import Columns
from tengjia.data.rejects import CollectedRejects
from tengjia.data.sentence_blocks import MOST_TYPES, SentenceParser
from tengjia.data.tags import TagScheme

pytestmark = pytest.mark.slow

TOKENS = ["a", "高", "ab", "👍", "O", "", " ", "\t", "#", "-DOCSTART-", "\r", "\u2028", "B-X"]
TAGS = ["O", "O", "B-X", "I-X", "M-X", "E-X", "S-X", "L-X", "U-X", "B-Y", "E-Y", "B", "E", "Q-X", "B-", ""]
ROWS = st.one_of(
    st.tuples(st.sampled_from(TOKENS), st.sampled_from(TAGS)).map(" ".join),
    st.tuples(st.sampled_from(TOKENS), st.sampled_from(TAGS)).map("\t".join),
    st.sampled_from(["", "", "", " ", "# note", "a x O", "x", "-DOCSTART- O", "a O ", "\0 O"]),
)
SOUND = st.lists(st.sampled_from(["a O", "b B-X\nc E-X", "高 S-Y", "ab B-X\ncd M-X\ne E-X", "f S-X"]), min_size=1)
SENTENCES = st.one_of(SOUND.map("\n".join), SOUND.map("\n".join), st.lists(ROWS, max_size=4).map("\n".join))


def outcome(path: Path, quick: bool, values: dict[str, Any]) -> Outcome:
    reader, collected = Columns(Columns.Config(**values)), CollectedRejects()
    if not quick:
        reader._parser = None
    try:
        examples = list(reader.read(path, collected))
    except lines.DataError as error:
        return Outcome([], [], [error.code], collected)
    return Outcome(examples, [], [], collected)


@given(
    st.lists(SENTENCES, max_size=12),
    st.sampled_from(["\n", "\r\n"]),
    st.fixed_dictionaries(
        {
            "scheme": st.sampled_from(["auto", "bio", "iob1", "bioes", "bmes", "biluo"]),
            "separator": st.sampled_from(["auto", "tab", "space", "whitespace"]),
            "repair": st.sampled_from(["lenient", "strict", "error"]),
            "joiner": st.sampled_from(["", " ", "__"]),
            "comment": st.sampled_from(["", "#"]),
            "max_tokens": st.sampled_from([1, 3, 5000]),
            "max_line": st.sampled_from([6, 40, 1_000_000]),
            "tag_column": st.sampled_from([-1, 1, 2]),
            "token_column": st.sampled_from([0, -2]),
        }
    ),
    st.sampled_from([7, 64, 1 << 18]),
)
@settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))
def test_as_row_by_row(
    tmp_path_factory: pytest.TempPathFactory, sentences: list[str], end: str, values: dict[str, Any], block: int
) -> None:
    path = written(tmp_path_factory.getbasetemp(), "\n\n".join(sentences).replace("\n", end))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lines, "BLOCK", block)
        assert outcome(path, True, values) == outcome(path, False, values)


@pytest.mark.parametrize(
    ("scheme", "rows", "expected"),
    [
        ("bmes", "张 B-N\n三 E-N\n在 O", ("张三在", [(0, 2, "N")])),
        ("bmes", "ab B-N\nc M-N\nd E-N\ne S-L", ("abcde", [(0, 4, "N"), (4, 5, "L")])),
        ("bio", "a B-N\nb B-N\nc I-N\nd O", ("abcd", [(0, 1, "N"), (1, 3, "N")])),
        ("iob1", "a I-N\nb I-N\nc B-N\nd I-L", ("abcd", [(0, 2, "N"), (2, 3, "N"), (3, 4, "L")])),
        ("auto", "a B-N\nb I-N\nc B-L\nd L-L\ne U-L", ("abcde", [(0, 2, "N"), (2, 4, "L"), (4, 5, "L")])),
        ("bmes", "a B-N\nb O", None),  # not closed
        ("bmes", "a E-N\nb O", None),  # not opened
        ("bmes", "a B-N\nb E-L", None),  # another type
        ("bio", "a O\nb I-N", None),
        ("bmes", "a O\nb", None),
        ("bmes", "a O O\nb\nc", None),
        ("bmes", "a O\nb O O", None),
        ("bmes", "a O\n O", None),
    ],
)
def test_the_first_doubt_gives_nothing(scheme: str, rows: str, expected: tuple[str, list[Any]] | None) -> None:
    tags = TagScheme(scheme)
    for tag in {row.split(" ")[-1] for row in rows.split("\n") if " " in row}:
        tags.parse(tag)
    found = SentenceParser(tags, token_column=0, tag_column=-1, joiner="").parse(rows, " ")
    assert (found and (found[0], [tuple(span) for span in found[1]])) == expected


def test_with_very_many_types_it_gives_up() -> None:
    tags = TagScheme("bmes")
    parser = SentenceParser(tags, token_column=0, tag_column=-1, joiner="")
    for number in range(MOST_TYPES + 1):
        tags.parse(f"S-{number}")
        assert (parser.parse(f"a S-{number}", " ") is None) == (number == MOST_TYPES)
    assert parser.parse("a S-0", " ") is not None
