"""A crawl may end at any moment: the same command goes on, no page is lost, and none is kept twice."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from src.tests.command.project import REPOSITORY, write_project
from src.tests.crawling.project import job
from src.tests.crawling.site import Site, html, served

pytestmark = pytest.mark.slow
JOBS = 60
CONFIG = """\
# @package _global_
defaults:
  - /config_project
  - _self_
crawl:
  start_urls: ['{url}/']
  user_agent: Test/1.0 (+mailto:test@example.org)
  follow: ['/list']
  items: {{job: {{pattern: '/jobs/\\d+'}}}}
  private_hosts: ['127.0.0.1']
  delay: 0.0
  concurrency: {concurrency}
"""


@pytest.fixture
def site() -> Iterator[Site]:
    with served() as site:
        pages = range(JOBS // 10)
        site.pages = {"/": html("Start", "", "/list0")}
        for page in pages:
            jobs = [f"/jobs/{number}" for number in range(page * 10, page * 10 + 10)]
            further = [f"/list{page + 1}"] if page + 1 in pages else []
            site.pages[f"/list{page}"] = html(f"List {page}", "", *jobs, *further)
        site.pages |= {f"/jobs/{number}": job(number) for number in range(JOBS)}
        yield site


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = write_project(tmp_path)
    shutil.copytree(REPOSITORY / "src/applications/demo_app/tasks/data_crawling", folder(root))
    return root


def folder(root: Path) -> Path:
    return root / "src/applications/demo_app/tasks/data_crawling"


def start(root: Path, site: Site, concurrency: int = 1) -> subprocess.Popen[str]:
    text = CONFIG.format(url=site.url, concurrency=concurrency)
    (folder(root) / "config_task_training.yaml").write_text(text, "utf-8")
    return subprocess.Popen(
        [sys.executable, "-W", "error", str(root / "run_modeling.py"), "task=data_crawling", "stage=crawl"],
        cwd=root,
        env={**os.environ, "TENGJIA_LANG": "en", "OMP_NUM_THREADS": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def wait_for(site: Site, count: int, process: subprocess.Popen[str]) -> None:
    until = time.monotonic() + 60
    while len(site.asked) < count and process.poll() is None and time.monotonic() < until:
        time.sleep(0.005)


def finish(root: Path, site: Site) -> str:
    process = start(root, site)
    _, errors = process.communicate(timeout=120)
    assert process.returncode == 0, errors
    return errors


def kept(root: Path) -> list[str]:
    lines = (root / "resources/datasets/crawled/items.jsonl").read_text("utf-8").splitlines()
    return [json.loads(line)["title"] for line in lines]


def results(root: Path) -> list[dict[str, int]]:
    files = sorted((root / "data/check_points/demo_app/data_crawling").glob("*/crawl_result.json"))
    return [json.loads(file.read_text("utf-8")) for file in files]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_stop_on_request_asks_for_no_page_twice(root: Path, site: Site, number: signal.Signals):
    site.slow = 0.02
    process = start(root, site, concurrency=3)
    wait_for(site, 20, process)
    process.send_signal(number)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 128 + number, errors
    assert "pages were asked for" in errors and "start the same command again" in errors
    assert len(site.asked) < JOBS and not results(root)
    site.slow = 0.0
    finish(root, site)
    assert site.count() == {path: 1 for path in site.pages}
    assert sorted(kept(root)) == sorted(f"Engineer {n}" for n in range(JOBS))
    assert results(root)[0]["asked"] == len(site.pages)


def survive_kills(root: Path, site: Site, kills: int, seed: int) -> None:
    rng = random.Random(seed)
    site.slow = 0.005
    for _ in range(kills):
        process = start(root, site, concurrency=2)
        wait_for(site, len(site.asked) + rng.randrange(1, 25), process)
        time.sleep(rng.random() * 0.02)
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
    finish(root, site)
    assert set(site.count()) == set(site.pages)
    assert sorted(kept(root)) == sorted(f"Engineer {n}" for n in range(JOBS))
    twice = sum(site.count().values()) - len(site.pages)
    assert twice <= 2 * kills, "only what was under way when the process was killed is asked for again"


def test_kills(root: Path, site: Site):
    survive_kills(root, site, kills=2, seed=1)


@pytest.mark.torture
@pytest.mark.parametrize("seed", range(20))
def test_many_kills(root: Path, site: Site, seed: int):
    survive_kills(root, site, kills=5, seed=seed)


def test_the_worker_ends_with_its_parent(root: Path, site: Site):
    site.slow = 0.05
    process = start(root, site)
    wait_for(site, 5, process)
    os.kill(process.pid, signal.SIGKILL)  # the parent alone
    process.communicate()
    asked = -1
    until = time.monotonic() + 30
    while asked != len(site.asked) and time.monotonic() < until:
        asked = len(site.asked)
        time.sleep(1.0)
    assert asked < JOBS, "an orphan goes on"
    site.slow = 0.0
    finish(root, site)
    assert site.count() == {path: 1 for path in site.pages}


def test_two_at_once(root: Path, site: Site):
    site.slow = 0.03
    process = start(root, site)
    wait_for(site, 5, process)
    second = start(root, site)
    _, errors = second.communicate(timeout=60)
    assert second.returncode == 3 and "crawling.in_use" in errors
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=60)
    finish(root, site)
    assert site.count() == {path: 1 for path in site.pages}
