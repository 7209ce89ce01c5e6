"""Cypher meant for a Neo4j server, done by the embedded database, in transactions.

Two differences between the databases are bridged, and no more:

- Neo4j knows no tables. Here they are made from a schema that is given beforehand, those of a label when its constraint
  is, and those of relations when both their ends are there. What is written before its constraint is refused, which
  Neo4j would not do.
- `CREATE CONSTRAINT IF NOT EXISTS ... REQUIRE n.id IS UNIQUE` is that making of the table, with `id` as its primary key; a
  second time it does nothing, as there.

Errors are given a code of Neo4j by their kind; their words are those of the embedded database.
"""

from __future__ import annotations

import re
import threading
from pathlib import Path
from typing import Any, Final

import ladybug

from tengjia.graph.backends import Schema
from tengjia.graph.statements import Statement, entity_table, relation_table

_CONSTRAINT: Final = re.compile(r"CREATE CONSTRAINT IF NOT EXISTS FOR \(n:`(\w+)`\) REQUIRE n\.id IS UNIQUE")
_CODES: Final = {"Parser": "Statement.SyntaxError", "Binder": "Statement.SemanticError"}
_PATIENCE: Final = 20.0
"""Seconds that a transaction waits for the one before; they are one at a time."""


class Refusal(Exception):
    """What a server answers when it does not do a thing."""

    def __init__(self, code: str, words: str) -> None:
        super().__init__(words)
        self.code = f"Neo.ClientError.{code}"


class Relay:
    """A graph that is asked in transactions, one at a time.

    Args:
        file: The embedded database; made if it is not there.
        schema: What may be written.
    """

    def __init__(self, file: Path, schema: Schema) -> None:
        self.schema = schema
        self._database: Any = ladybug.Database(str(file), max_db_size=1 << 40)
        self._connection: Any = ladybug.Connection(self._database)
        self._turn = threading.Lock()

    def begin(self) -> None:
        """Open a transaction, after the one that is open."""
        if not self._turn.acquire(timeout=_PATIENCE):
            raise Refusal("Transaction.LockClientStopped", "another transaction does not end")
        try:
            self._do("BEGIN TRANSACTION")
        except Refusal:
            self._turn.release()
            raise

    def run(self, text: str, parameters: dict[str, Any]) -> tuple[list[str], list[list[Any]]]:
        """Do a statement of the transaction that is open: the names of its columns, and its rows."""
        constraint = _CONSTRAINT.fullmatch(text)
        if constraint is None:
            return self._do(text, parameters)
        self._declare(constraint[1])
        return [], []

    def commit(self) -> None:
        """End the transaction: what it did stays."""
        self._end("COMMIT")

    def roll_back(self) -> None:
        """End the transaction: it never was."""
        self._end("ROLLBACK")

    def count(self) -> tuple[int, int]:
        """How many entities and relations there are, asked beside the protocol."""
        with self._turn:
            tables = self._tables()
            entities = sum(self._do(f"MATCH (n:`{each}`) RETURN count(*)")[1][0][0] for each in tables["NODE"])
            relations = sum(self._do(f"MATCH ()-[r:`{each}`]->() RETURN count(*)")[1][0][0] for each in tables["REL"])
        return entities, relations

    def close(self) -> None:
        """Close the file."""
        self._connection.close()
        self._database.close()

    def _end(self, how: str) -> None:
        try:
            self._do(how)
        finally:
            self._turn.release()

    def _declare(self, label: str) -> None:
        known = set().union(*self._tables().values())
        if label in known:
            return
        self._make(entity_table(label, self.schema.properties[label]))
        known.add(label)
        for kind, ends in self.schema.ends.items():
            if kind not in known and known.issuperset(label for pair in ends for label in pair):
                self._make(relation_table(kind, ends, self.schema.relation_properties[kind]))

    def _tables(self) -> dict[str, set[str]]:
        """Kind of table -> the names of those that there are."""
        rows = self._do("CALL show_tables() RETURN type, name")[1]
        return {kind: {name for each, name in rows if each == kind} for kind in ("NODE", "REL")}

    def _make(self, table: Statement) -> None:
        self._do(table.text, table.parameters)

    def _do(self, text: str, parameters: dict[str, Any] | None = None) -> tuple[list[str], list[list[Any]]]:
        try:
            result = self._connection.execute(text, parameters or {})
        except RuntimeError as error:
            words = str(error)
            raise Refusal(_CODES.get(words.split()[0], "Statement.ExecutionFailed"), words) from None
        try:
            return result.get_column_names(), result.get_all()
        finally:
            result.close()
