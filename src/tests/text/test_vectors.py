"""Word vectors from text and binary files, good and hostile, and the cache of what was parsed."""

from __future__ import annotations

import gzip
import json
import os
import time
from pathlib import Path

import numpy
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tengjia.errors import DataError, EnvironmentFault
from tengjia.registry import vectors
from tengjia.text import text_vectors, vector_rows, vector_store


def load(kind: str, path: Path, pieces, cache: Path | None = None, **values):
    module = vectors.build({"name": kind, "file": path.name, **values}, root=path.parent, cache=cache)
    return module.load(pieces), module.coverage


def text_file(folder: Path, content: str | bytes, name: str = "v.txt") -> Path:
    path = folder / name
    path.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)
    return path


def binary_file(
    folder: Path, rows: list[tuple[bytes, list[float]]], *, width: int, declared: int | None = None, feed=b"\n"
) -> Path:
    count = len(rows) if declared is None else declared
    body = b"".join(word + b" " + numpy.array(row, "<f4").tobytes() + feed for word, row in rows)
    return text_file(folder, f"{count} {width}\n".encode() + body, "v.bin")


NAN = float("nan")


@pytest.mark.parametrize(
    "content",
    [
        "的 1 2\n我 3 -4e-1\n",
        "2 2\n的 1 2\n我 3 -0.4\n",
        "2 2\r\n的 1 2 \r\n我 3 -0.4 \r\n",
        "的\t1\t2\n我\t3\t-0.4",
        "\n的 1 2\n\n我 3 -0.4\n\n",
    ],
)
def test_forms_of_text(tmp_path, content):
    matrix, coverage = load("text", text_file(tmp_path, content), ["我", "[PAD]", "的"])
    numpy.testing.assert_array_equal(matrix, numpy.array([[3, -0.4], [NAN, NAN], [1, 2]], numpy.float32))
    assert matrix.dtype == numpy.float32
    assert (coverage.exact, coverage.missing, coverage.missing_pieces) == (2, 1, ("[PAD]",))


@pytest.mark.parametrize("feed", [b"\n", b""])
def test_forms_of_binary(tmp_path, feed):
    path = binary_file(tmp_path, [("的".encode(), [1, 2]), ("我".encode(), [3, 4])], width=2, feed=feed)
    matrix, _ = load("binary", path, ["我", "他"])
    numpy.testing.assert_array_equal(matrix, [[3, 4], [NAN, NAN]])


@pytest.mark.parametrize("kind", ["text", "binary"])
def test_packed_files_are_unpacked_whatever_their_name(tmp_path, kind):
    plain = text_file(tmp_path, "a 1 2\n") if kind == "text" else binary_file(tmp_path, [(b"a", [1, 2])], width=2)
    packed = text_file(tmp_path, gzip.compress(plain.read_bytes(), mtime=0), "v.packed")
    numpy.testing.assert_array_equal(load(kind, packed, ["a"])[0], [[1, 2]])


@pytest.mark.parametrize(
    ("content", "word"),
    [
        ("a b c 1 2\nx 3 4\n", "a b c"),
        ("x 3 4\n. . . 1 2\n", ". . ."),
        ("x 3 4\nat 2005 1 2\n", "at 2005"),
        ("x 3 4\n2005 1 2\n", "2005"),
        ("2005 1 2\nx 3 4\n", "2005"),
        ("x 3 4\n\u3000 1 2\n", "\u3000"),
        ("x 3 4\n\xa0 1 2\n", "\xa0"),
        ("x 3 4\na\u2028b 1 2\n", "a\u2028b"),
        ("x 3 4\n\x85 1 2\n", "\x85"),
        ("x 3 4\n  1 2\n", " "),
    ],
)
def test_words_may_hold_blanks_of_all_sorts(tmp_path, content, word):
    matrix, _ = load("text", text_file(tmp_path, content), [word, "x"])
    numpy.testing.assert_array_equal(matrix, [[1, 2], [3, 4]])


def test_exact_form_first_then_lower_case(tmp_path):
    path = text_file(tmp_path, "the 1\nThe 2\nking 3\n")
    matrix, coverage = load("text", path, ["The", "the", "King", "KING", "QUEEN"])
    assert matrix[:4, 0].tolist() == [2, 1, 3, 3]
    assert (coverage.exact, coverage.lowercase, coverage.missing) == (2, 2, 1)
    assert coverage.facts()["share"] == pytest.approx(0.8)
    matrix, coverage = load("text", path, ["King"], lowercase=False)
    assert numpy.isnan(matrix).all() and coverage.lowercase == 0


