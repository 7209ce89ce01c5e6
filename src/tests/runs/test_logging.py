"""Logs go to the console and to a file, each line once."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest
from tqdm import tqdm

from tengjia.runs.logging import logged_to


def test_console_and_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    file = tmp_path / "deep" / "a.log"
    with logged_to(file):
        logging.getLogger("tengjia.somewhere").info("a note with 中文")
        logging.getLogger("src.applications.x").warning("careful")
        logging.getLogger("elsewhere").info("not wanted")
        logging.getLogger("elsewhere").warning("wanted")
    err = capsys.readouterr().err
    assert err == "a note with 中文\nwarning: careful\nwarning: wanted\n"
    lines = file.read_text("utf-8").splitlines()
    assert [line.split(" ", 1)[1] for line in lines] == [
        "INFO tengjia.somewhere a note with 中文", "WARNING src.applications.x careful", "WARNING elsewhere wanted",
    ]  # fmt: skip


def test_no_handler_twice(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    file, before = tmp_path / "a.log", list(logging.getLogger().handlers)
    with logged_to(file), logged_to(file), logged_to(None):
        logging.getLogger("tengjia").info("once")
    assert capsys.readouterr().err == "once\n"
    assert file.read_text("utf-8").count("once") == 1
    assert logging.getLogger().handlers == before


def test_a_second_stage_appends(tmp_path: Path):
    for words in ("first", "second"):
        with logged_to(tmp_path / "a.log", console=False):
            logging.getLogger("tengjia").info(words)
    assert [line.split()[-1] for line in (tmp_path / "a.log").read_text("utf-8").splitlines()] == ["first", "second"]


def test_a_silent_process(capsys: pytest.CaptureFixture[str]):
    with logged_to(None, console=False):
        logging.getLogger("tengjia").info("nothing")
    assert capsys.readouterr().err == ""


def test_a_progress_bar_is_not_torn(capsys: pytest.CaptureFixture[str]):
    with logged_to(None), tqdm(total=2, disable=False) as bar:
        bar.update()
        logging.getLogger("tengjia").info("above the bar")
    assert "above the bar\n" in capsys.readouterr().err
