"""Write the sample site of `task=data_crawling` anew: synthetic job posts and portraits, the same bytes everywhere.

    python -m examples.job_site.generate [--folder resources/datasets/job_site]

Page N depends on (seed, N) only. Sentences about people come from the grammar of the NER sample, so `task=ner` tags
what was crawled. A job post keeps its data in the JSON of a script, as sites built with Next.js do; a portrait in its
markup. Some pages are as the web is: closed by robots.txt, linked and gone, posted twice, unclosed markup.
"""

from __future__ import annotations

import argparse
import html
import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from examples.ner_sample.generate import Choices, Writer, read_lists

HERE: Final = Path(__file__).resolve().parent
FOLDER: Final = HERE.parents[1] / "resources" / "datasets" / "job_site"
GRAMMAR: Final = HERE.parent / "ner_sample"
SEED: Final = 20260201
JOBS: Final = 36
ARTICLES: Final = 18
ON_A_PAGE: Final = 12

TITLES: Final = (
    "数据分析师",
    "后端开发工程师",
    "算法工程师",
    "测试工程师",
    "产品经理",
    "会计",
    "人事专员",
    "销售经理",
    "翻译",
    "质量工程师",
)
SKILLS: Final = (
    "Python",
    "Java",
    "SQL",
    "沟通",
    "写作",
    "统计",
    "英语",
    "项目管理",
    "机器学习",
    "财务软件",
    "数据库",
    "自然语言处理",
    "Linux",
    "谈判",
)
FIELDS: Final = (
    "物流",
    "教育",
    "医疗",
    "农业",
    "制造",
    "零售",
    "环保",
    "能源",
)
DEGREES: Final = ("大专", "本科", "硕士", "不限")
DUTIES: Final = (
    "负责{field}项目的日常推进，按周汇报进展。",
    "与产品、运营同事一起整理需求，并给出可行的方案。",
    "维护现有系统，定位问题，写清楚原因和处理办法。",
    "为新同事准备培训材料，解答业务上的疑问。",
    "收集客户反馈，每月形成一份不超过三页的报告。",
    "参与{field}方向的调研，比较至少两种做法后再做决定。",
)
WISHES: Final = (
    "做事有条理，答应的事能按时完成。",
    "能读懂英文文档，遇到不懂的地方愿意查证。",
    "有{years}年以上相关经验，带过小团队者优先。",
    "能接受偶尔出差，每季度一到两次。",
    "写得出通顺的中文，表格做得清楚。",
)

Words = dict[str, Choices]


def generate(folder: Path) -> None:
    """Write every page of the site below `folder`."""
    words = read_lists(GRAMMAR / "words.txt", words=True)
    patterns = read_lists(GRAMMAR / "patterns.txt", words=False)
    for name, content in pages(words, patterns):
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content.encode("utf-8"))


def pages(words: Words, patterns: Words) -> Iterator[tuple[str, str]]:
    """Name and content of every file."""
    yield "robots.txt", "User-agent: *\nDisallow: /private/\n"
    yield "about.html", page("关于本站", "<p>本站全部内容由程序生成，人物与公司均为虚构。</p>")
    yield "index.html", page("藤上招聘", links(["/jobs/index.html", "/articles/index.html", "/about.html"]))
    yield "private/salaries.html", page("内部资料", "<p>robots.txt 不允许访问本页。</p>")
    names = [f"/jobs/{number}.html" for number in range(1, JOBS + 1)]
    names += ["/jobs/900.html", "/jobs/901.html"]  # the first is gone, the second is a post that stands there twice
    yield from lists("jobs", "职位", [*names, "/private/salaries.html"])
    yield from lists("articles", "人物", [f"/articles/{number}.html" for number in range(1, ARTICLES + 1)])
    for number in range(1, JOBS + 1):
        yield f"jobs/{number}.html", job(words, number)
    yield "jobs/901.html", job(words, 1)
    for number in range(1, ARTICLES + 1):
        yield f"articles/{number}.html", article(words, patterns, number)


