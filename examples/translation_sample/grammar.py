"""Sentence patterns: each makes one Chinese sentence and its English, with agreement on both sides."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Final

from examples.translation_sample import words as w
from examples.translation_sample.words import Noun, Subject, Verb

Pair = tuple[str, str]
Pattern = Callable[[Random], Pair]

_DIGITS: Final = "零一二三四五六七八九"
_SMALL: Final = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def chinese_number(value: int) -> str:
    """A number below ten thousand in Chinese."""
    if value < 10:
        return _DIGITS[value]
    for unit, name in ((1000, "千"), (100, "百"), (10, "十")):
        if value >= unit:
            high, low = divmod(value, unit)
            head = "" if unit == 10 and high == 1 else _DIGITS[high]
            gap = "零" if low and low < unit // 10 else ""
            return head + name + gap + (chinese_number(low) if low else "")
    raise ValueError(value)


def english_number(value: int) -> str:
    """Words up to ten, digits beyond."""
    return _SMALL[value] if value <= 10 else f"{value:,}"


def counted(random: Random, noun: Noun, most: int = 12) -> Pair:
    """Some things: 三本书, three books."""
    value = random.choice([1, 2, 2, 3, 4, 5, 6, 8, 10, random.randint(11, 99)])
    value = min(value, most)
    number = "两" if value == 2 else chinese_number(value)
    if value > 10 and random.random() < 0.3:
        number = str(value)
    words = f"{english_number(value)} {noun.plural}" if value > 1 else f"{article(noun.singular)} {noun.singular}"
    return f"{number}{noun.measure}{noun.chinese}", words


def article(word: str) -> str:
    """`a` or `an`."""
    return "an" if word[0] in "aeiou" else "a"


def person(random: Random) -> Subject:
    """Somebody with a name."""
    surname = random.choice(list(w.SURNAMES))
    given = random.sample(list(w.GIVEN), random.choice([1, 2, 2]))
    english = f"{w.SURNAMES[surname]} {''.join(w.GIVEN[one] for one in given).capitalize()}"
    return Subject(surname + "".join(given), english, "third", f"{english}'s")


def subject(random: Random) -> Subject:
    """Anybody."""
    return random.choice([lambda: random.choice(w.PRONOUNS), lambda: random.choice(w.PEOPLE), lambda: person(random)])()


def action(random: Random) -> tuple[Verb, Noun]:
    """A verb with a thing that it is done to."""
    verb = random.choice(w.VERBS)
    return verb, random.choice(w.NOUNS[random.choice(verb.things)])


def present(who: Subject, verb: Verb) -> str:
    """The verb as its subject wants it."""
    return verb.third if who.form == "third" else verb.base


def was(who: Subject) -> str:
    """`was` or `were`."""
    return "was" if who.form in {"first", "third"} else "were"


def is_(who: Subject) -> str:
    """`am`, `is` or `are`."""
    return {"first": "am", "third": "is"}.get(who.form, "are")


def has(who: Subject) -> str:
    """`has` or `have`."""
    return "has" if who.form == "third" else "have"


def capital(text: str) -> str:
    """With a capital letter at the beginning."""
    return text[0].upper() + text[1:]


def pronoun(who: Subject) -> str:
    """How somebody is called again."""
    return who.english if who in w.PRONOUNS else "they"


def date(random: Random) -> Pair:
    """五月三日, May 3."""
    month, day = random.randint(1, 12), random.randint(1, 28)
    if random.random() < 0.4:
        return f"{month}月{day}日", f"{w.MONTHS[month - 1]} {day}"
    return f"{chinese_number(month)}月{chinese_number(day)}日", f"{w.MONTHS[month - 1]} {day}"


def clock(random: Random) -> Pair:
    """上午九点半, 9:30 a.m."""
    hour, half = random.randint(8, 20), random.random() < 0.4
    part = "上午" if hour < 12 else "下午" if hour < 18 else "晚上"
    shown = hour if hour <= 12 else hour - 12
    name = "两" if shown == 2 else chinese_number(shown)
    return (
        f"{part}{name}点{'半' if half else ''}",
        f"{shown}:{'30' if half else '00'} {'a.m.' if hour < 12 else 'p.m.'}",
    )


def timed(random: Random, times: dict[str, str], who: Subject, rest: str) -> tuple[str, str]:
    """Subject and time in one of the two orders of Chinese, then the rest; and the time in English."""
    time = random.choice(list(times))
    front = f"{time}{who.chinese}" if random.random() < 0.5 else f"{who.chinese}{time}"
    return front + rest, times[time]


def did(random: Random) -> Pair:
    """他昨天买了三本书。"""
    who, (verb, noun) = subject(random), action(random)
    things, english = counted(random, noun, 99)
    chinese, time = timed(random, w.PAST, who, f"{verb.chinese}了{things}。")
    return chinese, capital(f"{who.english} {verb.past} {english} {time}.")


def will_do(random: Random) -> Pair:
    """经理明天会修改两份合同。"""
    who, (verb, noun) = subject(random), action(random)
    things, english = counted(random, noun, 99)
    chinese, time = timed(random, w.FUTURE, who, f"会{verb.chinese}{things}。")
    return chinese, capital(f"{who.english} will {verb.base} {english} {time}.")


def does(random: Random) -> Pair:
    """秘书每天检查打印机。"""
    who, (verb, noun) = subject(random), action(random)
    chinese, time = timed(random, w.HABIT, who, f"都{verb.chinese}{noun.chinese}。")
    return chinese, capital(f"{who.english} {present(who, verb)} {noun.plural} {time}.")


def did_not(random: Random) -> Pair:
    """我昨天没有参加那场面试。"""
    who, (verb, noun) = subject(random), action(random)
    chinese, time = timed(random, w.PAST, who, f"没有{verb.chinese}那{noun.measure}{noun.chinese}。")
    return chinese, capital(f"{who.english} did not {verb.base} that {noun.singular} {time}.")


def how_many(random: Random) -> Pair:
    """他上周写了几份报告？"""
    who, (verb, noun) = subject(random), action(random)
    chinese, time = timed(random, w.PAST, who, f"{verb.chinese}了几{noun.measure}{noun.chinese}？")
    return chinese, f"How many {noun.plural} did {who.english} {verb.base} {time}?"


def ever(random: Random) -> Pair:
    """你读过这本书吗？"""
    who, (verb, noun) = subject(random), action(random)
    chinese = f"{who.chinese}{verb.chinese}过这{noun.measure}{noun.chinese}吗？"
    return chinese, capital(f"{has(who)} {who.english} {verb.participle} this {noun.singular}?")


def worked(random: Random) -> Pair:
    """李明在上海工作了五年。"""
    who, city = subject(random), random.choice(list(w.CITIES))
    years = random.randint(2, 20)
    number = "两" if years == 2 else chinese_number(years)
    english = f"{who.english} {has(who)} worked in {w.CITIES[city]} for {english_number(years)} years."
    return f"{who.chinese}在{city}工作了{number}年。", capital(english)


def compared(random: Random) -> Pair:
    """这台电脑比那台贵三百元。"""
    noun = random.choice(w.NOUNS["thing"])
    adjective = random.choice(list(w.ADJECTIVES))
    chinese, english = f"这{noun.measure}{noun.chinese}比那{noun.measure}{adjective}", w.ADJECTIVES[adjective]
    if adjective in {"贵", "便宜"} and random.random() < 0.6:
        amount = random.choice([50, 80, 100, 150, 200, 300, 500, 800, 1000])
        return (
            f"{chinese}{chinese_number(amount)}元。",
            f"This {noun.singular} is {amount:,} yuan {english} than that one.",
        )
    return f"{chinese}。", f"This {noun.singular} is {english} than that one."


def costs(random: Random) -> Pair:
    """那把椅子八百五十元。"""
    noun = random.choice(w.NOUNS["thing"])
    amount = random.choice([random.randint(2, 99) * 10, random.randint(2, 99) * 100])
    which, that = random.choice([("这", "this"), ("那", "that")])
    number = chinese_number(amount) if random.random() < 0.6 else str(amount)
    return f"{which}{noun.measure}{noun.chinese}{number}元。", capital(f"{that} {noun.singular} costs {amount:,} yuan.")


def scheduled(random: Random) -> Pair:
    """面试定在五月三日上午九点半。"""
    noun = random.choice(w.NOUNS["event"])
    day, english = date(random)
    hour, at = clock(random)
    return f"{noun.chinese}定在{day}{hour}。", f"The {noun.singular} is scheduled for {english} at {at}".removesuffix(
        "."
    ) + "."


def please(random: Random) -> Pair:
    """请在五月三日之前把报告寄给王芳。"""
    noun, who = random.choice(w.NOUNS["paper"]), random.choice([person(random), random.choice(w.PEOPLE)])
    day, english = date(random)
    return (
        f"请在{day}之前把{noun.chinese}寄给{who.chinese}。",
        f"Please send the {noun.singular} to {who.english} before {english}.",
    )


def because(random: Random) -> Pair:
    """他昨天因为生病了，没有来上班。"""
    who, reason = subject(random), random.choice(list(w.REASONS))
    chinese, time = timed(random, w.PAST, who, f"因为{reason}，没有来上班。")
    again = pronoun(who)
    verb = was(who) if who in w.PRONOUNS else "were"
    clause = w.REASONS[reason].format(was=verb)
    return chinese, capital(f"{who.english} did not come to work {time} because {again} {clause}.")


def if_it_rains(random: Random) -> Pair:
    """如果明天下雨，我们就不打篮球。"""
    who, what = subject(random), random.choice(list(w.ACTIVITIES))
    time = random.choice(list(w.FUTURE))
    english = f"If it rains {w.FUTURE[time]}, {who.english} will not {w.ACTIVITIES[what][0]}."
    return f"如果{time}下雨，{who.chinese}就不{what}。", english


def doing(random: Random) -> Pair:
    """他们正在会议室开会。"""
    who, what, place = subject(random), random.choice(list(w.ACTIVITIES)), random.choice(list(w.PLACES))
    where = f"{'on' if place == '三楼' else 'at' if place == '门口' else 'in'} {w.PLACES[place]}"
    return f"{who.chinese}正在{place}{what}。", capital(f"{who.english} {is_(who)} {w.ACTIVITIES[what][1]} {where}.")


def wants_work(random: Random) -> Pair:
    """她打算在杭州找一份软件方面的工作。"""
    who, city, field = subject(random), random.choice(list(w.CITIES)), random.choice(list(w.FIELDS))
    plans = "plans" if who.form == "third" else "plan"
    english = f"{who.english} {plans} to look for a job in {w.FIELDS[field]} in {w.CITIES[city]}."
    return f"{who.chinese}打算在{city}找一份{field}方面的工作。", capital(english)


def whose(random: Random) -> Pair:
    """李明的简历在会议室。"""
    who, place = subject(random), random.choice(list(w.PLACES))
    noun = random.choice(w.NOUNS[random.choice(["paper", "thing"])])
    where = f"{'on' if place == '三楼' else 'at' if place == '门口' else 'in'} {w.PLACES[place]}"
    return f"{who.chinese}的{noun.chinese}在{place}。", capital(f"{who.possessive} {noun.singular} is {where}.")


def age(random: Random) -> Pair:
    """张伟今年三十五岁。"""
    who, years = random.choice([person(random), random.choice(w.PRONOUNS[:4]), w.PEOPLE[6]]), random.randint(18, 65)
    number = chinese_number(years) if random.random() < 0.7 else str(years)
    return f"{who.chinese}今年{number}岁。", capital(f"{who.english} {is_(who)} {years} years old.")


def there_is(random: Random) -> Pair:
    """仓库里有十二把椅子。"""
    place, noun = (
        random.choice([one for one in w.PLACES if one not in {"三楼", "门口"}]),
        random.choice(w.NOUNS["thing"]),
    )
    things, english = counted(random, noun, 99)
    be = "is" if english.startswith(("a ", "an ")) else "are"
    return f"{place}里有{things}。", f"There {be} {english} in {w.PLACES[place]}."


def graduated(random: Random) -> Pair:
    """陈静2015年毕业于南京大学。"""
    who, city, year = subject(random), random.choice(list(w.CITIES)), random.randint(1995, 2024)
    english = f"{who.english} graduated from {w.CITIES[city]} University in {year}."
    return f"{who.chinese}{year}年毕业于{city}大学。", capital(english)


PATTERNS: Final[tuple[tuple[int, Pattern], ...]] = (
    (6, did),
    (5, will_do),
    (3, does),
    (4, did_not),
    (3, how_many),
    (3, ever),
    (2, worked),
    (2, compared),
    (2, costs),
    (3, scheduled),
    (3, please),
    (3, because),
    (3, if_it_rains),
    (3, doing),
    (3, wants_work),
    (3, whose),
    (1, age),
    (2, there_is),
    (2, graduated),
)
"""How often each is used, and the pattern."""
