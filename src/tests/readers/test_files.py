"""Encodings, line ends, archives: whatever the bytes are, an example or a kind error."""

from __future__ import annotations

import gzip
import io
import os
import stat
import struct
import tracemalloc
import zipfile

import pytest

from src.tests.readers.support import gzipped, packed, read, written
from tengjia.data import archives, encodings
from tengjia.data import lines as lines_module
from tengjia.data.archives import exists, locate
from tengjia.data.lines import BadLine, lines, text_blocks
from tengjia.data.rejects import CollectedRejects
from tengjia.errors import DataError

CHINESE = "王小明，男，一九八三年出生，工科学士，高级工程师。\n现任北京某公司总经理，兼任学院副教授。\n"
GERMAN = "Die Straße führt über Österreich nach München.\nGröße zählt.\n"


def all_lines(path, **values):
    return list(lines(locate(path), CollectedRejects(), **values))


ENCODINGS = [
    ("utf-8", CHINESE, "utf-8"),
    ("utf-8-sig", CHINESE, "utf-8"),
    ("utf-16", CHINESE, "utf-16-le"),
    ("utf-16-le", CHINESE, "utf-16-le"),
    ("utf-16-be", CHINESE, "utf-16-be"),
    ("utf-32", CHINESE, "utf-32-le"),
    ("gb18030", CHINESE, "gb18030"),
    ("gbk", CHINESE, "gb18030"),
    ("latin-1", GERMAN, "cp1252"),
]


@pytest.mark.parametrize("many", [1, 3000])
@pytest.mark.parametrize(("encoding", "text", "expected"), ENCODINGS)
def test_encodings_are_detected_and_told(tmp_path, encoding, text, expected, many):
    rejects = CollectedRejects()
    path = written(tmp_path, (text * many).encode(encoding))
    found = [line for _, line in lines(locate(path), rejects)]
    assert found == (text * many).splitlines()
    told = [r.problem.values["encoding"] for r in rejects.records]
    assert told == ([] if encoding == "utf-8" else [expected] if encoding != "utf-8-sig" else told)


def test_the_sample_looks_past_a_long_ascii_beginning(tmp_path):
    text = "plain ascii\n" * 20_000 + CHINESE
    path = written(tmp_path, text.encode("gb18030"))
    assert [line for _, line in all_lines(path)] == text.splitlines()


@pytest.mark.parametrize("said", ["gb18030", "GBK", "utf8", "latin-1", "utf-16"])
def test_what_the_config_says_is_done(tmp_path, said):
    text = GERMAN if said == "latin-1" else CHINESE
    path = written(tmp_path, text.encode(said))
    assert [line for _, line in all_lines(path, encoding=said)] == text.splitlines()


@pytest.mark.parametrize("said", ["utf-9", "rot13", "base64", "zlib", "unicode_escape", "utf-7", "idna", "cp037", ""])
def test_codecs_that_lines_cannot_have_are_refused(tmp_path, said):
    with pytest.raises(DataError, match="is no text encoding") as caught:
        all_lines(written(tmp_path, "a\n"), encoding=said)
    assert "utf-8" in caught.value.hint


def test_undecodable_bytes_are_told_with_line_and_offset(tmp_path):
    good = CHINESE.encode()
    path = written(tmp_path, good * 50 + b"abc\xff\xfedef\n" + good)
    found = all_lines(path)
    bad = [(number, line) for number, line in found if isinstance(line, BadLine)]
    assert len(found) == 103 and [number for number, _ in bad] == [101]
    assert bad[0][1].values == {"bytes": "ff fe 64 65", "offset": len(good) * 50 + 3, "encoding": "utf-8"}
    outcome = read(path, "text")
    assert outcome.rejected == [("data.undecodable", 101)]
    assert f"bytes ff fe 64 65 at byte {len(good) * 50 + 3} of the file are not utf-8" in str(
        outcome.records.records[0].problem
    )


def test_undecodable_bytes_of_wide_encodings(tmp_path):
    content = "好\n".encode("utf-16-le") + b"\x00\xd8x\0\n\0" + "\n好\u0a00\u000a".encode("utf-16-le")
    found = all_lines(written(tmp_path, content), encoding="utf-16-le")
    assert [line if isinstance(line, str) else line.values["offset"] for _, line in found] == ["好", 4, "", "好\u0a00"]


def test_text_blocks_tell_line_and_offset(tmp_path):
    with pytest.raises(DataError, match=r"corpus.txt:1: bytes ff at byte 5 of the file") as caught:
        list(text_blocks(locate(written(tmp_path, b"a\n" * 2 + b"b\xff")), CollectedRejects(), encoding="utf-8"))
    assert caught.value.code == "data.undecodable"


