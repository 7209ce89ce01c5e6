"""Templates: what they answer, and what is told of a file that is not as it must be."""

from __future__ import annotations

from pathlib import Path

import pytest

from src.modules.chat.templates import Templates, compile_templates, read_templates
from tengjia.errors import ConfigurationError

ROOT = Path(__file__).parents[3]
FILE = ROOT / "src/applications/demo_app2/tasks/chat/templates.yaml"


@pytest.fixture(scope="module")
def templates() -> Templates:
    return read_templates(FILE)


@pytest.mark.parametrize(
    ("question", "name", "slots", "part"),
    [
        ("你好！", "greeting", {}, "小帆"),
        ("ＨＥＬＬＯ", "greeting", {}, "小帆"),
        ("你是谁呀", "who", {}, "云帆招聘"),
        (
            "帝都有没有JAVA工程师的岗位",
            "posts_in_city",
            {"city": "北京", "post": "Java 开发"},
            "“北京”，搜索“Java 开发”",
        ),
        ("我想去魔都发展", "jobs_in_city", {"city": "上海"}, "“上海”"),
        ("有三年测试经验能投吗", "experience", {"years": "三年"}, "有三年经验"),
    ],
)
def test_what_the_sample_answers(templates: Templates, question: str, name: str, slots: dict[str, str], part: str):
    found = templates.find(question, 1)
    assert found is not None and (found.template, found.slots) == (name, slots) and part in found.answer


def test_the_same_question_gets_the_same_answer(templates: Templates):
    assert templates.find("谢谢", 1) == templates.find("谢谢", 1)
    assert {templates.find("谢谢你" + "啊" * n, 1).answer for n in range(20)} == {  # type: ignore[union-attr]
        "不客气，祝您求职顺利。",
        "不用谢，还有问题随时找我。",
    }
    assert templates.find("今天天气", 1) is None


def test_an_optional_slot_may_be_missing():
    data = {
        "slots": {"city": {"words": ["北京"]}},
        "templates": [{"name": "a", "patterns": ["招聘(在{city})?"], "answers": ["在{city}招", "到处招"]}],
    }
    assert {compile_templates(data, "t").find("招聘" + "吗" * n, 1).answer for n in range(9)} == {"到处招"}  # type: ignore[union-attr]
    only = {**data, "templates": [{**data["templates"][0], "answers": ["在{city}招"]}]}  # type: ignore[dict-item, index]
    assert compile_templates(only, "t").find("招聘", 1) is None
    assert compile_templates(only, "t").find("招聘在北京", 1).answer == "在北京招"  # type: ignore[union-attr]


def test_answers_are_words_not_code():
    data = {
        "robot": {"name": "x"},
        "templates": [{"name": "a", "patterns": ["a"], "answers": ["{name.__class__} {0} {}"]}],
    }
    assert compile_templates(data, "t").find("a", 1).answer == "{name.__class__} {0} {}"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("content", "line", "code"),
    [
        ("templates:\n  - {name: a, patterns: ['(b'], answers: [c]}\n", 2, "chat.bad_expression"),
        (
            "templates:\n  - name: a\n    patterns:\n      - b\n      - '(?=b)'\n    answers: [c]\n",
            5,
            "chat.bad_expression",
        ),
        ("templates:\n  - {name: a, patterns: ['{city}'], answers: [c]}\n", 2, "chat.bad_expression"),
        ("templates:\n  - {name: a, patterns: [b], answers: ['{nmae}']}\nrobot: {name: x}\n", 2, "chat.unknown_place"),
        ("templates:\n  - {name: a, answers: [c]}\n", 2, "chat.not_this"),
        ("templates:\n  - {name: a, patterns: [b]}\n", 2, "chat.not_this"),
        ("templates:\n  - {name: a, patterns: [b], answers: ['']}\n", 2, "chat.not_this"),
        ("templates:\n  - {name: a, patterns: b, answers: [c]}\n", 2, "chat.not_this"),
        (
            "templates: [{name: a, patterns: [b], answers: [c]},\n  {name: a, patterns: [b], answers: [c]}]\n",
            2,
            "chat.two_templates",
        ),
        ("templates:\n  - {name: a, pattern: [b], patterns: [b], answers: [c]}\n", 2, "chat.unknown_key"),
        ("template: []\n", 1, "chat.unknown_key"),
        ("templates: {}\n", 1, "chat.not_this"),
        ("templates: [3]\n", 1, "chat.not_this"),
        ("unknown: ['{x}']\n", 1, "chat.unknown_place"),
        ("robot: [a]\n", 1, "chat.not_this"),
        ("slots:\n  city: {words: [a], pattern: b}\n", 2, "chat.bad_slot"),
        ("slots:\n  1x: {words: [a]}\n", 2, "chat.bad_slot"),
        ("slots:\n  city: {words: 3}\n", 2, "chat.not_this"),
        ("slots:\n  city: {pattern: '['}\n", 2, "chat.bad_expression"),
        ("slots:\n  city: {pattern: 3}\n", 2, "chat.not_this"),
        ("robot: {city: a}\nslots:\n  city: {words: [a]}\n", 3, "chat.bad_slot"),
        (
            "slots: {c: {words: [x]}}\ntemplates:\n  - {name: a, patterns: ['{c}'], examples: [b], answers: ['{c}']}\n",
            3,
            "chat.slots_without_pattern",
        ),
        ("a: [\n", 2, "config.syntax"),
        ("robot: !!python/object:os.system {}\n", 1, "config.tag"),
    ],
)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_mistakes_are_told_with_their_line(
    content: str, line: int, code: str, language: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("TENGJIA_LANG", language)
    file = tmp_path / "templates.yaml"
    file.write_text(content, "utf-8")
    with pytest.raises(ConfigurationError) as error:
        read_templates(file)
    problems = [(problem.code, problem.line) for problem in error.value.problems]
    assert (code, line) in problems, str(error.value)
    assert f"templates.yaml:{line}" in str(error.value)


def test_every_mistake_is_told_at_once(tmp_path: Path):
    file = tmp_path / "templates.yaml"
    file.write_text(
        "x: 1\nslots: {a: {pattern: '('}}\ntemplates:\n  - {name: a, patterns: ['*'], answers: [b]}\n", "utf-8"
    )
    with pytest.raises(ConfigurationError) as error:
        read_templates(file)
    assert [problem.line for problem in error.value.problems] == [1, 2, 4]
