"""A version of a model in a store (`tengjia.store`)."""

from __future__ import annotations

import hashlib
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tengjia.pretrained.sources.addresses import Address
from tengjia.pretrained.sources.options import Options

if TYPE_CHECKING:
    from tengjia.store.store import Store


class ModelStore:
    """A model in a store; the store verifies what it gives.

    Args:
        address: Name of the model, perhaps with a version or an alias.
        options: How to fetch; `store` says where it is.
    """

    def __init__(self, address: Address, options: Options) -> None:
        self.model, self.reference = address.path, address.revision or "latest"
        self.options = options
        self.address = f"store://{self.model}@{self.reference}"
        where = hashlib.sha256(str(options.store or "").encode()).hexdigest()[:8] if options.store else "default"
        self.place = f"store/{where}/{self.model}"
        self.fixed = False

    @cached_property
    def store(self) -> Store:
        """The store, opened when first used."""
        from tengjia.store import Store

        return Store.open(self.options.store, token=self.options.token)

    @cached_property
    def version(self) -> Any:
        """The version that the reference means now."""
        return self.store.resolve(self.model, self.reference)

    def identity(self) -> str:
        """The digest of the version's manifest."""
        return str(self.version.manifest)

    def fill(self, folder: Path) -> None:
        """Pull the version; by its name, so that an alias that moves meanwhile moves nothing here."""
        self.store.pull(self.model, self.version.name, folder, replace=True)
