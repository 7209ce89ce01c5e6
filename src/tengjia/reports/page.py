"""One self-contained HTML page: no script, no network, every text escaped.

page = Page("Test of run 7", eyebrow="demo_app · ner")
page.add(heading("Scores"), html_table(header, rows))
page.write(path)
"""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from string import Template
from typing import Final

import tengjia
from tengjia.messages import language
from tengjia.reports.words import word
from tengjia.utilities.files import write_text

_STYLE: Final = Path(__file__).with_name("style.css")
# Nothing may be fetched, run, framed or sent from a page that quotes foreign text.
_POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"
_FRAME: Final = Template("""<!doctype html>
<html lang="$language">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="$policy">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>$title</title>
<style>
$style
</style>
</head>
<body>
<header>
<p class="eyebrow">$eyebrow</p>
<h1>$title</h1>
<p class="note">$lead</p>
</header>
<main>
$body
</main>
<footer>$footer</footer>
</body>
</html>
""")


class Markup(str):
    """A piece of HTML that is ready to stand in a page; every other string is escaped first."""

    __slots__ = ()


def markup(value: object) -> Markup:
    """Escape a text; HTML that is ready stays as it is."""
    return value if isinstance(value, Markup) else Markup(html.escape(str(value)))


def joined(parts: Sequence[Markup | str], separator: str = "") -> Markup:
    """Several pieces as one."""
    return Markup(separator.join(markup(part) for part in parts))


def element(name: str, *content: Markup | str, **attributes: object) -> Markup:
    """An element; `class_` and `data_x` are written `class` and `data-x`, attributes of `None` are left out."""
    written = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{html.escape(str(value))}"'
        for key, value in attributes.items()
        if value is not None
    )
    return Markup(f"<{name}{written}>{joined(content)}</{name}>")


def html_table(
    header: Sequence[Markup | str],
    rows: Sequence[Sequence[Markup | str]],
    *,
    totals: Sequence[int] = (),
    class_: str | None = None,
) -> Markup:
    """A table; the rows whose numbers are `totals` stand out. A cell that is a whole `<td>` is taken as it is."""
    head = element("tr", *(element("th", cell, scope="col") for cell in header))
    body = [
        element("tr", *map(_cell, row), class_="total" if number in totals else None) for number, row in enumerate(rows)
    ]
    return element("table", element("thead", head), element("tbody", *body), class_=class_)


def _cell(value: Markup | str) -> Markup:
    return value if isinstance(value, Markup) and value.startswith("<td") else element("td", value)


@dataclass
class Page:
    """A page that is filled from top to bottom."""

    title: str
    eyebrow: str = ""
    """Small line above the title: where we are."""

    lead: str = ""
    """Line under the title."""

    parts: list[Markup] = field(default_factory=list)

    def add(self, *parts: Markup) -> None:
        """Append pieces."""
        self.parts.extend(parts)

    def section(self, title: str, note: str, *parts: Markup) -> None:
        """Append a heading, a sentence that explains what is seen, and pieces in a card."""
        self.add(element("h2", title), element("p", note, class_="note"), element("div", *parts, class_="card"))

    def render(self) -> str:
        """The whole page."""
        return _FRAME.substitute(
            language="zh-CN" if language() == "zh" else "en",
            policy=_POLICY,
            title=markup(self.title),
            eyebrow=markup(self.eyebrow),
            lead=markup(self.lead),
            style=_STYLE.read_text("utf-8"),
            body="\n".join(self.parts),
            footer=markup(word("footer", version=tengjia.__version__)),
        )

    def write(self, path: Path) -> Path:
        """Write the page, wholly or not at all."""
        write_text(path, self.render())
        return path
