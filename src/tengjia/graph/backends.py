"""The databases that hold a graph. Both take the same statements.

A test or a project may bring another: anything with these four methods.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Protocol

from tengjia.errors import ConfigurationError, EnvironmentFault
from tengjia.graph.statements import Statement, Verb, entity_table, relation_table, unique_ids

PASSWORD: Final = "NEO4J_PASSWORD"
ADDRESS: Final = "NEO4J_URI"
"""Variable of the environment; a password stands in no file and no config."""
RETRIES: Final[dict[str, Any]] = {"max_transaction_retry_time": 30.0, "initial_retry_delay": 1.0}
"""How long, in seconds, the driver does a transaction again while a server is busy or away, and its first pause."""
_LARGEST: Final = 1 << 40
"""Bytes that the embedded database may come to; only addresses are set aside for it."""
_SECURITY: Final = "Neo.ClientError.Security."
_CHATTER: Final = ("neo4j.io", "neo4j.notifications", "neo4j.pool")
"""Loggers of the driver: what breaks we tell ourselves, and what a server remarks is about statements of ours."""


@dataclass
class Schema:
    """What a graph holds, as far as a database has to know beforehand."""

    properties: dict[str, set[str]] = field(default_factory=dict)
    """Label -> names of properties."""

    ends: dict[str, set[tuple[str, str]]] = field(default_factory=dict)
    """Type of relation -> labels that it joins."""

    relation_properties: dict[str, set[str]] = field(default_factory=dict)
    """Type of relation -> names of properties."""

    def plain(self) -> dict[str, Any]:
        """As JSON values."""
        return {
            "properties": {label: sorted(names) for label, names in sorted(self.properties.items())},
            "ends": {kind: [list(pair) for pair in sorted(pairs)] for kind, pairs in sorted(self.ends.items())},
            "relation_properties": {kind: sorted(names) for kind, names in sorted(self.relation_properties.items())},
        }


class Backend(Protocol):
    """A graph database."""

    verb: Verb
    """How elements are written so that a second load changes nothing."""

    def declare(self, schema: Schema) -> None:
        """Make ready for what will be written."""

    def run(self, statement: Statement) -> list[dict[str, Any]]:
        """Do one statement, wholly or not at all, and give its rows."""

    def close(self) -> None:
        """Let go of the database; what was written is on disk."""


class Embedded:
    """A graph in one file, in this process.

    Args:
        file: The database; made if it is not there and may be written.
        writable: Whether it is being made. What is only read is never changed.

    Raises:
        EnvironmentFault: The package is not installed, or the file is no such database.
    """

    verb: Verb = "CREATE"  # a new file is written: nothing is there yet, and the loader knows no two alike

    def __init__(self, file: Path, *, writable: bool = False) -> None:
        try:
            import ladybug
        except ImportError:
            raise EnvironmentFault("data.missing_package", found="ladybug", extra="graph") from None
        try:
            self._database: Any = ladybug.Database(str(file), read_only=not writable, max_db_size=_LARGEST)
            self._connection: Any = ladybug.Connection(self._database)
        except RuntimeError as error:
            raise EnvironmentFault("graph.cannot_open", file=file, reason=_first_line(error)) from None

    def declare(self, schema: Schema) -> None:
        """Make the tables."""
        for label, properties in sorted(schema.properties.items()):
            self.run(entity_table(label, properties))
        for kind, ends in sorted(schema.ends.items()):
            self.run(relation_table(kind, ends, schema.relation_properties.get(kind, set())))

    def run(self, statement: Statement) -> list[dict[str, Any]]:
        """Do one statement; a transaction of its own."""
        try:
            result: Any = self._connection.execute(statement.text, statement.parameters)
        except RuntimeError as error:
            raise EnvironmentFault("graph.refused", reason=_first_line(error)) from None
        try:
            names = result.get_column_names()
            return [dict(zip(names, row)) for row in result.get_all()]
        finally:
            result.close()

    def close(self) -> None:
        """Close the file."""
        self._connection.close()
        self._database.close()


class Server:
    """A graph on a Neo4j server, through the official driver.

    Args:
        uri: `neo4j://host:7687`, `neo4j+s://...`, `bolt://...`.
        user: Whose graph; the password is in the environment (`NEO4J_PASSWORD`).
        database: Name of the database on the server.

    Raises:
        ConfigurationError: The address names a user or a password.
        EnvironmentFault: The driver is not installed, there is no password, nobody answers, or the user is not let in.
    """

    verb: Verb = "MERGE"  # a load that was interrupted goes on, and a second one changes nothing

    def __init__(self, uri: str, user: str, database: str) -> None:
        try:
            import neo4j
            import neo4j.exceptions
        except ImportError:
            raise EnvironmentFault("data.missing_package", found="neo4j", extra="neo4j") from None
        if "@" in uri:
            raise ConfigurationError("graph.user_in_address", key="load.uri")  # which is not shown
        password = os.environ.get(PASSWORD)
        if not password:
            raise EnvironmentFault("graph.no_password", found=PASSWORD, user=user)
        self.uri, self.user, self.database = uri, user, database
        self._answers, self._lost = neo4j.exceptions.Neo4jError, (neo4j.exceptions.DriverError, OSError)
        for name in _CHATTER:
            if logging.getLogger(name).level == logging.NOTSET:  # nobody asked to hear it
                logging.getLogger(name).setLevel(logging.CRITICAL)
        self._driver: Any = None
        try:
            self._driver = neo4j.GraphDatabase.driver(uri, auth=(user, password), connection_timeout=15.0, **RETRIES)
            self._driver.verify_connectivity()
        except Exception as error:  # of any class, if somebody answers who does not speak Bolt
            self.close()
            if isinstance(error, self._answers):
                raise self._refused(error) from None
            raise EnvironmentFault("graph.no_server", found=uri, reason=_reason(error)) from None

    def declare(self, schema: Schema) -> None:
        """See that ids are unique and quickly found."""
        for label in sorted(schema.properties):
            self.run(unique_ids(label))

    def run(self, statement: Statement) -> list[dict[str, Any]]:
        """Do one statement in a transaction, tried again by the driver when the server was busy."""
        try:
            records, _, _ = self._driver.execute_query(
                statement.text, parameters_=statement.parameters, database_=self.database
            )
        except self._lost as error:
            raise EnvironmentFault("graph.connection_lost", found=self.uri, reason=_reason(error)) from None
        except Exception as error:  # likewise
            raise self._refused(error) from None
        return [record.data() for record in records]

    def _refused(self, error: Any) -> EnvironmentFault:
        """What the server said, with its code."""
        if not isinstance(error, self._answers):
            return EnvironmentFault("graph.refused", reason=_first_line(error))
        reason = f"{_first_line(error.message)} [{error.code}]"
        if error.code.startswith(_SECURITY):
            return EnvironmentFault("graph.not_let_in", found=self.uri, user=self.user, reason=reason)
        return EnvironmentFault("graph.refused", reason=reason)

    def close(self) -> None:
        """Close the connections."""
        if self._driver is not None:
            self._driver.close()


def open_backend(place: Mapping[str, Any], folder: Path, *, writable: bool = False) -> Backend:
    """The database that a bundle or a config names.

    Args:
        place: `backend` (`ladybug` or `neo4j`), and for the latter `uri`, `user`, `database`.
        folder: Where the file of the embedded one lies.
        writable: Whether it will be written.
    """
    if place["backend"] == "neo4j":
        return Server(str(place["uri"]), str(place["user"]), str(place["database"]))
    return Embedded(folder / FILE, writable=writable)


def require_named_server(place: Mapping[str, Any]) -> None:
    """Require that the server that a bundle names is the one that the user names: whoever it is gets the password.

    Raises:
        EnvironmentFault: The environment (`NEO4J_URI`) names another server, or none.
    """
    if place["backend"] == "neo4j" and os.environ.get(ADDRESS) != place["uri"]:
        raise EnvironmentFault("graph.server_not_named", found=place["uri"], variable=ADDRESS)


FILE: Final = "knowledge.lbdb"
"""Name of the file of an embedded graph."""


def _first_line(error: BaseException | str) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0][:300]


def _reason(error: BaseException) -> str:
    """What the driver says, and the cause at the bottom of it."""
    root = error
    for _ in range(10):  # the driver knows causes that go in a circle
        several = getattr(root, "exceptions", ())
        root = several[0] if several else root.__cause__ or root
    said, below = _first_line(error), _first_line(root)
    return said if below in said else f"{said.rstrip(':')}: {below}"
