"""Stage `preprocess`: from the corpus to encoded rows in the cache.

What is cached is found again by its content; what lies between is done by workers:

    corpus -> examples (cached)
           -> [workers: clean, cut, count] -> vocabulary
           -> [workers: clean, cut, encode] -> rows (cached)
"""

from __future__ import annotations

import json
import logging
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import numpy
import pyarrow as pa
from tqdm import tqdm

from tengjia.base_tasks.sequence_labeling import encoding_work, rows
from tengjia.base_tasks.sequence_labeling.alignment import Alignment
from tengjia.base_tasks.sequence_labeling.corpus import Examples, read_examples, section
from tengjia.base_tasks.sequence_labeling.encoding import Encoding
from tengjia.base_tasks.sequence_labeling.encoding_work import EncodedChunk, Sources, Tally, Task, Worker
from tengjia.base_tasks.sequence_labeling.features import BIGRAMS, WORDS, Feature
from tengjia.config import Settings
from tengjia.contracts import Tokenizer, Vectors
from tengjia.data.arrow_tables import write_table
from tengjia.data.cache import Cache, Entry
from tengjia.data.cleaning import Cleaning
from tengjia.data.fingerprints import FileDigests, code_behind, library_versions
from tengjia.data.labels import LabelSet
from tengjia.data.pool import Workforce
from tengjia.data.preprocessing import Preprocessing
from tengjia.data.rejects import RejectsFile
from tengjia.data.report import report
from tengjia.data.stopwords import read_stop_words
from tengjia.data.vocabulary import PADDING, PairVocabulary, Vocabulary
from tengjia.errors import DataError
from tengjia.messages import text
from tengjia.registry import scope, tokenizers, vectors
from tengjia.runs import RunFolder
from tengjia.text import word_lists
from tengjia.text.word_places import WordPlaces
from tengjia.utilities.files import sha256_of_file
from tengjia.utilities.signals import stop_requests

KIND = "encoded"
PARTS = ("train", "development")
"""The parts that are encoded; the test part is answered from raw text, as in use."""
WORDS_LOOKED_AT = 1_000_000
"""Rows of the pretrained vectors among which pieces are looked for."""
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Prepared:
    """What preprocessing leaves."""

    examples: Examples
    """The examples as they stand in the corpus."""
    encoded: Entry
    """The encoding, and the rows of each part."""

    @property
    def fingerprint(self) -> str:
        """Stands for the content of everything."""
        return self.encoded.fingerprint

    def facts(self) -> dict[str, Any]:
        """What the run notes about its data."""
        return {
            "fingerprint": self.fingerprint,
            "corpus": self.examples.entry.fingerprint,
            "files": dict(self.examples.entry.parts["data"]),
            "examples": dict(self.examples.entry.facts["counts"]),
            "rejects": self.examples.entry.facts["rejects"] + self.encoded.facts["rejects"],
            **{key: value for key, value in self.encoded.facts.items() if key != "rejects"},
        }


def preprocess(config: Settings, run: RunFolder) -> dict[str, float]:
    """Prepare the data, tell what it is like, and give the counts as flat results.

    Raises:
        DataError: The corpus makes no sense.
        EnvironmentFault: The cache cannot be written, or a worker was killed.
    """
    prepared = prepare(config, run)
    coverage = vector_coverage(config, prepared)
    facts = {**prepared.facts(), **coverage}
    if run.primary:
        run.write("data", facts)
        _report(prepared.examples, run, coverage.get("vectors"))
    return {
        **{f"examples_{part}": float(count) for part, count in facts["examples"].items()},
        **{f"rows_{part}": float(count) for part, count in facts["rows"].items()},
        "pieces": float(facts["pieces"]),
        "types": float(len(facts["types"])),
        "rejects": float(facts["rejects"]),
        **({"vectors_share": float(facts["vectors"]["share"])} if coverage else {}),
    }


def vector_coverage(config: Settings, prepared: Prepared) -> dict[str, Any]:
    """How many pieces of the vocabulary have a pretrained vector, as `vectors`; nothing without vectors."""
    module = pretrained_vectors(config)
    if module is None:
        return {}
    module.load(Encoding.load(prepared.encoded.file("encode")).vocabulary.pieces)
    return {"vectors": module.coverage.facts()} if module.coverage is not None else {}


