"""Corpora of classified texts, on little files of their formats: parts, classes, what is kept for development."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from tengjia.data.example import Example
from tengjia.data.rejects import RejectsFile
from tengjia.errors import DataError
from tengjia.registry import datasets


def read(root: Path, **settings: Any) -> dict[str, list[Example]]:
    corpus = datasets.build(settings, reader=None, root=root)
    return {part: list(corpus.read(part, RejectsFile())) for part in corpus.parts()}


@pytest.mark.parametrize("name", ["chnsenticorp", "trec", "clinc150"])
def test_a_corpus_that_was_not_fetched_says_how_to_get_it(name, tmp_path):
    with pytest.raises(DataError) as caught:
        datasets.build({"name": name}, reader=None, root=tmp_path).parts()
    assert caught.value.code == "corpus.not_fetched" and f"tengjia data get {name}" in caught.value.hint
    source = datasets.load(name).source
    assert source.name == name and all(len(file.sha256) == 64 for file in source.files)
    assert {Path(file).name for file in datasets.load(name).reads.values()} <= {file.name for file in source.files}


def test_reviews_stand_in_a_zip_archive(tmp_path):
    folder = tmp_path / "chnsenticorp"
    folder.mkdir()
    with zipfile.ZipFile(folder / "chnsenticorp.zip", "w") as archive:
        for part in ("train", "dev", "test"):
            archive.writestr(f"{part}.tsv", f'label\ttext_a\n1\t房间"很好\n0\t{part}太吵\n')
    parts = read(tmp_path, name="chnsenticorp")
    assert [(example.text, example.label) for example in parts["development"]] == [('房间"很好', "1"), ("dev太吵", "0")]
    assert list(parts) == ["train", "development", "test"]


@pytest.mark.parametrize(("fine", "expected"), [(False, "HUM"), (True, "HUM:ind")])
def test_every_tenth_question_is_kept_for_development(fine, expected, tmp_path):
    folder = tmp_path / "trec"
    folder.mkdir()
    lines = "".join(f"HUM:ind Who is number {number} ?\n" for number in range(1, 26))
    (folder / "TREC.train").write_bytes((lines + "LOC:city Where is C\xf3rdoba ?\n").encode("latin-1"))
    (folder / "TREC.test").write_text("NUM:dist How far is it ?\n", "latin-1")
    parts = read(tmp_path, name="trec", fine=fine)
    assert [example.text for example in parts["development"]] == ["Who is number 10 ?", "Who is number 20 ?"]
    assert len(parts["train"]) == 24 and parts["train"][-1].text == "Where is Córdoba ?"
    assert {example.label for example in parts["train"][:-1]} == {expected}
    assert parts["test"][0].label == ("NUM:dist" if fine else "NUM")


@pytest.mark.parametrize(
    ("where", "outside"), [("none", (0, 0, 0)), ("known", (0, 1, 1)), ("learnt", (1, 1, 1))], ids=str
)
@pytest.mark.parametrize("size", ["full", "small"])
def test_texts_out_of_scope_stand_where_they_are_wanted(where, outside, size, tmp_path):
    folder = tmp_path / "clinc150"
    folder.mkdir()
    lists = {name: [[f"{size} {name}", "transfer"]] for name in ("train", "val", "test")}
    lists |= {f"oos_{name}": [[f"odd {name}", "oos"]] for name in ("train", "val", "test")}
    (folder / f"data_{size}.json").write_text(json.dumps(lists, indent=4))
    parts = read(tmp_path, name="clinc150", size=size, out_of_scope=where)
    assert tuple(sum(example.label == "oos" for example in examples) for examples in parts.values()) == outside
    assert parts["development"][0].text == f"{size} val" and parts["test"][0].label == "transfer"
