"""Write the sample corpus of `task=resume_matching` anew: job posts and résumés, the same bytes on every machine.

    python -m examples.resume_matching_sample.generate [--folder resources/datasets/resume_matching]

A job post asks for some skills, years and a degree; a résumé shows or misses each, in other words than the post
(`skills.txt` beside this file). The score is the weighted share of what is met. Post N of a part depends on
(seed, part, N) only, through `random.random()`, whose sequence Python guarantees.
"""

from __future__ import annotations

import argparse
import csv
import io
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

HERE: Final = Path(__file__).resolve().parent
FOLDER: Final = HERE.parents[1] / "resources" / "datasets" / "resume_matching"
SEED: Final = 20261121
SIZES: Final = {"train": (200, 6), "development": (30, 8), "test": (40, 10)}
"""Job posts of each part, and résumés of each post."""
UNSEEN: Final = 0.35
"""How often a wording that training never has is taken in the later parts."""
STRANGER: Final = 0.35
"""How often a résumé comes from another occupation."""

DEGREES: Final = ("大专", "本科", "硕士")
DIGITS: Final = "零一二三四五六七八九十"
NAMES: Final = ["本人", "我", "求职者", "应聘人"]
OPENINGS: Final = ["诚聘{job}", "招聘{job}若干名", "急招{job}", "{job}一名，长期有效", "我司现招{job}"]
CITIES: Final = ["云山市", "临江市", "青河市", "北原市", "南屿市"]
TRAITS: Final = ["为人踏实", "做事细心", "身体健康", "服从安排", "性格开朗", "能吃苦耐劳", "责任心强", "学东西快"]
HOBBIES: Final = ["业余喜欢跑步", "平时爱看书", "周末常去爬山", "会拉二胡", "爱打篮球"]


class Skill(NamedTuple):
    """Something that a post may ask for."""

    asked: list[str]
    shown: list[str]
    unseen: list[str]
    nearly: list[str]


def read_skills(file: Path) -> dict[str, list[Skill]]:
    """The skills of each occupation."""
    found: dict[str, list[Skill]] = {}
    skills: list[Skill] = []
    for line in file.read_text("utf-8").splitlines():
        if line.startswith("["):
            skills = found.setdefault(line.strip("[]"), [])
        elif line.strip() and not line.startswith("#"):
            asked, rest = line.partition(": ")[2].split(" => ")
            rest, nearly = rest.split(" ! ")
            shown, unseen = rest.split(" + ")
            skills.append(Skill(*(part.split(" | ") for part in (asked, shown, unseen, nearly))))
    return found


class Writer:
    """Writes one job post and its résumés.

    Args:
        skills: The skills of each occupation.
        rng: Where chance comes from; only its `random()` is used.
        unseen: Whether wordings that training never has may be taken.
    """

    def __init__(self, skills: dict[str, list[Skill]], rng: random.Random, unseen: bool) -> None:
        self.skills, self.rng, self.unseen = skills, rng, unseen
        self.job = self._one_of(list(skills))
        count = 2 + int(rng.random() * 3)
        self.wanted = self._some_of(range(len(skills[self.job])), count)
        self.years = 1 + int(rng.random() * 6)
        self.degree = int(rng.random() * 3)

    def post(self) -> str:
        """The job post."""
        asked = [self._one_of(self.skills[self.job][number].asked) for number in self.wanted]
        years, degree = DIGITS[self.years], DEGREES[self.degree]
        asked.append(self._one_of([f"{years}年以上工作经验", f"从业不少于{years}年", f"有{years}年及以上相关经历"]))
        if self.degree:
            asked.append(self._one_of([f"{degree}及以上学历", f"学历要求{degree}以上", f"{degree}起"]))
        opening = self._one_of(list(OPENINGS)).format(job=self.job)
        return f"{opening}，工作地点{self._one_of(CITIES)}。要求：{'；'.join(self._shuffled(asked))}。"

    def resume(self) -> tuple[str, float]:
        """A résumé, and how well it fits the post, 0 to 1."""
        job = (
            self.job if self.rng.random() >= STRANGER else self._one_of([one for one in self.skills if one != self.job])
        )
        bent = self.rng.random()  # how able this person is, in whatever occupation
        met, told = [], []
        for number, skill in enumerate(self.skills[job]):
            able = self.rng.random() < 0.1 + 0.8 * bent
            wanted = job == self.job and number in self.wanted
            if wanted:
                met.append(able)
            if wanted or self.rng.random() < 0.5:
                told += self._evidence(skill, able)
        years, degree = 1 + int(self.rng.random() * 9), int(self.rng.random() * 3)
        score = 2.0 * sum(met) + (job == self.job) * (years >= self.years) + (degree >= self.degree) * bool(self.degree)
        best = 2.0 * len(self.wanted) + 1 + bool(self.degree)
        told.append(
            self._one_of(
                [f"做{job}{DIGITS[years]}年", f"{job}岗位干了{DIGITS[years]}年", f"{2026 - years}年起从事{job}工作"]
            )
        )
        told.append(self._one_of([f"{DEGREES[degree]}毕业", f"学历为{DEGREES[degree]}", f"{DEGREES[degree]}文凭"]))
        told += self._some_of(TRAITS, 1) + self._some_of(HOBBIES, int(self.rng.random() * 2))
        return f"{self._one_of(NAMES)}{'，'.join(self._shuffled(told))}。", round(score / best, 2)

    def _evidence(self, skill: Skill, met: bool) -> list[str]:
        if not met:
            return self._some_of(skill.nearly, int(self.rng.random() * 2))
        novel = self.rng.random() < UNSEEN and self.unseen
        return [self._one_of(skill.unseen if novel else skill.shown)]

    def _one_of(self, items: list[str]) -> str:
        return items[int(self.rng.random() * len(items))]

    def _shuffled(self, items: list[str]) -> list[str]:
        return self._some_of(items, len(items))

    def _some_of(self, items, count: int) -> list:  # type: ignore[no-untyped-def]
        left, chosen = list(items), []
        for _ in range(min(count, len(left))):
            chosen.append(left.pop(int(self.rng.random() * len(left))))
        return chosen


def rows(part: str, written: set[str]) -> Iterator[tuple[str, str, str, str]]:
    """Number of the post, post, résumé and score of each pair of a part.

    Args:
        part: `train`, `development` or `test`.
        written: Texts of the parts before, none of which occurs again; grows.
    """
    skills = read_skills(HERE / "skills.txt")
    posts, resumes = SIZES[part]
    number = found = 0
    while found < posts:
        writer = Writer(skills, random.Random(f"{SEED} {part} {number}"), part != "train")
        number += 1
        post = writer.post()
        pairs = [writer.resume() for _ in range(resumes)]
        texts = {post, *(resume for resume, _ in pairs)}
        if texts & written or len(texts) < resumes + 1 or len({score for _, score in pairs}) < 3:
            continue
        written |= texts
        found += 1
        for resume, score in pairs:
            yield f"{part}-{found}", post, resume, f"{score:g}"


def content(part: str, written: set[str]) -> str:
    """A part as CSV."""
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(("group", "text", "second", "score"))
    writer.writerows(rows(part, written))
    return file.getvalue()


def main() -> None:
    """Write the three files."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, default=FOLDER)
    folder = parser.parse_args().folder
    folder.mkdir(parents=True, exist_ok=True)
    written: set[str] = set()
    for part in SIZES:
        (folder / f"{part}.csv").write_text(content(part, written), "utf-8", newline="\n")


if __name__ == "__main__":
    main()
