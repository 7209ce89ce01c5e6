"""Files that were valid once: flipped, cut, spliced, swollen. Every reader gives examples, rejects, or a `DataError`.

A small share always runs; `make torture` runs 2,000 cases a format.
"""

from __future__ import annotations

import io
import json
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from src.tests.readers.support import gzipped, packed, read, workbook
from src.tests.readers.test_documents import docx, paragraph, pdf, row
from tengjia.errors import DataError

TEXT = "张三在北京工作，email a@b.cn 👍"
SPANS = [[0, 2, "NAME"], [3, 5, "LOC"]]


def lines_of(*rows: object) -> bytes:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode()


TAGS = ["B-NAME", "E-NAME", "O", "B-LOC", "E-LOC"] + ["O"] * (len(TEXT) - 5)
COLUMNS = "-DOCSTART- O\n\n" + "".join(f"{c} {tag}\n" for c, tag in zip(TEXT, TAGS)) + "\n# x\na O\n"
TASKS = [
    {
        "id": 1,
        "data": {"text": TEXT},
        "annotations": [
            {
                "result": [
                    {"type": "labels", "value": {"start": 0, "end": 2, "text": "张三", "labels": ["NAME"]}},
                    {"type": "choices", "value": {"choices": ["pos"]}},
                ]
            }
        ],
        "predictions": [],
    },
    {"text": TEXT, "id": 2, "label": [{"start": 3, "end": 5, "text": "北京", "labels": ["LOC"]}]},
]
CSV = f'text,label,spans\n{TEXT.replace(",", "")},pos,"[[0, 2, ""NAME""]]"\n"two\nlines",neg,\n'
HTML = "<html><head><title>t</title></head><body><p>好<table><tr><td>a<td>b</table><!-- x --><pre>x\ny</pre></body>"
ANN = "T1\tNAME 0 2\t张三\nT2\tLOC 3 5;6 7\t北京 工\nR1\tIn Arg1:T1 Arg2:T2\n"
SEEDS: dict[str, tuple[str, dict[str, object], bytes]] = {
    "columns": ("columns", {}, COLUMNS.encode()),
    "columns_utf16": ("columns", {"scheme": "bmes", "repair": "error"}, COLUMNS.encode("utf-16")),
    "columns_gb18030": ("columns", {"repair": "strict", "max_tokens": 5}, COLUMNS.encode("gb18030")),
    "columns_gzip": ("columns", {}, gzipped(COLUMNS)),
    "json_lines": ("json_lines", {"overlap": "longest"}, lines_of({"text": TEXT, "spans": SPANS}, {"text": "b"})),
    "json_array": ("json_lines", {}, json.dumps([{"text": TEXT, "spans": SPANS}] * 2, indent=1).encode()),
    "json_records": (
        "json_lines",
        {"records": "train", "text": "0", "label": "1", "spans": None},
        json.dumps({"test": [["x", "y"]], "train": [["a", "b"], ["c", "d"]]}).encode(),
    ),
    "json_spans": ("json_spans", {}, lines_of({"text": TEXT, "label": {"NAME": {"张三": [[0, 1]]}}}, {"text": "b"})),
    "csv": ("csv", {"spans": "spans"}, CSV.encode()),
    "tsv_unquoted": ("csv", {"quote": "", "fields": 3, "delimiter": "tab"}, CSV.replace(",", "\t").encode("gb18030")),
    "excel": ("excel", {}, workbook([["text", "label"], [TEXT, "pos"], ["x", 3]])),
    "doccano": ("doccano", {}, lines_of({"text": TEXT, "label": SPANS}, {"text": "x", "label": ["pos"]})),
    "label_studio": ("label_studio", {}, json.dumps(TASKS, ensure_ascii=False).encode()),
    "text": ("text", {"label_end": " "}, "pos 好的\nneg 不好\n".encode()),
    "pdf": ("documents", {}, pdf(["王小明", "x"], ["y"])),
    "docx": ("documents", {}, docx(paragraph("好") + "<w:tbl>" + row(paragraph("a"), paragraph("b")) + "</w:tbl>")),
    "html": ("documents", {}, HTML.encode()),
}
ENDINGS = {"excel": ".xlsx", "pdf": ".pdf", "docx": ".docx", "html": ".html"}
PIECES = [b"\0", b"\n", b"\r\n", b"\r", b'"', b"\\", b"[", b"]", b"{", b"}", b"\t", b",", b" ", b"\xff", b"\xff\xfe",
          b"\xef\xbb\xbf", b"\xe2\x80\xa8", b"\\ud800", b"-1", b"9" * 40, b"1e999", b"NaN", b"null", b"[" * 2000, b"B-",
          b"I-X", b"<!--", b"<![CDATA[", b"</", b"PK\x03\x04", b"\x1f\x8b\x08", b"x" * 3000]  # fmt: skip


@st.composite
def mutations(draw: st.DrawFn) -> Callable[[bytes], bytes]:
    """One way to spoil a file, at a place given as a fraction of its length."""
    kind = draw(st.sampled_from(["flip", "insert", "cut", "end", "double", "swap", "overwrite"]))
    first, second = sorted((draw(st.floats(0, 1)), draw(st.floats(0, 1))))
    piece = draw(st.sampled_from(PIECES) | st.binary(min_size=1, max_size=8))
    bit = draw(st.integers(0, 7))

    def apply(data: bytes) -> bytes:
        start, end = int(first * len(data)), int(second * len(data))
        if kind == "flip" and data:
            at = min(start, len(data) - 1)
            return data[:at] + bytes([data[at] ^ (1 << bit)]) + data[at + 1 :]
        return {
            "insert": data[:start] + piece + data[start:],
            "cut": data[:start] + data[end:],
            "end": data[:start],
            "double": data[:end] + data[start:],
            "swap": data[start:] + data[:start],
            "overwrite": data[:start] + piece + data[start + len(piece) :],
            "flip": data,
        }[kind]

    return apply


