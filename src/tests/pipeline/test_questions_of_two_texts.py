"""`stage=apply` of tasks that compare texts: one pair, the prompt, and files that may hold anything."""

from __future__ import annotations

import gzip
import io
import json
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tengjia.base_tasks.stages import answering
from tengjia.base_tasks.stages.answer_formats import JsonLines
from tengjia.base_tasks.stages.answering import AnsweringPipeline
from tengjia.base_tasks.stages.application import _check
from tengjia.base_tasks.stages.base_task import BaseTask
from tengjia.base_tasks.stages.file_answers import answer_file
from tengjia.base_tasks.stages.prompt import answer_prompt
from tengjia.errors import ConfigurationError, DataError, Interrupted
from tengjia.utilities.signals import StopRequest


class Application:
    """Like the section of a base task with two texts, and a third that need not be."""

    @dataclass(frozen=True)
    class Config:
        text: str | None = None
        second: str | None = None
        topic: str | None = None
        input: str | None = None
        output: str | None = None
        format: str = "jsonl"
        column: str = "text"
        second_column: str = "second"
        topic_column: str | None = None
        max_rejects: int | None = None
        batch_size: int = 64
        resume: str = "auto"
        device: str = "cpu"
        least: int = 0


@dataclass(frozen=True)
class Shared:
    """An answer: the letters that the texts share."""

    letters: tuple[str, ...]


class SharedLetters(AnsweringPipeline):
    """A pipeline without a net."""

    @dataclass(frozen=True)
    class Options:
        without: tuple[str, ...] = ()

    device = "cpu"

    def __init__(self) -> None:
        super().__init__(None)

    def answer(self, questions: Sequence[Any], batch_size: int, check: Callable[[], None]) -> list[Shared]:
        check()
        return [
            Shared(tuple(sorted(set(first) & set(second) - {*topic, *self.options.without})))
            for first, second, topic in questions
        ]

    def plain(self, answers: Iterable[Shared]) -> list[Any]:
        return [{"letters": list(answer.letters), "score": len(answer.letters) / 10} for answer in answers]

    def restored(self, values: Iterable[Any]) -> list[Shared]:
        return [Shared(tuple(value["letters"])) for value in values]


TASK = BaseTask(
    name="shared_letters",
    encoding=None,  # type: ignore[arg-type]
    unit=None,  # type: ignore[arg-type]
    pipeline=SharedLetters,  # type: ignore[arg-type]
    outcome=None,  # type: ignore[arg-type]
    shown=lambda question, answer, pipeline, *, colours: f"{'|'.join(question)}: {''.join(answer.letters)}",
    example=None,  # type: ignore[arg-type]
    row_options=None,  # type: ignore[arg-type]
    application=Application,
    columns={"second": "second_column", "topic": "topic_column"},
    kept=lambda answer, wanted: Shared(answer.letters[wanted.least :]),
    counted={"letters": lambda answer: len(answer.letters)},
)


def run(source: Path, **wanted: Any) -> dict[str, Any]:
    return answer_file(TASK, SharedLetters(), source, Application.Config(input=str(source), **wanted))


