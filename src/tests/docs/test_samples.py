"""The small samples of corpus formats in the documents are what they are said to be: their reader reads them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tengjia.data.example import Span
from tengjia.data.rejects import CollectedRejects
from tengjia.registry import readers

DOCS = Path(__file__).parents[3] / "docs"
SAMPLE = re.compile(r"^<!-- docs: sample (?P<options>.*?) -->\n```\w+\n(?P<body>.*?)^```$", re.M | re.S)
EMPTY = {"null": None}


def samples(document: Path) -> list[tuple[dict[str, str | None], dict[str, str]]]:
    """Options of a reader, and the files that belong together (name -> content), in the order of the document."""
    found: list[tuple[dict[str, str | None], dict[str, str]]] = []
    for match in SAMPLE.finditer(document.read_text("utf-8")):
        options = {key: EMPTY.get(value, value) for key, value in (one.split("=") for one in match["options"].split())}
        file = str(options.pop("file"))
        if "reader" in options:
            found.append((options, {}))
        found[-1][1][file] = match["body"]
    return found


@pytest.mark.parametrize("document", ["data.md", "data.zh-CN.md"])
def test_readers_read_the_samples(document: str, tmp_path: Path):
    found = samples(DOCS / document)
    assert len(found) >= 8
    for number, (options, files) in enumerate(found):
        folder = tmp_path / str(number)
        folder.mkdir()
        for name, content in files.items():
            (folder / name).write_text(content, "utf-8")
        reader = readers.build({"name": options["reader"], **{k: v for k, v in options.items() if k != "reader"}})
        rejects = CollectedRejects()
        examples = list(reader.read(folder / next(iter(files)), rejects))
        assert [example.text.strip() for example in examples] == ["任静任财务部经理"], options
        assert examples[0].spans == (Span(0, 2, "NAME"), Span(3, 8, "TITLE")), options
        assert [record for record in rejects.records if record.kind == "reject"] == [], options