def test_half_width_form_last(tmp_path):
    path = text_file(tmp_path, ", 1\na 2\nＢ 3\n")
    matrix, coverage = load("text", path, ["，", "Ａ", "Ｂ", "。"])
    assert matrix[:3, 0].tolist() == [1, 2, 3]
    assert (coverage.exact, coverage.half_width, coverage.missing) == (1, 2, 1)
    assert load("text", path, ["，"], half_width=False)[1].missing == 1


def test_the_first_of_double_words_wins(tmp_path):
    matrix, coverage = load("text", text_file(tmp_path, "a 1\nb 2\na 3\na 4\n"), ["a"])
    assert matrix[0, 0] == 1
    assert (coverage.rows, coverage.duplicates) == (4, 2)


BAD_TEXT = [
    ("a 1 2\nb 1 2 3\n", "text.vector_row", 2, None),  # a word "b 1" is possible only where no width is known
    ("2 2\na 1 2\nb 1\n", "text.vector_row", 3, "b"),
    ("a 1 2\nb 1 x\n", "text.vector_no_number", 2, "b"),
    ("a 1 2\nb 1 ２\n", "text.vector_no_number", 2, "b"),
    ("a 1 2\nb 1 nan\n", "text.vector_not_finite", 2, "b"),
    ("a 1 2\nb -inf 2\n", "text.vector_not_finite", 2, "b"),
    ("a 1 2\nb 1e99 2\n", "text.vector_not_finite", 2, "b"),
    (b"a 1 2\n\xff\xfe 1 2\n", "text.vector_bad_word", 2, "xff"),
    ("a 1 2\n 1 2\n", "text.vector_bad_word", 2, "''"),
    ("a 1 2\nb 1\x0b3 2\n", "text.vector_no_number", 2, "b"),
]


@pytest.mark.parametrize(("content", "code", "line", "shown"), BAD_TEXT[1:])
def test_a_bad_row_is_named_or_left_out(tmp_path, content, code, line, shown):
    path = text_file(tmp_path, content)
    with pytest.raises(DataError) as caught:
        load("text", path, ["a"], width=2)
    assert (caught.value.code, caught.value.problem.line) == (code, line)
    assert str(path) in str(caught.value) and shown in caught.value.message
    assert "vectors.bad_rows=skip" in caught.value.hint
    matrix, coverage = load("text", path, ["a", "b"], width=2, bad_rows="skip")
    assert matrix[0].tolist() == [1, 2] and numpy.isnan(matrix[1]).all()
    assert (coverage.skipped, coverage.skipped_line, coverage.rows) == (1, line, 1)
    assert str(coverage) == (
        "vectors: 1 of 2 pieces found (1 as written, 0 in lower case, 0 in half width); without: b; "
        f"1 bad rows left out, the first in line {line}"
    )


def test_a_row_with_too_many_numbers_is_a_word_with_a_blank(tmp_path):
    matrix, _ = load("text", text_file(tmp_path, BAD_TEXT[0][0]), ["b 1", "b"])
    assert matrix[0].tolist() == [2, 3] and numpy.isnan(matrix[1]).all()


def test_numbers_do_not_slip_from_row_to_row(tmp_path):
    path = text_file(tmp_path, "a 1 2\nb 1  2\nc 1 2\x0b3\nd 4 5\n")
    matrix, coverage = load("text", path, ["a", "d"], width=2, bad_rows="skip")
    assert matrix.tolist() == [[1, 2], [4, 5]]
    assert coverage.skipped >= 1


@pytest.mark.parametrize(
    ("content", "values", "code"),
    [
        ("", {}, "text.vectors_empty"),
        ("\n\n", {}, "text.vectors_empty"),
        ("0 5\n", {}, "text.vectors_empty"),
        ("a 1 x\n", {"bad_rows": "skip", "width": 2}, "text.vectors_empty"),
        ("no numbers here\n", {}, "text.vector_width"),
        ("2 99999999\n", {}, "text.vector_width"),
        ("3 2\na 1 2\nb 3 4\n", {}, "text.vector_rows"),
        ("1 2\na 1 2\nb 3 4\n", {}, "text.vector_rows"),
        (gzip.compress(b"a 1 2\n" * 5000, mtime=0)[:-20], {}, "text.vector_gzip"),
        (gzip.compress(b"a 1 2\n", mtime=0)[:5], {}, "text.vector_gzip"),
        (b"\x1f\x8bnot gzip at all", {}, "text.vector_gzip"),
        (bytes(range(256)) * 40, {}, "text.vector_width"),
    ],
)
def test_files_that_are_no_vectors(tmp_path, content, values, code):
    with pytest.raises(DataError) as caught:
        load("text", text_file(tmp_path, content), ["a"], **values)
    assert caught.value.code == code
    assert caught.value.hint


