"""Addresses, selectors, cleaning, pages: tables of cases."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from parsel import Selector

from src.tests.crawling.site import html
from tengjia.crawling.addresses import BadAddress, canonical, host_and_port, is_private, joined, named
from tengjia.crawling.cleaning import cleaned, cleaned_line
from tengjia.crawling.reading import Unusable, read_page, refreshed_to
from tengjia.crawling.rules import Rules
from tengjia.crawling.section import Crawl
from tengjia.crawling.selectors import read_pairs, read_selector

BASE = "http://a.org/x/y?z=1"
DOCS = Path(__file__).parents[3] / "docs"


@pytest.mark.parametrize(
    ("link", "url"),
    [
        ("", BASE),
        ("#top", BASE),
        ("b", "http://a.org/x/b"),
        ("/b?q=1#f", "http://a.org/b?q=1"),
        ("//B.org", "http://b.org/"),
        ("HTTPS://A.org:443/b", "https://a.org/b"),
        ("http://a.org:80/b", "http://a.org/b"),
        ("http://a.org:8000/b", "http://a.org:8000/b"),
        ("../../../b", "http://a.org/b"),
        (" /b c ", "http://a.org/b%20c"),
        ("/职位?城市=北京", "http://a.org/%E8%81%8C%E4%BD%8D?%E5%9F%8E%E5%B8%82=%E5%8C%97%E4%BA%AC"),
        ("/%E8%81%8C", "http://a.org/%E8%81%8C"),
        ("http://例子.org/", "http://xn--fsqu00a.org/"),
        ("http://[::1]:80/", "http://[::1]/"),
    ],
)
def test_joined(link: str, url: str):
    assert joined(BASE, link) == url


@pytest.mark.parametrize(
    "link",
    [
        *("mailto:a@b", "javascript:void(0)", "ftp://a.org/", "file:///etc/passwd", "data:text/html,x", "tel:1"),
        *("http://u:p@a.org/", "http://a.org:99999/", "http://a.org:x/", "http://[::1/", "/" + "a" * 3000),
    ],
)
def test_no_address_of_a_page(link: str):
    with pytest.raises(BadAddress):
        joined(BASE, link)


@given(st.text(max_size=60))
def test_joined_gives_an_address_or_says_no(link: str):
    try:
        url = joined(BASE, link)
    except BadAddress:
        return
    assert url.startswith(("http://", "https://")) and url.isascii() and url.isprintable() and " " not in url
    assert joined(BASE, url) == url and canonical(canonical(url)) == canonical(url)


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ("http://a/?b=1&a=2", "http://a/?a=2&b=1", True),
        ("http://a/?utm_source=x", "http://a/", True),
        ("http://a/?UTM_Source=x&p=1", "http://a/?p=1", True),
        ("http://a/?sid=1", "http://a/?sid=2", True),
        ("http://a/?side=1", "http://a/?side=2", False),
        ("http://a/?p=", "http://a/?p=1", False),
        ("http://a/x", "http://a/X", False),
        ("http://a/?p=1&p=2", "http://a/?p=2", False),
    ],
)
def test_canonical(first: str, second: str, same: bool):
    ignored = ("utm_*", "sid")
    assert (canonical(first, ignored) == canonical(second, ignored)) is same


@pytest.mark.parametrize(
    ("address", "private"),
    [
        *((one, True) for one in ("127.0.0.1", "10.1.2.3", "192.168.0.1", "172.16.0.1", "169.254.169.254", "0.0.0.0")),
        *(
            (one, True)
            for one in ("100.64.0.1", "224.0.0.1", "::1", "fe80::1", "fc00::1", "::ffff:127.0.0.1", "255.255.255.255")
        ),
        *((one, False) for one in ("93.184.216.34", "2606:2800:220:1::1", "example.org", "::ffff:93.184.216.34")),
    ],
)
def test_private(address: str, private: bool):
    assert is_private(address) is private


@pytest.mark.parametrize(
    ("url", "hosts", "found"),
    [
        ("http://a.org/", ["a.org"], True),
        ("http://b.a.org/", ["a.org"], True),
        ("http://ba.org/", ["a.org"], False),
        ("http://a.org.evil/", ["a.org"], False),
        ("http://a.org:81/", ["a.org:80"], False),
        ("http://a.org/", ["a.org:80"], True),
        ("https://a.org/", ["a.org:80"], False),
        ("http://1.127.0.0.1/", ["127.0.0.1"], False),
        ("http://[::1]:8000/", ["[::1]:8000"], True),
        ("http://A.ORG/", ["A.org"], True),
    ],
)
def test_named(url: str, hosts: list[str], found: bool):
    assert named(url, hosts, subdomains=True) is found


@pytest.mark.parametrize("host", ["", "http://a", "a/b", "a:x", "a:99999", "u@a", "a b", "a?b", "*"])
def test_no_host(host: str):
    with pytest.raises(BadAddress):
        host_and_port(host)


DATA: dict[str, Any] = {"job": {"title": "工程师", "pay": 12, "open": True, "none": None, "tags": ["a", "b", 3]}}
PAGE = html(
    "标题",
    '<p class="a">one <b>two</b></p><p class="a">three</p><a href="/x">link</a>'
    f'<script id="d" type="application/json">{json.dumps(DATA)}</script><script id="bad">{{"a": </script>'
    "<table><tr><th>城市：</th><td>北京</td></tr><tr><th>空</th><td> </td></tr><tr><td>alone</td></tr></table>",
)


@pytest.mark.parametrize(
    ("selector", "values"),
    [
        ("css:p.a", ["one two", "three"]),
        ("css:p.a::text", ["one ", "three"]),
        ("css:a::attr(href)", ["/x"]),
        ("css:.nosuch", []),
        ("xpath://h1/text()", ["标题"]),
        ("xpath:count(//p)", ["2.0"]),
        ("xpath:string(//h1)", ["标题"]),
        ("json:#d => job.title", ["工程师"]),
        ("json:#d => job.pay", ["12"]),
        ("json:#d => job.open", ["true"]),
        ("json:#d => job.none", []),
        ("json:#d => job", []),
        ("json:#d => job.tags", ["a", "b", "3"]),
        ("json:#d => job.tags.*", ["a", "b", "3"]),
        ("json:#d => job.tags.1", ["b"]),
        ("json:#d => job.tags.9", []),
        ("json:#d => *.title", ["工程师"]),
        ("json:#bad => a", []),
    ],
)
def test_selectors(selector: str, values: list[str]):
    assert read_selector(selector).values(Selector(text=PAGE)) == values


def test_pairs():
    pairs = read_pairs("css:table tr => css:th => css:td")
    assert list(pairs.values(Selector(text=PAGE))) == [("城市：", "北京"), ("空", " ")]
    definitions = "<dl><dt>a</dt><dd>1</dd><dt>b</dt><dd>2</dd></dl>"
    siblings = read_pairs("xpath://dt => xpath:. => xpath:following-sibling::dd[1]")
    assert list(siblings.values(Selector(text=definitions))) == [("a", "1"), ("b", "2")]


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("a\u00a0\u3000b  c", "a b c"),
        (" a \r\n\r\n b\u2028c", "a\nb\nc"),
        ("事实[1]，另一[12-14]。[注 3]", "事实，另一。"),
        ("a[b]c[2026]", "a[b]c[2026]"),
        ("\ufeffa\u200bb\x00c\x1b", "abc"),
        ("\ud800x", "?x"),
        ("", ""),
    ],
)
def test_cleaned(text: str, result: str):
    assert cleaned(text) == result
    assert cleaned(result) == result


@given(st.text(st.characters(), max_size=80))
def test_cleaned_is_one_line_a_line_and_can_be_written(text: str):
    result = cleaned(text)
    result.encode("utf-8")
    assert all(line and line == line.strip() for line in result.split("\n")) or result == ""
    assert "\n" not in cleaned_line(text)


def rules(**values: Any) -> Rules:
    said: dict[str, Any] = {
        "start_urls": ("http://a.org/",),
        "user_agent": "T (t@a.org)",
        "items": {"job": {"pattern": "/jobs/", "fields": {"pay": "css:.pay"}, "pairs": "css:tr => css:th => css:td"}},
        "follow": ("/list",),
        **values,
    }
    return Rules(Crawl.Config(**said))


def test_a_page_gives_its_item_and_its_links():
    body = (
        '<p class="pay">10</p><p class="pay">20</p><table><tr><th>城市：</th><td>北京</td></tr></table>'
        '<a href="/list?b=1&a=2">1</a><a href="/list?a=2&b=1">2</a><a href="http://other.org/list">3</a>'
        '<a href="/jobs/1">self</a><a href="/about">4</a><a rel="NoFollow" href="/list/5">5</a>'
    )
    page = read_page("http://a.org/jobs/1", html("Title", body), rules())
    assert page.item is not None
    assert page.item["fields"] == {"pay": "10", "城市": "北京"} and page.item["title"] == "Title"
    assert [link.url for link in page.links] == ["http://a.org/list?b=1&a=2"]
    assert page.missing == ()


def test_base_and_robots_of_a_page():
    markup = '<html><head><base href="http://a.org/list/"></head><body><a href="2">2</a></body></html>'
    assert [link.url for link in read_page("http://a.org/", markup, rules()).links] == ["http://a.org/list/2"]
    closed = (
        '<html><head><meta name="robots" content="noindex, nofollow"></head><body>x<a href="/list">l</a></body></html>'
    )
    page = read_page("http://a.org/jobs/1", closed, rules())
    assert page.item is None and page.links == []


def test_pages_with_the_same_words_and_other_links_are_not_the_same():
    first, second = (read_page(f"http://a.org/list{n}", html("L", "", f"/jobs/{n}"), rules()) for n in (1, 2))
    assert first.digest != second.digest
    jobs = [read_page(f"http://a.org/jobs/{n}", html("J", "<p>the same words here</p>"), rules()) for n in (1, 2)]
    assert jobs[0].digest == jobs[1].digest


@pytest.mark.parametrize(
    ("markup", "outcome"),
    [
        ("", "broken"),
        ("<html></html>", "broken"),
        ("<html><body><script>only()</script></body></html>", "broken"),
        ('<form><input type="password"></form><p>please log in to see this page</p>', "blocked"),
    ],
)
def test_pages_that_give_nothing(markup: str, outcome: str):
    with pytest.raises(Unusable) as caught:
        read_page("http://a.org/jobs/1", markup, rules())
    assert caught.value.outcome == outcome


@given(st.text(st.sampled_from("<>/=\"'&;#x! -apbdiv\x00\ud800职"), max_size=200))
def test_no_markup_breaks_the_reading(markup: str):
    try:
        page = read_page("http://a.org/jobs/1", markup, rules())
    except Unusable:
        return
    json.dumps(page.item, ensure_ascii=False).encode("utf-8")


@pytest.mark.parametrize(
    ("markup", "target"),
    [
        ('<meta http-equiv="refresh" content="0; url=/b">', "http://a.org/b"),
        ('<meta http-equiv="refresh" content="600; url=/b">', None),
        ('<meta http-equiv="refresh" content="0; url=http://a.org/a">', None),
        ('<meta http-equiv="refresh" content="5">', None),
        ("<p>refresh</p>", None),
    ],
)
def test_refresh(markup: str, target: str | None):
    assert refreshed_to(markup, "http://a.org/a") == target


@pytest.mark.parametrize("document", ["crawling.md", "crawling.zh-CN.md"])
def test_every_key_is_in_the_documents(document: str):
    import re

    from tengjia.command.sections import section_schema

    words = set(re.findall(r"\w+", " ".join(re.findall(r"`([^`\n]+)`", (DOCS / document).read_text("utf-8")))))
    assert set(section_schema(DOCS, "tengjia.crawling.section:Crawl").parameters) <= words


def test_the_sample_site_is_what_its_generator_writes(tmp_path: Path):
    from examples.job_site.generate import FOLDER, generate

    generate(tmp_path)
    made = {file.relative_to(tmp_path): file.read_bytes() for file in tmp_path.rglob("*.*")}
    kept = {file.relative_to(FOLDER): file.read_bytes() for file in FOLDER.rglob("*.*") if file.name != "README.md"}
    assert made == kept and len(made) == 65
