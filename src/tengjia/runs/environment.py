"""What a run was made with: versions, machine, threads, and the state of the code. Imports nothing heavy for it."""

from __future__ import annotations

import contextlib
import hashlib
import os
import platform
import subprocess
import sys
from importlib import metadata
from pathlib import Path
from typing import Any, Final

DISTRIBUTIONS: Final = (
    "torch",
    "numpy",
    "pyarrow",
    "tokenizers",
    "transformers",
    "safetensors",
    "rjieba",
    "hydra-core",
    "omegaconf",
)
_THREAD_VARIABLES: Final = ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS", "ATEN_CPU_CAPABILITY")
_GIT_SECONDS: Final = 10


def environment(root: Path) -> dict[str, Any]:
    """Versions, machine, threads, processes and git state.

    Args:
        root: Root of the project, whose git state is asked for.
    """
    from tengjia import __version__

    return {
        "tengjia": __version__,
        "python": platform.python_version(),
        "versions": _versions(),
        "machine": {
            "system": platform.platform(),
            "processor": _processor(),
            "cores": os.cpu_count(),
            "usable_cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(),
            "memory_bytes": _memory(),
        },
        "processes": int(os.environ.get("WORLD_SIZE", "1")),
        "variables": {name: os.environ[name] for name in _THREAD_VARIABLES if name in os.environ},
        "torch": _torch(),
        "git": git_state(root),
    }


def git_state(root: Path) -> dict[str, Any] | None:
    """Commit, whether files differ from it, and a hash of the difference; `None` where there is no git."""
    commit = _git(root, "rev-parse", "HEAD")
    if commit is None:
        return None
    status = _git(root, "status", "--porcelain", "--untracked-files=normal") or b""
    state: dict[str, Any] = {"commit": commit.decode().strip(), "dirty": bool(status.strip())}
    if status.strip():
        difference = _git(root, "diff", "HEAD", "--no-ext-diff") or b""
        state["changed"] = [line[3:] for line in status.decode("utf-8", "replace").splitlines()][:100]
        state["difference_sha256"] = hashlib.sha256(status + difference).hexdigest()
    return state


def _git(root: Path, *words: str) -> bytes | None:
    try:
        done = subprocess.run(["git", *words], cwd=root, capture_output=True, timeout=_GIT_SECONDS, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout if done.returncode == 0 else None


def _versions() -> dict[str, str]:
    found: dict[str, str] = {}
    for name in DISTRIBUTIONS:
        with contextlib.suppress(metadata.PackageNotFoundError):
            found[name] = metadata.version(name)
    return found


def _torch() -> dict[str, Any] | None:
    """What only torch knows, if somebody has imported it."""
    torch = sys.modules.get("torch")
    if torch is None:
        return None
    return {
        "threads": torch.get_num_threads(),
        "cpu_capability": torch.backends.cpu.get_cpu_capability(),
        "cuda": torch.version.cuda,
        "devices": [torch.cuda.get_device_name(i) for i in range(torch.cuda.device_count())],
    }


def _processor() -> str:
    cpus = Path("/proc/cpuinfo")
    if cpus.is_file():
        for line in cpus.read_text("utf-8", "replace").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def _memory() -> int | None:
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):
        return None