ENDS = [
    ("a\nb\n", ["a", "b"]),
    ("a\nb", ["a", "b"]),
    ("a\r\nb\r\n", ["a", "b"]),
    ("a\r\nb\r", ["a", "b"]),
    ("a\rb\r", ["a", "b"]),
    ("a\rb\n", ["a\rb"]),
    ("\n\na", ["", "", "a"]),
    ("a\u2028b\x0bc\x85d\x1ee\n", ["a\u2028b\x0bc\x85d\x1ee"]),
]


@pytest.mark.parametrize("block", [1, 2, 5, 1 << 18])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "utf-32-be", "gb18030"])
@pytest.mark.parametrize(("content", "expected"), ENDS)
def test_line_ends(tmp_path, monkeypatch, content, expected, encoding, block):
    monkeypatch.setattr(lines_module, "BLOCK", block)
    path = written(tmp_path, content.encode(encoding))
    assert all_lines(path, encoding=encoding) == list(enumerate(expected, 1))


def test_a_huge_line_is_told_in_constant_memory(tmp_path):
    path = tmp_path / "huge.txt"
    with open(path, "wb") as file:
        file.write(b"first\n")
        for _ in range(64):
            file.write(b"x" * (1 << 20))
        file.write(b"\nlast\n")
    tracemalloc.start()
    outcome = read(path, "text", max_line=100_000)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert outcome.texts == ["first", "last"]
    assert outcome.rejected == [("data.line_too_long", 2)]
    assert peak < 8 << 20


def test_many_lines_take_constant_memory(tmp_path):
    path = written(tmp_path, gzipped("一二三 B-X\n" * 100_000), "big.gz")
    reader_memory = []
    tracemalloc.start()
    for example in lines(locate(path), CollectedRejects()):
        if example[0] % 25_000 == 0:
            reader_memory.append(tracemalloc.get_traced_memory()[1])
    tracemalloc.stop()
    assert max(reader_memory) < 8 << 20


NOT_TEXT = [
    (b"", "data.empty_file", "is empty"),
    (b"\x89PNG\r\n\x1a\n" + b"\0" * 50, "data.binary_file", "a picture"),
    (b"%PDF-1.7\n", "data.binary_file", "a PDF document"),
    (b"abc\0def\n", "data.binary_file", "NUL bytes"),
    (os.urandom(3) + b"\0\1\2\3" * 500, "data.binary_file", "NUL bytes"),
    (b"PAR1" + b"x" * 50, "data.binary_file", "a Parquet file"),
]


@pytest.mark.parametrize(("content", "code", "words"), NOT_TEXT, ids=[row[2] for row in NOT_TEXT])
@pytest.mark.parametrize("name", ["columns", "json_lines", "json_spans", "csv", "text", "doccano", "label_studio"])
def test_what_is_no_text_is_told(tmp_path, name, content, code, words):
    with pytest.raises(DataError, match=words) as caught:
        read(written(tmp_path, content), name)
    assert caught.value.code == code
    assert str(tmp_path / "corpus.txt") in str(caught.value)


def test_a_missing_file_is_told_with_the_nearest(tmp_path):
    written(tmp_path, "a\n", "train.txt")
    with pytest.raises(DataError, match="there is no such file") as caught:
        read(tmp_path / "trian.txt", "text")
    assert "train.txt" in caught.value.hint and not exists(tmp_path / "trian.txt")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_or_a_folder_is_refused_without_waiting(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "pipe", tmp_path):
        with pytest.raises(DataError, match="is not a regular file"):
            read(path, "text")


def test_gzip_and_zip_are_read_like_plain_files(tmp_path):
    content = CHINESE * 100
    plain = read(written(tmp_path, content), "text").texts
    assert read(written(tmp_path, gzipped(content), "a.txt.gz"), "text").texts == plain
    assert read(written(tmp_path, gzipped(content), "no_suffix"), "text").texts == plain
    assert read(packed(tmp_path, {"only.txt": content}), "text").texts == plain
    path = packed(tmp_path, {"d/train.tsv": content, "test.tsv": "x\n", "g.gz": gzipped(content), "__MACOSX/x": "?"})
    outcome = read(path / "d" / "train.tsv", "text")
    assert outcome.texts == plain and outcome.examples[0].file == f"{path}/d/train.tsv"
    assert read(path / "g.gz", "text").texts == plain
    assert exists(path / "d" / "train.tsv") and exists(path / "d") and not exists(path / "train.tsv")
    with pytest.raises(DataError, match="holds 3 files: d/train.tsv, g.gz, test.tsv") as caught:
        read(path, "text")
    assert "corpus.zip/d/train.tsv" in caught.value.hint
    with pytest.raises(DataError, match="there is no `d/trian.tsv`") as caught:
        read(path / "d" / "trian.tsv", "text")
    assert "nearest: d/train.tsv" in caught.value.hint


