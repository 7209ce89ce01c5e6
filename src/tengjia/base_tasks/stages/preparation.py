"""Stage `preprocess`: from the corpus to encoded rows in the cache.

What is cached is found again by its content; what lies between is done by workers:

    corpus -> examples (cached)
           -> [workers: clean, cut, count] -> vocabulary
           -> [workers: clean, cut, encode] -> rows (cached)
"""

from __future__ import annotations

import inspect
import json
import logging
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
from tqdm import tqdm

from tengjia.base_tasks.stages import worker
from tengjia.base_tasks.stages.base_task import TaskEncoding
from tengjia.base_tasks.stages.corpus import Examples, read_examples, section
from tengjia.base_tasks.stages.worker import EncodedChunk, Sources, Task, Worker
from tengjia.base_tasks.texts.tally import Counts, Tally
from tengjia.base_tasks.texts.vocabulary import EncoderMaking, dictionaries, stop_words
from tengjia.config import Settings
from tengjia.contracts import Vectors
from tengjia.data.arrow_tables import write_table
from tengjia.data.cache import Cache, Entry
from tengjia.data.cleaning import Cleaning
from tengjia.data.example import Example
from tengjia.data.fingerprints import FileDigests, code_behind, library_versions
from tengjia.data.pool import Workforce
from tengjia.data.preprocessing import Preprocessing
from tengjia.data.rejects import RejectsFile
from tengjia.data.report import report
from tengjia.messages import catalogue, text
from tengjia.registry import scope, tokenizers, vectors
from tengjia.runs import RunFolder
from tengjia.utilities.files import sha256_of_file
from tengjia.utilities.signals import stop_requests

KIND = "encoded"
PARTS = ("train", "development")
"""The parts that are encoded; the test part is answered from raw text, as in use."""
_log = logging.getLogger(__name__)
_UNCOUNTED: Final = ("borders", "scale", "class_counts")
"""Facts of encodings that are no lists of what was learnt."""


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


def preprocess(encoding: type[TaskEncoding], config: Settings, run: RunFolder) -> dict[str, float]:
    """Prepare the data, tell what it is like, and give the counts as flat results.

    Args:
        encoding: That of the base task.
        config: The effective config of the stage.
        run: Where facts, rejects and the report go.

    Raises:
        DataError: The corpus makes no sense.
        EnvironmentFault: The cache cannot be written, or a worker was killed.
    """
    prepared = prepare(encoding, config, run)
    coverage = vector_coverage(encoding, config, prepared)
    facts = {**prepared.facts(), **coverage}
    if run.primary:
        run.write("data", facts)
        _report(encoding, config, prepared.examples, run, coverage.get("vectors"))
    counted = encoding.load(prepared.encoded.file("encode")).facts()
    return {
        **{f"examples_{part}": float(count) for part, count in facts["examples"].items()},
        **{f"rows_{part}": float(count) for part, count in facts["rows"].items()},
        "pieces": float(facts["pieces"]),
        **{name: float(len(names)) for name, names in counted.items() if isinstance(names, list)},
        "rejects": float(facts["rejects"]),
        **({"vectors_share": float(facts["vectors"]["share"])} if coverage else {}),
    }


def vector_coverage(encoding: type[TaskEncoding], config: Settings, prepared: Prepared) -> dict[str, Any]:
    """How many pieces of the vocabulary have a pretrained vector, as `vectors`; nothing without vectors."""
    module = pretrained_vectors(config)
    if module is None:
        return {}
    module.load(encoding.load(prepared.encoded.file("encode")).texts.vocabulary.pieces)
    return {"vectors": module.coverage.facts()} if module.coverage is not None else {}


