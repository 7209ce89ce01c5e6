"""Questions about `stock_kg`: 8 kinds, 25 phrasings each, names drawn anew; the answers are read from the tables.

python -m benchmarks.graph_questions --dataset-root ../corpora

A question is answered rightly if the set of answers is that of the tables, no more and no less. The phrasings
(`graph_questions.yaml`) were written and committed before the templates. Names that several bear are drawn too: then
the answers of all of them are right.
"""

from __future__ import annotations

import csv
import re
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Mapping
from pathlib import Path

from benchmarks.arguments import ROOT, parser
from tengjia.config.documents import read_document
from tengjia.data.rejects import RejectsFile
from tengjia.graph.answering import Answerer
from tengjia.graph.backends import Embedded
from tengjia.graph.contents import read_contents
from tengjia.graph.templates import read_templates
from tengjia.graph.writing import write_contents
from tengjia.utilities.randomness import generator_for

PHRASINGS = Path(__file__).with_suffix(".yaml")
TEMPLATES = ROOT / "src/applications/demo_app/tasks/neo4j/stock_templates.yaml"
ENTITIES = ("executive", "stock", "concept", "industry")
RELATIONS = ("executive_stock", "stock_concept", "stock_industry")
DEMAND = 0.9
Names = dict[str, str]
Gold = Callable[[Names], set[str]]


class Tables:
    """The corpus as its tables have it, read by nothing of the library: what is right."""

    def __init__(self, folder: Path) -> None:
        def rows(name: str) -> list[list[str]]:
            with open(folder / f"{name}.csv", encoding="utf-8-sig", newline="") as file:
                return [[cell.strip() for cell in row] for row in csv.reader(file)][1:]

        self.people = {row[0]: row[1] for row in rows("executive")}
        self.companies = {row[0]: row[1] for row in rows("stock")}
        self.industries = {row[0]: row[1] for row in rows("industry")}
        self.concepts = {row[0]: row[1] for row in rows("concept")}
        self.jobs = [(row[0], row[2], row[1].split("/")) for row in rows("executive_stock")]
        self.in_industry = [(row[0], row[1]) for row in rows("stock_industry")]
        self.in_concept = [(row[0], row[1]) for row in rows("stock_concept")]
        self.staff: dict[str, set[str]] = defaultdict(set)
        self.employers: dict[str, set[str]] = defaultdict(set)
        for person, company, _ in self.jobs:
            self.staff[company].add(person)
            self.employers[person].add(company)

    def holder(self, names: Names) -> set[str]:
        """People of a position of a company."""
        return {
            self.people[person]
            for person, company, jobs in self.jobs
            if self.companies[company] == names["company"] and names["position"] in jobs
        }

    def company_industry(self, names: Names) -> set[str]:
        """Industries of a company."""
        return {self.industries[b] for a, b in self.in_industry if self.companies[a] == names["company"]}

    def industry_companies(self, names: Names) -> set[str]:
        """Companies of an industry."""
        return {self.companies[a] for a, b in self.in_industry if self.industries[b] == names["industry"]}

    def company_concepts(self, names: Names) -> set[str]:
        """Concepts of a company."""
        return {self.concepts[b] for a, b in self.in_concept if self.companies[a] == names["company"]}

    def concept_companies(self, names: Names) -> set[str]:
        """Companies of a concept."""
        return {self.companies[a] for a, b in self.in_concept if self.concepts[b] == names["concept"]}

    def person_companies(self, names: Names) -> set[str]:
        """Companies of a person."""
        return {self.companies[company] for person, company, _ in self.jobs if self.people[person] == names["person"]}

    def colleagues(self, names: Names) -> set[str]:
        """Others in the companies of a person."""
        return {
            self.people[other]
            for person in self.people
            if self.people[person] == names["person"]
            for company in self.employers[person]
            for other in self.staff[company] - {person}
        }

    def person_positions(self, names: Names) -> set[str]:
        """What a person is in a company."""
        return {
            job
            for person, company, jobs in self.jobs
            if self.people[person] == names["person"] and self.companies[company] == names["company"]
            for job in jobs
        }

    def draw(self, kind: str, number: int, seed: int) -> Names:
        """Names that belong together, by (seed, kind, number)."""
        generator = generator_for(seed, "graph_questions", kind, number)
        person, company, jobs = self.jobs[int(generator.integers(len(self.jobs)))]
        of_industry = self.in_industry[int(generator.integers(len(self.in_industry)))]
        of_concept = self.in_concept[int(generator.integers(len(self.in_concept)))]
        home = {"company_industry": of_industry[0], "company_concepts": of_concept[0]}.get(kind, company)
        return {
            "person": self.people[person],
            "company": self.companies[home],
            "position": jobs[int(generator.integers(len(jobs)))],
            "industry": self.industries[of_industry[1]],
            "concept": self.concepts[of_concept[1]],
        }


def filled(phrasing: str, names: Mapping[str, str]) -> str:
    """A phrasing with its names."""
    return re.sub(r"\{(\w+)\}", lambda place: names[place[1]], phrasing)


def prepare(folder: Path, file: Path) -> Answerer:
    """Load the corpus, as `stage=load` does."""
    with RejectsFile(None, 0) as rejects:
        entities = [folder / f"{name}.csv" for name in ENTITIES]
        contents = read_contents(entities, [folder / f"{name}.csv" for name in RELATIONS], rejects)
    database = Embedded(file, writable=True)
    write_contents(contents, database, batch_size=5000)
    database.close()
    schema = contents.schema()
    return Answerer(Embedded(file), read_templates(TEMPLATES, schema), schema)


def main() -> int:
    """Ask everything; 1 if fewer answers are right than demanded."""
    arguments = parser(__doc__)
    arguments.add_argument("--seeds", type=int, default=3, help="how often names are drawn")
    arguments.add_argument("--show", action="store_true", help="print the questions that were answered wrongly")
    options = arguments.parse_args()
    folder = options.dataset_root / "stock_kg" / "import"
    tables, phrasings = Tables(folder), read_document(PHRASINGS).data
    right: dict[str, int] = defaultdict(int)
    asked: dict[str, int] = defaultdict(int)
    with tempfile.TemporaryDirectory() as place:
        began = time.perf_counter()
        answerer = prepare(folder, Path(place) / "graph.lbdb")
        loaded = time.perf_counter()
        for seed in range(1, options.seeds + 1):
            for kind, texts in phrasings.items():
                gold: Gold = getattr(tables, kind, lambda names: set())
                for number, phrasing in enumerate(texts):
                    names = tables.draw(kind, number, seed)
                    question = filled(phrasing, names)
                    answer = answerer(question)
                    asked[kind] += 1
                    is_right = set(answer.answers) == gold(names) and (bool(answer.answers) or kind == "unanswerable")
                    right[kind] += is_right
                    if options.show and not is_right:
                        print(f"{kind}: {question} -> {answer.kind or '-'} {answer.answers[:5]}")
        asking = time.perf_counter() - loaded
        answerer.backend.close()
    for kind in phrasings:
        print(f"{kind:20s} {right[kind]:4d} of {asked[kind]} right")
    kinds = [kind for kind in phrasings if kind != "unanswerable"]
    share = sum(right[kind] for kind in kinds) / sum(asked[kind] for kind in kinds)
    print(f"\nright answers: {share:.1%} of {sum(asked[kind] for kind in kinds)} (demand {DEMAND:.0%})")
    print(f"loading {loaded - began:.1f} s, a question {asking / sum(asked.values()) * 1000:.1f} ms")
    return 0 if share >= DEMAND else 1


if __name__ == "__main__":
    raise SystemExit(main())
