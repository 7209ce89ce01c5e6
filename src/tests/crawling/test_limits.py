"""Spaces without end, slow sites, secrets, private addresses, full disks: told, bounded, never a loop."""

from __future__ import annotations

import contextlib
import json
import multiprocessing
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from src.tests.crawling.project import Project, job
from src.tests.crawling.site import Reply, Site, html, path_of, served
from tengjia.crawling.folder import CrawlFolder
from tengjia.crawling.frontier import MOST_DEATHS, Answer, Frontier
from tengjia.crawling.reading import Link
from tengjia.crawling.section import Crawl
from tengjia.crawling.stage import as_config
from tengjia.errors import ConfigurationError, DataError, EnvironmentFault

pytestmark = pytest.mark.slow


@pytest.fixture
def site() -> Iterator[Site]:
    with served() as site:
        yield site


@pytest.fixture
def project(tmp_path: Path, site: Site) -> Project:
    return Project(tmp_path, site)


def calendar(site: Site) -> None:
    """A month links to the next, for ever; each session has pages of its own."""
    site.pages = {"/": html("Start", "", "/page/1", "/jobs/1")}

    def month(path: str) -> str | None:
        if path.startswith("/jobs/1"):
            return job(1, f"/jobs/1{len(site.asked)}")  # one post under ever new addresses
        number = path.rpartition("/")[2]
        return html(f"Month {number}", "", f"/page/{int(number) + 1}") if number.isdecimal() else None

    site.default = month


def test_depth(project: Project, site: Site):
    calendar(site)
    result = project.crawl(max_depth=5)
    assert result["links_too_deep"] == 1 and result["left"] == 0
    assert [path for path in site.count() if path.startswith("/page")] == [f"/page/{n}" for n in range(1, 6)]
    assert result["items"] == 1, "one post under two addresses"
    assert result["duplicates"] <= 1


def test_pages_of_a_pattern_and_pages_in_all(project: Project, site: Site):
    calendar(site)
    result = project.crawl(max_per_pattern=4)
    assert result["links_over_pattern"] >= 1 and result["left"] == 0
    assert len([path for path in site.count() if path.startswith("/page")]) == 4
    more = project.crawl(resume="never", max_pages=7, concurrency=4)
    assert (more["asked"], more["limit"]) == (7, "max_pages") and more["left"] > 0
    again = project.crawl(max_pages=9)
    assert again["asked"] == 9


def test_seconds(project: Project, site: Site):
    calendar(site)
    site.slow = 0.1
    result = project.crawl(max_seconds=1.0)
    assert result["limit"] == "max_seconds" and result["left"] >= 1
    assert project.crawl(max_seconds=1.0)["asked"] > result["asked"]
    assert max(site.count().values()) == 1


@pytest.mark.parametrize("delays", [{"delay": 0.3}, {"delay": 0.0}])
def test_delays(project: Project, site: Site, delays: dict[str, float]):
    """Of the config, or of robots.txt."""
    robots = "User-agent: *\nCrawl-delay: 0.4\n" if not delays["delay"] else ""
    site.pages = {"/robots.txt": Reply(robots), "/": html("Start", "", "/jobs/1", "/jobs/2")}
    site.default = lambda path: job(path)
    project.crawl(concurrency=4, **delays)
    gaps = [after - before for before, after in zip(site.times[1:], site.times[2:])]
    assert len(gaps) == 2 and min(gaps) > 0.14


def test_requests_under_way(project: Project, site: Site):
    site.slow = 0.2
    site.pages = {"/": html("Start", "", *(f"/jobs/{n}" for n in range(6)))}
    site.default = lambda path: job(path) if path.startswith("/jobs") else None
    project.crawl(concurrency=2)
    starts = site.times[2:]
    assert all(starts[n + 2] - starts[n] > 0.15 for n in range(4))


def test_retry_after(project: Project, site: Site):
    answers = [Reply("", 503, {"Retry-After": "1"}), Reply(job(1))]
    site.pages = {"/": html("Start", "", "/jobs/1"), "/jobs/1": lambda _: answers.pop(0)}
    result = project.crawl()
    assert result["items"] == 1 and site.times[-1] - site.times[-2] >= 0.9


def test_private_addresses(project: Project, site: Site, tmp_path: Path):
    """A name that leads to this machine is refused, however it got among the allowed."""
    project.site.pages = {"/": job(1)}
    start = f"http://localhost:{site.port}/"
    with pytest.raises(DataError) as caught:
        project.crawl(start_urls=[start], private_hosts=[])
    assert "private address (1)" in caught.value.message and site.asked == []
    assert project.crawl(start_urls=[start], private_hosts=["localhost"])["pages"] == 1


