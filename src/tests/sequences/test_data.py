"""Parallel files, the corpus with its fixed list, and the committed sample."""

from __future__ import annotations

import json
import unicodedata
from pathlib import Path

import pytest

from examples.translation_sample import generate
from tengjia.data.rejects import CollectedRejects, RejectsFile
from tengjia.errors import ConfigurationError, DataError
from tengjia.registry import datasets, readers

FOLDER = Path(__file__).parents[3] / "resources/datasets/translation"
IDS = Path(__file__).parents[2] / "tengjia/data/tatoeba_cmn_eng.json"


def written(folder: Path, chinese: str, english: str) -> Path:
    (folder / "train.zh").write_text(chinese, "utf-8")
    (folder / "train.en").write_text(english, "utf-8")
    return folder / "train.zh"


def test_parallel_files_are_read_line_by_line(tmp_path: Path) -> None:
    file = written(tmp_path, "一。\n二。\n \n三。\n", "one.\n\nx\nthree.\n")
    rejects = CollectedRejects()
    found = list(readers.build({"name": "parallel_text"}).read(file, rejects))
    assert [(one.text, one.extra["target"], one.line) for one in found] == [("一。", "one.", 1), ("三。", "three.", 4)]
    assert [(record.problem.code, record.problem.line) for record in rejects.records] == [
        ("data.half_pair", 2),
        ("data.half_pair", 3),
    ]


@pytest.mark.parametrize(("chinese", "english"), [("一。\n二。\n", "one.\n"), ("一。\n", "one.\ntwo.\n")])
def test_files_of_different_length_are_refused(chinese: str, english: str, tmp_path: Path) -> None:
    file = written(tmp_path, chinese, english)
    with pytest.raises(DataError, match="ends before") as caught:
        list(readers.build({"name": "parallel_text"}).read(file, CollectedRejects()))
    assert caught.value.problem.line == 2


def test_a_file_is_not_its_own_translation(tmp_path: Path) -> None:
    file = written(tmp_path, "一。\n", "one.\n")
    with pytest.raises(DataError, match="reader.target"):
        list(readers.build({"name": "parallel_text", "target": ".zh"}).read(file, CollectedRejects()))
    with pytest.raises(ConfigurationError, match="reader.target"):
        readers.build({"name": "parallel_text", "target": ""})
    with pytest.raises(DataError):
        list(readers.build({"name": "parallel_text", "target": ".fr"}).read(file, CollectedRejects()))


def test_the_list_of_the_corpus_is_fixed() -> None:
    ids = json.loads(IDS.read_text("utf-8"))
    assert {part: len(pairs) for part, pairs in ids.items()} == {"test": 1000, "development": 1000}
    assert not set(ids["test"]) & set(ids["development"])
    assert all(len(set(pairs)) == 1000 for pairs in ids.values())


def test_the_corpus_is_divided_by_the_list(tmp_path: Path) -> None:
    ids = json.loads(IDS.read_text("utf-8"))
    (tmp_path / "tatoeba_cmn_eng").mkdir()
    numbers = [("1", "2", "train"), (*ids["test"][0].split("-"), "test"), (*ids["development"][0].split("-"), "dev")]
    lines = [f"E {part}.\t中 {part}。\tCC-BY tatoeba.org #{one} (A) & #{two} (B)" for one, two, part in numbers]
    (tmp_path / "tatoeba_cmn_eng" / "cmn.txt").write_text("\n".join(lines) + "\n", "utf-8")
    corpus = datasets.build({"name": "tatoeba_cmn_eng"}, reader=None, root=tmp_path)
    found = {part: [one.extra["target"] for one in corpus.read(part, RejectsFile())] for part in corpus.parts()}
    assert found == {"train": ["E train."], "development": ["E dev."], "test": ["E test."]}


def test_the_generator_writes_the_same_bytes(tmp_path: Path) -> None:
    generate.generate(tmp_path)
    for part in ("train", "development", "test"):
        assert (tmp_path / f"{part}.tsv").read_bytes() == (FOLDER / f"{part}.tsv").read_bytes()


def test_no_sentence_of_the_sample_stands_twice() -> None:
    rows = [
        line.split("\t")
        for part in generate.SIZES
        for line in (FOLDER / f"{part}.tsv").read_text("utf-8").splitlines()[1:]
    ]
    assert len(rows) == sum(generate.SIZES.values())
    for side in zip(*rows, strict=True):
        plain = [unicodedata.normalize("NFKC", one).casefold() for one in side]
        assert len(set(plain)) == len(plain)