def test_a_line_without_end_is_refused_before_it_fills_the_memory(tmp_path, monkeypatch):
    monkeypatch.setattr(text_vectors, "_LONGEST_LINE", 1000)
    with pytest.raises(DataError) as caught:
        load("text", text_file(tmp_path, "a 1\nb " + "1 " * 1000), ["a"])
    assert (caught.value.code, caught.value.problem.line) == ("text.vector_long_line", 2)


@pytest.mark.parametrize(
    ("content", "values", "code"),
    [
        (b"", {}, "text.vector_header"),
        (b"a 1 2\n", {}, "text.vector_header"),
        (b"99999999999999 300\nabc", {}, "text.vector_truncated"),
        (b"2 99999999\nabc", {}, "text.vector_width"),
        (b"2 0\nabc", {}, "text.vector_width"),
        (b"0 3\n", {}, "text.vectors_empty"),
        (b"1 1\na \x00\x00\x80\x3f", {"width": 2}, "text.vector_other_width"),
        (b"2 1\na \x00\x00\x80\x3f\nb \x00\x00", {}, "text.vector_truncated"),
        (gzip.compress(b"9999 3\na " + b"\0" * 12, mtime=0), {}, "text.vector_truncated"),
        (b"1 1\n" + b"x" * 70000 + b" \0\0\0\0", {}, "text.vector_long_word"),
        (b"1 1\na \x00\x00\xc0\x7f", {}, "text.vector_not_finite"),
        (b"1 1\n\xff \x00\x00\x80\x3f", {}, "text.vector_bad_word"),
    ],
)
def test_hostile_binaries(tmp_path, content, values, code):
    with pytest.raises(DataError) as caught:
        load("binary", text_file(tmp_path, content, "v.bin"), ["a"], **values)
    assert caught.value.code == code


@pytest.mark.parametrize("cache", [True, False])
def test_no_file(tmp_path, cache):
    with pytest.raises(DataError) as caught:
        load("text", tmp_path / "none.txt", ["a"], cache=tmp_path / "cache" if cache else None)
    assert caught.value.code == "text.no_vector_file"
    assert "word_vector_root" in caught.value.hint


@given(
    st.dictionaries(
        st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\n\r\t"), min_size=1, max_size=6).filter(
            lambda word: not word.endswith(" ")
        ),
        st.lists(st.floats(-1e6, 1e6, width=32), min_size=3, max_size=3),
        min_size=1,
        max_size=8,
    ),
    st.booleans(),
)
@settings(max_examples=25, deadline=None)
def test_what_was_written_is_found(tmp_path_factory, rows, binary):
    folder = tmp_path_factory.mktemp("v")
    rows = {word: row for word, row in rows.items() if not binary or " " not in word}
    if not rows:
        return
    if binary:
        path = binary_file(folder, [(word.encode(), row) for word, row in rows.items()], width=3)
    else:
        body = "".join(f"{word} {' '.join(map(repr, row))}\n" for word, row in rows.items())
        path = text_file(folder, f"{len(rows)} 3\n{body}")
    matrix, coverage = load("binary" if binary else "text", path, list(rows))
    numpy.testing.assert_array_equal(matrix, numpy.array(list(rows.values()), numpy.float32))
    assert coverage.exact == len(rows)


def stores(cache: Path) -> list[Path]:
    return sorted(path for path in cache.iterdir() if path.is_dir())


def settle(path: Path) -> None:
    """Let a file look old enough to be remembered by its time."""
    moment = time.time_ns() - 10_000_000_000
    os.utime(path, ns=(moment, moment))


def test_the_second_load_reads_the_cache_only(tmp_path, monkeypatch):
    path, cache = text_file(tmp_path, "a 1 2\nb 3 4\n"), tmp_path / "cache"
    settle(path)
    first, told = load("text", path, ["b", "c"], cache)

    def fail(*_, **__):
        raise AssertionError("read again")

    monkeypatch.setattr(text_vectors, "opened", fail)
    monkeypatch.setattr(vector_store, "sha256_of_file", fail)
    second, told_again = load("text", path, ["b", "c"], cache)
    numpy.testing.assert_array_equal(first, second)
    assert told == told_again
    assert len(stores(cache)) == 1