def test_redirects_to_private_addresses(project: Project, site: Site):
    with served() as other:
        other.default = lambda path: job(path)
        targets = {
            "/page/1": f"http://127.0.0.1:{other.port}/jobs/1",
            "/page/2": "http://169.254.169.254/jobs/1",
            "/page/3": "http://[::1]/jobs/1",
            "/page/4": "file:///etc/passwd",
            "/page/5": f"http://localhost:{other.port}/jobs/1",
        }
        site.pages = {"/": html("Start", "", *targets, *targets.values())}
        site.pages |= {path: Reply(status=302, headers={"Location": target}) for path, target in targets.items()}
        project.crawl(
            private_hosts=[f"127.0.0.1:{site.port}"], follow=["."], allowed_domains=[f"127.0.0.1:{site.port}"]
        )
        assert other.asked == []
    pages = project.pages()
    assert [pages[f"/page/{n}"] for n in (1, 2, 3, 5)] == [("blocked", "redirect: outside")] * 4
    assert pages["/page/4"] == ("broken", "redirect to no address")


def test_secrets_go_to_the_start_pages_alone(project: Project, site: Site):
    with served() as other:
        other.default = lambda path: job(path)
        site.pages = {"/": html("Start", "", f"{other.url}/jobs/2", "/jobs/1"), "/jobs/1": job(1)}
        project.crawl(
            cookie="session=QQQQ",
            authorization="Bearer ZZZZ",
            allowed_domains=["127.0.0.1"],
            follow=[],
            user_agent="A (a@b.c)",
        )
        assert site.headers["/jobs/1"]["Cookie"] == "session=QQQQ"
        assert site.headers["/jobs/1"]["Authorization"] == "Bearer ZZZZ"
        assert set(other.headers) == {"/robots.txt", "/jobs/2"}
        assert all({"Cookie", "Authorization"}.isdisjoint(headers) for headers in other.headers.values())
    kept = b"".join(file.read_bytes() for file in project.folder.iterdir())
    assert b"QQQQ" not in kept and b"ZZZZ" not in kept


def test_several_hosts(project: Project, site: Site):
    with served() as other:
        for one, url in ((site, other.url), (other, site.url)):
            one.pages = {"/": html("Start", "", *(f"/jobs/{n}" for n in range(5)), f"{url}/jobs/7")}
            one.default = lambda path, url=url: job(path, company=url) if path.startswith("/jobs") else None
        result = project.crawl(start_urls=[site.url + "/", other.url + "/"])
        assert result["items"] == 12 and max((site.count() + other.count()).values()) == 2


def test_nothing_answers(project: Project, site: Site):
    with pytest.raises(DataError) as caught:
        project.crawl(start_urls=["http://127.0.0.1:9/"], retries=0)
    assert caught.value.code == "crawling.nothing_read" and caught.value.exit_code == 3


def begun(project: Project, **values: object) -> tuple[CrawlFolder, Crawl.Config]:
    """A crawl whose start page is answered with an item; no worker is needed for that."""
    wanted = as_config(project.settings(**values).crawl)
    folder = CrawlFolder(project.folder)
    folder.take_up(wanted)
    with contextlib.closing(Frontier(project.folder, max_depth=9, max_per_pattern=99)) as frontier:
        (host,) = frontier.hosts()
        request = frontier.next_of(host, 0)
        assert request is not None
        links = [Link(project.site.url + path, project.site.url + path, "/") for path in ("/jobs/1", "/jobs/2")]
        frontier.write_down(request, Answer("item", item={"url": "x"}, links=links))
    return folder, wanted


@pytest.mark.parametrize("damage", ["frontier_damaged", "frontier_version", "items_shorter", "foreign_items"])
def test_damaged_folders(project: Project, damage: str):
    folder, wanted = begun(project)
    if damage == "frontier_damaged":
        folder.frontier.write_bytes(b"no database at all, but of some length" * 100)
    elif damage == "frontier_version":
        with contextlib.closing(sqlite3.connect(folder.frontier)) as database, database:
            database.execute("UPDATE notes SET value = '99' WHERE name = 'format'")
    elif damage == "items_shorter":
        folder.items.write_bytes(b"")
    else:
        folder.frontier.unlink()
    before = folder.items.read_bytes()
    with pytest.raises(DataError) as caught:
        folder.take_up(wanted)
    assert caught.value.code == f"crawling.{damage}" and caught.value.hint
    assert folder.items.read_bytes() == before
    folder.take_up(replace(wanted, resume="never"))
    assert folder.items.read_bytes() == b"" and folder.summed_up(wanted).counts == {"left": 1, "asked": 0}


def test_another_config_for_the_same_folder(project: Project):
    folder, wanted = begun(project)
    with pytest.raises(ConfigurationError) as caught:
        folder.take_up(replace(wanted, follow=("/other",), deny=("/x",)))
    assert [p.key for p in caught.value.problems] == ["crawl.follow", "crawl.deny"]
    folder.take_up(replace(wanted, max_depth=3, delay=2.0, concurrency=2))
    assert folder.summed_up(wanted).counts == {"item": 1, "left": 2, "asked": 1}
    folder.take_up(replace(wanted, follow=("/other",), resume="never"))
    assert folder.summed_up(wanted).counts == {"left": 1, "asked": 0}


