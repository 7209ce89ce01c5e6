"""What readers and datasets promise."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

from tengjia.data.example import Example
from tengjia.data.rejects import CollectedRejects
from tengjia.errors import DataError
from tengjia.registry import readers
from tengjia.testing.broken import hold
from tengjia.testing.building import built
from tengjia.testing.subject import Subject

BAD: Final = {
    "empty": b"",
    "blank": b"\n \n\t\n",
    "nul": b"\x00\x00\x00\n" * 3,
    "not_text": bytes(range(128, 256)) * 4,
    "cut_off": '{"text": "张'.encode(),
    "odd": '",,,"\n[[]]\n}{\n<a><b>\n1\t2\t3\n]NAME[\n\ufeff\u2028x\n'.encode(),
    "long": b"a" * 50_000 + b"\n",
}
"""Files that make no sense: each is to be refused in words, or its rows set aside."""


def reader_builds_from_defaults(subject: Subject) -> None:
    """It is built."""
    built(subject)


def reader_reads_examples(subject: Subject) -> None:
    """Every file of the sample gives examples that are right in themselves, without a reject."""
    hold(subject.sample, "testing.no_sample", found=subject.name)
    for file in subject.files:
        examples, rejects = _read(subject.build(), file)
        reasons = "; ".join(record.problem.message for record in rejects.records if record.kind == "reject")
        hold(not reasons, "testing.rejected", file=file.name, found=reasons)
        _check(examples, file.name)


def reader_reads_the_same_again(subject: Subject) -> None:
    """A second reading gives the same examples."""
    for file in subject.files:
        first, second = (_read(subject.build(), file)[0] for _ in range(2))
        hold(first == second, "testing.not_the_same", found=file.name)


def reader_survives_bad_files(subject: Subject) -> None:
    """A file that makes no sense is refused in words (`DataError`) or its rows are set aside: never anything else."""
    endings = {Path(name).suffix for name in subject.sample} or {".txt"}
    for name, content in BAD.items():
        for ending in endings:
            file = subject.folder / f"{name}{ending}"
            file.write_bytes(content)
            try:
                _read(subject.build(), file)
            except DataError:
                continue
            except Exception as error:
                hold(False, "testing.not_told", name=subject.name, file=name, found=f"{type(error).__name__}: {error}")


def dataset_builds_from_defaults(subject: Subject) -> None:
    """It is built, with the reader of the test if it has one."""
    built(subject, reader=_reader(subject), root=subject.root)


def dataset_has_its_files(subject: Subject) -> None:
    """It has a training part, its parts have names that the house knows, and their files are there."""
    parts = _dataset(subject).parts()
    hold(set(parts) <= {"train", "development", "test"}, "testing.unknown_parts", found=", ".join(parts))
    hold("train" in parts, "testing.no_training_part", found=subject.name)
    missing = [str(file) for files in parts.values() for file in files if not Path(file).exists()]
    hold(not missing, "testing.missing_files", found=", ".join(missing))


def dataset_reads_examples(subject: Subject) -> None:
    """Every part gives examples that are right in themselves, and no example stands in two parts."""
    seen: dict[tuple[str, int], str] = {}
    for part in _dataset(subject).parts():
        examples = list(_dataset(subject).read(part, CollectedRejects()))
        _check(examples, part)
        for example in examples:
            place = (example.file, example.line)
            other = seen.setdefault(place, part)
            hold(other == part, "testing.in_two_parts", file=example.file, line=example.line, part=part, other=other)


def dataset_reads_the_same_again(subject: Subject) -> None:
    """A second reading of each part gives the same examples."""
    for part in _dataset(subject).parts():
        first, second = (list(_dataset(subject).read(part, CollectedRejects())) for _ in range(2))
        hold(first == second, "testing.not_the_same", found=part)


def _read(reader: Any, file: Path) -> tuple[list[Example], CollectedRejects]:
    rejects = CollectedRejects()
    return list(reader.read(file, rejects)), rejects


def _check(examples: Iterable[Example], place: str) -> None:
    found = list(examples)
    hold(found, "testing.no_examples", found=place)
    for example in found:
        where = {"file": place, "line": example.line}
        hold(example.text and example.line > 0, "testing.no_place", **where)
        for span in example.spans:
            inside = 0 <= span.start < span.end <= len(example.text) and span.type
            hold(inside, "testing.bad_span", found=tuple(span), **where)
        ordered = all(one.end <= two.start for one, two in pairwise(example.spans))
        hold(ordered, "testing.spans_overlap", found=[tuple(span) for span in example.spans], **where)


def _reader(subject: Subject) -> Any:
    return readers.build(subject.reader) if subject.reader else None


def _dataset(subject: Subject) -> Any:
    return subject.build(reader=_reader(subject), root=subject.root)
