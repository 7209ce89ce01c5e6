"""The store: where models are kept in versions, for many people and programs at once.

    store = Store.open("/srv/models")              # a folder; or s3://..., or https://host
    store.push("ner", "1.0", "path/to/bundle")     # contents are kept once, whatever shares them
    store.publish("ner", "1.0")                    # from now on it cannot change
    store.alias("ner", "production", "1.0")        # moved atomically; its history is kept
    store.pull("ner", "production", "models/ner")  # every byte verified, all or nothing

What lies in a place:

    store.json                                     what the store is: its format, and the grace of gc
    objects/ab/<sha256>                            contents, and manifests: lists of files with sizes and digests
    models/<model>/log/0000000001.json             what happened to a model, event by event
    models/<model>/snapshots/, hint.json           shortcuts through a long log; they can be made again
    trash/<milliseconds>-<random>/<sha256>              what gc took out, for one more grace
    temporary/                                     unfinished files; nobody reads them
    tokens/<id>.json                               who may do what through a server; the secret itself is nowhere

What always holds:

1. A key that can be read is whole: it was written aside, made durable, and then given its name.
2. An event is written once, by the first who creates its number: that is the only point where writers meet, and there
   is no lock. A push is accepted when its event is there; before it, nothing of it can be seen.
3. Events come after everything they refer to. So what a version names is there, whenever a writer dies.
4. An object is named by what it contains. Readers verify; the same content is kept once.
5. Nothing is deleted that a version refers to, or that a writer is about to refer to: gc takes only what has been
   unreachable *and* untouched for the grace, and keeps it in the trash for as long again (`collecting`).
6. Order is the order of events. No decision rests on the clock of a machine; ages are told by the clock of the place.

On NFS this needs an atomic `link()`, which NFS has, and close-to-open consistency; a reader may see an event as late as
its client's attribute cache allows. A bucket needs conditional writes (`If-None-Match: *`), which S3 has.
"""

from tengjia.store.manifest import File, Manifest
from tengjia.store.opening import PlacedStore, default_place
from tengjia.store.pipe import ModelPipe
from tengjia.store.place import Place, open_place
from tengjia.store.profiles import APILocal, ModelFile, list_profiles
from tengjia.store.state import Move, Version
from tengjia.store.store import Store

__all__ = [
    "APILocal",
    "File",
    "Manifest",
    "ModelFile",
    "ModelPipe",
    "Move",
    "Place",
    "PlacedStore",
    "Store",
    "Version",
    "default_place",
    "list_profiles",
    "open_place",
]
