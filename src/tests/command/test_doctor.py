"""The doctor names what is there, what is missing and what is bad."""

from __future__ import annotations

import json

import pytest

from tengjia.command.main import main
from tengjia.command.subcommands import doctor


def test_the_doctor_speaks_of_everything(capsys):
    main(["doctor", "--json"])
    subjects = {finding["subject"] for finding in json.loads(capsys.readouterr().out)}
    assert {"python", "system", "cores", "torch", "hydra-core", "cuda", "sqlite", "disk", "transformers"} <= subjects


def test_a_version_with_a_hole_is_bad(monkeypatch):
    monkeypatch.setattr(doctor, "_version", lambda name: "2.5.1" if name == "torch" else "99.0")
    torch = next(finding for finding in doctor._distributions() if finding.subject == "torch")
    assert torch.state == "bad"
    assert "CVE-2026-24747" in torch.advice
    assert "pip install 'torch>=2.10.0'" in torch.advice


def test_a_missing_extra_says_how_to_get_it(monkeypatch):
    monkeypatch.setattr(doctor, "_version", lambda name: None if name == "openpyxl" else "99.0")
    finding = next(finding for finding in doctor._distributions() if finding.subject == "openpyxl")
    assert (finding.state, finding.advice) == ("note", 'pip install "tengjia[excel]"')


@pytest.mark.parametrize(("version", "state"), [((3, 40, 1), "note"), ((3, 51, 3), "ok")])
def test_sqlite_with_the_reset_bug_is_told(monkeypatch, version, state):
    monkeypatch.setattr(doctor.sqlite3, "sqlite_version_info", version)
    assert doctor._sqlite().state == state


def test_an_untested_system_is_told(monkeypatch):
    monkeypatch.setattr(doctor.platform, "system", lambda: "Plan9")
    finding = next(finding for finding in doctor._system() if finding.subject == "system")
    assert finding.state == "note"
    assert "Plan9" in finding.advice
