"""Marks are found in every way to write an annotation, and nowhere else; no annotation is ever run."""

from typing import Annotated, List, Literal, Optional, Union  # noqa: UP035

import pytest

import tengjia.pretrained as pretrained
from tengjia.pretrained import FromConfig, Ignore, SubFolder
from tengjia.pretrained.markers import FROM_CONFIG, IGNORE, SUB_FOLDER, marks_of

Renamed = Ignore


class Unrelated:
    class Ignore:
        pass


@pytest.mark.parametrize(
    ("annotation", "expected"),
    [
        (Ignore, {IGNORE}),
        (SubFolder, {SUB_FOLDER}),
        (FromConfig, {FROM_CONFIG}),
        (Union[Ignore, int], {IGNORE}),  # noqa: UP007
        (Optional[SubFolder], {SUB_FOLDER}),  # noqa: UP045
        (Ignore | None, {IGNORE}),
        (Union[Ignore, SubFolder, None], {IGNORE, SUB_FOLDER}),  # noqa: UP007
        (Annotated[int, Ignore], {IGNORE}),
        (Annotated[Ignore, "why"], {IGNORE}),
        (list[SubFolder], {SUB_FOLDER}),
        (List["SubFolder"], {SUB_FOLDER}),  # noqa: UP006
        (Union["Ignore", int], {IGNORE}),
        ("Ignore", {IGNORE}),
        ("Renamed", {IGNORE}),
        ("Ignore | None", {IGNORE}),
        ("int | Ignore | None", {IGNORE}),
        ("Union[SubFolder, int]", {SUB_FOLDER}),
        ("typing.Optional[FromConfig]", {FROM_CONFIG}),
        ("pretrained.Ignore", {IGNORE}),
        ("list[SubFolder]", {SUB_FOLDER}),
        ("'Ignore'", {IGNORE}),
        ("Union['Ignore', int]", {IGNORE}),
        (int, set()),
        ("int", set()),
        ("NotDefined | None", set()),
        (Literal["Ignore"], set()),
        ("Literal['Ignore']", set()),
        (Annotated[int, "Ignore"], set()),
        ("Ignore.method()", set()),
        ("[", set()),
        ("open('/tmp/never').write('x')", set()),
        (Unrelated.Ignore, set()),
        (3, set()),
    ],
    ids=lambda value: "+".join(sorted(mark.name for mark in value)) if isinstance(value, set) else str(value),
)
def test_marks(annotation, expected):
    def function(self, value=None): ...

    function.__annotations__["value"] = annotation
    assert marks_of(function).get("value", frozenset()) == expected


def test_a_local_class_called_ignore_is_none_of_ours():
    namespace = {"Ignore": Unrelated.Ignore}
    function = type(test_marks)((lambda value: None).__code__, namespace)
    function.__annotations__["value"] = "Ignore"
    assert marks_of(function) == {}


def test_marks_are_reached_by_the_package_too():
    assert pretrained.Ignore is Ignore
