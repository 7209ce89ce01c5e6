"""PDF, Word and HTML as paragraphs with their pages; tables are not lost."""

from __future__ import annotations

import gzip
import io
import zipfile
import zlib

import pytest

from src.tests.readers.support import read, written
from tengjia.data.documents.joining import joined
from tengjia.errors import DataError, EnvironmentFault


def pdf(*pages: list[str]) -> bytes:
    """A PDF of one line of text each, far apart, in a font whose characters are UCS-2."""
    kids = " ".join(f"{4 + 2 * at} 0 R" for at in range(len(pages)))
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>",
        "<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H /DescendantFonts [<< /Type "
        "/Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) "
        "/Supplement 2 >> /FontDescriptor << /Type /FontDescriptor /FontName /STSong-Light /Flags 4 /ItalicAngle 0 "
        "/Ascent 880 /Descent -120 /CapHeight 880 /StemV 80 /FontBBox [0 -120 1000 880] >> >>] >>",
    ]
    for at, lines in enumerate(pages):
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents {5 + 2 * at} 0 R "
            "/Resources << /Font << /F1 3 0 R >> >> >>"
        )
        operators = "".join(
            f"BT /F1 12 Tf 50 {700 - 60 * n} Td <{line.encode('utf-16-be').hex()}> Tj ET\n"
            for n, line in enumerate(lines)
        )
        objects.append(f"<< /Length {len(operators)} >>\nstream\n{operators}endstream")
    data, offsets = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        offsets.append(len(data))
        data += f"{number} 0 obj\n{content}\nendobj\n".encode()
    table = "".join(f"{offset:010d} 00000 n \n" for offset in offsets)
    trailer = (
        f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}trailer\n<< /Size {len(objects) + 1} /Root 1 0 R >>\n"
    )
    return data + f"{trailer}startxref\n{len(data)}\n%%EOF\n".encode()


