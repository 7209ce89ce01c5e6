"""`tengjia doctor`: what this machine has, what it lacks, and what is known to be bad about it."""

from __future__ import annotations

import argparse
import importlib.metadata
import importlib.util
import json
import os
import platform
import shutil
import sqlite3
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final, Literal

from tengjia.messages import text


@dataclass(frozen=True)
class Finding:
    """One line of the doctor."""

    state: Literal["ok", "note", "bad"]
    subject: str
    found: str
    advice: str = ""


LOWEST: Final = {
    # distribution: (lowest sound version, why)
    "hydra-core": ("1.3.7", "CVE-2026-68508, CVE-2026-106439"),
    "torch": ("2.10.0", "CVE-2025-32434, CVE-2026-24747"),
}
NEEDED: Final = (
    "hydra-core",
    "omegaconf",
    "numpy",
    "pyarrow",
    "safetensors",
    "tokenizers",
    "torch",
    "tqdm",
    "rjieba",
    "threadpoolctl",
)
OPTIONAL: Final = {
    "transformers": "bert",
    "openpyxl": "excel",
    "pdfminer.six": "documents",
    "python-docx": "documents",
    "hydra-optuna-sweeper": "sweeps",
    "ladybug": "graph",
    "neo4j": "neo4j",
    "onnx": "onnx",
    "onnxruntime": "onnx",
    "onnxscript": "onnx",
}
SQLITE_SOUND: Final = (3, 51, 3)
"""First SQLite without the WAL-reset bug (sqlite.org/wal.html#walresetbug)."""
TESTED_SYSTEMS: Final = frozenset({"Linux"})
LITTLE_SPACE: Final = 5 * 2**30


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("--json", action="store_true", help=text("command.doctor_json").message)


def run(arguments: argparse.Namespace) -> int:
    """Print all findings; exit code 1 when something is bad."""
    findings = list(examine())
    if arguments.json:
        print(json.dumps([asdict(finding) for finding in findings], ensure_ascii=False, indent=2))
    else:
        print_findings(findings)
    return int(any(finding.state == "bad" for finding in findings))


def print_findings(findings: list[Finding]) -> None:
    """One line a finding, advice below it."""
    mark = {"ok": "✓", "note": "·", "bad": "✗"}
    width = max(len(finding.subject) for finding in findings)
    for finding in findings:
        print(f"{mark[finding.state]} {finding.subject:<{width}}  {finding.found}")
        if finding.advice:
            print(f"  {'':<{width}}  → {finding.advice}")


def examine() -> Iterator[Finding]:
    """Everything there is to say about this machine."""
    yield from _system()
    yield from _distributions()
    yield from _devices()
    yield _sqlite()
    yield from _space()


def _system() -> Iterator[Finding]:
    yield Finding("ok", "python", f"{platform.python_version()} ({sys.executable})")
    system = platform.system()
    tested = system in TESTED_SYSTEMS
    advice = "" if tested else text("command.doctor_untested", system=system).message
    yield Finding("ok" if tested else "note", "system", f"{system} {platform.release()} {platform.machine()}", advice)
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    yield Finding("ok", "cores", str(cores))


def _distributions() -> Iterator[Finding]:
    for name in NEEDED:
        version = _version(name)
        if version is None:
            yield Finding("bad", name, "-", f"pip install {name}")
            continue
        lowest, why = LOWEST.get(name, ("0", ""))
        sound = _numbers(version) >= _numbers(lowest)
        advice = "" if sound else text("command.doctor_bad_version", name=name, lowest=lowest, why=why).message
        yield Finding("ok" if sound else "bad", name, version, advice)
    for name, extra in OPTIONAL.items():
        version = _version(name)
        yield Finding(
            "ok" if version else "note", name, version or "-", "" if version else f'pip install "tengjia[{extra}]"'
        )


def _devices() -> Iterator[Finding]:
    if importlib.util.find_spec("torch") is None:
        return
    import torch

    kind, threads = torch.backends.cpu.get_cpu_capability(), torch.get_num_threads()
    yield Finding("ok", "cpu", text("command.doctor_cpu", kind=kind, threads=threads).message)
    names = [torch.cuda.get_device_name(number) for number in range(torch.cuda.device_count())]
    yield Finding("ok" if names else "note", "cuda", ", ".join(names) or "-")
    there = torch.backends.mps.is_available()
    yield Finding("ok" if there else "note", "mps", text("command.doctor_there").message if there else "-")


def _sqlite() -> Finding:
    sound = sqlite3.sqlite_version_info >= SQLITE_SOUND
    advice = "" if sound else text("command.doctor_sqlite", lowest=".".join(map(str, SQLITE_SOUND))).message
    return Finding("ok" if sound else "note", "sqlite", sqlite3.sqlite_version, advice)


def _space() -> Iterator[Finding]:
    usage = shutil.disk_usage(Path.cwd())
    little = usage.free < LITTLE_SPACE
    advice = text("command.doctor_space").message if little else ""
    free = text("command.doctor_free", free=f"{usage.free / 2**30:.0f}").message
    yield Finding("note" if little else "ok", "disk", free, advice)


def _version(name: str) -> str | None:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return None


def _numbers(version: str) -> tuple[int, ...]:
    """Leading numbers of a version: `2.13.0+cpu` gives (2, 13, 0)."""
    parts = []
    for part in version.partition("+")[0].split("."):
        if not part.isdigit():
            break
        parts.append(int(part))
    return tuple(parts)
