"""Devices that are asked for and certainly absent: told before anything heavy is imported.

Only torch knows which devices there are, and the checks import no torch. They go by cheap signs, refuse what cannot be,
and leave the rest to the stage, which asks torch before it touches the data.
"""

from __future__ import annotations

import importlib.metadata
import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from tengjia.command.checks.effective import Effective
from tengjia.errors import Problem
from tengjia.messages import text

_DEVICE: Final = re.compile(r"auto|cpu|mps|cuda(:\d+)?")
_DRIVERS: Final = ("nvidiactl", "nvidia0", "nvidia-uvm", "nvmap", "nvhost-ctrl", "dxg", "kfd")
"""Under `/dev`: NVIDIA's driver, a Jetson's, that of Windows Subsystem for Linux, AMD's."""


def check_device(effective: Effective) -> Iterator[Problem]:
    """Every parameter `device` names a device that may be there."""
    for key in effective.values:
        found = effective.value(*key)
        if key[-1] != "device" or not isinstance(found, str):
            continue
        if _DEVICE.fullmatch(found) is None:
            yield effective.problem("config.bad_device", *key, found=found)
        elif reason := why_absent(found):
            yield effective.problem("config.no_device", *key, found=found, reason=reason)


def why_absent(device: str) -> str:
    """The reason why a device cannot be there, in words; nothing when it may be."""
    if device == "mps" and sys.platform != "darwin":
        return text("config.no_device_macos").message
    if not device.startswith("cuda"):
        return ""
    version = _torch_version()
    if version.endswith("+cpu"):
        return text("config.no_device_build", version=version).message
    if os.environ.get("CUDA_VISIBLE_DEVICES", "0").strip() in {"", "-1"}:
        return text("config.no_device_hidden").message
    if sys.platform == "linux" and not any(map(os.path.exists, _drivers())):
        return text("config.no_device_driver").message
    return ""


def _drivers() -> list[Path]:
    return [Path("/dev") / name for name in _DRIVERS]


def _torch_version() -> str:
    try:
        return importlib.metadata.version("torch")
    except importlib.metadata.PackageNotFoundError:
        return ""