@pytest.mark.parametrize("cut", [1, 5, 12, 30, -9, -4, -1])
def test_a_cut_gzip_file_is_damaged(tmp_path, cut):
    whole = gzip.compress(os.urandom(20) + CHINESE.encode() * 100, mtime=0)
    with pytest.raises(DataError) as caught:
        read(written(tmp_path, whole[:cut], "a.gz"), "text", encoding="latin-1")
    assert caught.value.code in ("data.damaged_archive", "data.no_examples", "data.too_many_rejects") or cut == 1
    assert "a.gz" in str(caught.value)


def hostile_archive(name: str, mode: int = 0, flags: int = 0) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        info = zipfile.ZipInfo("a.txt")
        info.external_attr = mode << 16
        archive.writestr(info, "x\n")
        archive.writestr(zipfile.ZipInfo("bbbbbbbbbbbbb"), "y\n")
    data = buffer.getvalue().replace(b"bbbbbbbbbbbbb", name.encode().ljust(13, b"_")[:13])
    if flags:
        at = data.index(b"PK\x01\x02") + 8
        data = data[:at] + struct.pack("<H", flags) + data[at + 2 :]
    return data


HOSTILE = [
    (hostile_archive("../../../etc/"), "points outside"),
    (hostile_archive("/etc/passwdxx"), "points outside"),
    (hostile_archive("C:/windows/xx"), "points outside"),
    (hostile_archive("a\\..\\..\\bbbb"), "points outside"),
    (hostile_archive("ok", mode=stat.S_IFLNK | 0o777), "a link or a device"),
    (hostile_archive("ok", mode=stat.S_IFCHR | 0o666), "a link or a device"),
    (hostile_archive("ok", flags=1), "encrypted"),
    (b"PK\x03\x04" + b"\0" * 200, "File is not a zip file"),
    (hostile_archive("ok")[:-10], "File is not a zip file"),
]


@pytest.mark.parametrize(("data", "words"), HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_and_damaged_archives_are_refused(tmp_path, data, words):
    with pytest.raises(DataError, match=words) as caught:
        read(written(tmp_path, data, "a.zip") / "a.txt", "text")
    assert caught.value.code in ("data.unsafe_archive", "data.damaged_archive")


def test_two_members_of_one_name_are_refused(tmp_path):
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive, pytest.warns(UserWarning, match="Duplicate name"):
        archive.writestr("a.txt", "x")
        archive.writestr("a.txt", "y")
    with pytest.raises(DataError, match="bear one name"):
        read(path, "text")


@pytest.mark.parametrize("pack", [lambda folder, data: written(folder, gzip.compress(data), "b.gz"), None])
def test_bombs_are_stopped(tmp_path, monkeypatch, pack):
    monkeypatch.setattr(archives, "FREE_BYTES", 1 << 19)
    data = (b"0" * 1000 + b"\n") * (1 << 11)
    path = pack(tmp_path, data) if pack else packed(tmp_path, {"b.txt": data})
    with pytest.raises(DataError, match="have become more than") as caught:
        read(path, "text", encoding="utf-8")
    assert caught.value.code == "data.unsafe_archive" and caught.value.problem.line > 1


def test_an_office_document_is_no_corpus_archive(tmp_path):
    path = packed(tmp_path, {"[Content_Types].xml": "<x/>", "xl/workbook.xml": "<x/>"}, "a.xlsx")
    with pytest.raises(DataError, match="an Office document") as caught:
        read(path, "columns")
    assert "excel" in caught.value.hint


def test_a_read_error_of_the_disk_is_told(tmp_path, monkeypatch):
    def broken(self, size=-1):
        raise OSError(5, "Input/output error")

    path = written(tmp_path, gzipped(CHINESE), "a.gz")
    monkeypatch.setattr(gzip.GzipFile, "read", broken)
    with pytest.raises(DataError, match="Input/output error") as caught:
        read(path, "text")
    assert caught.value.code == "data.unreadable"


def test_a_file_with_a_few_bad_lines_stays_utf8(tmp_path):
    path = written(tmp_path, b"bad \xff\xfe line\n" + CHINESE.encode() * 3)
    assert encodings.detect(locate(path)).encoding == "utf-8"
