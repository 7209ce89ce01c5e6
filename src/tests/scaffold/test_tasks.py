"""`tengjia startproject, startapp, starttask`, and plain `cp -r`: all of them work with no line edited."""

from __future__ import annotations

import csv
import json
import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from src.tests.command.project import REPOSITORY, task_folder, write_project
from tengjia import __version__
from tengjia.command.main import main
from tengjia.registry import Scope, set_scope
from tengjia.scaffold.sample import COUNTS, PATTERNS, WORDS, sample
from tengjia.testing.tasks import TINY, Stages

pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True)
def _scope() -> Iterator[None]:
    yield
    set_scope(Scope())


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project of another's making, with the task `demo_app/ner`."""
    write_project(tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What `startproject` writes."""
    folder = tmp_path_factory.mktemp("made") / "next_project"
    assert main(["startproject", str(folder), "--app", "shop", "--task", "orders"]) == 0
    return folder


def python(root: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", *words], cwd=root, capture_output=True, text=True, timeout=600)


def texts_of(folder: Path) -> dict[str, str]:
    files = [file for file in folder.rglob("*") if file.is_file() and "__pycache__" not in file.parts]
    return {str(file.relative_to(folder)): file.read_text("utf-8") for file in files}


def test_a_project_is_the_tree_of_this_repository(project: Path):
    names = set(texts_of(project))
    task = "src/applications/shop/tasks/orders"
    wanted = {"config_project.yaml", "run_modeling.py", "Makefile", "pyproject.toml", ".gitignore", "README.md"}
    wanted |= {"src/__init__.py", "src/applications/__init__.py", "src/tests/applications/shop/test_orders.py"}
    wanted |= {f"{task}/{name}.py" for name in ("preprocess", "build_dataset", "build_model", "train_model", "apply")}
    wanted |= {f"{task}/config_task_training.yaml", "resources/datasets/orders/sample_train.csv"}
    assert wanted <= names and not any(name.startswith("src/tengjia") for name in names)
    for name in (
        "config_project.yaml",
        "run_modeling.py",
        "README.md",
        ".gitignore",
        f"{task}/config_task_testing.yaml",
    ):
        assert f"Written by tengjia {__version__}: tengjia startproject next_project" in texts_of(project)[name]
    assert "{{" not in "".join(texts_of(project).values())


def test_a_project_passes_the_checks_of_this_house(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.chdir(project)
    assert main(["check"]) == 0, capsys.readouterr().err
    for command in (["check"], ["format", "--check"]):
        done = python(project, "ruff", *command, "--config", str(REPOSITORY / "pyproject.toml"), ".")
        assert done.returncode == 0, done.stdout
    done = python(project, "mypy", "--cache-dir", str(REPOSITORY / ".mypy_cache"), "--follow-imports=silent")
    assert done.returncode == 0, done.stdout


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_a_project_passes_its_own_tests(project: Path):
    done = python(project, "pytest", "-q", "-n", "0", "-p", "no:cacheprovider")
    assert done.returncode == 0 and "2 passed" in done.stdout, done.stdout
    assert not (project / "data").exists()


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_copies_work_with_no_line_edited(tmp_path: Path, project: Path, monkeypatch: pytest.MonkeyPatch):
    root = tmp_path / "project"
    shutil.copytree(project, root, ignore=shutil.ignore_patterns("__pycache__"))
    tasks = root / "src/applications/shop/tasks"
    shutil.copytree(tasks / "orders", tasks / "copied")
    shutil.copytree(root / "src/applications/shop", root / "src/applications/other_shop")
    monkeypatch.chdir(root)
    assert main(["check"]) == 0
    for app, task in (("shop", "copied"), ("other_shop", "orders")):
        run = Stages(root / "test.py", tmp_path / app, app, task)
        run.run("stage=[preprocess,train,test]", *TINY)
        assert list((tmp_path / app / "check_point_root" / app / task).glob("*/test_result.json"))


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_the_application_of_this_repository_can_be_copied(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    for name in ("config_project.yaml", "run_modeling.py"):
        shutil.copy(REPOSITORY / name, tmp_path / name)
    rubbish = shutil.ignore_patterns("__pycache__")
    for name in ("src/applications", "resources/datasets/ner"):
        shutil.copytree(REPOSITORY / name, tmp_path / name, ignore=rubbish)
    (tmp_path / "src/__init__.py").touch()
    demo = tmp_path / "src/applications/demo_app"
    shutil.copytree(demo, demo.with_name("my_app"))
    monkeypatch.chdir(tmp_path)
    assert main(["check", "my_app", "ner"]) == 0, capsys.readouterr().err
    run = Stages(tmp_path / "test.py", tmp_path / "work", "my_app", "ner")
    run.run("stage=[preprocess,train,test]", *TINY)
    said = run.run("stage=apply", "apply.text=张三毕业于清华大学。", "apply.device=cpu")
    assert re.sub(r"[^\u4e00-\u9fff]", "", said).startswith(
        "张三毕业于清华大学"
    )  # whatever two steps have marked in it


def test_a_task_like_another(root: Path, capsys: pytest.CaptureFixture[str]):
    config = task_folder(root) / "config_task_training.yaml"
    text = config.read_text("utf-8").replace(
        "defaults:", "#   Train: task=ner stage=train, task=ner again\ndefaults:", 1
    )
    config.write_text(text, "utf-8")
    (task_folder(root) / "readers").mkdir()
    (task_folder(root) / "readers/__init__.py").write_text("", "utf-8")
    assert main(["starttask", "demo_app", "my_task", "--like", "ner"]) == 0
    out = capsys.readouterr().out
    assert "wrote src/applications/demo_app/tasks/my_task/train_model.py" in out
    assert "tengjia check demo_app my_task" in out and "src/tests/applications/demo_app/test_my_task.py" in out
    made = task_folder(root).with_name("my_task")
    before, after = texts_of(task_folder(root)), texts_of(made)
    assert before.keys() == after.keys()
    changed = {name for name in before if before[name] != after[name]}
    assert changed == {"config_task_training.yaml", "config_task_testing.yaml"}
    lines = after["config_task_training.yaml"].splitlines()
    assert lines[:2] == [
        "# @package _global_",
        f"# Written by tengjia {__version__}: tengjia starttask demo_app my_task --like ner",
    ]
    assert (
        lines[2].startswith("# To fill in: ") and lines[3] == "#   Train: task=my_task stage=train, task=my_task again"
    )
    assert main(["check", "demo_app", "my_task"]) == 0
    # A copy of the copy says who wrote it last, and only that.
    assert main(["starttask", "demo_app", "third", "--like", "demo_app/my_task"]) == 0
    again = texts_of(made.with_name("third"))["config_task_training.yaml"]
    assert again.count("Written by") == again.count("To fill in") == 1 and "task=third stage=train" in again


def test_a_task_of_the_library_where_the_project_has_none(root: Path, capsys: pytest.CaptureFixture[str]):
    shutil.move(task_folder(root), task_folder(root).with_name("other"))
    (root / "config_project.yaml").write_text("app: demo_app\ntask: other\n", "utf-8")
    assert main(["starttask", "demo_app", "mine", "--like", "ner"]) == 0
    assert (root / "resources/datasets/mine/sample_test.csv").is_file()
    assert main(["check", "demo_app", "mine"]) == 0, capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["starttask", "demo_app", "x", "--like", "nre"], "did you mean `ner`"),
        (["starttask", "demo_ap", "x", "--like", "ner"], "did you mean `demo_app`"),
        (["starttask", "demo_app", "ner", "--like", "ner"], "`ner` is there already; nothing was written"),
        (["starttask", "demo_app", "x", "--base", "sequence_labelling"], "did you mean `sequence_labeling`"),
        (["starttask", "demo_app", "简历", "--like", "ner"], "only a to z"),
        (["starttask", "demo_app", "MyTask", "--like", "ner"], "for instance `my_task`"),
        (["starttask", "demo_app", "import", "--like", "ner"], "for instance `my_import`"),
        (["startapp", "demo_app"], "`demo_app` is there already"),
        (["startapp", "shop", "--task", "a b"], "for instance `a_b`"),
        (["startapp", "shop", "--base", "tagging"], "no template for a base task `tagging`"),
    ],
)
def test_what_cannot_be_is_told_and_nothing_is_written(
    root: Path, words: list[str], said: str, capsys: pytest.CaptureFixture[str]
):
    before = texts_of(root)
    assert main(words) == 2
    assert said in capsys.readouterr().err
    assert texts_of(root) == before


def test_which_of_two_tasks_of_one_name_has_to_be_said(root: Path, capsys: pytest.CaptureFixture[str]):
    for app in ("one", "two"):
        shutil.copytree(root / "src/applications/demo_app", root / "src/applications" / app)
    shutil.move(task_folder(root), task_folder(root).with_name("other"))
    assert main(["starttask", "demo_app", "x", "--like", "ner"]) == 2
    assert "one/ner, two/ner" in capsys.readouterr().err
    assert main(["starttask", "demo_app", "x", "--like", "two/ner"]) == 0


def test_a_file_that_is_no_text_is_not_copied(root: Path, capsys: pytest.CaptureFixture[str]):
    (task_folder(root) / "data.bin").write_bytes(b"\xff\xfe\x00")
    assert main(["starttask", "demo_app", "x", "--like", "ner"]) == 2
    assert "`data.bin` is no text" in capsys.readouterr().err
    assert not task_folder(root).with_name("x").exists()


def test_an_application(root: Path, capsys: pytest.CaptureFixture[str]):
    assert main(["startapp", "shop", "--task", "orders", "--dry-run"]) == 0
    assert "would write src/applications/shop/tasks/orders/apply.py" in capsys.readouterr().out
    assert not (root / "src/applications/shop").exists()
    assert main(["startapp", "shop", "--task", "orders"]) == 0
    assert main(["check", "shop"]) == 0
    assert "shop/orders: 0 mistake(s)" in capsys.readouterr().out


def test_a_project_overwrites_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    (tmp_path / "Makefile").write_text("mine", "utf-8")
    (tmp_path / "notes.txt").write_text("mine", "utf-8")
    assert main(["startproject", str(tmp_path)]) == 2
    assert "`Makefile` is there already; nothing was written" in capsys.readouterr().err
    assert set(texts_of(tmp_path)) == {"Makefile", "notes.txt"}
    (tmp_path / "Makefile").unlink()
    assert main(["startproject", str(tmp_path)]) == 0
    assert texts_of(tmp_path)["notes.txt"] == "mine"


def test_a_file_where_a_folder_must_be(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    (tmp_path / "taken").write_text("mine", "utf-8")
    assert main(["startproject", str(tmp_path / "taken")]) == 2
    assert "a folder of that name is needed" in capsys.readouterr().err


def test_a_disk_that_refuses_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    from tengjia.scaffold import writing

    true, count = writing.write_text, 0

    def refusing(file: Path, content: str) -> None:
        nonlocal count
        count += 1
        if count == 5:
            raise OSError(28, "No space left on device")
        true(file, content)

    monkeypatch.setattr(writing, "write_text", refusing)
    assert main(["startproject", str(tmp_path / "x")]) == 6
    assert "No space left on device; what had been written was removed" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_the_readme_speaks_the_language_of_the_user(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("TENGJIA_LANG", "zh")
    assert main(["startproject", str(tmp_path / "x")]) == 0
    assert "再建一个任务" in (tmp_path / "x/README.md").read_text("utf-8")
    assert "{GOODS}" not in (sample_text := (tmp_path / "x/resources/datasets/ner/sample_train.csv").read_text("utf-8"))
    assert any(word in sample_text for word in WORDS["zh"]["GOODS"])


@pytest.mark.parametrize("language", PATTERNS)
@pytest.mark.parametrize("part", COUNTS)
def test_the_sample_is_the_same_every_time_and_right(part: str, language: str):
    text = sample(part, language)
    assert text == sample(part, language)
    rows = list(csv.DictReader(text.splitlines()))
    assert len(rows) == COUNTS[part]
    for row in rows:
        for start, end, name in json.loads(row["spans"]):
            assert row["text"][start:end] in WORDS[language][name]


@pytest.mark.parametrize("language", PATTERNS)
def test_classes_of_the_sample_can_be_told_apart(language: str):
    rows = list(csv.DictReader(sample("train", language, "text_classification").splitlines()))
    counts = Counter(row["label"] for row in rows)
    assert len(rows) == COUNTS["train"] and len(counts) == 8 and min(counts.values()) > 10


@pytest.mark.parametrize("language", PATTERNS)
def test_pairs_of_the_sample_have_scores_of_all_kinds(language: str):
    rows = list(csv.DictReader(sample("train", language, "text_matching").splitlines()))
    scores = [float(row["score"]) for row in rows]
    assert len(rows) == COUNTS["train"]
    assert 0.0 in scores and len(set(scores)) > 4 and max(scores) >= 0.5
    assert sum(score > 0 for score in scores) > len(rows) / 4


@pytest.mark.parametrize("language", PATTERNS)
def test_translations_of_the_sample_say_the_same(language: str):
    other = "zh" if language == "en" else "en"
    for row in csv.DictReader(sample("train", language, "sequence_to_sequence").splitlines()):
        assert "{" not in row["text"] + row["target"]
        for name, words in WORDS[language].items():
            for place, word in enumerate(words[: len(WORDS[other][name])]):
                assert (word in row["text"]) == (WORDS[other][name][place] in row["target"])


@pytest.mark.parametrize("base", ["text_classification", "text_matching", "sequence_to_sequence"])
def test_a_task_on_another_base_keeps_its_promises_at_once(base: str, root: Path, capsys: pytest.CaptureFixture[str]):
    task = f"new_{base}"
    assert main(["starttask", "demo_app", task, "--base", base]) == 0
    assert main(["check", "demo_app", task]) == 0, capsys.readouterr().err
    test = f"src/tests/applications/demo_app/test_{task}.py"
    done = python(root, "pytest", "-q", "-n", "0", "-p", "no:cacheprovider", test)
    assert done.returncode == 0, done.stdout + done.stderr
