"""`stage=train` publishes: the bundle of the best weights goes to a store when it is written.

publish: {model: ner, alias: staging}
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tengjia.errors import StoreError, TengjiaError
from tengjia.messages import text
from tengjia.store.names import check_alias, check_model, check_version, folded
from tengjia.store.opening import open_store

logger = logging.getLogger(__name__)


class Publishing:
    """Puts the bundle of a run into a store.

    Args:
        config: Where, and under which name.
        run: Identity of the run.

    Raises:
        StoreError: A name cannot be one.
    """

    @dataclass(frozen=True)
    class Config:
        """Where the bundle goes after training."""

        model: str | None = None
        """Name of the model in the store; null: the bundle stays in the run folder only."""
        version: str | None = None
        """Name of the version; null: that of the run."""
        alias: str | None = None
        """Alias to point at the new version; null: none is moved."""
        store: str | None = None
        """Folder or URL of the store; null: `TENGJIA_STORE`, the project's `store`, or `~/.tengjia/store`."""
        final: bool = True
        """Whether the version is published at once, so that it can never change."""
        raw_text: bool = False
        """Whether texts of the corpus (`golden.source=test`) may go to a public model."""

    def __init__(self, config: Config, run: str) -> None:
        self.config = config
        self.model = None if config.model is None else check_model(config.model)
        self.version = check_version(config.version or run)
        if config.alias is not None:
            check_alias(config.alias)

    def check(self) -> None:
        """Look before anything is trained whether there will be a place for the result.

        Raises:
            StoreError: The store cannot be reached, or has published a version of that name.
        """
        if self.model is None:
            return
        with closing(open_store(self.config.store)) as store:
            state = store.ledger.state(self.model)
            found = state.versions.get(folded(self.version))
            if found is not None and found.published:
                raise StoreError("store.published", found=found.name, model=self.model)

    def publish(self, bundle: Path, lineage: Mapping[str, Any]) -> dict[str, str]:
        """Push a bundle, publish it, move the alias. A store that fails does not fail the run: the bundle is safe.

        Args:
            bundle: Its folder.
            lineage: What is known of its making beside what it tells itself.

        Returns:
            For the record of the run: store, model, version; or why it is not there.
        """
        if self.model is None:
            return {}
        try:
            with closing(open_store(self.config.store)) as store:
                version = store.push(self.model, self.version, bundle, lineage=lineage, raw_text=self.config.raw_text)
                if self.config.final:
                    store.publish(self.model, self.version)
                if self.config.alias is not None:
                    store.alias(self.model, self.config.alias, self.version)
        except (TengjiaError, OSError) as error:
            logger.error(text("store.not_published", folder=bundle, reason=error, command=self.by_hand(bundle)).message)
            return {"failed": str(error)}
        logger.info(text("store.run_published", model=self.model, version=version.name, place=store.url).message)
        return {"store": store.url, "model": self.model, "version": version.name}

    def by_hand(self, bundle: Path) -> str:
        """The command that does the same."""
        words = ["tengjia", "store", "push", str(self.model), self.version, f"'{bundle}'"]
        words += ["--store", f"'{self.config.store}'"] if self.config.store else []
        words += ["--publish"] if self.config.final else []
        words += ["--alias", self.config.alias] if self.config.alias else []
        words += ["--raw-text"] if self.config.raw_text else []
        return " ".join(words)
