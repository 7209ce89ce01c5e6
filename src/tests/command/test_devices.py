"""Devices that cannot be there are told by cheap signs; what may be there is left to torch."""

from __future__ import annotations

import pytest

from tengjia.command.checks import devices


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch, tmp_path):
    """A Linux machine with a driver and a torch for CUDA."""
    (tmp_path / "nvidiactl").touch()
    monkeypatch.setattr(devices.sys, "platform", "linux")
    monkeypatch.setattr(devices, "_torch_version", lambda: "2.13.0+cu130")
    monkeypatch.setattr(devices, "_drivers", lambda: [tmp_path / "nvidiactl"])
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)
    monkeypatch.setenv("TENGJIA_LANG", "en")
    return tmp_path


@pytest.mark.parametrize("device", ["auto", "cpu", "cuda", "cuda:0", "cuda:7"])
def test_what_may_be_there_is_not_refused(machine, device):
    assert devices.why_absent(device) == ""


def test_mps_is_of_macos(machine, monkeypatch):
    assert devices.why_absent("mps") == "it exists on macOS only"
    monkeypatch.setattr(devices.sys, "platform", "darwin")
    assert devices.why_absent("mps") == ""


@pytest.mark.parametrize("device", ["cuda", "cuda:1"])
def test_signs_of_absence(machine, monkeypatch, device):
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "-1")
    assert devices.why_absent(device) == "CUDA_VISIBLE_DEVICES hides all of them"
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES")
    (machine / "nvidiactl").unlink()
    assert devices.why_absent(device) == "this machine shows no driver of a GPU"
    monkeypatch.setattr(devices, "_torch_version", lambda: "2.13.0+cpu")
    assert devices.why_absent(device) == "torch 2.13.0+cpu is built for the CPU"
    monkeypatch.setenv("TENGJIA_LANG", "zh")
    assert devices.why_absent(device) == "torch 2.13.0+cpu 是 CPU 版"


def test_a_torch_that_is_not_installed_is_no_sign(machine, monkeypatch):
    monkeypatch.undo()
    monkeypatch.setattr(devices.importlib.metadata, "version", _absent)
    assert devices._torch_version() == ""


def _absent(name: str) -> str:
    raise devices.importlib.metadata.PackageNotFoundError(name)
