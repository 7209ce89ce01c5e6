"""The stages of the task `chat`, on its sample and on less friendly input."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy
import pytest

from src.modules import chat
from src.modules.chat.embedding import of_bundle
from src.modules.pipelines.chat import ChatPipeline
from tengjia.base_tasks.pipelines import load_pipeline
from tengjia.bundle.filelist import write_filelist
from tengjia.bundle.folder import MODEL_CONFIG
from tengjia.config import Settings
from tengjia.errors import CheckpointError, ConfigurationError, DataError
from tengjia.exporting.verification import verify_bundle
from tengjia.pretrained import AutoModelPipeline
from tengjia.registry import Scope, scope, set_scope
from tengjia.runs import RunFolder

ROOT = Path(__file__).parents[3]
TASK = ROOT / "src/applications/demo_app2/tasks/chat"
SAMPLE = ROOT / "resources/datasets"
BUILD = {"corpus": ("chat/pairs.jsonl",), "development": "chat/development.jsonl"}


def settings(root: Path = SAMPLE, **sections: Any) -> Settings:
    roots = {"dataset_root": str(root), "word_vector_root": str(root), "cache_root": str(root / "cache")}
    return Settings({"app": "demo_app2", "task": "chat", "seed": 1, **roots, **sections})


@pytest.fixture
def run(tmp_path: Path) -> RunFolder:
    return RunFolder.create(tmp_path / "runs", seed=1, app="demo_app2", task="chat")


def asked(
    run: RunFolder, capsys: pytest.CaptureFixture[str], root: Path = SAMPLE, folder: Path = TASK, **section: Any
) -> str:
    chat.apply(settings(root, apply=section), run, folder=folder)
    return capsys.readouterr().out


def own(folder: Path, templates: str = "{}", **files: str) -> Path:
    (folder / "templates.yaml").write_text(templates, "utf-8")
    for name, content in files.items():
        (folder / name.replace("_", ".")).write_text(content, "utf-8")
    return folder


def test_the_sample(run: RunFolder, capsys: pytest.CaptureFixture[str]):
    built = chat.build(settings(build=BUILD), run, folder=TASK)
    assert (built["templates"], built["pairs"], built["texts"]) == (8, 108, 110)
    measured = chat.test(settings(test={"questions": "chat/test.jsonl"}), run, folder=TASK)
    assert measured["recall_at_1"] >= 0.45 and measured["refused"] >= 0.5 and measured["recall_at_5"] >= 0.7
    errors = [json.loads(line) for line in (run.path / "reports/chat_errors.jsonl").read_text("utf-8").splitlines()]
    assert len(errors) == round((1 - measured["accuracy"]) * 102)
    assert "三到五个工作日" in asked(run, capsys, text="投了简历多久能有消息？")
    assert "“上海”" in asked(run, capsys, text="想去魔都工作")
    assert "聊天助手" not in asked(run, capsys, text="羊肉串怎么烤") and not capsys.readouterr().out


@pytest.fixture
def robot(tmp_path: Path, run: RunFolder) -> Iterator[Path]:
    """The bundle of a small robot, in this project."""
    before = scope()
    set_scope(Scope(ROOT))
    templates = "{templates: [{name: hello, patterns: [你好], examples: [您好吗], answers: [您好]}]}"
    chat.build(settings(build={}), run, folder=own(tmp_path, templates))
    yield run.bundle
    set_scope(before)


def test_a_robot_is_loaded_like_any_bundle(robot: Path):
    pipeline = load_pipeline(robot)
    assert isinstance(pipeline, ChatPipeline) and pipeline("你好").answer == "您好"
    model = AutoModelPipeline.from_pretrained(robot)
    assert [reply.answer for reply in model(["你好", "你好"])] == ["您好", "您好"]
    assert verify_bundle(robot).golden and not verify_bundle(robot).differences


@pytest.mark.slow
def test_a_robot_is_verified_from_the_command_line(robot: Path):
    """In a process of its own, which nothing but the command tells where the project is."""
    command = "import sys; from tengjia.command.main import main; sys.exit(main(sys.argv[1:]))"
    words = [sys.executable, "-P", "-c", command, "bundle", "verify", str(robot)]
    asked = {**os.environ, "TENGJIA_LANG": "en"}
    done = subprocess.run(words, capture_output=True, text=True, cwd=ROOT, env=asked)
    assert done.returncode == 0 and "golden examples are answered as on the day" in done.stdout, done.stderr


def test_a_robot_outside_of_its_project(robot: Path, tmp_path: Path):
    set_scope(Scope(tmp_path))
    with pytest.raises(CheckpointError, match="the bundle answers `chat`, not `sequence_labeling, ") as caught:
        load_pipeline(robot)
    assert caught.value.code == "bundle.other_task"


@pytest.mark.parametrize(
    "name", ["os", "src.modules.chat", "../chat", "chat.py", "building", "CHAT", "", "__init__", "text_classification "]
)
def test_a_bundle_names_a_pipeline_and_no_file(robot: Path, name: str):
    file = robot / MODEL_CONFIG
    file.write_text(json.dumps(json.loads(file.read_text("utf-8")) | {"base_task": name}), "utf-8")
    write_filelist(robot / "model")
    write_filelist(robot)
    with pytest.raises(CheckpointError) as caught:
        load_pipeline(robot)
    if ".." in name:
        assert caught.value.code == "bundle.not_plain"
    else:
        assert caught.value.code == "bundle.other_task" and caught.value.message.endswith("knowledge_graph, chat`")


def test_the_sample_is_that_of_its_generator():
    from examples.chat_sample.generate import FOLDER, parts

    for name, rows in parts().items():
        assert [json.loads(line) for line in (FOLDER / f"{name}.jsonl").read_text("utf-8").splitlines()] == rows
    known = {row["question"] for row in parts()["pairs"]}
    asked_later = [row["question"] for name in ("development", "test") for row in parts()[name]]
    assert not known & set(asked_later) and len(set(asked_later)) == len(asked_later)


def test_the_order_of_answers(tmp_path: Path, run: RunFolder):
    templates = """
