"""With `TENGJIA_LANG=zh` nothing is English but names, and what modules say of themselves in their code."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from src.tests.command.project import run_modeling, write_project
from tengjia.command import main as command
from tengjia.messages.config import MESSAGES
from tengjia.runs import RunFolder

ENGLISH = re.compile(r"[A-Za-z]{2,}(?: [a-z]{2,}){2,}")
"""Three words in a row are a phrase."""
COMMANDS = re.compile(r"tengjia [^；\n]*|demo_app ner \S+")


def english(words: str) -> list[str]:
    """Phrases that are no command to be typed."""
    return ENGLISH.findall(COMMANDS.sub("", words))


@pytest.fixture(autouse=True)
def _chinese(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    write_project(tmp_path)
    monkeypatch.setenv("TENGJIA_LANG", "zh")
    monkeypatch.chdir(tmp_path)


def said(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str]:
    try:
        code = command.main(list(words))
    except SystemExit as end:  # argparse
        code = int(end.code or 0)
    captured = capsys.readouterr()
    return code, captured.out + captured.err


@pytest.mark.parametrize("name", ["", *command.SUBCOMMANDS])
def test_help_is_chinese(capsys: pytest.CaptureFixture[str], name: str):
    code, words = said(capsys, *filter(None, [name]), "--help")
    assert code == 0 and "用法：" in words and "显示本帮助后退出" in words
    assert english(words) == []


@pytest.mark.parametrize(
    ("words", "code", "expected"),
    [
        (["bogus"], 2, "没有命令 `bogus`；现有：list, show"),
        (["chek"], 2, "您是不是想写 `check`？"),
        (["explain"], 2, "缺少参数：KEY"),
        (["cache", "gc", "--older-than", "x"], 2, "参数 --older-than：'x' 不是合法的 float"),
        (["completion", "tcsh"], 2, "'tcsh' 不是可选的值"),
        (["doctor", "--all"], 2, "无法识别的参数：--all"),
        (["list", "modell"], 2, "没有模块类别 `modell`；您是不是想写 `model`？"),
        (["explain", "seed", "seed=7"], 0, "seed = 7    (命令行)"),
        (["explain", "seed"], 0, "seed = 1    (config_project.yaml:4)"),
        (["check"], 0, "demo_app/ner：0 处错误"),
        (["data", "--root", ".", "list"], 0, "上市公司高管简历中的命名实体"),
        (["list", "model"], 0, "（模块与参数的说明取自代码，为英文。）"),
        (["show", "model/bilstm_crf"], 0, "（模块与参数的说明取自代码，为英文。）"),
        (["list", "runs"], 0, "下没有 demo_app/ner 的运行"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_answers_are_chinese(capsys: pytest.CaptureFixture[str], words: list[str], code: int, expected: str):
    found, told = said(capsys, *words)
    assert found == code and expected in told


def test_doctor_is_chinese(capsys: pytest.CaptureFixture[str]):
    told = said(capsys, "doctor")[1]
    assert "个线程" in told and "剩余" in told and english(told) == []


def test_differences_have_chinese_headings(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    parent = tmp_path / "data" / "check_points" / "demo_app" / "ner"
    for number, name in enumerate(("one", "two")):
        run = RunFolder.create(parent, seed=1, app="demo_app", task="ner", name=name)
        for document in ("config", "data", "environment"):
            run.write(document, {"value": number})
        run.write_result("train", {"best_score": 0.5 + number / 10})
    code, told = said(capsys, "diff", "one", "two")
    assert code == 1 and all(f"{heading}\n" in told for heading in ("配置", "数据", "环境", "train 阶段的结果"))
    assert said(capsys, "diff", "one", "one") == (0, "one  ->  one\n\n没有差异\n")


def test_sentences_of_parameters_are_said_to_be_english(tmp_path: Path):
    told = run_modeling(tmp_path, "optimizer.lr=fast", TENGJIA_LANG="zh").stderr
    assert "optimizer.lr 的说明（英文）：Learning rate" in told
    quoting = [entry for entry in MESSAGES.values() if "{sentence}" in entry.hint_zh]
    assert quoting and all("（英文）" in entry.hint_zh for entry in quoting)


def test_a_failed_parameter_of_the_parser_is_told_in_english_too(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("TENGJIA_LANG", "en")
    assert "the following arguments are required: KEY" in said(capsys, "explain")[1]
    assert "no command `chek`; did you mean `check`?" in said(capsys, "chek")[1]
