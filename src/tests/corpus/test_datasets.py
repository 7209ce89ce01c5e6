"""Files of the user's own, and public corpora in the layout in which they are published (texts are ours)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tengjia.contracts import Rejects
from tengjia.data.example import Example, Span
from tengjia.data.rejects import RejectsFile
from tengjia.errors import ConfigurationError, DataError
from tengjia.registry import datasets


@dataclass
class LineReader:
    """One example a line."""

    def read(self, path: Path, rejects: Rejects) -> Iterator[Example]:
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
            yield Example(line, file=str(path), line=number)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name in ("ner/train-2.txt", "ner/train-1.txt", "ner/train-10.txt", "ner/test.txt", "ner/[odd].txt"):
        file = tmp_path / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(f"{file.stem} 一\n{file.stem} 二\n", "utf-8")
    return tmp_path


def files(root: Path, **values: tuple[str, ...]):
    return datasets.build({"name": "files", **values}, reader=LineReader(), root=root)


def names(corpus, part: str) -> list[str]:
    return [path.name for path in corpus.parts()[part]]


def test_files_are_read_one_after_the_other(root):
    corpus = files(root, train=("ner/train-2.txt", "ner/train-1.txt"), test=("ner/test.txt",))
    assert list(corpus.parts()) == ["train", "test"]
    assert [e.text for e in corpus.read("train", RejectsFile())] == [
        "train-2 一",
        "train-2 二",
        "train-1 一",
        "train-1 二",
    ]


@pytest.mark.parametrize(
    ("patterns", "expected"),
    [
        (("ner/train-*.txt",), ["train-1.txt", "train-10.txt", "train-2.txt"]),
        (("ner/train-2.txt", "ner/train-*.txt"), ["train-2.txt", "train-1.txt", "train-10.txt"]),
        (("**/test.txt",), ["test.txt"]),
        (("ner/[odd].txt",), ["[odd].txt"]),
        (("ner/train-?.txt",), ["train-1.txt", "train-2.txt"]),
    ],
)
def test_patterns(root, patterns, expected):
    assert names(files(root, train=patterns), "train") == expected


def test_an_absolute_path_is_taken_as_it_is(root, tmp_path):
    corpus = files(Path("elsewhere"), train=(str(root / "ner/test.txt"),))
    assert corpus.parts()["train"] == [root / "ner/test.txt"]


@pytest.mark.parametrize(
    ("found", "near"), [("ner/tset.txt", "test.txt"), ("ner/*.csv", "-"), ("nowhere/test.txt", "-")]
)
def test_a_missing_file_is_told_with_the_nearest(root, found, near):
    with pytest.raises(DataError) as caught:
        files(root, train=(found,)).parts()
    assert caught.value.code == "corpus.file_missing"
    assert f"`{found}` is no file" in caught.value.message
    assert f"nearest names there: {near}" in caught.value.message
    assert "dataset.train" in caught.value.hint
    with pytest.raises(DataError):
        list(files(root, train=(found,)).read("train", RejectsFile()))


def test_a_file_in_two_parts_is_an_error(root):
    with pytest.raises(DataError) as caught:
        files(root, train=("ner/*.txt",), test=("ner/test.txt",)).parts()
    assert caught.value.code == "corpus.file_in_two_parts"
    assert "`dataset.test` and in `dataset.train`" in caught.value.message


def test_a_part_without_files_says_where_to_name_them(root):
    with pytest.raises(DataError) as caught:
        list(files(root, train=("ner/test.txt",)).read("development", RejectsFile()))
    assert caught.value.code == "corpus.no_files"
    assert "dataset.development" in caught.value.hint


def test_files_need_a_reader(root):
    with pytest.raises(ConfigurationError) as caught:
        datasets.build({"name": "files"}, reader=None, root=root)
    assert caught.value.code == "corpus.no_reader"


def published(root: Path, name: str) -> None:
    """Small files with the names and the layout of a public corpus."""
    if name == "resume_ner":
        for part in ("train", "dev", "test"):
            file = root / "resume_ner" / f"{part}.char.bmes"
            file.parent.mkdir(exist_ok=True)
            file.write_text("任 B-NAME\n静 E-NAME\n任 O\n经 B-TITLE\n理 E-TITLE\n\n男 O\n\n", "utf-8")
    elif name == "bc5cdr":
        for part in ("train", "devel", "test"):
            file = root / "bc5cdr_iob" / f"{part}.tsv"
            file.parent.mkdir(exist_ok=True)
            file.write_text("Plain\tB-Chemical\nsalt\tI-Chemical\nhelps\tO\n\n", "utf-8")
    else:
        folder = root / "cluener2020"
        folder.mkdir()
        row = {"text": "任静在黄山", "label": {"name": {"任静": [[0, 1]]}, "scene": {"黄山": [[3, 4]]}}}
        for file, count in (("train.json", 25), ("dev.json", 3)):
            (folder / file).write_text((json.dumps(row, ensure_ascii=False) + "\n") * count, "utf-8")


EXPECTED = {
    "resume_ner": ("任静任经理", (Span(0, 2, "NAME"), Span(3, 5, "TITLE")), (2, 2, 2)),
    "bc5cdr": ("Plain salt helps", (Span(0, 10, "Chemical"),), (1, 1, 1)),
    "cluener2020": ("任静在黄山", (Span(0, 2, "name"), Span(3, 5, "scene")), (23, 2, 3)),
}


@pytest.mark.parametrize("name", EXPECTED)
def test_public_corpora_bring_their_own_reader_and_parts(tmp_path, name):
    published(tmp_path, name)
    corpus = datasets.build({"name": name}, reader=None, root=tmp_path)
    text, spans, counts = EXPECTED[name]
    assert list(corpus.parts()) == ["train", "development", "test"]
    read = {part: list(corpus.read(part, RejectsFile())) for part in corpus.parts()}
    assert (read["train"][0].text, read["train"][0].spans) == (text, spans)
    assert tuple(map(len, read.values())) == counts


def test_every_tenth_line_of_cluener_is_for_development(tmp_path):
    published(tmp_path, "cluener2020")
    corpus = datasets.build({"name": "cluener2020"}, reader=None, root=tmp_path)
    assert [e.line for e in corpus.read("development", RejectsFile())] == [10, 20]
    assert 10 not in [e.line for e in corpus.read("train", RejectsFile())]


def test_a_bad_row_of_a_shared_file_is_counted_once(tmp_path):
    published(tmp_path, "cluener2020")
    with open(tmp_path / "cluener2020/train.json", "a", encoding="utf-8") as file:
        file.write("{broken\n")
    corpus = datasets.build({"name": "cluener2020"}, reader=None, root=tmp_path)
    rejects = RejectsFile(max_rejects=1)
    for part in corpus.parts():
        list(corpus.read(part, rejects))
    assert rejects.count == 1


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("name", EXPECTED)
def test_a_corpus_that_is_not_there_says_how_to_get_it(tmp_path, monkeypatch, name, language):
    monkeypatch.setenv("TENGJIA_LANG", language)
    corpus = datasets.build({"name": name}, reader=None, root=tmp_path)
    for ask in (corpus.parts, lambda: list(corpus.read("train", RejectsFile()))):
        with pytest.raises(DataError) as caught:
            ask()
        assert caught.value.code == "corpus.not_fetched"
        assert f"tengjia data get {name}" in caught.value.hint
        assert str(tmp_path) in caught.value.hint and str(tmp_path) in caught.value.message


def test_members_of_archives_and_folders_can_be_named(tmp_path):
    import zipfile

    with zipfile.ZipFile(tmp_path / "corpus.zip", "w") as archive:
        archive.writestr("inner/train.txt", "一")
    (tmp_path / "annotated").mkdir()
    corpus = files(tmp_path, train=("corpus.zip/inner/train.txt",), test=("annotated",))
    assert [path.name for paths in corpus.parts().values() for path in paths] == ["train.txt", "annotated"]


def test_a_member_that_is_not_there_is_missing(tmp_path):
    import zipfile

    with zipfile.ZipFile(tmp_path / "corpus.zip", "w") as archive:
        archive.writestr("train.txt", "一")
    with pytest.raises(DataError, match="corpus.zip/tain.txt"):
        files(tmp_path, train=("corpus.zip/tain.txt",)).parts()


@pytest.mark.parametrize("name", ["resume_ner", "cluener2020", "bc5cdr"])
def test_what_the_check_looks_for_are_files_of_the_source(name):
    kind = datasets.load(name)
    assert kind.reads == datasets.schema(name).attributes["reads"]
    folder, known = kind.source.folder, {file.name for file in kind.source.files}
    assert set(kind.reads) == {"train", "development", "test"}
    for name in kind.reads.values():
        assert name.partition("/")[0] == folder and name.partition("/")[2] in known