robot: {name: 甲}
templates:
  - {name: expression, patterns: ["价格"], answers: ["expression"]}
  - {name: example, examples: [营业时间], answers: ["我是{name}"]}
"""
    rows = '[{"question": "价格多少", "answer": "corpus"}, {"question": "地址在哪里", "answer": "there"}]'
    folder = own(tmp_path, templates, c_json=rows)
    chat.build(settings(tmp_path, build={"corpus": ("c.json",)}), run, folder=folder)
    pipeline = ChatPipeline.load(run.bundle)
    replies = pipeline(["价格多少", "营业时间？", "地址在哪", "αβγ", ""])
    assert [(reply.source, reply.answer) for reply in replies] == [
        ("template", "expression"),
        ("template", "我是甲"),
        ("corpus", "there"),
        ("unknown", None),
        ("unknown", None),
    ]
    assert replies[1].matched == "example" and replies[2].matched == "地址在哪里" and 0.5 < replies[2].score < 1

    class Stranger:
        def ask(self, question: str) -> str:
            return f"stranger {question}"

    pipeline.robot.service = Stranger()  # type: ignore[assignment]
    assert pipeline("αβγ").answer == "stranger αβγ" and pipeline("αβγ").source == "service"
    assert pipeline(" ").source == "unknown" and pipeline("地址在哪").source == "corpus"


def test_word_vectors(tmp_path: Path, run: RunFolder):
    folder = own(
        tmp_path,
        c_csv="question,answer\n怎么投递简历,A\n工资多少,B\n",
        v_txt="简历 1 0 0\n应聘 1 0.1 0\n工资 0 1 0\n薪水 0 1 0.1\n",
    )
    config = settings(
        tmp_path,
        build={"corpus": ("c.csv",), "threshold": 0.3},
        vectors={"name": "text", "file": "v.txt"},
        index={"terms": "jieba", "fusion": "weighted"},
    )
    chat.build(config, run, folder=folder)
    pipeline = ChatPipeline.load(run.bundle)
    assert isinstance(pipeline.robot.index.vectors, numpy.memmap)
    assert [pipeline(question).answer for question in ("薪水", "应聘", "天气")] == ["B", "A", None]


def test_a_trained_encoder(tmp_path: Path, run: RunFolder):
    from src.tests.matching.project import config, new_run, written
    from tengjia.base_tasks import text_matching

    matching = written(tmp_path / "matching")
    chosen, trained = config(matching, "trainer.max_epochs=1"), new_run(matching)
    data = text_matching.build_dataset(chosen, trained)
    text_matching.train(chosen, trained, data, text_matching.build_model(chosen, data))
    folder = own(tmp_path, c_csv="question,answer\n招人做账报税,A\n长期修理电机,B\n")
    sections: dict[str, Any] = {"build": {"corpus": ("c.csv",), "threshold": 0.2}}
    chat.build(settings(tmp_path, **sections, embedding={"bundle": str(trained.path)}), run, folder=folder)
    pipeline = ChatPipeline.load(run.bundle)
    assert pipeline.robot.index.vectors is not None and len(pipeline.robot.index.vectors) == 2
    hit = pipeline.robot.index.search("长期修理电机")[0]
    assert pipeline("长期修理电机").answer == "B" and hit.cosine == pytest.approx(1.0, abs=1e-5)
    with pytest.raises(CheckpointError):
        of_bundle(run.bundle)


def test_a_file(tmp_path: Path, run: RunFolder, capsys: pytest.CaptureFixture[str]):
    chat.build(settings(build=BUILD), run, folder=TASK)
    source = tmp_path / "q.jsonl"
    source.write_text('{"question": "怎么修改简历"}\n{"question": 3}\nnonsense\n{"question": "α?!"}\n', "utf-8")
    counts = chat.apply(settings(apply={"input": str(source)}), run, folder=TASK)
    assert counts == {"texts": 2, "understood": 1, "rejects": 2}
    rows = [json.loads(line) for line in next(tmp_path.glob("q*.jsonl.rejects.jsonl")).read_text("utf-8").splitlines()]
    assert [row["line"] for row in rows] == [2, 3]


def test_at_the_prompt(run: RunFolder, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch):
    chat.build(settings(build=BUILD), run, folder=TASK)
    monkeypatch.setattr("sys.stdin", io.StringIO("你好\n\n怎么修改简历\nq\n再见\n"))
    shown = asked(run, capsys)
    assert "小帆" in shown and "编辑" in shown and "再见" not in shown


def test_a_full_disk_leaves_what_was_there(tmp_path: Path, run: RunFolder, monkeypatch: pytest.MonkeyPatch):
    folder = own(tmp_path, c_csv="question,answer\na,A\n")
    chat.build(settings(tmp_path, build={"corpus": ("c.csv",)}), run, folder=folder)

    def full(*given: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("tengjia.retrieval.bm25.write_array", full)
    own(tmp_path, c_csv="question,answer\na,B\n")
    with pytest.raises(OSError):
        chat.build(settings(tmp_path, build={"corpus": ("c.csv",)}), run, folder=folder)
    assert ChatPipeline.load(run.bundle)("a").answer == "A"
    assert not [file for file in run.path.iterdir() if file.name.startswith(".tengjia-")]


def test_found_stale(
    tmp_path: Path, run: RunFolder, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
):
    folder = own(tmp_path, c_csv="question,answer\na,A\n")
    chat.build(settings(tmp_path, build={"corpus": ("c.csv",)}), run, folder=folder)
    assert asked(run, capsys, tmp_path, folder, text="a") == "A\n" and "changed" not in caplog.text
    own(tmp_path, c_csv="question,answer\na,B\n")
    assert asked(run, capsys, tmp_path, folder, text="a") == "A\n"
    assert "changed since the index was built" in caplog.text and "c.csv" in caplog.text
    (tmp_path / "c.csv").unlink()
    caplog.clear()
    assert asked(run, capsys, tmp_path, folder, text="a") == "A\n" and "changed" not in caplog.text


@pytest.mark.parametrize(
    ("content", "section", "code"),
    [
        ("", {}, "data.empty_file"),
        ("question,answer\n", {}, "chat.empty"),
        ("question,answer\n,A\n", {}, "data.too_many_rejects"),
        ("question,answer\na,\n", {}, "data.too_many_rejects"),
        ("question,answer\na,A\n" + "x" * 10_001 + ",A\n", {}, "data.too_many_rejects"),
        ("question,answer\na,A\n", {"corpus": ("absent.csv",)}, "data.missing_file"),
        ("question,answer\na,A\n", {"question": "q"}, "data.too_many_rejects"),
        ("question,answer\na,A\n", {"templates": "absent.yaml"}, "config.unreadable_file"),
        ("question,answer\na,A\n", {"development": "absent.jsonl"}, "data.missing_file"),
    ],
)
def test_what_cannot_be_built(tmp_path: Path, run: RunFolder, content: str, section: dict[str, Any], code: str):
    folder = own(tmp_path, c_csv=content)
    with pytest.raises((DataError, ConfigurationError)) as error:
        chat.build(settings(tmp_path, build={"corpus": ("c.csv",), **section}), run, folder=folder)
    assert error.value.code == code, str(error.value)
    assert not run.bundle.exists()


def test_rows_may_be_set_aside(tmp_path: Path, run: RunFolder):
    folder = own(tmp_path, c_csv="question,answer\na,A\n,B\n")
    built = chat.build(settings(tmp_path, build={"corpus": ("c.csv",), "max_rejects": 1}), run, folder=folder)
    assert (built["pairs"], built["rejects"]) == (1, 1)
    row = json.loads((run.path / "build_rejects.jsonl").read_text("utf-8"))
    assert (row["line"], row["code"]) == (3, "chat.no_question")


def test_what_is_asked_wrongly(tmp_path: Path, run: RunFolder):
    def refused(**section: Any) -> str:
        with pytest.raises((ConfigurationError, CheckpointError, DataError)) as error:
            chat.apply(settings(apply=section), run, folder=TASK)
        return error.value.code

    assert refused(text="a") == "chat.not_built"
    assert refused(text="a", input="b.txt") == "pipeline.text_and_file"
    assert refused(output="b.txt") == "pipeline.output_without_input"
    with pytest.raises(DataError, match=r"chat\.no_test"):
        chat.test(settings(), run, folder=TASK)


@pytest.mark.parametrize(
    ("file", "content"),
    [
        ("resources.json", '{"threshold": 7, "seed": 1, "sources": {}, "encoder": null}'),
        ("resources.json", "[]"),
        ("templates.json", '{"templates": [{"name": "a", "patterns": ["(a"], "answers": ["b"]}]}'),
        ("pairs.jsonl", '["only a question"]\n'),
        ("pairs.jsonl", '["a", 3]\n'),
        ("pairs.jsonl", ""),
        ("index/index.json", '{"format": 99}'),
        ("config.json", '{"format": 1, "base_task": "sequence_labeling"}'),
        ("config.json", '{"format": 2, "base_task": "chat"}'),
    ],
)
def test_a_bundle_of_a_stranger(tmp_path: Path, run: RunFolder, file: str, content: str):
    """The lists agree with the files, for a stranger can write lists too; what the files say is checked all the same."""
    from tengjia.bundle.filelist import write_filelist

    chat.build(
        settings(tmp_path, build={"corpus": ("c.csv",)}), run, folder=own(tmp_path, c_csv="question,answer\na,A\n")
    )
    (run.bundle / "model" / file).write_text(content, "utf-8")
    write_filelist(run.bundle / "model")
    write_filelist(run.bundle)
    with pytest.raises((CheckpointError, ConfigurationError)):
        ChatPipeline.load(run.bundle)


def test_a_damaged_bundle(tmp_path: Path, run: RunFolder):
    chat.build(
        settings(tmp_path, build={"corpus": ("c.csv",)}), run, folder=own(tmp_path, c_csv="question,answer\na,A\n")
    )
    (run.bundle / "model/index/weights.bin").write_bytes(b"1234")
    with pytest.raises(CheckpointError):
        ChatPipeline.load(run.bundle)


def test_thousands_of_questions_are_quickly_found(tmp_path: Path, run: RunFolder):
    rows = "".join(f"第{number}号产品的保修期是几年{number * 7919 % 1000}吗,A{number}\n" for number in range(20_000))
    folder = own(tmp_path, c_csv="question,answer\n" + rows)
    chat.build(settings(tmp_path, build={"corpus": ("c.csv",)}), run, folder=folder)
    pipeline = ChatPipeline.load(run.bundle)
    assert pipeline("第1234号产品的保修期是几年86吗").source == "corpus"


@pytest.mark.parametrize(("threshold", "expected"), [(0.0, 0.0), (0.77, 0.77), (None, 0.3)])
def test_the_threshold_is_the_one_that_is_said(
    tmp_path: Path, run: RunFolder, threshold: float | None, expected: float
):
    folder = own(tmp_path, c_csv="question,answer\na,A\n")
    built = chat.build(settings(tmp_path, build={"corpus": ("c.csv",), "threshold": threshold}), run, folder=folder)
    assert built["threshold"] == ChatPipeline.load(run.bundle).robot.threshold == expected


def test_two_embeddings_are_one_too_many(tmp_path: Path, run: RunFolder):
    folder = own(tmp_path, c_csv="question,answer\na,A\n")
    sections = {"build": {"corpus": ("c.csv",)}, "vectors": {"name": "text"}, "embedding": {"bundle": "x"}}
    with pytest.raises(ConfigurationError, match=r"chat\.two_embeddings"):
        chat.build(settings(tmp_path, **sections), run, folder=folder)
