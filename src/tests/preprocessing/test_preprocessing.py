"""From a corpus to encoded rows: the same for any number of workers, and honest when something is wrong."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import numpy
import pytest
import torch

from tengjia.base_tasks.sequence_labeling import build_dataset, preprocess
from tengjia.base_tasks.sequence_labeling.encoding import Encoding
from tengjia.data.cache import Cache
from tengjia.errors import ConfigurationError, DataError, EnvironmentFault, TengjiaError
from tengjia.registry import Scope, scope, set_scope
from tests.preprocessing import support
from tests.preprocessing.faults import Disk, faults

TOKENIZER = '''
import multiprocessing, os, signal, time
from dataclasses import dataclass
from tengjia.contracts import Tokens
from tengjia.registry import tokenizers


@tokenizers.register("touchy")
class Touchy:
    """Cuts characters; fails at a skull, dies of a bomb, and waits for a snail."""

    @dataclass(frozen=True)
    class Config:
        """No parameters."""

    def __init__(self, config, *, roots=None):
        self.config = config

    def tokenize(self, text):
        if "☠" in text:
            raise ValueError("a skull")
        if "💣" in text and multiprocessing.parent_process() is not None:
            os.kill(os.getpid(), signal.SIGKILL)
        if "🐌" in text:
            time.sleep(60)
        return Tokens(list(text), list(range(len(text))), list(range(1, len(text) + 1)))

    def fit(self, texts):
        pass

    def vocabulary(self):
        return None

    def save(self, folder):
        pass

    def load(self, folder):
        pass
'''


@pytest.fixture
def project(tmp_path):
    """A project that has a tokenizer of its own."""
    folder = tmp_path / "src" / "modules" / "tokenizers"
    folder.mkdir(parents=True)
    (folder / "touchy.py").write_text(TOKENIZER)
    before = scope()
    set_scope(Scope(root=tmp_path))
    yield tmp_path
    set_scope(before)
    sys.modules.pop("src.modules.tokenizers.touchy", None)


def prepared(folder: Path, workers: int = 1, **sections):
    values = {"preprocess": {"workers": workers, "chunk_size": 50}, **sections}
    return support.prepare(support.settings(folder, **values), support.new_run(folder))


BIGRAMS = {"bigrams": True, "minimum_count": 3, "maximum_length": 30, "overlap": 5}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("workforces", "sections"),
    [
        ((1, 2, 3), {"encoding": BIGRAMS, "cleaning": {"squeeze_blanks": True}}),
        ((1, 2), {"tokenizer": {"name": "byte_pair", "size": 60}}),
    ],
)
def test_output_is_the_same_to_the_byte_for_any_number_of_workers(tmp_path, workforces, sections):
    support.corpus(tmp_path, 400)
    outputs = []
    for workers in workforces:
        result = prepared(tmp_path, workers, **sections)
        manifest = dict(result.encoded.manifest)
        outputs.append((support.contents(tmp_path / "cache"), manifest["files"], manifest["facts"]))
        shutil.rmtree(tmp_path / "cache")
    assert all(output == outputs[0] for output in outputs[1:])
    assert len(outputs[0][0]) >= 6


def test_entities_that_do_not_fit_the_tokenizer_are_told(tmp_path, caplog):
    rows = [{"text": "高勇 男", "spans": [[0, 1, "NAME"], [1, 2, "ORG"]]}] * 3
    (tmp_path / "data").mkdir()
    for part in ("train", "development"):
        (tmp_path / "data" / f"{part}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    facts = prepared(tmp_path, tokenizer={"name": "whitespace"}).facts()
    assert facts["alignment"]["train"] == dict(spans=6, widened=6, lost=0, collided=3, unseen=0, cut=0)
    assert "12 of 12 entities do not begin and end where the tokenizer cuts; 6 of them cannot be learnt" in caplog.text


def test_the_vocabulary_is_counted_from_the_training_part_alone(tmp_path):
    support.corpus(tmp_path)
    support.write_corpus(tmp_path / "data" / "development.jsonl", 5, lines={0: "鼎鼎鼎"})
    dataset = build_dataset(support.settings(tmp_path), support.new_run(tmp_path))
    counts = Counter(character for example in dataset.examples("train") for character in example.text)
    ranked = sorted(counts, key=lambda piece: (-counts[piece], piece))
    assert dataset.encoding.texts.vocabulary.pieces == ("<pad>", "<unk>", *ranked)
    assert "鼎" not in dataset.encoding.texts.vocabulary
    assert support.rows(dataset, "development")[0].ids.tolist() == [1, 1, 1]
    assert dataset.inputs.pieces == len(ranked) + 2 and dataset.inputs.vectors is None


def test_rows_are_what_the_encoding_makes_of_the_examples(tmp_path):
    support.corpus(tmp_path, 120)
    dataset = build_dataset(support.settings(tmp_path, encoding=BIGRAMS), support.new_run(tmp_path))
    assert dataset.inputs.features == {"bigrams": len(dataset.encoding.texts.features["bigrams"])}
    for part in ("train", "development"):
        rows, examples = support.rows(dataset, part), dataset.examples(part)
        pieces: dict[int, list[int]] = {}
        tags: dict[int, list[int]] = {}
        pairs: dict[int, list[int]] = {}
        for number in range(len(rows)):
            row = rows[number]
            assert len(row.ids) == rows.lengths[number] <= 30 and row.length == rows.units[number]
            pieces.setdefault(rows.example(number), []).extend(row.ids.tolist())
            tags.setdefault(rows.example(number), []).extend(row.labels.tolist())
            pairs.setdefault(rows.example(number), []).extend(row.features["bigrams"].tolist())
        for number, example in enumerate(examples):
            whole = dataset.encoding.encode(example.text, example.spans)
            assert pieces[number] == whole.ids.tolist() and pairs[number] == whole.features["bigrams"].tolist()
            if len(whole.ids) <= 30:
                assert tags[number] == whole.labels.tolist()
            assert examples[number] == example


def test_bigrams_against_a_counter(tmp_path):
    support.corpus(tmp_path, 60)
    dataset = build_dataset(
        support.settings(tmp_path, encoding={"bigrams": True, "bigram_minimum_count": 4}), support.new_run(tmp_path)
    )
    counts: Counter[tuple[str, str]] = Counter()
    for example in dataset.examples("train"):
        counts.update(zip(example.text, [*example.text[1:], "<pad>"]))
    names = dataset.encoding.texts.vocabulary.pieces
    found = {(names[left], names[right]) for left, right in dataset.encoding.texts.features["bigrams"].pairs.tolist()}
    assert found == {pair for pair, number in counts.items() if number >= 4}


def test_words_are_told_to_the_model_and_their_dictionary_belongs_to_the_fingerprint(tmp_path):
    support.corpus(tmp_path, 60)
    dictionary = tmp_path / "data" / "titles.txt"
    dictionary.write_text("境外居留 1000 STATUS\n", "utf-8")
    encoding = {"words": "parts_of_speech", "word_dictionaries": ["titles.txt"]}
    dataset = build_dataset(support.settings(tmp_path, encoding=encoding), support.new_run(tmp_path))
    words = dataset.encoding.texts.features["words"]
    assert words.tags[-1] == "STATUS" and dataset.inputs.features == {"words": len(words)}
    rows = support.rows(dataset, "development")
    for number, example in enumerate(dataset.examples("development")):
        whole = dataset.encoding.encode(example.text)
        assert rows[number].features["words"].tolist() == whole.features["words"].tolist()
    loaded = Encoding.load(dataset.prepared.encoded.file("encode"))
    before = loaded.encode("境外居留权")
    assert before.features["words"][0] == 2 + 4 * (len(words.tags) - 1)
    dictionary.write_text("境外居留 1000 n\n", "utf-8")
    changed = build_dataset(support.settings(tmp_path, encoding=encoding), support.new_run(tmp_path))
    assert changed.fingerprint != dataset.fingerprint and "STATUS" not in changed.encoding.texts.features["words"].tags
    with pytest.raises(DataError, match=r"absent\.txt"):
        build_dataset(
            support.settings(tmp_path, encoding=encoding | {"word_dictionaries": ["absent.txt"]}),
            support.new_run(tmp_path),
        )


def test_batches_tell_their_rows(tmp_path):
    support.corpus(tmp_path, 90)
    dataset = build_dataset(support.settings(tmp_path), support.new_run(tmp_path))
    data = dataset.training(batch_size=8, seed=1, workers=2)
    seen = []
    for step in data.steps(0):
        for batch in step.batches:
            seen += batch.index.tolist()
            for place, number in enumerate(batch.index.tolist()):
                row = support.rows(dataset, "train")[number]
                assert batch.ids[place][batch.mask[place]].tolist() == row.ids.tolist()
                assert batch.labels[place][batch.label_mask[place]].tolist() == row.labels.tolist()
        assert step.weight == sum(int(batch.label_mask.sum()) for batch in step.batches)
    assert sorted(seen) == list(range(90))
    assert sum(len(batch.index) for batch in data.evaluation("development")) == 20


def test_batches_of_few_widths_hold_the_same(tmp_path):
    support.corpus(tmp_path, 90)
    dataset = build_dataset(support.settings(tmp_path), support.new_run(tmp_path))
    usual, few = (dataset.training(batch_size=8, seed=1, few_widths=few) for few in (False, True))
    for one, other in zip(usual.steps(0), few.steps(0), strict=True):
        for batch, wide in zip(one.batches, other.batches, strict=True):
            width = batch.ids.shape[1]
            assert wide.ids.shape[1] == -(-width // 8) * 8 and wide.labels.shape == wide.ids.shape
            assert torch.equal(wide.ids[:, :width], batch.ids) and not wide.label_mask[:, width:].any()
        assert one.weight == other.weight
    assert all(batch.ids.shape[1] % 8 == 0 for batch in few.evaluation("development"))


def test_the_second_time_nothing_is_done_and_what_changed_is_told(tmp_path, caplog):
    caplog.set_level("INFO")
    support.corpus(tmp_path)
    first = prepared(tmp_path)
    caplog.clear()
    assert prepared(tmp_path).fingerprint == first.fingerprint and "preparing" not in caplog.text
    # What does not change the content changes nothing.
    assert (
        prepared(tmp_path, preprocess={"workers": 2, "chunk_size": 50, "max_rejects": 5}).fingerprint
        == first.fingerprint
    )
    assert "preparing" not in caplog.text
    prepared(tmp_path, encoding={"minimum_count": 2})
    assert "preparing `encoded`: parameters / encoding / minimum_count: 1 -> 2" in caplog.text
    caplog.clear()
    support.write_corpus(tmp_path / "data" / "train.jsonl", 30, seed=5)
    third = prepared(tmp_path)
    assert "preparing `examples`: data / train / train.jsonl: " in caplog.text
    assert third.fingerprint != first.fingerprint and third.examples.count("train") == 30


def test_a_moved_corpus_is_the_same_corpus(tmp_path):
    support.corpus(tmp_path)
    first = prepared(tmp_path)
    (tmp_path / "data").rename(tmp_path / "elsewhere")
    moved = support.settings(tmp_path, dataset_root=str(tmp_path / "elsewhere"))
    assert support.prepare(moved, support.new_run(tmp_path)).fingerprint == first.fingerprint


def test_the_run_notes_its_data(tmp_path):
    support.corpus(tmp_path)
    run = support.new_run(tmp_path)
    results = preprocess(support.settings(tmp_path), run)
    noted = json.loads((run.path / "data.json").read_text())
    assert results["examples_train"] == 200 and results["rows_development"] == 20 and results["types"] == 2
    assert noted["examples"] == {"train": 200, "development": 20} and noted["types"] == ["NAME", "ORG"]
    assert set(noted["files"]["train"]) == {"train.jsonl"} and len(noted["fingerprint"]) == 32
    assert noted["alignment"]["train"]["spans"] > 200 and noted["rejects"] == 0


@pytest.mark.slow
def test_a_poisoned_row_is_named_and_counted(project):
    support.corpus(project, 130, lines={77: "高☠勇", 101: "☠"})
    touchy = {"tokenizer": {"name": "touchy"}}
    for workers in (1, 2):
        with pytest.raises(DataError) as caught:
            prepared(project, preprocess={"workers": workers, "chunk_size": 50, "max_rejects": 1}, **touchy)
        assert caught.value.code == "data.too_many_rejects" and "train.jsonl:78" in str(caught.value)
        assert [entry.kind for entry in Cache(project / "cache").entries()] == ["examples"]
        shutil.rmtree(project / "runs")
        result = prepared(project, preprocess={"workers": workers, "chunk_size": 50, "max_rejects": 2}, **touchy)
        assert result.facts()["rejects"] == 2 and result.facts()["rows"]["train"] == 128
        lines = next((project / "runs").glob("*/rejects_encoding.jsonl")).read_text().splitlines()
        told = [json.loads(line) for line in lines]
        assert [(row["line"], row["text"], row["code"]) for row in told] == [
            (78, "高☠勇", "cache.bad_row"),
            (102, "☠", "cache.bad_row"),
        ]
        assert told[0]["file"].endswith("train.jsonl") and "ValueError: a skull" in told[0]["message"]
        # What was let through once is not let through by a stricter run.
        with pytest.raises(DataError, match="2 rows were set aside"):
            prepared(project, **touchy)
        shutil.rmtree(project / "cache")


def test_rows_that_the_reader_refuses_are_set_aside(tmp_path):
    support.corpus(tmp_path)
    with open(tmp_path / "data" / "train.jsonl", "a") as file:
        file.write('{"text": "高勇", "spans": [[0, 9, "NAME"]]}\n{"text": "\\ud800", "spans": []}\n')
    with pytest.raises(DataError, match="train.jsonl:201"):
        prepared(tmp_path)
    assert Cache(tmp_path / "cache").entries() == []
    result = prepared(tmp_path, preprocess={"workers": 1, "chunk_size": 50, "max_rejects": 2})
    assert result.facts()["rejects"] == 2


def test_a_killed_worker_is_an_error_and_leaves_no_half_cache(project):
    support.corpus(project, 130, lines={60: "高💣"})
    began = time.monotonic()
    with pytest.raises(EnvironmentFault) as caught:
        prepared(project, 2, tokenizer={"name": "touchy"})
    assert time.monotonic() - began < 30
    assert caught.value.code == "cache.worker_killed" and "SIGKILL" in caught.value.message
    assert "train.jsonl:51 - train.jsonl:100" in caught.value.message
    assert [entry.kind for entry in Cache(project / "cache").entries()] == ["examples"]
    assert list((project / "cache").rglob(".tengjia-*")) == []


@pytest.mark.slow
@pytest.mark.parametrize("share", [13])
def test_a_disk_that_fails_leaves_no_half_cache(tmp_path, share):
    check_failing_disk(tmp_path, share)


@pytest.mark.torture
def test_a_disk_that_fails_anywhere_leaves_no_half_cache(tmp_path):
    check_failing_disk(tmp_path, 1)


def check_failing_disk(folder: Path, share: int) -> None:
    """Fail every `share`-th write, fsync or rename below the cache."""
    support.corpus(folder, 60)
    config, run = support.settings(folder, encoding=BIGRAMS), support.new_run(folder)
    os.utime(folder / "data" / "train.jsonl", (1, 1))  # so that its digest is kept
    with faults(Disk(folder / "cache")) as disk:
        whole = support.prepare(config, run).fingerprint
    assert disk.calls > 50
    for number in range(0, disk.calls, share):
        shutil.rmtree(folder / "cache")
        with faults(Disk(folder / "cache", number)):
            try:
                support.prepare(config, run)
            except TengjiaError as error:
                assert error.code == "cache.cannot_write" and "No space left" in str(error)
            else:
                assert number < 4  # the digests of data files may be forgotten: nothing is lost but time
        assert all(entry.damage() == "" for entry in Cache(folder / "cache").entries())
        assert support.prepare(config, run).fingerprint == whole
        assert list((folder / "cache").rglob(".tengjia-*")) == []


def test_flipped_bits_in_the_cache_are_mended(tmp_path, caplog):
    support.corpus(tmp_path)
    before = support.contents(prepared(tmp_path).encoded.path)
    for file in sorted((tmp_path / "cache").rglob("*.arrow")):
        content = bytearray(file.read_bytes())
        content[len(content) // 2] ^= 16
        file.write_bytes(content)
    result = prepared(tmp_path)
    assert "is damaged" in caplog.text and "SHA-256" in caplog.text
    assert support.contents(result.encoded.path) == before


STOPPED = """
import sys
from pathlib import Path
from tengjia.registry import Scope, set_scope
from tengjia.errors import TengjiaError
from tests.preprocessing import support