def prepare(encoding: type[TaskEncoding], config: Settings, run: RunFolder, *, given: Path | None = None) -> Prepared:
    """Find the encoded corpus in the cache, or make it; note in the run what it is.

    Args:
        encoding: That of the base task.
        config: The effective config.
        run: Where facts and rejects are noted.
        given: Folder of an encoding that a model was trained with, to be used as it is; `None`: one is fitted.

    Raises:
        DataError: The corpus makes no sense, or has labels that the given encoding does not know.
    """
    examples = read_examples(config, run)
    with stop_requests() as stop:
        preprocessing = Preprocessing(section(config, "preprocess", Preprocessing), check=stop.check)
        entry = Cache(Path(config.cache_root), check=stop.check).obtain(
            KIND,
            {**_parts(encoding, config, examples), **_given_part(given)},
            lambda folder: _Filling(encoding, config, examples, preprocessing, run, folder, given).fill(),
            force=preprocessing.config.force,
        )
    prepared = Prepared(examples, entry)
    facts = prepared.facts()
    preprocessing.check_rejects(facts["rejects"])
    run.write("data", facts)
    _tell(encoding.load(entry.file("encode")), facts)
    return prepared


def _parts(encoding: type[TaskEncoding], config: Settings, examples: Examples) -> dict[str, Any]:
    digests = FileDigests(Path(config.cache_root))
    tokenizer = tokenizers.find(str(config.tokenizer["name"])).file
    chosen = section(config, "encoding", encoding)
    root = Path(config.dataset_root)
    sources = (tokenizer, Path(inspect.getfile(encoding)), Path(str(worker.__file__)), Path(__file__))
    parts = {
        "examples": examples.entry.fingerprint,
        "parameters": {
            "encoding": json.loads(json.dumps(asdict(chosen))),
            "cleaning": json.loads(json.dumps(asdict(section(config, "cleaning", Cleaning)))),
            "tokenizer": Settings(config.tokenizer).plain(),
        },
        "files": _named_files(config, digests),
        "vectors": _vectors_part(config, chosen, digests),
        "stop_words": list(stop_words(chosen, root)),
        "word_dictionaries": [list(entry) for entry in dictionaries(chosen, root)],
        "code": dict(code_behind(sources, scope().root)),
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


def _vectors_part(config: Settings, chosen: Any, digests: FileDigests) -> dict[str, str]:
    """The vectors, where the vocabulary depends on them."""
    if not chosen.pieces_from_vectors or config.get("vectors") is None:
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
        kind: type[TaskEncoding],
        config: Settings,
        examples: Examples,
        preprocessing: Preprocessing,
        run: RunFolder,
        folder: Path,
        given: Path | None = None,
    ) -> None:
        self.kind, self.config, self.examples = kind, config, examples
        self.preprocessing, self.run, self.folder = preprocessing, run, folder
        self.given = None if given is None else kind.load(given)
        self.chosen = section(config, "encoding", kind) if self.given is None else self.given.config
        self.cleaning: Cleaning.Config = section(config, "cleaning", Cleaning)
        self.parts = [part for part in PARTS if part in examples.parts()]

    def fill(self) -> Mapping[str, Any]:
        """Write everything, and give the facts to note."""
        if self.given is not None:
            self.given.check(self.examples, self.parts)
        with self.preprocessing.workforce(Worker, self._sources()) as workforce:
            encoding = self.given or self._learnt(workforce)
            encoding.save(self.folder / "encode")
            with self.preprocessing.encoding_rejects(self.run.path) as rejects:
                facts = {part: self._encode(part, encoding, workforce, rejects) for part in self.parts}
        shutil.rmtree(self.folder / "tokenizer", ignore_errors=True)
        return {
            **encoding.texts.inputs(),
            **encoding.facts(),
            "rows": {part: rows for part, (rows, _) in facts.items()},
            "alignment": {part: odd for part, (_, odd) in facts.items()},
            "rejects": rejects.count,
        }

    def _sources(self) -> Sources:
        return Sources(
            scope=scope(),
            encoding=self.kind,
            config=self.chosen,
            cleaning=self.cleaning,
            tokenizer=dict(Settings(self.config.tokenizer)),
            examples={part: self.examples[part].file for part in self.parts},
            files=tuple(self.examples.entry.facts["files"]),
            folder=self.folder,
        )

    def _learnt(self, workforce: Workforce) -> TaskEncoding:
        config = self.config
        making = EncoderMaking(
            self.chosen,
            tokenizers.build(config.tokenizer, roots=roots(config)),
            dict(Settings(config.tokenizer)),
            Path(config.dataset_root),
            pretrained_vectors(config),
        )
        making.tokenizer.fit(self._training_texts())
        tally = Tally()
        if making.needs_counts:
            (self.folder / "tokenizer").mkdir()
            making.tokenizer.save(self.folder / "tokenizer")
            for counts in self._watched(workforce, "count", "train"):
                assert isinstance(counts, Counts)
                tally.add(counts)
        return self.kind.learn(self.chosen, making.made(tally), self.examples, self.parts)

    def _training_texts(self) -> Iterator[str]:
        cleaner = Cleaning(self.cleaning)
        for example in self.examples["train"]:
            for found in self.kind.texts_of(self.chosen, example):
                yield cleaner.clean(found).text

    def _encode(
        self, part: str, encoding: TaskEncoding, workforce: Workforce, rejects: RejectsFile
    ) -> tuple[int, dict[str, int]]:
        odd: dict[str, int] = {}

        def batches() -> Iterator[pa.RecordBatch]:
            for chunk in self._watched(workforce, "encode", part):
                assert isinstance(chunk, EncodedChunk)
                for name, count in chunk.odd.items():
                    odd[name] = odd.get(name, 0) + count
                rejects.merge(chunk.rejects)
                yield chunk.batch

        return write_table(self.folder / f"{part}.arrow", encoding.schema(), batches()), odd

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