def docx(body: str) -> bytes:
    """A Word file with that XML as its body."""
    import docx

    buffer = io.BytesIO()
    docx.Document().save(buffer)
    result = io.BytesIO()
    namespaces = (
        'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
        'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    )
    with zipfile.ZipFile(buffer) as old, zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            data = old.read(name)
            if name == "word/document.xml":
                data = f"<w:document {namespaces}><w:body>{body}</w:body></w:document>".encode()
            new.writestr(name, data)
    return result.getvalue()


def paragraph(text: str) -> str:
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


def row(*cells: str) -> str:
    return "<w:tr>" + "".join(f"<w:tc>{cell}</w:tc>" for cell in cells) + "</w:tr>"


def given(outcome) -> list[tuple[str, str, str]]:
    return [(e.extra["page"], e.extra["kind"], e.text) for e in outcome.examples]


def test_pdf(tmp_path):
    path = written(tmp_path, pdf(["王小明的简历", "Senior engineer"], [], ["第三页"]), "a.pdf")
    outcome = read(path, "documents")
    assert given(outcome) == [("1", "text", "王小明的简历"), ("1", "text", "Senior engineer"), ("3", "text", "第三页")]
    assert [e.extra["paragraph"] for e in outcome.examples] == ["1", "2", "3"]
    assert outcome.noted == ["data.page_without_text"]


DOCX = [
    (paragraph("一") + paragraph("") + paragraph("二"), [("1", "text", "一"), ("1", "text", "二")]),
    (
        paragraph("前") + "<w:tbl>" + row(paragraph("姓名"), paragraph("a") + paragraph("b")) + row(paragraph("")) + "</w:tbl>",
        [("1", "text", "前"), ("1", "table", "姓名\ta b")],
    ),
    (
        "<w:tbl>" + row("<w:tbl>" + row(paragraph("x"), paragraph("y")) + "</w:tbl>" + paragraph("z"), paragraph("w"))
        + "</w:tbl>",
        [("1", "table", "x y z\tw")],
    ),
    (
        paragraph("a") + '<w:p><w:r><w:br w:type="page"/></w:r></w:p>' + paragraph("b")
        + "<w:p><w:r><w:lastRenderedPageBreak/><w:t>c</w:t></w:r></w:p>",
        [("1", "text", "a"), ("2", "text", "b"), ("3", "text", "c")],
    ),
    ("<w:p><w:r><w:t>长</w:t><w:br/><w:t>句</w:t><w:tab/><w:t>x</w:t></w:r></w:p>", [("1", "text", "长句\tx")]),
    ("<w:sdt><w:sdtContent>" + paragraph("in") + "</w:sdtContent></w:sdt>", [("1", "text", "in")]),
    (
        "<w:p><w:hyperlink><w:r><w:t>link </w:t></w:r></w:hyperlink><w:ins><w:r><w:t>new</w:t></w:r></w:ins>"
        "<w:del><w:r><w:delText>old</w:delText></w:r></w:del></w:p>",
        [("1", "text", "link new")],
    ),
    (
        "<w:p><w:r><mc:AlternateContent><mc:Choice><w:txbxContent>" + paragraph("box") + "</w:txbxContent></mc:Choice>"
        "<mc:Fallback><w:txbxContent>" + paragraph("box") + "</w:txbxContent></mc:Fallback></mc:AlternateContent>"
        "<w:t>around</w:t></w:r></w:p>",
        [("1", "text", "around"), ("1", "text", "box")],
    ),
]  # fmt: skip


@pytest.mark.parametrize(("body", "expected"), DOCX, ids=range(len(DOCX)))
def test_docx(tmp_path, body, expected):
    assert given(read(written(tmp_path, docx(body), "a.docx"), "documents")) == expected


HTML = [
    ("<p>one<p>two <b>bold</b>\n text", ["one", "two bold text"]),
    ("<html><head><title>t</title><body>x<br>y", ["x", "y"]),
    ("<p>x<![foo[ y ]]><![if z]><p>w", ["x", "w"]),
    ("<title>t</title><h1>头</h1><script>if (a < b) p('<p>')</script><style>p{}</style>正文&nbsp;&lt;1&gt;", ["t", "头", "正文\xa0<1>"]),
    ("<table><tr><th>姓名<th>b<tr><td>x<p>y</p></td><td>z</td></tr></table>after", ["姓名\tb", "x y\tz", "after"]),
    ("<table><tr><td>a</td> <td></td><td>b</td></tr></table>", ["a\t\tb"]),
    ("<pre>a  b\nc</pre>", ["a b", "c"]),
    ("<div>a<div>b</div>c</div><!-- no -->d", ["a", "b", "c", "d"]),
    ("plain < text & more", ["plain < text & more"]),
]  # fmt: skip


@pytest.mark.parametrize(("content", "expected"), HTML)
def test_html(tmp_path, content, expected):
    outcome = read(written(tmp_path, content, "a.html"), "documents")
    assert outcome.texts == expected


@pytest.mark.parametrize("said", ["gb2312", "utf-8", "big5", "iso-8859-1"])
def test_html_says_its_encoding(tmp_path, said):
    text = "café" if said.startswith("iso") else "中文網頁" if said == "big5" else "中文网页"
    path = written(tmp_path, f'<meta charset="{said}"><p>{text}'.encode(said), "a.htm")
    assert read(path, "documents").texts == [text]


def test_an_element_that_is_never_closed_is_told(tmp_path):
    outcome = read(written(tmp_path, "<p>a<svg><p>b", "a.html"), "documents")
    assert outcome.texts == ["a"] and outcome.noted == ["data.unclosed_element"]


FAULTS = [
    ("a.pdf", b"%PDF-1.4\nnothing", "data.damaged_document", "cannot be read"),
    ("a.pdf", pdf(["x"])[:300], "data.damaged_document", "cannot be read"),
    ("a.pdf", b"hello", "data.damaged_document", "does not begin as a PDF does"),
    ("a.docx", b"hello", "data.binary_file", "zip archive"),
    ("a.docx", docx("<w:p>")[:], "data.damaged_document", "cannot be read"),
    ("a.html", b"", "data.empty_file", "is empty"),
    ("a.html", b"<p>\n", "data.no_examples", "no example"),
    ("a.doc", b"\xd0\xcf\x11\xe0", "data.unknown_document", "end in `.doc`"),
    ("a.html", zlib.compress(b"x" * 9) + b"\0" * 9, "data.binary_file", "NUL"),
]


@pytest.mark.parametrize(("name", "data", "code", "words"), FAULTS, ids=range(len(FAULTS)))
def test_documents_that_cannot_be_read(tmp_path, name, data, code, words):
    with pytest.raises(DataError) as caught:
        read(written(tmp_path, data, name), "documents")
    assert caught.value.code == code and words in caught.value.message


def test_a_folder_of_documents(tmp_path):
    written(tmp_path, "<p>h", "b.html")
    written(tmp_path, pdf(["pdf text"]), "a.pdf")
    written(tmp_path, "ignored", "c.txt")
    outcome = read(tmp_path, "documents", shortest=2)
    assert outcome.texts == ["pdf text"]
    with pytest.raises(DataError, match="no such file"):
        read(tmp_path / "x.pdf", "documents")


@pytest.mark.parametrize(("name", "module"), [("a.pdf", "pdfminer"), ("a.docx", "docx")])
def test_a_missing_package_is_told_with_the_extra(tmp_path, monkeypatch, name, module):
    import sys

    for loaded in [loaded for loaded in sys.modules if loaded.split(".")[0] == module]:
        monkeypatch.setitem(sys.modules, loaded, None)
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(EnvironmentFault) as caught:
        read(written(tmp_path, pdf(["x"]), name), "documents")
    assert "tengjia[documents]" in caught.value.hint


JOINED = [
    ("王小\n明", {}, "王小明"),
    ("one\n two", {}, "one two"),
    ("王\nwas", {}, "王 was"),
    ("engin-\neer", {"hyphens": True}, "engineer"),
    ("engin-\neer", {}, "engin- eer"),
    ("1990-\n1995", {"hyphens": True}, "1990- 1995"),
    ("a\r\nb\rc", {}, "a b c"),
]


@pytest.mark.parametrize(("text", "values", "expected"), JOINED)
def test_lines_are_joined(text, values, expected):
    assert joined(text, **values) == expected


def zipped(**files: bytes) -> bytes:
    result = io.BytesIO()
    with zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return result.getvalue()


DOCUMENTS = {
    "a.pdf": pdf(["林清远任董事长"], ["第二页"]),
    "b.docx": docx(paragraph("云山大学")),
    "c.html": "<p>甲</p><p>乙</p>".encode(),
}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_packed_documents_read_as_plain_ones(tmp_path, name):
    data = DOCUMENTS[name]
    plain = given(read(written(tmp_path, data, name), "documents"))
    assert plain
    packed = written(tmp_path, gzip.compress(data), f"{name}.gz")
    assert given(read(packed, "documents")) == plain
    archive = written(tmp_path, zipped(**{name: data, "readme.md": b"x"}), f"{name}.zip")
    assert given(read(archive / name, "documents")) == plain
    assert given(read(archive, "documents")) == plain


def test_all_documents_of_an_archive_or_of_a_folder_in_one(tmp_path):
    files = {f"in/{name}": data for name, data in DOCUMENTS.items()} | {"in/d.html.gz": gzip.compress(b"<p>d</p>")}
    archive = written(tmp_path, zipped(**files, **{"other/e.html": b"<p>e</p>", "note.txt": b"n"}), "all.zip")
    texts = [example.text for example in read(archive, "documents").examples]
    assert texts == ["林清远任董事长", "第二页", "云山大学", "甲", "乙", "d", "e"]
    assert [example.text for example in read(archive / "in", "documents").examples] == texts[:-1]
    assert read(archive, "documents").examples[0].file.endswith("all.zip/in/a.pdf")


def test_an_archive_without_documents_is_told(tmp_path, monkeypatch):
    archive = written(tmp_path, zipped(**{"note.txt": b"n"}), "all.zip")
    with pytest.raises(DataError) as caught:
        read(archive, "documents")
    assert caught.value.code == "data.no_document" and ".pdf, .docx" in caught.value.message
    monkeypatch.setenv("TENGJIA_LANG", "zh")
    assert "压缩包中没有可转换的文档" in caught.value.message
    for missing in (archive / "in" / "x.pdf", tmp_path / "nowhere.pdf"):
        with pytest.raises(DataError) as caught:
            read(missing, "documents")
        assert caught.value.code in {"data.missing_member", "data.missing_file"}


def test_a_damaged_gzip_of_a_document_is_told(tmp_path):
    packed = written(tmp_path, gzip.compress(DOCUMENTS["a.pdf"])[:-20], "a.pdf.gz")
    with pytest.raises(DataError) as caught:
        read(packed, "documents")
    assert caught.value.code == "data.damaged_archive"