def lines_of(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def told(path: Path) -> dict[int, str]:
    return {row["line"]: row["code"] for row in lines_of(path) if row["kind"] == "reject"}


@pytest.mark.parametrize(
    ("name", "content", "columns"),
    [
        ("in.jsonl", '{"a": "张三丰", "b": "张三"}\n\n{"a": "x", "b": "y"}\n', {"column": "a", "second_column": "b"}),
        ("in.json", '[{"text": "张三丰", "second": "张三"},\n\n{"text": "x", "second": "y"}]', {}),
        ("in.csv", "second,n,text\n张三,1,张三丰\n,,\ny,2,x\n", {}),
        ("in.tsv.gz", "text\tsecond\n张三丰\t张三\n\t\nx\ty\n", {}),
    ],
)
def test_columns_of_a_file(tmp_path: Path, name: str, content: str, columns: dict[str, str]) -> None:
    source = tmp_path / name
    source.write_bytes(gzip.compress(content.encode()) if name.endswith(".gz") else content.encode())
    result = run(source, output=str(tmp_path / "out.jsonl"), **columns)
    found = lines_of(tmp_path / "out.jsonl")
    assert [[line["text"], line["second"], line["letters"], line["score"]] for line in found] == [
        ["张三丰", "张三", ["三", "张"], 0.2],
        ["x", "y", [], 0.0],
    ]
    assert list(found[0]) == ["line", "text", "second", "letters", "score"]
    assert (result["texts"], result["letters"]) == (2, 2)


HOSTILE = [
    (b'{"text": "ab", "second": "b"}', None),
    (b'{"text": "ab"}', "pipeline.no_other_text"),
    (b'{"text": "ab", "second": null}', "pipeline.no_other_text"),
    (b'{"text": "ab", "second": "  "}', "pipeline.no_other_text"),
    (b'{"text": "ab", "second": 12}', None),
    (b'{"text": "ab", "second": ["b"]}', None),
    (b'{"second": "b"}', "data.missing_key"),
    (b'{"text": "", "second": "b"}', "data.bad_text"),
    (b'{"text": "\\ud800", "second": "b"}', "data.bad_text"),
    (b'{"text": "ab", "second": "b"', "data.bad_json"),
    (b"[" * 5000, "data.bad_json"),
    (b'"ab"', "data.not_an_object"),
    (b'{"text": "' + b"x" * 1_000_001 + b'", "second": "b"}', "data.line_too_long"),
    (b'{"text": "\xe4\xbd\xa0\x00", "second": "b"}', "data.nul_character"),
    (b'{"text": "zz", "second": "<script>\\u202e"}', None),
]


def test_whatever_a_file_holds_every_line_is_answered_or_told(tmp_path: Path) -> None:
    source = tmp_path / "in.jsonl"
    source.write_bytes(b"\n".join(line for line, _ in HOSTILE) + b"\n")
    result = run(source)
    output, refused = tmp_path / "in.answers.jsonl", tmp_path / "in.answers.jsonl.rejects.jsonl"
    answered, rejects = [line["line"] for line in lines_of(output)], told(refused)
    assert sorted([*answered, *rejects]) == list(range(1, len(HOSTILE) + 1))
    assert rejects == {number: code for number, (_, code) in enumerate(HOSTILE, 1) if code}
    assert result["rejects"] == len(rejects) and result["texts"] == len(answered)
    about = next(row for row in lines_of(refused) if row["line"] == 2)
    assert about["file"] == str(source) and about["text"] == "ab" and "`second`" in about["message"]
    with pytest.raises(DataError) as caught:
        run(source, max_rejects=3, output=str(tmp_path / "out.jsonl"))
    assert caught.value.code == "data.too_many_rejects" and not (tmp_path / "out.jsonl").exists()


@pytest.mark.parametrize(
    ("content", "wanted", "words"),
    [
        ("text,b\nx,y\n", {}, "apply.second_column=NAME"),
        ("a,second\nx,y\n", {}, "apply.column=NAME"),
        ("text,second\nx,y\n", {"topic_column": "subject"}, "apply.topic_column=NAME"),
    ],
)
def test_a_missing_column_is_told_by_the_setting_that_names_it(
    tmp_path: Path, content: str, wanted: dict[str, Any], words: str
) -> None:
    (tmp_path / "in.csv").write_text(content, "utf-8")
    with pytest.raises(DataError) as caught:
        run(tmp_path / "in.csv", **wanted)
    assert caught.value.code == "pipeline.no_column" and words in caught.value.hint


def test_a_file_of_which_nothing_can_be_used_is_no_success(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = tmp_path / "in.jsonl"
    source.write_text('{"text": "a", "zweiter": "b"}\n' * 3, "utf-8")
    with pytest.raises(DataError) as caught:
        run(source)
    assert caught.value.code == "pipeline.all_refused"
    assert "apply.column=text, apply.second_column=second" in caught.value.hint
    assert not (tmp_path / "in.answers.jsonl").exists()
    monkeypatch.setenv("TENGJIA_LANG", "zh")
    assert "全部无法使用" in caught.value.message and "读取的是" in caught.value.hint
    (tmp_path / "blank.txt").write_text("\n\n", "utf-8")
    with pytest.raises(DataError, match="没有任何样本"):
        run(tmp_path / "blank.txt", second="b")


def test_one_second_text_for_all_lines(tmp_path: Path) -> None:
    (tmp_path / "in.txt").write_text("abc\nbcd\n", "utf-8")
    with pytest.raises(ConfigurationError) as caught:
        run(tmp_path / "in.txt")
    assert caught.value.code == "pipeline.one_text_a_line" and "apply.second=..." in caught.value.hint
    run(tmp_path / "in.txt", second="cb", topic="b")
    found = lines_of(tmp_path / "in.answers.jsonl")
    assert [(line["second"], line["topic"], line["letters"]) for line in found] == [("cb", "b", ["c"])] * 2


def test_what_is_not_wanted_stays_out_of_output_and_counts(tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text("text,second\nabc,abc\n", "utf-8")
    assert run(tmp_path / "in.csv", least=2)["letters"] == 1
    assert lines_of(tmp_path / "in.answers.jsonl")[0]["letters"] == ["c"]


def test_a_stop_in_the_middle_goes_on_to_the_same_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answering, "QUESTIONS_AT_ONCE", 10)
    source = tmp_path / "in.jsonl"
    rows = [{"text": f"a{number}", "second": "" if number % 9 == 5 else f"a{number % 7}"} for number in range(100)]
    source.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    whole = run(source, output=str(tmp_path / "whole"))
    asked = iter(range(6))

    def check(self: StopRequest, saved: str = "") -> None:
        if next(asked, None) is None:
            raise Interrupted(15, saved)

    with monkeypatch.context() as patch:
        patch.setattr(StopRequest, "check", check)
        with pytest.raises(Interrupted):
            run(source, output=str(tmp_path / "out"))
    assert not (tmp_path / "out").exists() and list(tmp_path.glob(".tengjia-out*"))
    other = Application.Config(input=str(source), output=str(tmp_path / "out"), second="a")  # another question
    kept = (tmp_path / ".tengjia-out.part").read_bytes()
    assert kept.count(b'{"texts"') == 6
    assert run(source, output=str(tmp_path / "out")) == whole
    assert (tmp_path / "out").read_bytes() == (tmp_path / "whole").read_bytes()
    assert not list(tmp_path.glob(".tengjia-*"))
    assert answer_file(TASK, SharedLetters(), source, other)["rejects"] == 0
    assert (tmp_path / "out").read_bytes() != (tmp_path / "whole").read_bytes()


def test_other_options_of_the_pipeline_begin_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(answering, "QUESTIONS_AT_ONCE", 2)
    monkeypatch.setenv("TENGJIA_LANG", "en")
    caplog.set_level("INFO")
    source, asked = tmp_path / "in.csv", iter(range(2))
    source.write_text("text,second\n" + "ab,ab\n" * 9, "utf-8")

    def check(self: StopRequest, saved: str = "") -> None:
        if next(asked, None) is None:
            raise Interrupted(15, saved)

    with monkeypatch.context() as patch:
        patch.setattr(StopRequest, "check", check)
        with pytest.raises(Interrupted):
            run(source)
    pipeline = SharedLetters()
    pipeline.options = pipeline.Options(without=("a",))
    answer_file(TASK, pipeline, source, Application.Config(input=str(source)))
    assert {tuple(line["letters"]) for line in lines_of(tmp_path / "in.answers.jsonl")} == {("b",)}
    assert "this one is another: options" in caplog.text


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"text": "a"}, "pipeline.text_missing"),
        ({"text": "a", "second": "b", "input": "c.csv"}, "pipeline.text_and_file"),
        ({"second": "b", "output": "c"}, "pipeline.output_without_input"),
        ({"text": "a", "second": "b"}, None),
        ({"second": "b"}, None),
        ({}, None),
    ],
)
def test_contradictions_in_the_section(values: dict[str, str], code: str | None) -> None:
    wanted = Application.Config(**values)
    if code is None:
        _check(TASK, wanted)
        return
    with pytest.raises(ConfigurationError) as caught:
        _check(TASK, wanted)
    assert caught.value.code == code and caught.value.hint