def _report(
    encoding: type[TaskEncoding],
    config: Settings,
    examples: Examples,
    run: RunFolder,
    coverage: Mapping[str, Any] | None,
) -> None:
    """Write what the corpus is like to the reports of the run, and say what would spoil a score."""
    chosen = section(config, "encoding", encoding)
    with stop_requests() as stop:
        parts = {part: _Whole(encoding, chosen, examples[part]) for part in examples.parts()}
        found = report(parts, run.reports, vectors=coverage, check=stop.check)
    for warning in found["warnings"]:
        _log.warning(warning)
    _log.info(text("corpus.reported", folder=run.reports).message)


@dataclass(frozen=True)
class _Whole:
    """Examples with all their texts as one: two examples that share one text of two are not the same."""

    encoding: type[TaskEncoding]
    config: Any
    examples: Any

    def __len__(self) -> int:
        return len(self.examples)

    def __iter__(self) -> Iterator[Example]:
        for example in self.examples:
            _, *further = self.encoding.texts_of(self.config, example)
            yield replace(example, text="\n".join([example.text, *further])) if further else example


def _listed(counts: Mapping[str, int]) -> str:
    """Counts in words; that of a project's own encoding under its own name."""
    known = catalogue("counts")
    return ", ".join(
        text(code, count=count).message if (code := f"counts.{name}") in known else f"{name} {count}"
        for name, count in counts.items()
        if count
    )


def _tell(encoding: TaskEncoding, facts: Mapping[str, Any]) -> None:
    odd: dict[str, int] = {}
    for counts in facts["alignment"].values():
        for name, count in counts.items():
            odd[name] = odd.get(name, 0) + count
    learnt = {name: len(found) for name, found in encoding.facts().items() if name not in _UNCOUNTED}
    values = {
        "fingerprint": facts["fingerprint"],
        "examples": ", ".join(f"{part} {count}" for part, count in facts["examples"].items()),
        "counts": _listed({"vocabulary": facts["pieces"], **learnt}),
        "odd": _listed(odd),
    }
    _log.info(text("cache.summary_with_odd" if values["odd"] else "cache.summary", **values).message)
    for told in getattr(encoding, "warnings", lambda odd: ())(odd):
        _log.warning("%s\n    %s", told.message, told.hint)
