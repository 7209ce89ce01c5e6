"""Where a repository (`repo`) comes from, and how it gets into the cache.

    from_pretrained("models/ner")                                  a folder, used where it stands
    from_pretrained("models", Path("/srv/ner"))                    the same
    from_pretrained("models", "ner")                               models/ner: the cache
    from_pretrained("models", "store://ner@production")            a store (tengjia.store)
    from_pretrained("models", "https://host/models/ner")           a folder on a web server, with its filelist.txt
    from_pretrained("models", "hf://owner/name@v1")                the Hugging Face hub, or a mirror
    from_pretrained("models", "modelscope://owner/name@v1")        ModelScope
    from_pretrained("models", "s3://bucket/models/ner")            an object store (fsspec)

Whatever the place, a repository is what its `filelist.txt` says. It is fetched beside its final place, file by file,
each verified by size and SHA-256, and becomes visible by one rename.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from tengjia.errors import CheckpointError
from tengjia.pretrained.sources.addresses import Address, read_address
from tengjia.pretrained.sources.options import Options

if TYPE_CHECKING:
    from tengjia.pretrained.sources.source import Source

__all__ = ["Address", "Options", "located", "read_address"]


def located(path: Path | str, repo: Path | str | None = None, **options: Any) -> Path:
    """The folder of a repository, fetched now if the cache does not hold it.

    Args:
        path: The cache; without `repo` the folder itself.
        repo: What to load.
        options: See `Options`.

    Raises:
        ConfigurationError: `repo` is no name and no address.
        CheckpointError: It is not there, or not what it should be.
        DataError: The server cannot be reached, or gives something else.
        EnvironmentFault: An optional package is missing, or the cache cannot be written.
    """
    chosen = Options(**options)
    if repo is None or isinstance(repo, Path):
        return _expected(_folder(Path(path if repo is None else repo).expanduser()), chosen)
    address = read_address(repo, chosen)
    if address.scheme == "cache":
        return _expected(_cached(Path(path).expanduser(), address.path), chosen)
    from tengjia.pretrained.sources.cache import fetched

    return fetched(_source(address, chosen), Path(path).expanduser(), chosen)


def _expected(folder: Path, options: Options) -> Path:
    """The folder, if it is what the caller expects."""
    if options.digest is not None:
        from tengjia.bundle.filelist import FILELIST
        from tengjia.utilities.files import sha256_of_file

        listing = folder / FILELIST
        found = sha256_of_file(listing) if listing.is_file() else "-"
        if found != options.digest:
            raise CheckpointError("pretrained.other_digest", file=folder, found=found, expected=options.digest[:64])
    return folder


def _folder(folder: Path) -> Path:
    if not folder.is_dir():
        raise CheckpointError("pretrained.no_folder", file=folder)
    return folder


def _cached(cache: Path, name: str) -> Path:
    folder = cache / name
    if not folder.is_dir():
        from tengjia.utilities.nearest import nearest

        beside = [each.name for each in folder.parent.iterdir()] if folder.parent.is_dir() else []
        near = ", ".join(nearest(folder.name, [each for each in beside if not each.startswith(".")])) or "-"
        raise CheckpointError("pretrained.not_cached", file=folder, found=name, nearest=near)
    return folder


def _source(address: Address, options: Options) -> Source:
    if address.scheme in {"https", "http"}:
        from tengjia.pretrained.sources.web import WebFolder

        return WebFolder(address, options)
    if address.scheme in {"hf", "modelscope"}:
        from tengjia.pretrained.sources.hubs import HUBS

        return HUBS[address.scheme](address, options)
    if address.scheme == "store":
        from tengjia.pretrained.sources.model_store import ModelStore

        return ModelStore(address, options)
    from tengjia.pretrained.sources.object_store import ObjectStore

    return ObjectStore(address, options)
