"""What every test stands on: English words, no network, no skip that nobody sees."""

from __future__ import annotations

import os

import hypothesis
import pytest

# A loaded machine is no failure: what may take how long is told by `timeout`, not by hypothesis.
hypothesis.settings.register_profile("house", deadline=None)
hypothesis.settings.load_profile("house")


@pytest.fixture(autouse=True)
def _english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TENGJIA_LANG", "en")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]):
    """In continuous integration (`TENGJIA_ALLOW_SKIPS=gpu`) only tests with a named marker may be skipped."""
    report = yield
    allowed = os.environ.get("TENGJIA_ALLOW_SKIPS")
    if report.skipped and allowed is not None and not hasattr(report, "wasxfail"):
        if not any(item.get_closest_marker(name) for name in allowed.split(",")):
            report.outcome = "failed"
            report.longrepr = f"skipped, which is not allowed here: {report.longrepr}"
    return report
