"""A task declares sections for stages of its own in a `sections.py` of its folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from src.tests.command.project import task_folder, write_project
from tengjia.command.arguments import read_arguments
from tengjia.command.checks import check_plan
from tengjia.command.reading import make_plan, stages_of

SECTION = """\
from __future__ import annotations
from dataclasses import dataclass


class Students:
    \"\"\"Who learns.\"\"\"

    limits = {"count": (1, 9)}

    @dataclass(frozen=True)
    class Config:
        count: int = 2
        \"\"\"How many.\"\"\"
"""
HOME = "src.applications.demo_app.tasks.ner.students:Students"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = write_project(tmp_path)
    (task_folder(root) / "students.py").write_text(SECTION, "utf-8")
    return root


def declare(root: Path, content: str) -> None:
    (task_folder(root) / "sections.py").write_text(content, "utf-8")


def problems(root: Path, *words: str) -> list[tuple[str, str, int]]:
    plan = make_plan(root, read_arguments(["stage=distil", *words]))
    return [(problem.code, problem.key, problem.line) for problem in check_plan(plan)]


def test_keys_of_the_section_are_checked_and_the_file_is_no_stage(root: Path):
    assert problems(root, "students.count=3") == [("config.unknown_key", "students.count", 0)]
    declare(root, f'TRAINING = {{"students": "{HOME}"}}\n')
    assert "sections" not in stages_of(task_folder(root))
    assert problems(root, "students.count=3") == []
    assert problems(root, "students.count=10") == [("config.out_of_range", "students.count", 0)]
    assert problems(root, "students.cuont=3") == [("config.unknown_parameter", "students.cuont", 0)]


@pytest.mark.parametrize(
    "content",
    ["TRAINING = {", "\nTRAINING = name", "TRAINING = 3", 'TRAINING = {"students": 3}'],
)
def test_a_file_that_makes_no_sense(root: Path, content: str):
    declare(root, content)
    assert [code for code, _, _ in problems(root)] == ["config.module_unreadable"]


def test_a_class_that_is_not_there(root: Path):
    declare(root, 'TRAINING = {"students": "src.nowhere:Students", "pupils": "' + HOME + '"}\n')
    assert [code for code, _, _ in problems(root, "pupils.count=3")] == ["config.module_unreadable"]
