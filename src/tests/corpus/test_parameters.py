"""The checker reads our parameters from syntax; they must be what the classes have."""

from __future__ import annotations

import importlib
from dataclasses import fields
from pathlib import Path

import pytest

from tengjia.config.parameters import read_schema
from tengjia.registry import LIBRARY

PLACES = [
    ("data/cleaning.py", "Cleaning"),
    ("data/splitting.py", "Split"),
    ("data/sampling.py", "Sampling"),
    ("data/datasets/files.py", "Files"),
    ("data/datasets/resume_ner.py", "ResumeNER"),
    ("data/datasets/cluener2020.py", "CLUENER2020"),
    ("data/datasets/bc5cdr.py", "BC5CDR"),
]


@pytest.mark.parametrize(("file", "name"), PLACES)
def test_parameters_read_from_syntax_are_those_of_the_class(file, name):
    schema = read_schema(LIBRARY / file, name)
    module = importlib.import_module(f"tengjia.{Path(file).with_suffix('').as_posix().replace('/', '.')}")
    config = getattr(module, name).Config
    declared = {f.name: list(f.default) if isinstance(f.default, tuple) else f.default for f in fields(config)}
    assert {key: parameter.default for key, parameter in schema.parameters.items()} == declared
    assert all(parameter.sentence for parameter in schema.parameters.values())
