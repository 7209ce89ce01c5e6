"""Stage `apply`: a text, a file, a prompt."""

from __future__ import annotations

import gzip
import io
import json
import os
import signal
import sys
import threading
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tengjia.base_tasks.sequence_labeling import apply as stage_apply
from tengjia.base_tasks.sequence_labeling.entities import Entity
from tengjia.base_tasks.sequence_labeling.shown import shown
from tengjia.data.rejects import CollectedRejects
from tengjia.errors import ConfigurationError, DataError, Interrupted
from tengjia.registry import readers

from .project import TEXTS, make_run, settings
from .toy import make_pipeline


def run_apply(root: Path, **values: Any) -> dict[str, Any]:
    """The stage on a fresh run."""
    run = make_run(root, "r")
    return stage_apply(settings(root, apply={"device": "cpu", **values}), run)


def test_one_text(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_apply(tmp_path, text=TEXTS[3]) == {}
    printed = capsys.readouterr().out
    for entity in make_pipeline()(TEXTS[3]):
        assert f"[{entity.text}]{entity.type}" in printed
        assert f"{entity.start}–{entity.end}" in printed
    assert "status" in printed


def test_a_prompt_reads_until_q(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"{TEXTS[0]}\n\n。\nq\n{TEXTS[1]}\n"))
    monkeypatch.setenv("TENGJIA_LANG", "zh")
    run_apply(tmp_path)
    printed = capsys.readouterr().out
    assert printed.count("位置") == 2