def test_the_cache_follows_the_content(tmp_path):
    path, cache = text_file(tmp_path, "a 1 2\n"), tmp_path / "cache"
    settle(path)
    load("text", path, ["a"], cache)
    text_file(tmp_path, "a 5 6\n")
    assert load("text", path, ["a"], cache)[0].tolist() == [[5, 6]]
    copied = text_file(tmp_path, "a 1 2\n", "copy.txt")
    load("text", copied, ["a"], cache)
    assert len(stores(cache)) == 2  # the copy has the content of the first


def test_other_options_have_a_cache_of_their_own(tmp_path):
    path, cache = text_file(tmp_path, "a 1 2\nb x 2\n"), tmp_path / "cache"
    load("text", path, ["a"], cache, width=2, bad_rows="skip")
    with pytest.raises(DataError):
        load("text", path, ["a"], cache, width=2)


@pytest.mark.parametrize("part", ["vectors", "words", "hashes", "rows", "offsets", "checks"])
@pytest.mark.parametrize("damage", ["flip", "cut", "remove"])
def test_a_damaged_cache_is_made_anew(tmp_path, part, damage, caplog):
    path, cache = text_file(tmp_path, "a 1 2\nb 3 4\n"), tmp_path / "cache"
    load("text", path, ["a"], cache)
    file = stores(cache)[0] / f"{part}.bin"
    content = bytearray(file.read_bytes())
    if damage == "remove":
        file.unlink()
    else:
        content[0] ^= 4
        file.write_bytes(content if damage == "flip" else content[:-1])
    matrix, _ = load("text", path, ["a", "b"], cache)
    assert matrix.tolist() == [[1, 2], [3, 4]]
    assert "made anew" in caplog.text
    caplog.clear()
    load("text", path, ["a"], cache)
    assert caplog.text == ""


@pytest.mark.parametrize("content", ["[]", "{", '{"count": "x"}', '{"count": 2, "width": 2, "crc": {}, "facts": {}}'])
def test_a_cache_with_a_foreign_description_is_made_anew(tmp_path, content):
    path, cache = text_file(tmp_path, "a 1 2\n"), tmp_path / "cache"
    load("text", path, ["a"], cache)
    (stores(cache)[0] / "about.json").write_text(content)
    assert load("text", path, ["a"], cache)[0].tolist() == [[1, 2]]


@pytest.mark.parametrize("content", ["[]", "{", "{}", json.dumps({"sha256": "../../x"})])
def test_a_foreign_note_is_not_believed(tmp_path, content):
    path, cache = text_file(tmp_path, "a 1 2\n"), tmp_path / "cache"
    settle(path)
    load("text", path, ["a"], cache)
    (note,) = cache.glob("seen-*.json")
    note.write_text(content)
    assert load("text", path, ["a"], cache)[0].tolist() == [[1, 2]]
    assert len(stores(cache)) == 1


def test_words_with_equal_hashes_are_told_apart(tmp_path, monkeypatch):
    monkeypatch.setattr(vector_store, "_hash", lambda word: len(word))
    path = text_file(tmp_path, "aa 1\nbb 2\ncc 3\nd 4\n")
    matrix, _ = load("text", path, ["cc", "bb", "aa", "d", "xx", "y", "zzz"])
    assert matrix[:4, 0].tolist() == [3, 2, 1, 4]
    assert numpy.isnan(matrix[4:]).all()


def test_a_full_disk_leaves_no_litter(tmp_path, monkeypatch):
    path, cache = text_file(tmp_path, "a 1 2\n"), tmp_path / "cache"

    def full(*_):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(vector_store.os, "fsync", full)
        with pytest.raises(EnvironmentFault) as caught:
            load("text", path, ["a"], cache)
    assert caught.value.code == "text.vector_cache"
    assert "No space left" in caught.value.message and "cache_root" in caught.value.hint
    assert list(cache.iterdir()) == []
    assert load("text", path, ["a"], cache)[0].tolist() == [[1, 2]]


def test_bad_rows_leave_no_half_cache(tmp_path):
    path, cache = text_file(tmp_path, "a 1 2\nb x 2\n"), tmp_path / "cache"
    with pytest.raises(DataError):
        load("text", path, ["a"], cache, width=2)
    assert stores(cache) == []


def test_many_blocks(tmp_path):
    count = vector_rows.BLOCK * 2 + 5
    path = text_file(tmp_path, "".join(f"w{i} {i} {-i}\n" for i in range(count)))
    matrix, coverage = load("text", path, [f"w{i}" for i in range(count)], tmp_path / "cache")
    assert matrix[:, 0].tolist() == list(range(count))
    assert coverage.rows == coverage.exact == count
