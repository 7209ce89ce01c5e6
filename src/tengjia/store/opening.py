"""From what people say to a store: which place, and whether it is one."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Any, Final

from tengjia.errors import StoreError
from tengjia.store.collecting import Collected, collect
from tengjia.store.faults import told
from tengjia.store.ledger import Change, PlaceLedger
from tengjia.store.objects import Objects, PlaceObjects
from tengjia.store.place import Place, open_place
from tengjia.store.sealed import seal, unsealed
from tengjia.store.state import State
from tengjia.store.store import Store
from tengjia.store.verification import Verified, verify

SETTINGS: Final = "store.json"
FORMAT: Final = 1
DAY: Final = 86_400.0
ENVIRONMENT: Final = "TENGJIA_STORE"
TOKEN: Final = "TENGJIA_STORE_TOKEN"
HOME: Final = "~/.tengjia/store"
PROJECT: Final = "config_project.yaml"


def open_store(place: str | Path | None = None, *, token: str | None = None) -> Store:
    """The store in a place (see `Store.open`)."""
    url = default_place() if place is None else str(place)
    if url.startswith(("http://", "https://")):
        from tengjia.store.http.client import open_remote

        return open_remote(url, token=token or os.environ.get(TOKEN))
    return PlacedStore(open_place(url))


def default_place() -> str:
    """`TENGJIA_STORE`, else the `store` of the project one stands in, else `~/.tengjia/store`."""
    if said := os.environ.get(ENVIRONMENT):
        return said
    here = Path.cwd()
    for folder in (here, *here.parents):
        if (folder / PROJECT).is_file():
            from tengjia.config.documents import read_document

            said = (read_document(folder / PROJECT).data or {}).get("store")
            if isinstance(said, str) and said:
                return said if "://" in said else str(folder / Path(said).expanduser())
            break
    return HOME


class PlacedStore(Store):
    """A store whose place this process may use itself: beside the rest, it can be verified and swept.

    Args:
        place: Where it lies.
        grace: Seconds for which gc leaves alone what is young; counts when the store is made, later that of the store.
        by: Who makes changes.
    """

    def __init__(self, place: Place, *, grace: float = DAY, by: str | None = None) -> None:
        self.place = place
        self._settings: dict[str, Any] | None = None
        self._wanted = {"format": FORMAT, "grace": grace}
        self.placed_ledger = _Prepared(self, by)
        self.placed_objects = PlaceObjects(place, self.grace)
        super().__init__(self.placed_ledger, self.placed_objects, place.url)
        self.settings()

    def grace(self) -> float:
        """Seconds for which gc leaves alone what is young, or was reachable."""
        return float((self.settings() or self._wanted)["grace"])

    def settings(self) -> dict[str, Any] | None:
        """What the store says of itself; `None` before anything was written.

        Raises:
            StoreError: It is of another format, or damaged.
        """
        if self._settings is None:
            with told(self.url):
                try:
                    found = unsealed(self.place.read(SETTINGS), SETTINGS)
                except FileNotFoundError:
                    return None
            if found.get("format") != FORMAT:
                raise StoreError("store.other_format", found=found.get("format"), allowed=FORMAT)
            self._settings = found
        return self._settings

    def prepare(self) -> None:
        """Make the store, if it is none yet. Called before the first byte is written.

        Raises:
            StoreError: Something else lies in that place.
        """
        if self.settings() is not None:
            return
        if not self.place.is_empty():
            raise StoreError("store.not_a_store", found=self.url)
        self.place.create(SETTINGS, seal({**self._wanted, "id": secrets.token_hex(12)}))
        self.settings()

    def verify(self, model: str | None = None, *, quick: bool = False) -> Verified:
        """Look whether everything is whole (see `verification`)."""
        return verify(self, model, quick=quick)

    def gc(self, *, dry_run: bool = False) -> Collected:
        """Take away what nothing refers to (see `collecting`)."""
        return collect(self, dry_run=dry_run)

    def writing(self, model: str) -> Objects:
        """The objects, in a store that is made by now."""
        self.prepare()
        return self.objects


class _Prepared(PlaceLedger):
    """The logs of a store that is made with its first event."""

    def __init__(self, store: PlacedStore, by: str | None) -> None:
        super().__init__(store.place, by)
        self._store = store

    def _write(self, state: State, change: Change, by: str, id: str) -> State | None:
        self._store.prepare()
        return super()._write(state, change, by, id)