def prepare(config: Settings, run: RunFolder, *, given: Path | None = None) -> Prepared:
    """Find the encoded corpus in the cache, or make it; note in the run what it is.

    Args:
        config: The effective config.
        run: Where facts and rejects are noted.
        given: Folder of an encoding that a model was trained with, to be used as it is; `None`: one is fitted.

    Raises:
        DataError: The corpus makes no sense, or marks types that the given encoding does not know.
    """
    examples = read_examples(config, run)
    with stop_requests() as stop:
        preprocessing = Preprocessing(section(config, "preprocess", Preprocessing), check=stop.check)
        entry = Cache(Path(config.cache_root), check=stop.check).obtain(
            KIND,
            {**_parts(config, examples), **_given_part(given)},
            lambda folder: _Filling(config, examples, preprocessing, run, folder, given).fill(),
            force=preprocessing.config.force,
        )
    prepared = Prepared(examples, entry)
    facts = prepared.facts()
    preprocessing.check_rejects(facts["rejects"])
    run.write("data", facts)
    _tell(facts)
    return prepared


def _stop_words(config: Settings, encoding: Encoding.Config) -> tuple[str, ...]:
    return read_stop_words([Path(config.dataset_root) / encoding.stop_words] if encoding.stop_words else ())


def _dictionaries(config: Settings, encoding: Encoding.Config) -> list[word_lists.Entry]:
    files = [Path(config.dataset_root) / name for name in encoding.word_dictionaries]
    return [entry for file in files for entry in word_lists.read_dictionary(file)]


def _parts(config: Settings, examples: Examples) -> dict[str, Any]:
    digests = FileDigests(Path(config.cache_root))
    tokenizer = tokenizers.find(str(config.tokenizer["name"])).file
    encoding = section(config, "encoding", Encoding)
    parts = {
        "examples": examples.entry.fingerprint,
        "parameters": {
            "encoding": json.loads(json.dumps(asdict(encoding))),
            "cleaning": json.loads(json.dumps(asdict(section(config, "cleaning", Cleaning)))),
            "tokenizer": Settings(config.tokenizer).plain(),
        },
        "files": _named_files(config, digests),
        "vectors": _vectors_part(config, encoding, digests),
        "stop_words": list(_stop_words(config, encoding)),
        "word_dictionaries": [list(entry) for entry in _dictionaries(config, encoding)],
        "code": dict(code_behind((tokenizer, Path(str(encoding_work.__file__)), Path(__file__)), scope().root)),
        "libraries": dict(library_versions()),
    }
    digests.remember()
    return parts


def _given_part(given: Path | None) -> dict[str, Any]:
    """What stands for an encoding that is not fitted here."""
    if given is None:
        return {}
    files = sorted(file for file in given.rglob("*") if file.is_file())
    return {"given": {file.relative_to(given).as_posix(): sha256_of_file(file) for file in files}}


def _vectors_part(config: Settings, encoding: Encoding.Config, digests: FileDigests) -> dict[str, str]:
    """The vectors, where the vocabulary depends on them."""
    if not encoding.pieces_from_vectors or config.get("vectors") is None:
        return {}
    file = Path(config.word_vector_root) / str(config.vectors["file"])
    return {file.name: digests.of(file)} if file.is_file() else {}


def _named_files(config: Settings, digests: FileDigests) -> dict[str, str]:
    """Digests of the files that the tokenizer's parameters name (of an encoder folder, of all but its weights)."""
    found: dict[str, str] = {}
    for value in Settings(config.tokenizer).plain().values():
        for name in value if isinstance(value, list) else [value]:
            for root in roots(config).values() if isinstance(name, str) and name else ():
                path = root / name
                files = [path] if path.is_file() else sorted(path.glob("*")) if path.is_dir() else []
                texts = [file for file in files if file == path or file.suffix in {".json", ".txt", ".model"}]
                found |= {f"{name}/{file.name}": digests.of(file) for file in texts if file.is_file()}
    return found


def pretrained_vectors(config: Settings) -> Vectors | None:
    """The vectors module that a config chooses, if it does."""
    if config.get("vectors") is None:
        return None
    cache = Path(config.cache_root) / "vectors"
    module: Vectors = vectors.build(config.vectors, root=Path(config.word_vector_root), cache=cache)
    return module


def roots(config: Settings) -> dict[str, Path]:
    """The folders below which a tokenizer finds the files that its config names."""
    return {name: Path(config[name]) for name in ("dataset_root", "bert_model_root")}


