"""The frontier against a plain model of it: any answers, any ends."""

from __future__ import annotations

import json
import sqlite3
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tengjia.crawling.frontier import Answer, Frontier, Request
from tengjia.crawling.reading import Link


def link(number: int, host: str = "a.org") -> Link:
    url = f"http://{host}/{number}"
    return Link(url, url, "/")


def opened(folder: Path, **limits: int) -> Frontier:
    return Frontier(folder, **{"max_depth": 9, "max_per_pattern": 1000, **limits})


def first(frontier: Frontier) -> Request | None:
    found = [frontier.next_of(host, 0) for host in sorted(frontier.hosts())]
    return next((request for request in found if request is not None), None)


def lines(folder: Path) -> list[Any]:
    return [json.loads(line) for line in (folder / "items.jsonl").read_bytes().splitlines()]


@settings(max_examples=25)
@given(st.data())
def test_nothing_is_lost_and_nothing_is_kept_twice(data: st.DataObject):
    """Each step answers the first waiting page with some links and maybe an item; some steps fail or end the process."""
    graph = data.draw(st.lists(st.lists(st.integers(0, 14), max_size=5), min_size=15, max_size=15))
    wanted, todo = {0}, [0]
    while todo:
        new = set(graph[todo.pop()]) - wanted
        wanted |= new
        todo += new
    with tempfile.TemporaryDirectory() as name, Crawl(Path(name)) as crawl:
        answered: list[int] = []
        while (request := first(crawl.frontier)) is not None:
            number = int(request.url.rpartition("/")[2])
            item = {"number": number} if number % 2 else None
            links = [link(to) for to in graph[number]]
            what = data.draw(st.sampled_from(["answer", "answer", "fail", "end"]))
            if what == "fail":
                bad: Any = object()
                with pytest.raises(sqlite3.Error):
                    crawl.frontier.write_down(request, Answer("page", status=bad, item={"lost": 1}, links=links))
            elif what == "end":
                crawl.end()
            else:
                crawl.frontier.write_down(request, Answer("page", item=item, links=links))
                answered.append(number)
        assert sorted(answered) == sorted(wanted)
        assert [line["number"] for line in lines(Path(name))] == [number for number in answered if number % 2]
        assert crawl.frontier.counts() == {"page": len(wanted), "asked": len(wanted)}


class Crawl:
    """A frontier that a process opens, and that survives its end."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.frontier = folder, opened(folder)
        self.frontier.begin([link(0)])

    def __enter__(self) -> Crawl:
        return self

    def __exit__(self, *_: object) -> None:
        self.frontier.close()

    def end(self) -> None:
        """What a process that is killed leaves is a line that does not count; another process goes on."""
        self.frontier.close()
        with open(self.folder / "items.jsonl", "ab") as file:
            file.write(b'{"number": 99, "cut')
        self.frontier = opened(self.folder)
        self.frontier.begin([link(0)])


def test_depth_and_patterns(tmp_path: Path):
    frontier = opened(tmp_path, max_depth=2, max_per_pattern=3)
    frontier.begin([link(0)])
    for number in range(3):
        request = first(frontier)
        assert request is not None and request.depth == number
        frontier.write_down(request, Answer("page", links=[link(number + 1)]))
    assert first(frontier) is None and frontier.not_followed() == {"too_deep": 1, "over_pattern": 0}
    frontier.close()
    frontier = opened(tmp_path, max_per_pattern=3)
    assert frontier.ask_again(("page",)) == 3
    request = first(frontier)
    assert request is not None
    frontier.write_down(request, Answer("page", links=[link(7), link(8)]))
    assert frontier.not_followed()["over_pattern"] == 2
    frontier.close()


def test_hosts_have_lines_of_their_own(tmp_path: Path):
    frontier = opened(tmp_path)
    frontier.begin([link(1), link(2), link(1, "b.org"), link(2, "b.org"), link(2)])
    assert sorted(frontier.hosts()) == ["a.org:80", "b.org:80"]
    one = frontier.next_of("b.org:80", 0)
    assert one is not None and one.url == "http://b.org/1"
    two = frontier.next_of("b.org:80", one.id)
    assert two is not None and two.url == "http://b.org/2" and frontier.next_of("b.org:80", two.id) is None
    frontier.close()


def test_redirects_are_as_deep_as_the_page_they_come_from(tmp_path: Path):
    frontier = opened(tmp_path)
    frontier.begin([link(0)])
    for number in range(2):
        request = first(frontier)
        assert request is not None
        frontier.write_down(request, Answer("redirect", links=[link(number + 1)], redirect=True))
    request = first(frontier)
    assert request is not None and (request.depth, request.redirects) == (0, 2)
    frontier.close()
