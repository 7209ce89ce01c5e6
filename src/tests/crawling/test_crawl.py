"""Crawls of a site on this machine, from the first page to the output."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from pathlib import Path

import pytest

from src.tests.crawling.project import Project, job
from src.tests.crawling.site import Reply, Site, gzipped, html, served

pytestmark = pytest.mark.slow


@pytest.fixture
def site() -> Iterator[Site]:
    with served() as site:
        yield site


@pytest.fixture
def project(tmp_path: Path, site: Site) -> Project:
    return Project(tmp_path, site)


def test_pagination_and_items(project: Project, site: Site):
    site.pages = {
        "/": html("Jobs", "", "/list?page=1"),
        "/list?page=1": html("One", "", "/jobs/1", "/jobs/2", "/list?page=2", "/other", "mailto:x@y"),
        "/list?page=2": html("Two", "", "/jobs/3", "/jobs/1#more", "/list?page=1&utm_source=x"),
        **{f"/jobs/{number}": job(number, "/list?page=1") for number in (1, 2, 3)},
    }
    result = project.crawl()
    assert site.count() == {path: 1 for path in site.pages}
    assert (result["items"], result["pages"], result["left"], result["asked"]) == (3, 6, 0, 6)
    items = sorted(project.items(), key=lambda item: item["url"])
    assert [item["title"] for item in items] == ["Engineer 1", "Engineer 2", "Engineer 3"]
    assert items[0] == {
        "url": f"{site.url}/jobs/1",
        "kind": "job",
        "title": "Engineer 1",
        "text": items[0]["text"],
        "fields": {"company": "Company 1"},
    }
    assert "likes gardens" in items[0]["text"] and "Menu" not in items[0]["text"]
    again = project.crawl()
    assert (again["items"], again["asked"]) == (3, 6) and sum(site.count().values()) == 6


@pytest.mark.slow
def test_redirects(project: Project, site: Site):
    site.pages = {
        "/": html(
            "Start", "", "/list", "/page/loop", "/page/out", "/page/chain/0", "/page/self", "/page/meta", "/page/x"
        ),
        "/list": Reply(status=301, headers={"Location": "/list2"}),
        "/list2": html("List", "", "/jobs/1"),
        "/jobs/1": job(1),
        "/page/loop": Reply(status=302, headers={"Location": "/page/loop2"}),
        "/page/loop2": Reply(status=302, headers={"Location": "/page/loop"}),
        "/page/out": Reply(status=302, headers={"Location": "http://192.0.2.1/"}),
        "/page/self": Reply(status=302, headers={"Location": "/page/self?utm_source=a"}),
        "/page/meta": '<html><head><meta http-equiv="refresh" content="0; url=/jobs/2"></head><body>x</body></html>',
        "/jobs/2": job(2),
        "/page/x": Reply(status=302, headers={"Location": "javascript:alert(1)"}),
    }

    def chain(path: str) -> Reply | None:
        number = path.removeprefix("/page/chain/")
        return Reply(status=302, headers={"Location": f"/page/chain/{int(number) + 1}"}) if number.isdecimal() else None

    site.default = chain
    result = project.crawl()
    pages = project.pages()
    assert max(site.count().values()) == 1
    assert pages["/list"] == ("redirect", f"{site.url}/list2") and pages["/page/meta"][0] == "redirect"
    assert pages["/page/out"] == ("blocked", "redirect: outside")
    assert pages["/page/self"] == ("broken", "redirects without end")
    assert pages["/page/x"] == ("broken", "redirect to no address")
    assert pages["/page/loop"][0] == pages["/page/loop2"][0] == "redirect"
    assert pages["/page/chain/10"] == ("broken", "redirects without end") and "/page/chain/11" not in pages
    assert sorted(item["url"] for item in project.items()) == [f"{site.url}/jobs/1", f"{site.url}/jobs/2"]
    assert result["left"] == 0


@pytest.mark.slow
def test_robots(project: Project, site: Site):
    site.pages = {
        "/robots.txt": Reply("User-agent: *\nDisallow: /jobs/2\nDisallow: /page\nAllow: /page/open\n"),
        "/": html(
            "Start", '<p><a rel="nofollow" href="/jobs/4">no</a></p>', "/jobs/1", "/jobs/2", "/page/1", "/page/open"
        ),
        "/jobs/1": job(1),
        "/page/open": '<html><head><meta name="ROBOTS" content="NoFollow"></head><body><a href="/jobs/5">x</a></body></html>',
        "/jobs/5": job(5),
    }
    result = project.crawl()
    assert site.asked[0] == "/robots.txt" and site.asked.count("/robots.txt") == 1
    assert set(site.count()) == {"/", "/jobs/1", "/page/open"}
    assert project.pages()["/jobs/2"] == project.pages()["/page/1"] == ("blocked", "robots.txt")
    assert result["blocked"] == 2 and result["blocked_reasons"] == {"robots.txt": 2}
    assert site.headers["/jobs/1"]["User-Agent"] == "Test/1.0 (+mailto:test@example.org)"


@pytest.mark.slow
@pytest.mark.parametrize("status", [503])
def test_robots_that_cannot_be_had_forbid_everything(project: Project, site: Site, status: int):
    from tengjia.errors import DataError

    site.pages = {"/robots.txt": Reply("", status), "/": job(1)}
    with pytest.raises(DataError) as caught:
        project.crawl()
    assert caught.value.code == "crawling.nothing_read" and "robots.txt cannot be had (1)" in caught.value.message
    assert set(site.asked) == {"/robots.txt"}
    site.pages["/robots.txt"] = Reply("", 404)
    assert project.crawl()["pages"] == 1, "the start pages are asked for once more"


@pytest.mark.slow
def test_login_walls(project: Project, site: Site):
    form = '<form action="/login"><input type="PassWord" name="p"></form>'
    site.pages = {
        "/": html("Start", "", "/jobs/1", "/jobs/2", "/jobs/3", "/page/401", "/page/403", "/jobs/4"),
        "/jobs/1": Reply(status=302, headers={"Location": "/login?next=/jobs/1"}),
        "/jobs/2": Reply(status=302, headers={"Location": "/account/signin?next=/jobs/2"}),
        "/jobs/3": html("Please log in", form),
        "/page/401": Reply("no", 401),
        "/page/403": Reply("no", 403),
        "/jobs/4": job(4),
    }
    result = project.crawl()
    pages = project.pages()
    assert {pages[f"/jobs/{number}"] for number in (1, 2, 3)} == {("blocked", "login")}
    assert pages["/page/401"] == ("blocked", "http 401") and pages["/page/403"] == ("blocked", "http 403")
    assert result["items"] == 1 and result["blocked"] == 5
    assert not any("login" in path for path in site.asked)


@pytest.mark.slow
def test_a_host_that_blocks_is_left_alone(project: Project, site: Site):
    site.pages = {"/": html("Start", "", *(f"/jobs/{number}" for number in range(9)))}
    site.default = lambda path: Reply("no", 403) if path.startswith("/jobs") else None
    result = project.crawl(max_blocked=3)
    assert (result["blocked"], result["left"], result["given_up"]) == (3, 6, [f"127.0.0.1:{site.port}"])
    site.default = lambda path: job(path) if path.startswith("/jobs") else None
    result = project.crawl(max_blocked=3)
    assert (result["items"], result["blocked"], result["left"]) == (6, 3, 0)
    assert project.crawl(resume="failed")["items"] == 9


@pytest.mark.slow
def test_broken_pages(project: Project, site: Site):
    attempts = {"/jobs/late": 0}

    def late(_: object) -> Reply:
        attempts["/jobs/late"] += 1
        return Reply(job("late")) if attempts["/jobs/late"] > 1 else Reply("", 503)

    bomb = gzipped(b"<p>" + b"0" * 3_000_000)
    site.pages = {
        "/": html(
            "Start",
            "",
            *(f"/jobs/{n}" for n in ("404", "500", "late", "bomb", "big", "pdf", "drip", "empty", "cut", "gz")),
        ),
        "/jobs/500": Reply("", 500),
        "/jobs/late": late,
        "/jobs/bomb": bomb,
        "/jobs/big": "<p>" + "0" * 3_000_000,
        "/jobs/pdf": Reply(b"%PDF-1.7\x00\x01\x02", headers={"Content-Type": "application/pdf"}),
        "/jobs/drip": Reply("<p>", drip=0.05),
        "/jobs/empty": "",
        "/jobs/cut": Reply(gzip.compress(job("cut").encode())[:-20], headers={"Content-Encoding": "gzip"}),
        "/jobs/gz": gzipped(job("gz").encode()),
    }
    items = {"job": {"pattern": r"/jobs/\w+"}}
    result = project.crawl(items=items, max_bytes=1_000_000, timeout=1.0, concurrency=4)
    pages = project.pages()
    assert pages["/jobs/404"] == ("broken", "http 404") and pages["/jobs/500"] == ("broken", "http 500")
    assert site.count()["/jobs/500"] == 2 and site.count()["/jobs/404"] == 1
    assert pages["/jobs/late"] == ("item", "") and pages["/jobs/gz"] == ("item", "")
    assert pages["/jobs/bomb"] == pages["/jobs/big"] == ("broken", "too large")
    assert pages["/jobs/pdf"] == ("broken", "no text: application/pdf")
    assert pages["/jobs/drip"] == ("broken", "timeout") and pages["/jobs/empty"][0] == "broken"
    assert result["left"] == 0 and result["asked"] == len(site.pages) + 1


BAD = {
    "nul": b"<html><body><p class=company>A\x00B</p><p>" + b"words \xff\xfe here " * 20,
    "deep": b"<div>" * 20_000 + b"<p class=company>deep</p>" + b"words are here " * 9,
    "unclosed": b"<html><p class=company>C<b><i><table><tr><td>" + b"words are here " * 20,
    "no_markup": b"only words, but many of them; " * 20,
    "entities": b"<p class=company>&#xD800;&#0;&nosuch;&#x110000;</p><p>" + b"words are here " * 20,
    "comment": b"<p class=company>D</p><p>words are here and there </p><!-- never closed " + b"x" * 1000,
    "xml": b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x "xx"><!ENTITY y "&x;&x;">]><p class="company">&y;</p>',
    "attributes": b"<p " + b" ".join(b"a%d=1" % n for n in range(20_000)) + b" class=company>E</p>",
}


@pytest.mark.slow
def test_bad_html_is_read_or_recorded(project: Project, site: Site):
    site.pages = {"/": html("Start", "", *(f"/jobs/0{name}" for name in BAD))}
    site.pages |= {f"/jobs/0{name}": Reply(body, headers={"Content-Type": "text/html"}) for name, body in BAD.items()}
    result = project.crawl()
    assert result["left"] == 0 and max(site.count().values()) == 1
    assert {outcome for outcome, _ in project.pages().values()} <= {"item", "page", "broken", "duplicate"}
    kept = {item["url"].rpartition("/0")[2]: item for item in project.items()}
    assert {"nul", "unclosed", "comment", "entities"} <= set(kept)
    for item in kept.values():
        item["text"].encode("utf-8")
        assert "\x00" not in item["text"]