class _Filling:
    """Fills one cache entry."""

    def __init__(
        self,
        config: Settings,
        examples: Examples,
        preprocessing: Preprocessing,
        run: RunFolder,
        folder: Path,
        given: Path | None = None,
    ) -> None:
        self.examples, self.preprocessing, self.run, self.folder = examples, preprocessing, run, folder
        self.encoding: Encoding.Config = section(config, "encoding", Encoding)
        self.cleaning: Cleaning.Config = section(config, "cleaning", Cleaning)
        self.stop_words = _stop_words(config, self.encoding)
        self.dictionaries = _dictionaries(config, self.encoding)
        self.settings = dict(Settings(config.tokenizer))
        self.given = None if given is None else Encoding.load(given)
        self.tokenizer: Tokenizer = (
            tokenizers.build(config.tokenizer, roots=roots(config)) if self.given is None else self.given.tokenizer
        )
        self.vectors = pretrained_vectors(config)
        self.parts = [part for part in PARTS if part in examples.parts()]

    def fill(self) -> Mapping[str, Any]:
        """Write everything, and give the facts to note."""
        labels = self._labels()
        if self.given is None:
            self.tokenizer.fit(_training_texts(self.examples, self.cleaning))
        with self.preprocessing.workforce(Worker, self._sources()) as workforce:
            encoding = self.given or self._built(*self._vocabulary(labels, workforce), labels)
            encoding.save(self.folder / "encode")
            with self.preprocessing.encoding_rejects(self.run.path) as rejects:
                facts = [self._encode(part, encoding, workforce, rejects) for part in self.parts]
        shutil.rmtree(self.folder / "count", ignore_errors=True)
        return {
            "pieces": len(encoding.vocabulary),
            "features": {name: len(feature) for name, feature in encoding.features.items()},
            "types": list(labels.types),
            "rows": {part: rows for part, (rows, _) in zip(self.parts, facts)},
            "alignment": {part: alignment for part, (_, alignment) in zip(self.parts, facts)},
            "rejects": rejects.count,
        }

    def _labels(self) -> LabelSet:
        """The tags: of the types that are marked, or of the given encoding, which must know those."""
        types = self._types()
        if not types:
            raise DataError("encoding.no_types")
        if self.given is None:
            return LabelSet(self.encoding.scheme, types)
        known = self.given.labels
        if strange := sorted(set(types) - set(known.types)):
            raise DataError("encoding.other_types", found=", ".join(strange), allowed=", ".join(known.types))
        return known

    def _types(self) -> tuple[str, ...]:
        found: set[str] = set()
        for part in self.parts:
            for batch in self.examples[part].table:
                found.update(batch.column("types").values.unique().to_pylist())
        return tuple(sorted(found))

    def _sources(self) -> Sources:
        return Sources(
            scope=scope(),
            cleaning=self.cleaning,
            examples={part: self.examples[part].file for part in self.parts},
            files=tuple(self.examples.entry.facts["files"]),
            folder=self.folder,
            columns=self.encoding.vocabulary_columns,
            bigrams=self.encoding.bigrams,
        )

    def _built(self, vocabulary: Vocabulary, features: Mapping[str, Feature], labels: LabelSet) -> Encoding:
        return Encoding(
            self.encoding,
            tokenizer=self.tokenizer,
            tokenizer_settings=self.settings,
            vocabulary=vocabulary,
            labels=labels,
            features=features,
            stop_words=self.stop_words,
        )

    def _vocabulary(self, labels: LabelSet, workforce: Workforce) -> tuple[Vocabulary, dict[str, Feature]]:
        given = self.tokenizer.vocabulary()
        draft = Vocabulary.counted({}) if given is None else Vocabulary.given(given)
        if given is not None and not self.encoding.bigrams:
            return draft, self._words()
        self._built(draft, {}, labels).save(self.folder / "count")
        tally = Tally()
        for counts in self._watched(workforce, "count", "train"):
            tally.add(counts)
        vocabulary = draft if given is not None else self._with_vectors(self._counted(tally))
        bigrams = {BIGRAMS: self._pairs(tally, vocabulary)} if self.encoding.bigrams else {}
        return vocabulary, {**bigrams, **self._words()}

    def _words(self) -> dict[str, Feature]:
        if self.encoding.words == "none":
            return {}
        parts_of_speech = self.encoding.words == "parts_of_speech"
        return {WORDS: WordPlaces.made(self.dictionaries, parts_of_speech=parts_of_speech)}

    def _counted(self, tally: Tally) -> Vocabulary:
        stop = [self.encoding.stop_symbol] if self.stop_words else []
        frame = getattr(self.tokenizer, "frame", None) or ()
        own = [symbol for symbol in (self.encoding.begin_symbol, self.encoding.end_symbol) if symbol is not None]
        known = {piece: count for piece, count in tally.pieces.items() if piece not in set(self.stop_words)}
        return Vocabulary.counted(
            known,
            minimum_count=self.encoding.minimum_count,
            maximum_size=self.encoding.maximum_size,
            special=[*self.encoding.special_symbols, *stop, *(own or frame)],
            padding=self.encoding.padding_symbol,
            unknown=self.encoding.unknown_symbol,
        )

    def _with_vectors(self, vocabulary: Vocabulary) -> Vocabulary:
        most = self.encoding.pieces_from_vectors
        if not most or self.vectors is None:
            return vocabulary
        words = self.vectors.words(WORDS_LOOKED_AT)
        tokens = (self.tokenizer.tokenize(word).pieces for word in words)
        whole = (pieces[0] for pieces in tokens if len(pieces) == 1 and pieces[0] not in self.stop_words)
        return vocabulary.extended(islice(dict.fromkeys(whole), most))

    def _pairs(self, tally: Tally, vocabulary: Vocabulary) -> PairVocabulary:
        # Ids as the encoding gives them: rare pieces and stop words are one and the same to pairs too.
        number = dict(zip(tally.pieces, self._built(vocabulary, {}, LabelSet("bio", ())).ids(list(tally.pieces))))
        pairs = [(number[left], PADDING if right is None else number[right]) for left, right in tally.pairs]
        return PairVocabulary.counted(
            numpy.array(pairs, dtype=numpy.int64).reshape(-1, 2),
            numpy.array(list(tally.pairs.values()), dtype=numpy.int64),
            minimum_count=self.encoding.bigram_minimum_count,
            maximum_size=self.encoding.bigram_maximum_size,
        )

    def _encode(
        self, part: str, encoding: Encoding, workforce: Workforce, rejects: RejectsFile
    ) -> tuple[int, dict[str, int]]:
        told = Alignment()

        def batches() -> Iterator[pa.RecordBatch]:
            for chunk in self._watched(workforce, "encode", part):
                assert isinstance(chunk, EncodedChunk)
                told.add(chunk.alignment)
                rejects.merge(chunk.rejects)
                yield chunk.batch

        schema = rows.schema(list(encoding.features))
        return write_table(self.folder / f"{part}.arrow", schema, batches()), asdict(told)

    def _watched(self, workforce: Workforce, step: Any, part: str) -> Iterator[Any]:
        table = self.examples[part]
        tasks = [Task(step, part, number) for number in range(len(table.table))]

        def described(task: Task) -> str:
            examples = list(table.chunk(task.batch))
            return f"{examples[0].file}:{examples[0].line} - {examples[-1].file}:{examples[-1].line}"

        results = workforce.map(tasks, described)
        size = self.preprocessing.config.chunk_size
        with tqdm(total=len(table), desc=f"{step} {part}", unit=" texts", disable=None) as bar:
            for result in results:
                bar.update(min(size, len(table) - bar.n))
                yield result


