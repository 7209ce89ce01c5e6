"""A pytest plugin: what modules and tasks promise, as tests. pytest finds it by itself where Tengjia is installed.

A module of your own is held to the promises of its kind by one function, which runs once for each of them:

    @pytest.mark.tengjia_module("model", "my_model", hidden_size=16)
    def test_promises(promise):
        promise()

A task is checked, trained for two steps on your data, tested and applied:

    @pytest.mark.tengjia_task("my_app", "my_task")
    def test_stages(stages):
        stages()

What the project's modules say when something is wrong (`src/messages/`) is held to both languages:

    def test_messages(project_messages):
        project_messages()

Nothing heavy is imported before a test asks for it: this file is read whenever pytest starts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest

from tengjia.testing.promises import PROMISES

if TYPE_CHECKING:
    from tengjia.testing.tasks import Stages

MODULE = "tengjia_module"
TASK = "tengjia_task"


def pytest_configure(config: pytest.Config) -> None:
    """Say which markers there are (`pytest --markers`)."""
    config.addinivalue_line(
        "markers",
        f"{MODULE}(kind, name, sample=None, reader=None, app='', task='', **parameters): the module that the fixture "
        "`promise` is about; `sample` is {file name: content}, what a reader, dataset or vectors module reads",
    )
    config.addinivalue_line("markers", f"{TASK}(app, task, *overrides): the task that the fixture `stages` is about")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test with the fixture `promise` once for each promise of the kind of its module."""
    if "promise" in metafunc.fixturenames and metafunc.definition.get_closest_marker(MODULE) is not None:
        kind = _marker(metafunc.definition, MODULE).args[0]
        if kind not in PROMISES:
            raise pytest.UsageError(f"{MODULE}: no kind of module {kind!r}; there are: {', '.join(PROMISES)}")
        metafunc.parametrize("promise", PROMISES[kind], indirect=True)


@pytest.fixture
def promise(request: pytest.FixtureRequest) -> Iterator[Callable[[], None]]:
    """One promise of the module that the marker `tengjia_module` names; call it, and it fails or holds."""
    from tengjia.registry import scope, set_scope
    from tengjia.testing.keeping import keeping
    from tengjia.testing.subject import subject_of

    before = scope()
    marker = _marker(request.node, MODULE)
    # Not the fixture `tmp_path` itself: a folder of one's own for each promise, whatever the test puts beside it.
    folder = request.getfixturevalue("tmp_path_factory").mktemp("promise")
    try:
        subject = subject_of(request.node.path, folder, *marker.args, **marker.kwargs)
        yield lambda: keeping(subject.kind, request.param)(subject)
    finally:
        set_scope(before)


@pytest.fixture
def stages(request: pytest.FixtureRequest) -> Iterator[Stages]:
    """The stages of the task that the marker `tengjia_task` names, in a few steps and folders of their own."""
    from tengjia.registry import scope, set_scope
    from tengjia.testing.tasks import Stages

    before = scope()
    app, task, *overrides = _marker(request.node, TASK).args
    yield Stages(request.node.path, request.getfixturevalue("tmp_path"), app, task, tuple(overrides))
    set_scope(before)


@pytest.fixture
def project_messages(request: pytest.FixtureRequest) -> Iterator[Callable[[], None]]:
    """What the catalogues of the project around a test promise: both languages, the same values named, and words for
    every code; call it, and it fails or holds."""
    from tengjia.command.project import PROJECT_FILE
    from tengjia.registry import Scope, scope, set_scope
    from tengjia.testing.catalogues import faults_of_project
    from tengjia.testing.subject import project_of

    before, root = scope(), project_of(request.node.path)
    if root is None:
        raise pytest.UsageError(f"{request.node.nodeid}: stands in no project (no {PROJECT_FILE} above it)")

    def hold() -> None:
        found = faults_of_project(root)
        assert not found, "\n".join(found)

    set_scope(Scope(root))
    yield hold
    set_scope(before)


def _marker(node: pytest.Item, name: str) -> pytest.Mark:
    marker = node.get_closest_marker(name)
    if marker is None or len(marker.args) < 2:
        raise pytest.UsageError(f"{node.nodeid}: say @pytest.mark.{name}(...) with two names")
    return marker