def test_a_page_over_which_the_worker_dies(project: Project):
    """It is asked for twice, then recorded; the others are not lost."""
    folder, wanted = begun(project)
    for death in range(MOST_DEATHS):
        with contextlib.closing(Frontier(project.folder, max_depth=9, max_per_pattern=9)) as frontier:
            request = frontier.next_of(frontier.hosts()[0], 0)
            assert request is not None and path_of(request.url) == "/jobs/1"
            frontier.reading(request)
        folder.blame(wanted)
        folder.take_up(wanted)
        assert folder.summed_up(wanted).counts["left"] == 2 - (death + 1 == MOST_DEATHS)
    assert project.pages()["/jobs/1"] == ("broken", "the worker died over it")
    assert project.pages()["/jobs/2"] == ("left", "")


FULL = """
import json, resource, sys
from pathlib import Path
from src.tests.crawling.project import Project
from src.tests.crawling.site import Site
if __name__ == "__main__":
    site = Site(); site.port = int(sys.argv[1])
    project = Project(Path(sys.argv[2]), site)
    if sys.argv[3] != "0":
        resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[3]),) * 2)
    from tengjia.errors import TengjiaError
    try:
        print(json.dumps(project.crawl()))
    except TengjiaError as error:
        print(error.code); raise SystemExit(error.exit_code)
"""


def test_a_full_disk(project: Project, site: Site, tmp_path: Path):
    """Files may not grow beyond some size: it is told, and with room the same command goes on."""
    site.pages = {"/": html("Start", "", *(f"/jobs/{n}" for n in range(80)))}
    site.pages |= {f"/jobs/{n}": job(n) for n in range(80)}
    script = tmp_path / "full.py"
    script.write_text(FULL, "utf-8")

    def run(limit: int) -> subprocess.CompletedProcess[str]:
        words = [sys.executable, str(script), str(site.port), str(tmp_path / "full"), str(limit)]
        root = Path(__file__).parents[3]
        variables = {**os.environ, "PYTHONPATH": f"{root}{os.pathsep}{root / 'src'}"}
        return subprocess.run(words, capture_output=True, text=True, timeout=120, env=variables)

    done = run(200_000)
    assert done.returncode == EnvironmentFault.exit_code and "crawling.not_written" in done.stdout, done.stderr
    done = run(0)
    assert done.returncode == 0 and json.loads(done.stdout)["items"] == 80, done.stderr
    lines = (tmp_path / "full/data/crawled/items.jsonl").read_text("utf-8").splitlines()
    assert len({json.loads(line)["url"] for line in lines}) == len(lines) == 80


def test_a_worker_that_is_killed_is_told(project: Project, site: Site):
    def kill(_: object) -> Reply:
        (worker,) = multiprocessing.active_children()
        assert worker.pid is not None
        os.kill(worker.pid, signal.SIGKILL)
        return Reply("")

    site.pages = {"/": html("Start", "", "/jobs/1"), "/jobs/1": kill}
    with pytest.raises(EnvironmentFault) as caught:
        project.crawl()
    assert caught.value.code == "crawling.worker_died" and "-9" in caught.value.message
    site.pages["/jobs/1"] = job(1)
    assert project.crawl()["items"] == 1 and site.count()["/"] == 1


def test_serving(project: Project, site: Site):
    folder = project.root / "data" / "site"
    with pytest.raises(ConfigurationError) as caught:
        project.crawl(serve="site")
    assert caught.value.code == "crawling.no_site"
    folder.mkdir(parents=True)
    with pytest.raises(EnvironmentFault) as fault:
        project.crawl(serve="site")
    assert fault.value.code == "crawling.port_in_use"
    with pytest.raises(ConfigurationError) as caught:
        project.crawl(serve="site", start_urls=["http://example.org/"])
    assert caught.value.code == "crawling.serve_elsewhere"


def test_what_makes_no_sense_is_told_without_the_command_too(project: Project, site: Site):
    with pytest.raises(ConfigurationError) as caught:
        project.crawl(private_hosts=[], follow=["("], items={"job": {"patern": "x"}})
    codes = {problem.code.partition(".")[2] for problem in caught.value.problems}
    assert codes == {"private_start", "bad_pattern", "unknown_key", "no_pattern"} and site.asked == []


def test_a_host_that_was_allowed_before_is_not_entered(project: Project, site: Site):
    site.pages = {"/": html("Start", "", "/jobs/1"), "/jobs/1": job(1)}
    start = f"http://localhost:{site.port}/"
    project.crawl(start_urls=[start], private_hosts=["localhost"], max_pages=1)
    result = project.crawl(start_urls=[start], private_hosts=[])
    assert result["blocked_reasons"] == {"private address": 1} and "/jobs/1" not in site.asked
