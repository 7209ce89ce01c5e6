"""The stages of the task `neo4j`: from pages to an answer, also from a crawled site."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest

from src.tests.crawling.project import Project, job
from src.tests.crawling.site import html, served
from src.tests.graph.sample import TEMPLATES, read_lines, settings, write_files
from tengjia import graph
from tengjia.errors import CheckpointError, ConfigurationError, DataError
from tengjia.graph.pipeline import GraphPipeline
from tengjia.runs import RunFolder

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[3]
TASK = ROOT / "src/applications/demo_app/tasks/neo4j"
SAMPLE = ROOT / "resources/datasets"


def asked(run: RunFolder, capsys: pytest.CaptureFixture[str], **section: Any) -> str:
    graph.apply(settings(SAMPLE, apply=section), run)
    return capsys.readouterr().out


def test_the_sample_from_pages_to_answers(run: RunFolder, capsys: pytest.CaptureFixture[str]):
    assert graph.build(settings(SAMPLE), run, folder=TASK) == {"entities": 182, "relations": 390, "rejects": 0}
    assert graph.load(settings(SAMPLE), run, folder=TASK) == {"entities": 182, "relations": 390, "rejects": 0}
    assert "什么是死锁？" in asked(run, capsys, text="请问关于死锁的面试题有哪些")
    assert "几个线程互相等待对方手里的锁" in asked(run, capsys, text="什么是死锁")
    by_features = asked(run, capsys, features=("死锁", "并发"), questions=3)
    assert by_features.splitlines()[0].endswith("[并发, 死锁, 锁]")
    first = asked(run, capsys, text="今天天气怎么样")
    assert "最有成就感的项目" in first


def test_default_questions_fill_up(run: RunFolder):
    graph.build(settings(SAMPLE), run, folder=TASK)
    graph.load(settings(SAMPLE), run, folder=TASK)
    pipeline = GraphPipeline.load(run.bundle)
    for wanted in (1, 3, 5, 12):
        found = pipeline.retrieve(["死锁"], candidates=4, questions=wanted)
        assert len(found.questions) == len(found.answers) == len(found.features) == wanted
        assert len(set(found.questions)) == wanted
    none = pipeline.retrieve([], questions=4)
    assert none.questions == pipeline.answerer.templates.defaults[:4] and none.answers == ((),) * 4
    unknown = pipeline.retrieve(["' OR 1=1"], questions=2)
    assert unknown.questions == pipeline.answerer.templates.defaults[:2]
    left = pipeline.retrieve(["并发"], candidates=20, questions=1)
    assert left.expanded and "并发" not in left.expanded
    pipeline.close()


def test_the_sample_is_that_of_its_generator():
    from examples.graph_sample.generate import FOLDER, pages

    assert read_lines(FOLDER / "pages.jsonl") == pages()


def test_load_takes_what_was_built_last(tmp_path: Path, run: RunFolder):
    run.begin("build")
    graph.build(settings(SAMPLE), run, folder=TASK)
    run.finish("build")
    later = RunFolder.create(tmp_path / "runs", seed=1, app="demo_app", task="neo4j", name="later")
    assert graph.load(settings(SAMPLE), later, folder=TASK)["entities"] == 182


def task_with(folder: Path, **templates: Any) -> Path:
    (folder / "templates.yaml").write_text(json.dumps({**TEMPLATES, **templates}, ensure_ascii=False), "utf-8")
    return folder


def test_a_file_of_questions(tmp_path: Path, run: RunFolder):
    entities, relations = write_files(tmp_path)
    files = {"entities": tuple(map(str, entities)), "relations": tuple(map(str, relations))}
    graph.load(settings(tmp_path, load=files), run, folder=task_with(tmp_path))
    source = tmp_path / "q.jsonl"
    source.write_text('{"text": "谁是清河钢铁的董事长"}\n{"text": 3}\n{"x": 1}\nnonsense\n{"text": "?!"}\n', "utf-8")
    counts = graph.apply(settings(tmp_path, apply={"input": str(source)}), run)
    assert counts == {"questions": 3, "answered": 1, "not_understood": 2, "rejects": 2}
    answers = read_lines(tmp_path / "q.jsonl.answers.jsonl")
    assert [(answer["line"], answer["answers"]) for answer in answers] == [(1, ["林清远"]), (2, []), (5, [])]
    rejects = read_lines(tmp_path / "q.jsonl.answers.jsonl.rejects.jsonl")
    assert [(each["line"], each["code"]) for each in rejects] == [(3, "graph.no_question"), (4, "data.bad_json")]


def test_at_the_prompt(
    tmp_path: Path, run: RunFolder, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    entities, relations = write_files(tmp_path)
    files = {"entities": tuple(map(str, entities)), "relations": tuple(map(str, relations))}
    graph.load(settings(tmp_path, load=files), run, folder=task_with(tmp_path))
    monkeypatch.setattr("sys.stdin", io.StringIO("谁是清河钢铁的董事长\n\n周岚多大\nq\n林清远的同事\n"))
    shown = asked(run, capsys)
    assert "林清远\n" in shown and "38\n52\n" in shown and shown.count("周岚") == 1


def test_crawled_built_loaded_and_asked(tmp_path: Path, run: RunFolder, capsys: pytest.CaptureFixture[str]):
    with served() as site:
        pages = {f"/jobs/{number}": job(number, company=f"清河{number}厂") for number in (1, 2)}
        site.pages = {"/": html("Jobs", "", *pages), **pages}
        project = Project(tmp_path, site)
        assert project.crawl()["items"] == 2
    crawled = str(project.folder / "items.jsonl")
    section = {"mapping": "jobs_mapping.yaml", "input": crawled}
    assert graph.build(settings(tmp_path, build=section), run, folder=TASK)["entities"] == 4
    (tmp_path / "templates.yaml").write_text(
        "slots: {company: {label: Company}, post: {label: Post}}\n"
        "templates:\n"
        '  - {kind: posts, patterns: ["{company}招什么人"], path: "{company} <-offered_by- Post"}\n'
        '  - {kind: companies, patterns: ["哪家公司招{post}"], path: "{post} -offered_by-> Company"}\n',
        "utf-8",
    )
    graph.load(settings(tmp_path), run, folder=tmp_path)
    assert asked(run, capsys, text="清河1厂招什么人？") == "Engineer 1\n"
    assert asked(run, capsys, text="哪家公司招engineer 2") == "清河2厂\n"


def refused(call: Any) -> str:
    with pytest.raises((ConfigurationError, DataError, CheckpointError)) as error:
        call()
    return error.value.code


def test_what_is_asked_wrongly(tmp_path: Path, run: RunFolder):
    def load(**section: Any) -> str:
        return refused(lambda: graph.load(settings(tmp_path, load=section), run, folder=TASK))

    def apply(**section: Any) -> str:
        return refused(lambda: graph.apply(settings(tmp_path, apply=section), run))

    assert load() == "graph.nothing_built"
    assert load(relations=("r.csv",)) == "graph.relations_alone"
    assert load(entities=("nothing.csv",)) == "data.missing_file"
    assert apply(text="x") == "graph.not_loaded"
    assert apply(text="x", features=("y",)) == "graph.asked_twice"
    assert apply(output="x.jsonl") == "pipeline.output_without_input"
    bad = tmp_path / "bad.csv"
    bad.write_text("label,name\nPerson,\n", "utf-8")
    assert load(entities=(str(bad),)) == "data.too_many_rejects"
    assert load(entities=(str(bad),), max_rejects=None) == "graph.empty"
    assert refused(lambda: graph.build(settings(tmp_path, build={"input": str(bad)}), run, folder=TASK)) == (
        "data.too_many_rejects"
    )
    assert not run.bundle.exists()


BAD_TEMPLATES = [
    (
        {"templates": [{"kind": "a", "patterns": ["{company}"], "path": "{company} -works_on-> Person"}]},
        "graph.not_in_graph",
    ),
    ({"templates": [{"kind": "a", "patterns": ["{company"], "path": "{company}"}]}, "graph.bad_pattern"),
    ({"templates": [{"kind": "a", "patterns": ["{person}"], "path": "{company}"}]}, "graph.other_slots"),
    ({"templates": [{"kind": "a", "patterns": ["{company}"], "path": "{company} works_at Person"}]}, "graph.bad_path"),
    (
        {"templates": [{"kind": "a", "patterns": ["{company}"], "path": "{company}", "answer": "age"}]},
        "graph.not_in_graph",
    ),
    ({"templates": [{"kind": "a", "patern": [], "path": "{company}"}]}, "graph.unknown_key"),
    ({"templates": 3}, "graph.not_this"),
    ({"slots": {"x": {"values": "works_at.salary"}}, "templates": []}, "graph.not_in_graph"),
    ({"slots": {"x": {"label": "Person", "values": "works_at.jobs"}}, "templates": []}, "graph.not_this"),
    ({"retrieval": {"feature_questions": "Person"}}, "graph.bad_path"),
    ({"fillers": "的"}, "graph.not_this"),
]


@pytest.mark.parametrize(("changed", "code"), BAD_TEMPLATES)
def test_templates_that_make_no_sense(tmp_path: Path, run: RunFolder, changed: dict[str, Any], code: str):
    entities, relations = write_files(tmp_path)
    files = {"entities": tuple(map(str, entities)), "relations": tuple(map(str, relations))}
    with pytest.raises(ConfigurationError) as error:
        graph.load(settings(tmp_path, load=files), run, folder=task_with(tmp_path, **changed))
    assert code in [problem.code for problem in error.value.problems]
    assert not run.bundle.exists()
