"""Every broken or hostile config is refused with its code, its message and its hint, before anything is imported."""

from __future__ import annotations

import re
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from src.tests.command.hostile_cases import ALL, Case
from src.tests.command.project import run_modeling, task_folder, write_project
from tengjia.command.arguments import read_arguments
from tengjia.command.checks import check_plan
from tengjia.command.reading import make_plan
from tengjia.errors import Problem
from tengjia.messages.config import MESSAGES
from tengjia.registry import REGISTRIES, Scope, set_scope

CANARY = 'from pathlib import Path\nPath(__file__).with_name("sung").touch()\n\n\ndef sing(*a, **k):\n    pass\n'


@pytest.fixture
def root(tmp_path: Path) -> Iterator[Path]:
    write_project(tmp_path)
    (tmp_path / "canary.py").write_text(CANARY, "utf-8")
    yield tmp_path
    set_scope(Scope())


def edit(file: Path, change: str) -> None:
    """Append to a file; `old >>> new` replaces instead."""
    text = file.read_text("utf-8")
    old, arrow, new = change.partition(" >>> ")
    if arrow:
        assert old in text, old
        file.write_text(text.replace(old, new, 1), "utf-8")
    else:
        file.write_text(text + change, "utf-8")


def write_case(root: Path, case: Case) -> None:
    edit(root / "config_project.yaml", case.project)
    edit(task_folder(root) / "config_task_training.yaml", case.training)
    edit(task_folder(root) / "config_task_testing.yaml", case.testing)


def problems_of(root: Path, *words: str) -> list[Problem]:
    return check_plan(make_plan(root, read_arguments(words)))


@pytest.mark.parametrize("name", ALL)
def test_each_is_told(root: Path, name: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.syspath_prepend(str(root))
    case = ALL[name]
    write_case(root, case)
    problems = problems_of(root, *case.words)
    found = [problem for problem in problems if problem.code == case.code and case.message in problem.message]
    assert found, "\n".join(map(str, problems)) or "nothing was told"
    assert case.hint in found[0].hint
    assert case.where in found[0].where
    assert not (root / "sung").exists() and "canary" not in sys.modules
    monkeypatch.setenv("TENGJIA_LANG", "zh")
    assert re.search("[\u4e00-\u9fff]", found[0].message) and re.search("[\u4e00-\u9fff]", found[0].hint)


def test_there_are_enough():
    assert len(ALL) >= 80


def test_the_project_itself_has_no_mistake(root: Path):
    assert problems_of(root) == []
    assert problems_of(root, "stage=[preprocess,train]", "optimizer.lr=1", "callbacks.ema.enabled=true") == []


@pytest.mark.parametrize(
    "words",
    [
        ["~schedule"],
        ["schedule=null"],
        ["vectors=text", "vectors.file=x"],
        ["-m", "schedule=cosine,null"],
        ["-m", "optimizer.lr=choice(0.1,0.2)", "seed=range(1,4)"],
        ["-m", "optimizer.lr=interval(0.1,0.2)", "hydra/sweeper=optuna", "hydra.sweeper.n_trials=3"],
        ["run=20260101", "log_root=${cache_root}/logs"],
        ["+cleaning.replacements.a=b"],
        ["cleaning.replacements={a: 甲, b: 乙}"],
        ["stage=distil"],
        ["dataset.train=[ner.zip/ner/train.txt, ner.zip/ner]"],
        ["trainer.monitor=entity_recall/ORG", "callbacks.early_stopping.enabled=true"],
        ["debug=true", "--debug"],
    ],
    ids=" ".join,
)
def test_what_is_right_is_not_refused(root: Path, words: list[str]):
    (root / "resources" / "word_vectors").mkdir()
    (root / "resources" / "word_vectors" / "x").write_text("a 0.1\n", "utf-8")
    with zipfile.ZipFile(root / "resources" / "datasets" / "ner.zip", "w") as archive:
        archive.writestr("ner/train.txt", "张\tB-NAME\n三\tE-NAME\n")
    assert problems_of(root, *words) == []


def test_many_mistakes_are_told_at_once(root: Path):
    edit(root / "config_project.yaml", "loog_root: x\n")
    edit(task_folder(root) / "config_task_training.yaml", "trainer:\n\tmax_epochs: no\n  monitor: nothing\n")
    done = run_modeling(root, "optimizer.lrr=1", "model.dropout=x", "seed=${oc.env:HOME}", "vectors=nothing")
    assert done.returncode == 2
    for code in (
        "unknown_key",
        "tab",
        "wrong_type",
        "monitor",
        "unknown_parameter",
        "resolver",
        "unknown_module",
    ):
        assert f"[config.{code}]" in done.stderr, done.stderr
    assert "Traceback" not in done.stderr
    assert not (root / "data").exists()


@pytest.mark.parametrize(
    "words",
    [
        ["--help"],
        ["model._target_=canary.sing"],
        ["optimizer.lrr=1", "model=bilstm_crff"],
        ["-m", "optimizer.lr=0.1,fast"],
        ["hydra.job_logging.handlers.file.class=canary.Sing"],
    ],
    ids=" ".join,
)
def test_nothing_heavy_is_imported(root: Path, words: list[str]):
    code = (
        "import sys; sys.path[:0] = [sys.argv.pop(1)]\n"
        "from pathlib import Path\n"
        "from tengjia.command.modeling import main\n"
        "print(main(Path(sys.path[0])))\n"
        "heavy = {'torch', 'transformers', 'numpy', 'pandas', 'django', 'pyarrow', 'canary'}\n"
        "print('HEAVY', sorted(heavy & set(sys.modules)))\n"
    )
    (root / "probe.py").write_text(code, "utf-8")
    done = run_probe(root, *words)
    assert "HEAVY []" in done, done
    assert not (root / "sung").exists()


def run_probe(root: Path, *words: str) -> str:
    import subprocess

    command = [sys.executable, str(root / "probe.py"), str(root), *words]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, cwd=root)
    return done.stdout + done.stderr


def test_ranks_tell_mistakes_once(root: Path):
    first = run_modeling(root, "optimizer.lrr=1", RANK="0", WORLD_SIZE="2")
    second = run_modeling(root, "optimizer.lrr=1", RANK="1", WORLD_SIZE="2")
    assert (first.returncode, second.returncode) == (2, 2)
    assert "config.unknown_parameter" in first.stderr
    assert second.stderr == ""


def changed(name: str) -> Iterator[str]:
    """The name with each one of its letters changed, one at a time."""
    for place, letter in enumerate(name):
        other = "q" if letter != "q" else "z"
        yield name[:place] + other + name[place + 1 :]


@pytest.mark.parametrize("kind", REGISTRIES)
def test_a_changed_letter_finds_the_name(kind: str):
    from tengjia.utilities.nearest import edits, nearest

    names = list(REGISTRIES[kind].entries())
    assert names, kind
    for name in names:
        for wrong in changed(name):
            if wrong in names:
                continue
            near = nearest(wrong, names)
            assert name in near, (wrong, near)
            if sum(edits(wrong, other, 3) <= 1 for other in names) == 1:
                assert near[0] == name, (wrong, near)


def test_every_message_of_the_catalogue_is_used():
    sources = [file.read_text("utf-8") for file in (Path(__file__).parents[2] / "tengjia").rglob("*.py")]
    unused = [
        code for code in MESSAGES if not any(f'"{code}"' in text for text in sources if "MESSAGES = {" not in text)
    ]
    assert unused == []
