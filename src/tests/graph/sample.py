"""Small graphs for tests."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tengjia.config import Settings
from tengjia.data.rejects import RejectsFile
from tengjia.graph.backends import Embedded
from tengjia.graph.contents import Contents, read_contents
from tengjia.graph.templates import Templates, compile_templates
from tengjia.graph.writing import write_contents

PEOPLE = "id,label,name,aliases,age\np1,Person,林清远,,41\np2,Person,周岚,周总,38\np3,Person,周岚,,52\np4,Person,O'Neil,,60\n"
COMPANIES = '[{"id": "c1", "label": "Company", "name": "清河钢铁", "aliases": ["清钢"]}, {"id": "c2", "label": "Company", "name": "云山 Ａ"}]'
JOBS = "source,type,target,jobs\np1,works_at,c1,董事长/董事\np2,works_at,c1,副董事长\np3,works_at,c2,董事\np4,works_at,c2,董事长\n"
TEMPLATES: dict[str, Any] = {
    "slots": {"person": {"label": "Person"}, "company": {"label": "Company"}, "job": {"values": "works_at.jobs"}},
    "fillers": ["请问", "的", "是"],
    "defaults": ["谁是清河钢铁的董事长"],
    "templates": [
        {
            "kind": "holder",
            "patterns": ["谁{company}{job}", "{company}{job}[谁]"],
            "path": "{company} <-works_at- Person",
            "has": {"works_at.jobs": "job"},
        },
        {"kind": "colleagues", "patterns": ["{person}同事"], "path": "{person} -works_at-> Company <-works_at- Person"},
        {
            "kind": "jobs",
            "patterns": ["{person}在{company}做什么"],
            "path": "{person} -works_at-> {company}",
            "answer": "works_at.jobs",
        },
        {"kind": "age", "patterns": ["{person}多大"], "path": "{person}", "answer": "age"},
    ],
}


def write_files(folder: Path) -> tuple[list[Path], list[Path]]:
    files = {"people.csv": PEOPLE, "companies.json": COMPANIES, "jobs.csv": JOBS}
    for name, content in files.items():
        (folder / name).write_text(content, "utf-8")
    return [folder / "people.csv", folder / "companies.json"], [folder / "jobs.csv"]


def contents_of(folder: Path, max_rejects: int | None = 0) -> Contents:
    with RejectsFile(None, max_rejects) as rejects:
        return read_contents(*write_files(folder), rejects)


def templates_for(contents: Contents, **changed: Any) -> Templates:
    return compile_templates({**TEMPLATES, **changed}, contents.schema(), "templates.yaml")


def embedded(contents: Contents, file: Path, batch_size: int = 100) -> Embedded:
    database = Embedded(file, writable=True)
    write_contents(contents, database, batch_size=batch_size)
    database.close()
    return Embedded(file)


def settings(folder: Path, **sections: Any) -> Settings:
    return Settings({"app": "demo_app", "task": "neo4j", "dataset_root": str(folder), "seed": 1, **sections})


def read_lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]