CASES = st.lists(mutations(), min_size=1, max_size=4)
SHARE = settings(max_examples=25, deadline=None, database=None, suppress_health_check=list(HealthCheck))
FULL = settings(SHARE, max_examples=2000)


def check(path: Path, name: str, values: dict[str, object]) -> None:
    """Read a spoiled file: whatever comes of it is well formed, and told with its file."""
    begun = time.process_time()
    try:
        outcome = read(path, name, **values)
    except DataError as error:
        assert str(path.parent) in error.problem.file and error.message and error.problem.line >= 0
        return
    finally:
        assert time.process_time() - begun < 5
    for example in outcome.examples:
        example.text.encode("utf-8")
        assert example.text and example.line >= 1 and str(path.parent) in example.file
        ends = [0]
        for start, end, kind in example.spans:
            assert ends[-1] <= start < end <= len(example.text) and kind
            ends.append(end)
        for start, end in example.tokens or ():
            assert 0 <= start < end <= len(example.text)
    for record in outcome.records.records:
        assert str(path.parent) in record.problem.file and record.problem.message
        assert record.as_json().encode("utf-8")


def spoiled(folder: Path, kind: str, changes: list[Callable[[bytes], bytes]]) -> Path:
    data = SEEDS[kind][2]
    for change in changes:
        data = change(data)
    path = folder / f"file{ENDINGS.get(kind, '.txt')}"
    path.write_bytes(data)
    return path


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("fuzz")


@pytest.mark.parametrize("kind", SEEDS)
def test_the_seed_itself_is_read(folder, kind):
    name, values, _ = SEEDS[kind]
    assert read(spoiled(folder, kind, []), name, **values).examples


@pytest.mark.parametrize("kind", SEEDS)
@SHARE
@given(changes=CASES)
def test_a_share_of_spoiled_files(folder, kind, changes):
    check(spoiled(folder, kind, changes), *SEEDS[kind][:2])


@pytest.mark.torture
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("kind", SEEDS)
@FULL
@given(changes=CASES)
def test_spoiled_files(folder, kind, changes):
    check(spoiled(folder, kind, changes), *SEEDS[kind][:2])


def brat_case(folder: Path, text: list, annotation: list) -> None:
    sources = {"a.txt": (TEXT.encode(), text), "a.ann": (ANN.encode(), annotation)}
    for name, (data, changes) in sources.items():
        for change in changes:
            data = change(data)
        (folder / name).write_bytes(data)
    check(folder / "a.txt", "brat", {"overlap": "longest"})
    check(folder / "a.txt", "brat", {"unit": "line"})


def parallel_case(folder: Path, tokens: list, tags: list) -> None:
    sources = {
        "seq.in": (b"play a song\nadd x\n", tokens),
        "seq.out": (b"O O B-a\nO B-b\n", tags),
        "label": (b"L\nM\n", []),
    }
    for name, (data, changes) in sources.items():
        for change in changes:
            data = change(data)
        (folder / name).write_bytes(data)
    check(folder / "seq.in", "parallel", {})


def zip_case(folder: Path, inner: list, outer: list) -> None:
    data = COLUMNS.encode()
    for change in inner:
        data = change(data)
    path = packed(folder, {"train.txt": data, "test.txt": "x O\n"})
    content = path.read_bytes()
    for change in outer:
        content = change(content)
    path.write_bytes(content)
    check(path / "train.txt", "columns", {})


def repacked(data: bytes, changes: dict[str, list]) -> bytes:
    """An office document whose parts are spoiled inside an archive that is sound."""
    result = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(result, "w") as new:
        for name in old.namelist():
            part = old.read(name)
            for change in changes.get(name, []):
                part = change(part)
            new.writestr(name, part)
    return result.getvalue()


def excel_case(folder: Path, sheet: list, strings: list) -> None:
    changes = {"xl/worksheets/sheet1.xml": sheet, "xl/sharedStrings.xml": strings}
    path = folder / "parts.xlsx"
    path.write_bytes(repacked(SEEDS["excel"][2], changes))
    check(path, "excel", {})


def docx_case(folder: Path, document: list, relations: list) -> None:
    changes = {"word/document.xml": document, "word/_rels/document.xml.rels": relations}
    path = folder / "parts.docx"
    path.write_bytes(repacked(SEEDS["docx"][2], changes))
    check(path, "documents", {})


GROUPS = [brat_case, parallel_case, zip_case, excel_case, docx_case]
FEW = st.lists(mutations(), max_size=2)


@pytest.mark.parametrize("case", GROUPS)
@SHARE
@given(first=FEW, second=FEW)
def test_a_share_of_spoiled_groups(folder, case, first, second):
    case(folder, first, second)


@pytest.mark.torture
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("case", GROUPS)
@FULL
@given(first=FEW, second=FEW)
def test_spoiled_groups(folder, case, first, second):
    case(folder, first, second)
