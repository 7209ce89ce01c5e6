"""The rejects file: what it holds, when it stops a run, how workers share it."""

from __future__ import annotations

import concurrent.futures
import json
import multiprocessing

import pytest

from src.tests.readers.support import written
from tengjia.data.rejects import CollectedRejects, RejectsFile
from tengjia.errors import DataError
from tengjia.registry import readers


def test_the_file_tells_everything(tmp_path):
    path = tmp_path / "rejects.jsonl"
    with RejectsFile(path, max_rejects=2) as rejects:
        rejects.note("data.dropped_span", file="a.txt", line=3, text="x", first="A", second="B")
        rejects.add("data.bad_text", file="a.txt", line=7, text="文" * 10_000, found="\ud800")
        assert not path.exists()
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    assert [(row["kind"], row["code"], row["file"], row["line"]) for row in rows] == [
        ("note", "data.dropped_span", "a.txt", 3),
        ("reject", "data.bad_text", "a.txt", 7),
    ]
    assert rows[1]["text"] == "文" * 500 and "\\ud800" in rows[1]["message"]
    assert rejects.count == 1 and rejects.summary() == "data.bad_text 1, data.dropped_span 1"


def test_nothing_to_tell_writes_nothing(tmp_path):
    with RejectsFile(tmp_path / "rejects.jsonl"):
        pass
    assert list(tmp_path.iterdir()) == []


def test_too_many_stop_the_run_and_the_file_stays(tmp_path):
    path = tmp_path / "rejects.jsonl"
    with pytest.raises(DataError) as caught, RejectsFile(path, max_rejects=1) as rejects:
        for line in (4, 5, 6):
            rejects.add("data.bad_text", file="a.txt", line=line, text="x", found="''")
    error = caught.value
    assert error.code == "data.too_many_rejects" and (error.problem.file, error.problem.line) == ("a.txt", 4)
    assert "2 rows cannot be used, 1 are allowed" in error.message and "data.bad_text 2" in error.message
    assert "a.txt:4: the text must be" in error.message and "rejects.jsonl" in error.hint
    assert len(path.read_text("utf-8").splitlines()) == 2


def test_notes_are_all_counted_and_not_all_written(tmp_path):
    path = tmp_path / "rejects.jsonl"
    with RejectsFile(path) as rejects:
        for line in range(5000):
            rejects.note("data.no_annotation", file="a", line=line)
    assert rejects.noted["data.no_annotation"] == 5000
    assert len(path.read_text("utf-8").splitlines()) == 1000


def read_in_worker(path):
    collected = CollectedRejects()
    texts = [example.text for example in readers.build({"name": "text", "label_end": " "}).read(path, collected)]
    return texts, collected


def test_workers_collect_and_the_parent_merges(tmp_path):
    paths = [written(tmp_path, f"a x\nbad{n}\nb y\n", f"{n}.txt") for n in range(2)]
    context = multiprocessing.get_context("spawn")
    with concurrent.futures.ProcessPoolExecutor(1, mp_context=context) as pool:
        results = list(pool.map(read_in_worker, paths))
    with RejectsFile(tmp_path / "rejects.jsonl", max_rejects=2) as rejects:
        for texts, collected in results:
            assert texts == ["x", "y"]
            rejects.merge(collected)
    rows = [json.loads(line) for line in (tmp_path / "rejects.jsonl").read_text("utf-8").splitlines()]
    assert [(row["file"], row["line"], row["text"]) for row in rows] == [
        (str(paths[0]), 2, "bad0"),
        (str(paths[1]), 2, "bad1"),
    ]
    with pytest.raises(DataError, match="2 rows cannot be used"), RejectsFile(max_rejects=1) as rejects:
        for _, collected in results:
            rejects.merge(collected)