def _training_texts(examples: Examples, cleaning: Cleaning.Config) -> Iterator[str]:
    cleaner = Cleaning(cleaning)
    return (cleaner.clean(example.text).text for example in examples["train"])


def _report(examples: Examples, run: RunFolder, vectors: Mapping[str, Any] | None) -> None:
    """Write what the corpus is like to the reports of the run, and say what would spoil a score."""
    with stop_requests() as stop:
        parts = {part: examples[part] for part in examples.parts()}
        found = report(parts, run.reports, vectors=vectors, check=stop.check)
    for warning in found["warnings"]:
        _log.warning(warning)
    _log.info(text("corpus.reported", folder=run.reports).message)


def _tell(facts: Mapping[str, Any]) -> None:
    odd = {name: sum(part[name] for part in facts["alignment"].values()) for name in asdict(Alignment())}
    values = {
        "fingerprint": facts["fingerprint"],
        "examples": ", ".join(f"{part} {count}" for part, count in facts["examples"].items()),
        "pieces": facts["pieces"],
        "types": len(facts["types"]),
        "alignment": ", ".join(f"{name} {count}" for name, count in odd.items() if count),
    }
    _log.info(text("cache.summary", **values).message)
    inexact = odd["widened"] + odd["lost"]
    if inexact:
        told = text("cache.inexact", count=inexact, spans=odd["spans"], left_out=odd["lost"] + odd["collided"])
        _log.warning("%s\n    %s", told.message, told.hint)
