"""Tables that line up whatever the script."""

from __future__ import annotations

import io

import pytest

from tengjia.reports.terminal import is_coloured, padded, printable, shortened, table, width


@pytest.mark.parametrize(
    ("text", "columns"),
    [("", 0), ("abc", 3), ("林清远", 6), ("ＡＢ", 4), ("é", 1), ("e\u0301", 1), ("a\u200bb", 2), ("🚀", 2), ("·", 1)],
)
def test_width(text: str, columns: int) -> None:
    assert width(text) == columns


def test_tables_line_up() -> None:
    text = table(["type", "F1"], [["NAME", "0.93"], ["职务", "0.8"], ["all", "1"]], rules=[2])
    assert text.splitlines() == [
        "type    F1",
        "──────────",
        "NAME  0.93",
        "职务   0.8",
        "──────────",
        "all      1",
    ]
    assert {width(line) for line in text.splitlines()} == {10}


def test_shortened_never_exceeds_its_room() -> None:
    for room in range(1, 12):
        assert width(shortened("林清远abc，男", room)) <= room
    assert shortened("林清远", 6) == "林清远"
    assert shortened("林清远", 5) == "林清…"
    assert padded("林", 4, ">") == "  林"


def test_no_text_steers_the_terminal() -> None:
    assert printable("a\x1b[31mb\r\n\x00\x9b\t") == "a␛[31mb␍␊␀�\t"


def test_colours_only_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    assert is_coloured(Terminal())
    assert not is_coloured(io.StringIO())
    monkeypatch.setenv("NO_COLOR", "1")
    assert not is_coloured(Terminal())