@pytest.mark.parametrize(
    ("wanted", "typed", "said"),
    [
        ({}, "abc\ncb\nab\nb\n", ["abc|cb|: bc", "ab|b|: b"]),
        ({}, "abc\ncb\nab\n", ["abc|cb|: bc"]),
        ({}, "abc\nq\nab\nb\n", []),
        ({"second": "c"}, "abc\n\nab\nquit\n", ["abc|c|: c", "ab|c|: "]),
    ],
)
def test_the_prompt_asks_for_one_text_after_the_other(
    wanted: dict[str, str],
    typed: str,
    said: list[str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(typed))
    answer_prompt(TASK, SharedLetters(), Application.Config(**wanted), name="r")
    assert [line for line in capsys.readouterr().out.splitlines() if line] == said


def test_a_terminal_is_greeted_and_prompted(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    typed, asked = iter(["ab", "b", "退出"]), list[str]()

    def ask(prompt: str) -> str:
        asked.append(prompt)
        return next(typed)

    monkeypatch.setenv("TENGJIA_LANG", "en")
    monkeypatch.setattr("builtins.input", ask)
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(isatty=lambda: True))
    answer_prompt(TASK, SharedLetters(), Application.Config(), name="r")
    assert capsys.readouterr().out.startswith("Run r. Type a text; `q` or Ctrl-D ends.\n")
    assert asked == ["text> ", "second> ", "text> "]


def test_lines_are_paired_with_answers(tmp_path: Path) -> None:
    with pytest.raises(DataError) as caught:
        JsonLines().write(tmp_path / "out", [], [Shared(())], SharedLetters())
    assert caught.value.code == "data.unpaired_predictions" and list(tmp_path.iterdir()) == []
    JsonLines(fields=lambda value: {"n": len(value["letters"])}).write(tmp_path / "out", [], [], SharedLetters())
    assert (tmp_path / "out").read_text() == ""
