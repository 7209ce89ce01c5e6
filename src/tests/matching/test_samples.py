"""The samples of the matching tasks, and public corpora in the layout in which they are published (texts are ours)."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from pathlib import Path

import pytest

from tengjia.data.rejects import CollectedRejects
from tengjia.registry import Scope, datasets, scope, set_scope

from .project import ROOT

SAMPLES = {"resume_matching": "csv", "answer_grade": "jsonl"}


@pytest.mark.parametrize("task", SAMPLES)
def test_the_generator_writes_the_committed_bytes(task: str, tmp_path: Path):
    command = [sys.executable, "-m", f"examples.{task}_sample.generate", "--folder", str(tmp_path)]
    subprocess.run(command, cwd=ROOT, check=True, timeout=120)
    for part in ("train", "development", "test"):
        name = f"{part}.{SAMPLES[task]}"
        assert (tmp_path / name).read_bytes() == (ROOT / "resources/datasets" / task / name).read_bytes()


def test_no_job_post_and_no_resume_stands_in_two_parts():
    seen: dict[str, str] = {}
    for part in ("train", "development", "test"):
        with open(ROOT / f"resources/datasets/resume_matching/{part}.csv", encoding="utf-8") as file:
            for row in csv.DictReader(file):
                assert 0 <= float(row["score"]) <= 1
                for text in (row["text"], row["second"]):
                    assert seen.setdefault(text, part) == part


def test_no_answer_stands_in_two_parts_and_points_make_the_reference():
    seen: set[str] = set()
    asked: dict[str, set[str]] = {}
    for part in ("train", "development", "test"):
        for line in (ROOT / f"resources/datasets/answer_grade/{part}.jsonl").read_text("utf-8").splitlines():
            row = json.loads(line)
            assert row["answer"] not in seen
            seen.add(row["answer"])
            asked.setdefault(part, set()).add(row["question"])
            assert row["reference"] == "；".join(point["text"] for point in row["points"]) + "。"
            assert 0 <= row["score"] <= 10 and row["score"] * 2 % 1 == 0
    assert asked["development"] <= asked["train"] < asked["test"]


HEADER = "pair_ID\tsentence_A\tsentence_B\trelatedness_score\tentailment_judgment\n"
FILES = {
    "sick2014": {
        "sick2014/SICK_train.txt": HEADER + '1\tA "cat" sits\tA dog sits\t3.4\tNEUTRAL\n',
        "sick2014/SICK_trial.txt": HEADER + "2\tA cat\tA cat\t5\tENTAILMENT\n",
        "sick2014/SICK_test_annotated.txt": HEADER + "3\tA cat\tNo cat\t2\tCONTRADICTION\n",
    },
    "mohler": {
        "mohler/mohler_dataset_edited.csv": (
            "id,question,desired_answer,student_answer,score_me,score_other,score_avg\n"
            '1.1,What is it?,"A thing, red","It is ""red"".",4,3,3.5\n'
        )
    },
    "sas_zh": {
        "sas_zh/LE/s_train_zh.csv": "1\t甲和乙。\t有“甲\t0.5\n",
        "sas_zh/LE/s_eval_zh.csv": "1\t甲和乙。\t都有\t1.0\n",
        "sas_zh/LE/qa.csv": "1\t有什么？\t甲和乙。\n",
    },
    "afqmc": {
        "afqmc/train.txt": "".join(f"问{n}\t再问{n}\t{n % 2}\n" for n in range(1, 21)),
        "afqmc/dev.txt": "怎么还\t如何还款\t1\n",
    },
}
EXPECTED = {
    "sick2014": ('A "cat" sits', {"second": "A dog sits", "score": "3.4"}),
    "mohler": (
        'It is "red".',
        {"reference": "A thing, red", "question": "What is it?", "group": "1.1", "score": "3.5"},
    ),
    "sas_zh": ("有“甲", {"reference": "甲和乙。", "question": "有什么？", "group": "1", "score": "0.5"}),
    "afqmc": ("问1", {"second": "再问1", "score": "1"}),
}


@pytest.mark.parametrize("name", FILES)
def test_public_corpora_are_read_as_they_are_published(name: str, tmp_path: Path):
    for file, content in FILES[name].items():
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / file).write_text(content, "utf-8")
    corpus, rejects = datasets.build({"name": name}, reader=None, root=tmp_path), CollectedRejects()
    found = {part: list(corpus.read(part, rejects)) for part in corpus.parts()}
    text, extra = EXPECTED[name]
    assert (found["train"][0].text, dict(found["train"][0].extra)) == (text, extra)
    assert rejects.records == []
    assert all(found.values())
    if name == "afqmc":
        assert [len(found[part]) for part in ("train", "development", "test")] == [18, 2, 1]


def test_graded_answers_become_whole_answers_and_points(tmp_path: Path):
    before = scope()
    set_scope(Scope(ROOT, "demo_app", "answer_grade"))
    try:
        row = {
            "question": "问",
            "reference": "甲；乙。",
            "answer": "有甲",
            "score": 5,
            "points": [{"text": "甲", "met": True}, {"text": "乙", "met": False}],
        }
        bad = {**row, "points": [{"text": "甲"}]}
        for part in ("train", "test"):
            lines = (json.dumps(one, ensure_ascii=False) + "\n" for one in (row, bad))
            (tmp_path / f"{part}.jsonl").write_text("".join(lines), "utf-8")
        values = {"name": "graded_answers", "train": ("train.jsonl",), "test": ("test.jsonl",)}
        corpus, rejects = datasets.build(values, reader=None, root=tmp_path), CollectedRejects()
        train = list(corpus.read("train", rejects))
        assert [(one.text, one.extra["reference"], one.extra["score"]) for one in train] == [
            ("有甲", "甲；乙。", "5"),
            ("有甲", "甲", "10"),
            ("有甲", "乙", "0"),
        ]
        assert [record.problem.line for record in rejects.records] == [2]
        assert len(list(corpus.read("test", rejects))) == 1
    finally:
        set_scope(before)
