"""The calls of the seed's tutorial on a central store: `ModelFile`, `APILocal`, `list_profiles`.

pipe = ModelFile(model_name="model_name", version="1.0", center_path=None).filepipe()
pipe.import_file("model.db")
pipe.pull_dir("workspace")

A profile is a model; its versions are what the seed calls pipes. Everything here is a few lines on `Store`.
"""

from __future__ import annotations

import hashlib
import uuid
from pathlib import Path
from typing import Any

from tengjia.errors import StoreError
from tengjia.store.names import check_model, check_version
from tengjia.store.opening import default_place
from tengjia.store.pipe import ModelPipe, views
from tengjia.store.place import open_place
from tengjia.store.store import Store


class ModelFile:
    """A version of a model, to be put into a store.

    Args:
        model_name: Name of the model.
        version: Name of the version: `1.0`, `v2-beta`.
        center_path: Where the store lies: a folder or a URL; `None`: `TENGJIA_STORE`, the project's `store`, or
            `~/.tengjia/store`.

    Raises:
        StoreError: A name that cannot be one.
    """

    def __init__(self, model_name: str, version: str, center_path: str | Path | None = None) -> None:
        self.model_name = check_model(model_name)
        self.version = check_version(version)
        self.center_path = center_path

    def filepipe(self) -> ModelPipe:
        """What moves files in and out. Nothing is written before the first of them."""
        store = Store.open(self.center_path)
        return ModelPipe(store, self.model_name, self.version, profile(store, self.model_name))


class APILocal:
    """The versions of one model.

    Args:
        profile: Name of the model.
        filecfg: The store: its folder, the `cfg.json` that a client keeps in it, or a URL; `None`: the default store.
    """

    def __init__(self, profile: str, filecfg: str | Path | None = None) -> None:
        self.profile = check_model(profile)
        self.store = Store.open(_center(filecfg))

    def list_local_pipes(self) -> list[str]:
        """Names of all versions, in the order in which they came.

        Raises:
            StoreError: There is no such model.
        """
        return [version.name for version in self.store.versions(self.profile)]


def list_profiles(filecfg: str | Path | None = None) -> dict[str, dict[str, Any]]:
    """All models of a store: name to `filerepo`, `server`, `filereporoot`, `filedb`, `key`. None of it is secret."""
    store = Store.open(_center(filecfg))
    return {model: profile(store, model) for model in store.models()}


def profile(store: Store, model: str) -> dict[str, Any]:
    """Where a model is, as the seed tells it. `key` identifies it, and opens nothing."""
    return {
        "filerepo": views(store, model),
        "server": store.url,
        "filereporoot": store.url,
        "filedb": f"{store.url.rstrip('/')}/models/{model.lower()}/log",
        "key": str(uuid.UUID(hashlib.sha256(f"{store.url}\n{model}".encode()).hexdigest()[:32])),
    }


def _center(filecfg: str | Path | None) -> str:
    if filecfg is None:
        return default_place()
    text = str(filecfg)
    if text.startswith(("http://", "https://")):
        return text
    place = text if "://" in text or not text.endswith(".json") else str(Path(text).expanduser().parent)
    try:
        open_place(place, create=False)
    except StoreError:
        raise StoreError("store.no_place", found=place) from None
    return place
