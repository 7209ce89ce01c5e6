"""The examples of a task as they stand in its corpus: read, split, sampled, and kept in the cache."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tqdm import tqdm

from tengjia.config import Settings
from tengjia.contracts import Corpus, Rejects
from tengjia.data import example_table, folds, sampling, splitting
from tengjia.data.arrow_tables import write_table
from tengjia.data.cache import Cache, Entry
from tengjia.data.example import Example
from tengjia.data.example_table import ExampleBlock, ExampleTable, Files, example_batches
from tengjia.data.fingerprints import FileDigests, code_behind, library_versions
from tengjia.data.folds import Fold, fold_of
from tengjia.data.preprocessing import Preprocessing
from tengjia.data.sampling import Sampling
from tengjia.data.splitting import Split, complete
from tengjia.errors import DataError
from tengjia.registry import datasets, readers, scope
from tengjia.runs import RunFolder
from tengjia.utilities.files import read_json
from tengjia.utilities.garbage import rare_collections
from tengjia.utilities.signals import stop_requests

KIND = "examples"


@dataclass(frozen=True)
class Examples:
    """The parts of a corpus, memory-mapped."""

    entry: Entry
    """Where they lie in the cache."""

    def parts(self) -> tuple[str, ...]:
        """The parts that exist: `train`, `development`, `test`."""
        return tuple(self.entry.facts["counts"])

    def count(self, part: str) -> int:
        """How many examples a part has."""
        return int(self.entry.facts["counts"].get(part, 0))

    def __getitem__(self, part: str) -> ExampleTable:
        if part not in self.parts():
            raise DataError("cache.no_part", found=part, allowed=", ".join(self.parts()))
        return ExampleTable(self.entry.file(f"{part}.arrow"), self.entry.facts["files"])


def section(config: Settings, name: str, kind: type[Any]) -> Any:
    """The `Config` of a section, with its defaults where the section says nothing."""
    return kind.Config(**dict(config.get(name) or {}))


def read_examples(config: Settings, run: RunFolder) -> Examples:
    """Read the corpus that a config names, or find it in the cache. The texts are as they stand there: not cleaned.

    Raises:
        DataError: A file is missing or makes no sense; more than `preprocess.max_rejects` rows do.
        EnvironmentFault: The cache cannot be written.
    """
    config = _split_as_trained(config, run)
    with stop_requests() as stop:
        preprocessing = Preprocessing(section(config, "preprocess", Preprocessing), check=stop.check)
        root = Path(config.dataset_root)
        corpus = _corpus(config, root)
        cache = Cache(Path(config.cache_root), check=stop.check)
        entry = cache.obtain(
            KIND,
            _parts(config, corpus, root),
            lambda folder: _fill(folder, config, corpus, preprocessing, run),
            force=preprocessing.config.force,
        )
    preprocessing.check_rejects(entry.facts["rejects"])
    return Examples(entry)


def _split_as_trained(config: Settings, run: RunFolder) -> Settings:
    """What a run learnt from it shall not be tested on: stages that do not split themselves take over its split."""
    file = run.path / "config.json"
    if config.get("split") is not None or not file.is_file():
        return config
    trained = read_json(file)["config"]
    return Settings({**config.plain(), **{name: trained.get(name) for name in ("split", "sampling", "fold")}})


def _corpus(config: Settings, root: Path) -> Corpus:
    reader = readers.build(config.reader) if config.get("reader") is not None else None
    corpus: Corpus = datasets.build(config.dataset, reader=reader, root=root)
    if config.get("fold") is not None:
        return fold_of(corpus, Fold(**config.fold))  # one of a cross-validation, which wrote it into the config
    return complete(corpus, Split(section(config, "split", Split)))


def _parts(config: Settings, corpus: Corpus, root: Path) -> dict[str, Any]:
    digests = FileDigests(Path(config.cache_root))
    data = {part: {_shown(file, root): digests.of(file) for file in files} for part, files in corpus.parts().items()}
    digests.remember()
    chosen = {name: config[name] for name in ("dataset", "reader") if config.get(name) is not None}
    sources = [registry.find(str(chosen[name]["name"])).file for name, registry in _MODULES.items() if name in chosen]
    sections = {name: dict(config.get(name) or {}) for name in ("split", "sampling")}
    sections |= {"fold": dict(config.fold)} if config.get("fold") is not None else {}
    return {
        "data": data,
        "parameters": Settings({**chosen, **sections}).plain(),
        "code": dict(code_behind((*sources, *_SOURCES), scope().root)),
        "libraries": dict(library_versions()),
    }


def _fill(
    folder: Path, config: Settings, corpus: Corpus, preprocessing: Preprocessing, run: RunFolder
) -> Mapping[str, Any]:
    files = Files(Path(config.dataset_root))
    sampled = Sampling(section(config, "sampling", Sampling))
    counts = {}
    with preprocessing.rejects(run.path) as rejects, rare_collections():
        for part in corpus.parts():
            watched = _watched(_read(corpus, part, rejects, sampled), part, preprocessing)
            batches = example_batches(watched, preprocessing.config.chunk_size, files)
            counts[part] = write_table(folder / f"{part}.arrow", example_table.SCHEMA, batches)
    return {"counts": counts, "files": list(files.numbers), "rejects": rejects.count, "told": rejects.summary()}


def _read(corpus: Corpus, part: str, rejects: Rejects, sampled: Sampling) -> Iterable[Example | ExampleBlock]:
    """The examples of a part; many at once where nothing has to look at each."""
    as_it_stands = part != "train" or sampled.changes_nothing
    together = getattr(corpus, "read_together", None)
    if as_it_stands and together is not None:
        blocks: Iterable[Example | ExampleBlock] = together(part, rejects)
        return blocks
    examples = corpus.read(part, rejects)
    return examples if as_it_stands else sampled.apply(examples)


def _watched(
    examples: Iterable[Example | ExampleBlock], part: str, preprocessing: Preprocessing
) -> Iterator[Example | ExampleBlock]:
    """The examples, with a progress bar and an open ear for a request to stop."""
    with tqdm(desc=f"read {part}", unit=" texts", disable=None) as bar:
        for number, item in enumerate(examples):
            count = len(item.lines) if isinstance(item, ExampleBlock) else 1
            if count > 1 or number % 1000 == 0:
                preprocessing.check()
            bar.update(count)
            yield item


def _shown(file: Path, root: Path) -> str:
    return file.relative_to(root).as_posix() if file.is_relative_to(root) else file.as_posix()


_MODULES = {"dataset": datasets, "reader": readers}
_SOURCES = [Path(str(module.__file__)) for module in (example_table, folds, sampling, splitting)]