def lists(folder: str, title: str, names: list[str]) -> Iterator[tuple[str, str]]:
    """Pages that list others, each with a link to the next."""
    parts = [names[begin : begin + ON_A_PAGE] for begin in range(0, len(names), ON_A_PAGE)]
    for number, part in enumerate(parts, 1):
        further = [f"/{folder}/page-{number + 1}.html"] if number < len(parts) else []
        name = "index" if number == 1 else f"page-{number}"
        yield f"{folder}/{name}.html", page(f"{title}（第 {number} 页）", links([*part, *further]))


def job(words: Words, number: int) -> str:
    """A job post; its data stands in a script."""
    rng = random.Random(f"{SEED} job {number}")
    company = "".join(pick(rng, words[name].known) for name in ("first", "second", "trade", "form"))
    title, degree = pick(rng, TITLES), pick(rng, DEGREES)
    skills = drawn(rng, SKILLS, 3)
    data = {"id": number, "title": title, "company": company, "city": pick(rng, words["city"].known), "skills": skills}
    values = {"field": pick(rng, FIELDS), "years": str(1 + int(rng.random() * 5))}
    duties = [text.format_map(values) for text in drawn(rng, DUTIES, 3)]
    wishes = [text.format_map(values) for text in drawn(rng, WISHES, 2)]
    props = json.dumps({"props": {"pageProps": {"job": data}}}, ensure_ascii=False).replace("<", "\\u003c")
    body = (
        f'<ul class="facts"><li class="city">{data["city"]}</li><li class="education">{degree}</li></ul>'
        f"<article><h2>岗位职责</h2>{paragraphs(duties)}<h2>任职要求</h2>{paragraphs(wishes)}</article>"
        f'<script id="__NEXT_DATA__" type="application/json">{props}</script>'
    )
    return page(f"{company}招聘{title}", body)


def article(words: Words, patterns: Words, number: int) -> str:
    """A portrait of a person; every sixth never closes its markup."""
    rng = random.Random(f"{SEED} article {number}")
    writer = Writer(words, patterns, rng, unseen=False)
    sentences = ["".join(text for text, _ in writer.sentence()) for _ in range(6)]
    name = pick(rng, words["surname"].known) + pick(rng, words["given"].known)
    facts = {"出生地": pick(rng, words["city"].known), "专业": pick(rng, words["major"].known)}
    facts["职业"] = pick(rng, words["occupation"].known)
    rows = "".join(f"<tr><th>{html.escape(key)}</th><td>{html.escape(value)}</td></tr>" for key, value in facts.items())
    body = f'<article><h1>{name}</h1>{paragraphs(sentences)}</article><table class="facts">{rows}</table>'
    author = pick(rng, words["surname"].known) + "编辑"
    made = page(name, body, f'<meta name="author" content="{author}">', headline=False)
    return made.replace("</p>", "").replace("</td>", "") if number % 6 == 0 else made


def page(title: str, body: str, head: str = "", *, headline: bool = True) -> str:
    """A page of the site, with its menu and its foot."""
    title = html.escape(title)
    line = f"<h1>{title}</h1>" if headline else ""
    return (
        f'<!DOCTYPE html>\n<html lang="zh"><head><meta charset="utf-8"><title>{title}</title>{head}</head>\n<body>'
        '<nav><a href="/index.html">首页</a> <a href="/jobs/index.html">职位</a>'
        f' <a href="/articles/index.html">人物</a></nav>\n{line}\n{body}\n'
        '<footer>虚构内容，仅供演示 · <a href="/about.html">关于</a></footer></body></html>\n'
    )


def links(names: list[str]) -> str:
    """A list of links."""
    return "<ul>" + "".join(f'<li><a href="{name}">{name}</a></li>' for name in names) + "</ul>"


def paragraphs(sentences: list[str]) -> str:
    """One paragraph a sentence."""
    return "".join(f"<p>{html.escape(sentence)}</p>" for sentence in sentences)


def pick(rng: random.Random, items: list[str] | tuple[str, ...]) -> str:
    """One of the items."""
    return items[int(rng.random() * len(items))]


def drawn(rng: random.Random, items: list[str] | tuple[str, ...], count: int) -> list[str]:
    """Some of the items, none twice."""
    left = list(items)
    return [left.pop(int(rng.random() * len(left))) for _ in range(count)]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Write the sample site anew.")
    parser.add_argument("--folder", type=Path, default=FOLDER, help="where to write (default: %(default)s)")
    generate(parser.parse_args().folder)