class Terminal(io.StringIO):
    """A standard input that says it is a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize("end", ["q\n", "退出\n", ""])
def test_a_terminal_is_greeted_and_asked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, end: str
) -> None:
    monkeypatch.setattr(sys, "stdin", Terminal(f"{TEXTS[0]}\n{end}"))
    run_apply(tmp_path)
    printed = capsys.readouterr().out
    assert "Run r knows: NAME, ORG-A, 职务" in printed
    assert printed.count("text> ") == 2


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("in.txt", "".join(f"{text}\n" for text in TEXTS)),
        ("in.txt", "\ufeff" + "\r\n".join(TEXTS)),
        ("in.jsonl", "".join(json.dumps({"text": text, "id": 1}) + "\n" for text in TEXTS)),
        ("in.json", json.dumps([{"text": text} for text in TEXTS])),
        ("in.csv", "id,text\n" + "".join(f'1,"{text}"\n' for text in TEXTS)),
        ("in.tsv", "text\tid\n" + "".join(f"{text}\t1\n" for text in TEXTS)),
        ("in.txt.gz", "".join(f"{text}\n" for text in TEXTS)),
    ],
)
def test_files_of_every_kind(tmp_path: Path, name: str, content: str) -> None:
    source, output = tmp_path / name, tmp_path / "out.jsonl"
    source.write_bytes(gzip.compress(content.encode()) if name.endswith(".gz") else content.encode())
    result = run_apply(tmp_path, input=str(source), output=str(output), batch_size=7)
    lines = [json.loads(line) for line in output.read_text("utf-8").splitlines()]
    expected = make_pipeline()(TEXTS)
    assert [line["text"] for line in lines] == TEXTS
    assert [line["entities"] for line in lines] == [[entity.plain() for entity in answer] for answer in expected]
    assert result == {"texts": len(TEXTS), "entities": sum(map(len, expected)), "rejects": 0}
    assert sorted(path.name for path in tmp_path.iterdir()) == ["check_points", name, "out.jsonl"]


def test_bad_lines_are_told_and_set_aside(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    source = tmp_path / "in.jsonl"
    source.write_text('{"text": "林清远"}\nno json\n{"other": 1}\n{"text": "云山市"}\n', "utf-8")
    result = run_apply(tmp_path, input=str(source))
    output = tmp_path / "in.entities.jsonl"
    assert [json.loads(line)["line"] for line in output.read_text("utf-8").splitlines()] == [1, 4]
    assert result["rejects"] == 2
    rejects = [json.loads(line) for line in (tmp_path / "in.entities.jsonl.rejects.jsonl").read_text().splitlines()]
    assert [row["line"] for row in rejects] == [2, 3]
    assert "2 lines could not be used" in caplog.text
    with pytest.raises(DataError) as caught:
        run_apply(tmp_path / "again", input=str(source), max_rejects=1)
    assert caught.value.code == "data.too_many_rejects"


@pytest.mark.parametrize(
    ("kind", "ending"), [("doccano", ".doccano.jsonl"), ("label_studio", ".tasks.json"), ("brat", ".brat")]
)
def test_annotation_tools_read_back_what_was_found(tmp_path: Path, kind: str, ending: str) -> None:
    source = tmp_path / "in.txt"
    source.write_text("".join(f"{text}\n" for text in TEXTS[:9]), "utf-8")
    run_apply(tmp_path, input=str(source), format=kind)
    reader = readers.build({"name": kind, **({"predictions": True} if kind == "label_studio" else {})})
    examples = list(reader.read(tmp_path / f"in{ending}", CollectedRejects()))
    expected = [[entity.span for entity in answer if entity.counts] for answer in make_pipeline()(TEXTS[:9])]
    assert [example.text for example in examples] == TEXTS[:9]
    assert [[tuple(span) for span in example.spans] for example in examples] == expected


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"text": "a", "input": "b.txt"}, "pipeline.text_and_file"),
        ({"output": "b.txt"}, "pipeline.output_without_input"),
        ({"input": "b.pdf"}, "pipeline.unknown_kind"),
        ({"input": "b.txt", "output": "./b.txt"}, "pipeline.output_is_input"),
    ],
)
def test_contradictions_are_told(tmp_path: Path, values: dict[str, str], code: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        run_apply(tmp_path, **values)
    assert caught.value.code == code
    assert caught.value.hint


@pytest.mark.parametrize("kind", ["brat", "jsonl"])
def test_no_folder_is_replaced(tmp_path: Path, kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    source, folder = tmp_path / "in.txt", tmp_path / "resources"
    source.write_text(TEXTS[0], "utf-8")
    folder.mkdir()
    (folder / "dear.txt").write_text("dear")
    with pytest.raises(ConfigurationError) as caught:
        run_apply(tmp_path, input=str(source), output=str(folder), format=kind)
    assert caught.value.code == ("pipeline.folder_not_empty" if kind == "brat" else "pipeline.output_is_folder")
    assert [path.name for path in folder.iterdir()] == ["dear.txt"]
    monkeypatch.setenv("TENGJIA_LANG", "zh")
    assert "请" in caught.value.hint
    (folder / "dear.txt").unlink()
    if kind == "brat":  # an empty folder is a place as good as any
        run_apply(tmp_path / "again", input=str(source), output=str(folder), format=kind)
        assert (folder / "00000001.ann").is_file()
        (tmp_path / "a_file").touch()
        with pytest.raises(ConfigurationError, match="brat 格式需要目录"):
            run_apply(tmp_path / "more", input=str(source), output=str(tmp_path / "a_file"), format=kind)


@pytest.mark.parametrize(
    ("name", "content", "code", "words"),
    [
        ("in.csv", "a,b\n1,2\n", "pipeline.no_column", "no column `text`; there are: "),
        ("in.jsonl", '{"txt": "x"}\n', "pipeline.all_refused", "none of the 1 lines can be used"),
    ],
)
def test_a_wrong_column_is_told_in_words_of_the_stage(
    tmp_path: Path, name: str, content: str, code: str, words: str
) -> None:
    (tmp_path / name).write_text(content, "utf-8")
    with pytest.raises(DataError) as caught:
        run_apply(tmp_path, input=str(tmp_path / name))
    assert caught.value.code == code and words in caught.value.message and "apply.column=NAME" in caught.value.hint


def test_a_missing_file_is_told_and_nothing_is_written(tmp_path: Path) -> None:
    with pytest.raises(DataError):
        run_apply(tmp_path, input=str(tmp_path / "none.txt"))
    assert [path.name for path in tmp_path.iterdir()] == ["check_points"]


@pytest.mark.parametrize("kind", ["jsonl", "brat"])
def test_a_request_to_stop_leaves_no_half_output(tmp_path: Path, kind: str) -> None:
    source = tmp_path / "in.txt"
    source.write_text("".join(f"{text}\n" for text in TEXTS * 400), "utf-8")
    run = make_run(tmp_path, "r")
    config = settings(tmp_path, apply={"device": "cpu", "input": str(source), "format": kind, "batch_size": 1})
    timer = threading.Timer(1.0, os.kill, (os.getpid(), signal.SIGTERM))
    began = time.monotonic()
    timer.start()
    with pytest.raises(Interrupted, match="texts are answered and kept") as caught:
        stage_apply(config, run)
    timer.cancel()
    assert time.monotonic() - began < 10 and "the same command goes on" in caught.value.hint
    assert sorted(path.name for path in tmp_path.iterdir() if not path.name.startswith(".tengjia-")) == [
        "check_points", "in.txt",
    ]  # fmt: skip


def test_answers_in_colour_cannot_be_steered_by_a_text() -> None:
    text = "林清远\x1b[2J男"
    entities = [
        Entity("林清远", "NAME", 0, 3, 0.9),
        Entity("\x1b[2J男", "ORG", 3, 8, 0.3, "suspected", "low_score"),
    ]
    coloured = shown(text, entities, SimpleNamespace(labels=("NAME", "ORG")), colours=True)
    assert "\x1b[1;36m林清远\x1b[0m" in coloured
    assert "\x1b[33m␛[2J男?\x1b[0m" in coloured
    assert "\x1b[2J" not in coloured
    assert "[林清远]NAME[␛[2J男]ORG?" in shown(text, entities, SimpleNamespace(labels=("NAME", "ORG")), colours=False)