if __name__ == "__main__":
    folder, workers = Path(sys.argv[1]), int(sys.argv[2])
    set_scope(Scope(root=folder))
    options = {"preprocess": {"workers": workers, "chunk_size": 20}, "tokenizer": {"name": "touchy"}}
    try:
        support.prepare(support.settings(folder, **options), support.new_run(folder))
    except TengjiaError as error:
        print(error)
        sys.exit(error.exit_code)
"""


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
@pytest.mark.parametrize(("workers", "count", "kind"), [(1, 100_000, "examples"), (2, 200, "encoded")])
def test_a_signal_stops_cleanly(project, number, workers, count, kind):
    support.corpus(project, count, lines={70: "高🐌", 90: "高🐌"} if workers > 1 else {})
    script = project / "script.py"
    script.write_text(STOPPED)
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    command = [sys.executable, script, project, str(workers)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment, start_new_session=True) as process:
        while not list((project / "cache").glob(f"{kind}/.tengjia-*/*")):
            assert process.poll() is None, process.stdout.read()
            time.sleep(0.01)
        # Ctrl-C reaches every process of the terminal; SIGTERM the one it is sent to.
        os.killpg(process.pid, number) if number == signal.SIGINT else process.send_signal(number)
        began = time.monotonic()
        assert process.wait(30) == 128 + number and time.monotonic() - began < 10
        assert f"stopped on request (signal {number})" in process.stdout.read().decode()
    assert list((project / "cache").rglob(".tengjia-*")) == []


def test_numbers_that_make_no_sense(tmp_path):
    support.corpus(tmp_path, 5)
    with pytest.raises(ConfigurationError, match="preprocess.workers = -1: must be >= 0"):
        prepared(tmp_path, -1)


def test_a_corpus_without_spans_is_told(tmp_path):
    support.corpus(tmp_path, 5)
    (tmp_path / "data" / "train.jsonl").write_text('{"text": "高勇", "spans": []}\n')
    (tmp_path / "data" / "development.jsonl").write_text('{"text": "高勇", "spans": []}\n')
    with pytest.raises(DataError, match="nothing to learn") as caught:
        prepared(tmp_path)
    assert caught.value.code == "encoding.no_types"


def test_blank_texts_are_no_rows(tmp_path):
    support.corpus(tmp_path, 30, lines={3: "   ", 4: "\u3000"})
    result = prepared(tmp_path)
    assert result.facts()["rows"]["train"] == 28 and result.facts()["alignment"]["train"]["lost"] >= 2


def test_stop_words_and_symbols(tmp_path):
    support.corpus(tmp_path)
    (tmp_path / "data" / "stop.txt").write_text("的\n中\n")
    options = {"stop_words": "stop.txt", "special_symbols": ["<num>"], "begin_symbol": "<s>", "end_symbol": "</s>"}
    dataset = build_dataset(support.settings(tmp_path, encoding=options), support.new_run(tmp_path))
    assert dataset.encoding.texts.vocabulary.pieces[:6] == ("<pad>", "<unk>", "<num>", "<stop>", "<s>", "</s>")
    assert "中" not in dataset.encoding.texts.vocabulary
    assert dataset.encoding.encode("中").ids.tolist() == [3]
    assert dataset.encoding.collate([dataset.encoding.encode("中")]).ids.tolist() == [[4, 3, 5]]
    (tmp_path / "data" / "stop.txt").write_text("国\n")
    again = build_dataset(support.settings(tmp_path, encoding=options), support.new_run(tmp_path))
    assert again.fingerprint != dataset.fingerprint


def test_vocabulary_columns(tmp_path):
    rows = [{"text": "高勇", "spans": [[0, 2, "NAME"]], "title": "经理"}] * 3
    (tmp_path / "data").mkdir()
    for part in ("train", "development"):
        (tmp_path / "data" / f"{part}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    sections = {
        "reader": {"name": "json_lines", "extra": ["title"]},
        "encoding": {"vocabulary_columns": ["text", "title"], "maximum_size": 5},
    }
    dataset = build_dataset(support.settings(tmp_path, **sections), support.new_run(tmp_path))
    assert dataset.encoding.texts.vocabulary.pieces == ("<pad>", "<unk>", "勇", "理", "经")


def test_a_part_that_is_not_there_is_told(tmp_path):
    support.corpus(tmp_path, 5)
    dataset = build_dataset(support.settings(tmp_path), support.new_run(tmp_path))
    assert dataset.parts() == ("train", "development")
    with pytest.raises(DataError, match="no part `test`; there are: train, development"):
        dataset.examples("test")


def test_vectors_are_loaded_for_the_vocabulary(tmp_path):
    support.corpus(tmp_path)
    (tmp_path / "vectors").mkdir()
    (tmp_path / "vectors" / "small.txt").write_text("高 1 2\n鼎 3 4\n")
    vectors = {"name": "text", "file": "small.txt", "frozen": True}
    dataset = build_dataset(support.settings(tmp_path, vectors=vectors), support.new_run(tmp_path))
    table = dataset.inputs.vectors
    assert dataset.inputs.vectors_frozen and table.shape == (len(dataset.encoding.texts.vocabulary), 2)
    assert table[dataset.encoding.texts.vocabulary.id("高")].tolist() == [1, 2]
    assert numpy.isnan(table[dataset.encoding.texts.vocabulary.id("勇")]).all()
    covered = dataset.facts["vectors"]
    assert (covered["exact"], covered["pieces"]) == (1, len(dataset.encoding.texts.vocabulary)) and "勇" in covered[
        "missing_pieces"
    ]


def test_what_vectors_cover_stands_in_the_report(tmp_path, caplog, monkeypatch):
    monkeypatch.setenv("TENGJIA_LANG", "en")
    support.corpus(tmp_path)
    (tmp_path / "vectors").mkdir()
    (tmp_path / "vectors" / "small.txt").write_text("高 1 2\n勇 3 4\n")
    run = support.new_run(tmp_path)
    result = preprocess(support.settings(tmp_path, vectors={"name": "text", "file": "small.txt"}), run)
    facts = json.loads((run.path / "data.json").read_text("utf-8"))["vectors"]
    report = json.loads((run.reports / "data_report.json").read_text("utf-8"))
    assert facts == report["vectors"] and facts["exact"] == 2 and facts["width"] == 2
    assert result["vectors_share"] == pytest.approx(2 / facts["pieces"])
    share = f"{result['vectors_share']:.1%}"
    assert f"only {share} of the vocabulary has a pretrained vector" in caplog.text
    assert "characters to characters" in report["warnings"][-1]


def test_pieces_that_only_the_vectors_know(tmp_path):
    support.corpus(tmp_path)
    (tmp_path / "vectors").mkdir()
    (tmp_path / "vectors" / "small.txt").write_text("高 1 2\n鼎鼎 3 4\n鼎 5 6\n鑫 7 8\n森 9 9\n")
    sections = {"vectors": {"name": "text", "file": "small.txt"}, "encoding": {"pieces_from_vectors": 3}}
    dataset = build_dataset(support.settings(tmp_path, **sections), support.new_run(tmp_path))
    assert dataset.encoding.texts.vocabulary.pieces[-2:] == ("鼎", "鑫")  # 高 was counted already
    assert dataset.inputs.vectors[-2:].tolist() == [[5, 6], [7, 8]]
    (tmp_path / "vectors" / "small.txt").write_text("林 1 2\n")
    again = build_dataset(support.settings(tmp_path, **sections), support.new_run(tmp_path))
    assert again.encoding.texts.vocabulary.pieces[-1] == "林"


@pytest.mark.parametrize(
    ("content", "kind", "code"),
    [
        (None, DataError, "cache.no_encoder"),
        ("{", DataError, "cache.no_encoder"),
        ("[]", DataError, "cache.no_encoder"),
        ('{"max_position_embeddings": 128}', ConfigurationError, "cache.too_long"),
    ],
)
def test_an_encoder_folder_is_looked_at_first(tmp_path, content, kind, code):
    folder = tmp_path / "bert" / "small"
    folder.mkdir(parents=True)
    if content is not None:
        (folder / "config.json").write_text(content)
    config = support.settings(tmp_path, model={"name": "bert_crf", "encoder": "small"})
    with pytest.raises(kind) as caught:
        build_dataset(config, support.new_run(tmp_path))
    assert caught.value.code == code and caught.value.hint


@pytest.mark.parametrize(
    ("files", "other"),
    [
        ({"vocab.txt": "[PAD]\n[UNK]\n[CLS]\n[SEP]\na\nc\n"}, "piece 5 is `b` to the tokenizer, but `c`"),
        ({"tokenizer.json": '{"model": {"type": "BPE", "vocab": {"<s>": 0, "x": 1}}}'}, "piece 0 is `[PAD]`"),
        ({"vocab.txt": "[PAD]\n[UNK]\n[CLS]\n[SEP]\na\nb\nmore\n"}, None),
        ({"tokenizer.json": '{"model": {"type": "Unigram", "vocab": [["x", -1]]}}'}, None),
        ({}, None),
    ],
)
def test_pieces_are_those_of_the_encoder(tmp_path, files, other):
    support.corpus(tmp_path, 20)
    (tmp_path / "bert" / "small").mkdir(parents=True)
    (tmp_path / "bert" / "pieces.txt").write_text("[PAD]\n[UNK]\n[CLS]\n[SEP]\na\nb\n")
    for name, content in {"config.json": "{}", **files}.items():
        (tmp_path / "bert" / "small" / name).write_text(content)
    sections = {
        "model": {"name": "bert_crf", "encoder": "small"},
        "tokenizer": {"name": "wordpiece", "source": "pieces.txt"},
    }
    config = support.settings(tmp_path, **sections)
    if other is None:
        build_dataset(config, support.new_run(tmp_path))
        return
    with pytest.raises(DataError) as caught:
        build_dataset(config, support.new_run(tmp_path))
    assert caught.value.code == "cache.other_pieces" and other in caught.value.message and caught.value.hint


def test_nothing_heavy_is_imported_to_read_a_warm_cache(tmp_path):
    support.corpus(tmp_path, 20)
    prepared(tmp_path)
    script = (
        "import sys; from pathlib import Path; from tests.preprocessing import support;"
        "from tengjia.base_tasks.sequence_labeling import build_dataset;"
        f"folder = Path({str(tmp_path)!r});"
        "data = build_dataset(support.settings(folder), support.new_run(folder)); data.training(batch_size=2, seed=1);"
        "print(sorted({'torch', 'pandas', 'transformers'} & sys.modules.keys()))"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, env=environment, check=True)
    assert done.stdout.strip() == "[]", done.stdout
