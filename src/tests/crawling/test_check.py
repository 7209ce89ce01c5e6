"""What is wrong with the section is told before anything runs, each at its own line."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from src.tests.command.project import REPOSITORY, run_modeling, write_project
from tengjia.command.arguments import read_arguments
from tengjia.command.checks import check_plan
from tengjia.command.reading import make_plan
from tengjia.errors import Problem

HEAD = """\
# @package _global_
defaults:
  - /config_project
  - _self_
"""
GOOD = """\
crawl:
  start_urls: [https://example.org/]
  user_agent: Test/1.0 (+mailto:test@example.org)
  follow: ['/page']
  items:
    job:
      pattern: '/jobs/'
      text: css:article
      pairs: css:tr => css:th => css:td
      fields: {city: "css:.city::text", "skills[]": "xpath://li/text()", name: "json:script => a.0.*"}
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = write_project(tmp_path)
    source = REPOSITORY / "src/applications/demo_app/tasks/data_crawling"
    shutil.copytree(source, root / "src/applications/demo_app/tasks/data_crawling")
    return root


def problems(root: Path, section: str, *words: str) -> list[Problem]:
    file = root / "src/applications/demo_app/tasks/data_crawling/config_task_training.yaml"
    file.write_text(HEAD + section, "utf-8")
    return check_plan(make_plan(root, read_arguments(["task=data_crawling", "stage=crawl", *words])))


def test_a_good_section(root: Path):
    assert problems(root, GOOD) == []


def test_the_task_of_the_demo(root: Path):
    assert check_plan(make_plan(root, read_arguments(["task=data_crawling", "stage=crawl"]))) == []


@pytest.mark.parametrize(
    ("old", "new", "code", "key", "line"),
    [
        ("https://example.org/", "'ftp://example.org/'", "bad_url", "start_urls", 6),
        ("https://example.org/", "'https://a:b@example.org/'", "bad_url", "start_urls", 6),
        ("[https://example.org/]", "[]", "no_start", "start_urls", 6),
        ("https://example.org/", "'http://10.0.0.1/'", "private_start", "start_urls", 6),
        ("https://example.org/", "'http://[::1]:80/'", "private_start", "start_urls", 6),
        ("https://example.org/", "'http://169.254.169.254/'", "private_start", "start_urls", 6),
        ("(+mailto:test@example.org)", "x", "no_contact", "user_agent", 7),
        ("['/page']", "[\n    '/page',\n    '(']", "bad_pattern", "follow", 10),
        ("'/jobs/'", "'[a'", "bad_pattern", "items.job.pattern", 11),
        ("pattern:", "patern:", "unknown_key", "items.job.patern", 11),
        ("css:article", "article", "bad_selector", "items.job.text", 12),
        ("css:article", "'css:p::'", "bad_selector", "items.job.text", 12),
        ("css:article", "'xpath://p['", "bad_selector", "items.job.text", 12),
        ("css:article", "'xpath:nosuch(//p)'", "bad_selector", "items.job.text", 12),
        ("css:tr => css:th => css:td", "css:tr", "bad_selector", "items.job.pairs", 13),
        ("json:script => a.0.*", "json:script", "bad_selector", "items.job.fields.name", 14),
        ("json:script => a.0.*", "json:script => a..b", "bad_selector", "items.job.fields.name", 14),
        ("css:article", "{a: css:b}", "item_value", "items.job.text", 12),
        ("\n  items:", "\n  allowed_domains: [other.org]\n  items:", "start_outside", "start_urls", 6),
        ("\n  items:", "\n  private_hosts: ['http://x/']\n  items:", "bad_host", "private_hosts", 9),
        ("\n  items:", "\n  output: ../x\n  items:", "bad_output", "output", 9),
        ("\n  items:", "\n  cookie: secret\n  items:", "secret_written", "cookie", 9),
        ("\n  items:", "\n  login: '('\n  items:", "bad_pattern", "login", 9),
    ],
)
def test_mistakes(root: Path, old: str, new: str, code: str, key: str, line: int):
    assert old in GOOD
    found = [p for p in problems(root, GOOD.replace(old, new)) if p.code != "crawling.no_pattern"]
    assert [(p.code, p.key, p.line) for p in found] == [(f"crawling.{code}", f"crawl.{key}", line)]
    assert found[0].message and found[0].hint


def test_everything_at_once(root: Path):
    section = GOOD.replace("pattern:", "patern:").replace("'/page'", "'('")
    codes = [problem.code for problem in problems(root, section, "crawl.cookie=abc", "crawl.max_depth=-1")]
    expected = {"bad_pattern", "unknown_key", "no_pattern", "secret_written"}
    assert set(codes) == {*(f"crawling.{code}" for code in expected), "config.out_of_range"}
    (near,) = [p for p in problems(root, section) if p.code == "crawling.unknown_key"]
    assert "did you mean `pattern`?" in near.message


def test_what_must_be_said(root: Path):
    found = problems(root, "crawl:\n  follow: []\n")
    assert {(p.code, p.key) for p in found} == {
        ("config.missing_value", f"crawl.{key}") for key in ("start_urls", "user_agent", "items")
    }


def test_types_are_those_of_the_section(root: Path):
    found = problems(root, GOOD.replace("['/page']", "/page") + "  delay: fast\n")
    assert {(p.code, p.key) for p in found} == {
        ("config.expected_list", "crawl.follow"),
        ("config.wrong_type", "crawl.delay"),
    }


@pytest.mark.slow
def test_by_the_command(root: Path):
    """Secrets come from the environment, are in no file that is left, and a wrong config ends with 2."""
    assert problems(root, GOOD + "  cookie: ${oc.env:CRAWL_COOKIE}\n") == []
    done = run_modeling(root, "task=data_crawling", "stage=crawl", "crawl.follow=['(']")
    assert done.returncode == 2 and "crawling.bad_pattern" in done.stderr and "Traceback" not in done.stderr
    done = run_modeling(root, "task=data_crawling", "stage=crawl")
    assert done.returncode == 2 and "config.no_environment" in done.stderr
