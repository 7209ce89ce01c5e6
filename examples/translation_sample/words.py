"""Words of the sample, in both languages. All were written for this project."""

from __future__ import annotations

from typing import Final, NamedTuple


class Noun(NamedTuple):
    """A thing that can be counted."""

    chinese: str
    measure: str
    singular: str
    plural: str


class Verb(NamedTuple):
    """What is done with things of some kinds."""

    chinese: str
    base: str
    third: str
    past: str
    participle: str
    things: tuple[str, ...]


class Subject(NamedTuple):
    """Who does something."""

    chinese: str
    english: str
    form: str
    """`first`, `second` and `plural` take the bare verb, `third` adds an s."""
    possessive: str


SURNAMES: Final = {
    "王": "Wang", "李": "Li", "张": "Zhang", "刘": "Liu", "陈": "Chen", "杨": "Yang", "赵": "Zhao", "黄": "Huang",
    "周": "Zhou", "吴": "Wu", "徐": "Xu", "孙": "Sun", "马": "Ma", "朱": "Zhu", "胡": "Hu", "林": "Lin", "何": "He",
    "高": "Gao", "罗": "Luo", "郑": "Zheng",
}  # fmt: skip
GIVEN: Final = {
    "明": "ming", "华": "hua", "丽": "li", "强": "qiang", "芳": "fang", "伟": "wei", "静": "jing", "军": "jun",
    "杰": "jie", "娟": "juan", "涛": "tao", "超": "chao", "兰": "lan", "霞": "xia", "平": "ping", "刚": "gang",
    "英": "ying", "文": "wen", "辉": "hui", "玲": "ling", "丹": "dan", "宁": "ning", "雪": "xue", "波": "bo",
    "晨": "chen", "月": "yue", "云": "yun", "建": "jian", "国": "guo", "海": "hai",
}  # fmt: skip

PRONOUNS: Final = (
    Subject("我", "I", "first", "my"),
    Subject("你", "you", "second", "your"),
    Subject("他", "he", "third", "his"),
    Subject("她", "she", "third", "her"),
    Subject("我们", "we", "plural", "our"),
    Subject("他们", "they", "plural", "their"),
)
PEOPLE: Final = (
    Subject("经理", "the manager", "third", "the manager's"),
    Subject("老师", "the teacher", "third", "the teacher's"),
    Subject("我的同事", "my colleague", "third", "my colleague's"),
    Subject("那位工程师", "that engineer", "third", "that engineer's"),
    Subject("秘书", "the secretary", "third", "the secretary's"),
    Subject("新来的会计", "the new accountant", "third", "the new accountant's"),
    Subject("候选人", "the candidate", "third", "the candidate's"),
    Subject("这些学生", "these students", "plural", "these students'"),
    Subject("两位设计师", "the two designers", "plural", "the two designers'"),
    Subject("我的朋友们", "my friends", "plural", "my friends'"),
    Subject("客户", "the client", "third", "the client's"),
    Subject("医生", "the doctor", "third", "the doctor's"),
)

NOUNS: Final = {
    "paper": (
        Noun("书", "本", "book", "books"),
        Noun("报告", "份", "report", "reports"),
        Noun("合同", "份", "contract", "contracts"),
        Noun("简历", "份", "résumé", "résumés"),
        Noun("文件", "份", "document", "documents"),
        Noun("计划", "份", "plan", "plans"),
        Noun("文章", "篇", "article", "articles"),
        Noun("邮件", "封", "email", "emails"),
        Noun("信", "封", "letter", "letters"),
    ),
    "thing": (
        Noun("电脑", "台", "computer", "computers"),
        Noun("手机", "部", "phone", "phones"),
        Noun("椅子", "把", "chair", "chairs"),
        Noun("桌子", "张", "desk", "desks"),
        Noun("打印机", "台", "printer", "printers"),
        Noun("照相机", "台", "camera", "cameras"),
        Noun("自行车", "辆", "bicycle", "bicycles"),
        Noun("汽车", "辆", "car", "cars"),
        Noun("雨伞", "把", "umbrella", "umbrellas"),
        Noun("杯子", "个", "cup", "cups"),
        Noun("钟", "个", "clock", "clocks"),
        Noun("箱子", "个", "box", "boxes"),
    ),
    "event": (
        Noun("会议", "个", "meeting", "meetings"),
        Noun("面试", "场", "interview", "interviews"),
        Noun("考试", "场", "exam", "exams"),
        Noun("讲座", "场", "lecture", "lectures"),
        Noun("培训", "次", "training session", "training sessions"),
    ),
}

VERBS: Final = (
    Verb("买", "buy", "buys", "bought", "bought", ("paper", "thing")),
    Verb("卖", "sell", "sells", "sold", "sold", ("thing",)),
    Verb("写", "write", "writes", "wrote", "written", ("paper",)),
    Verb("读", "read", "reads", "read", "read", ("paper",)),
    Verb("修改", "revise", "revises", "revised", "revised", ("paper",)),
    Verb("翻译", "translate", "translates", "translated", "translated", ("paper",)),
    Verb("收到", "receive", "receives", "received", "received", ("paper", "thing")),
    Verb("寄出", "send", "sends", "sent", "sent", ("paper", "thing")),
    Verb("检查", "check", "checks", "checked", "checked", ("paper", "thing")),
    Verb("修理", "repair", "repairs", "repaired", "repaired", ("thing",)),
    Verb("借", "borrow", "borrows", "borrowed", "borrowed", ("paper", "thing")),
    Verb("弄丢", "lose", "loses", "lost", "lost", ("paper", "thing")),
    Verb("参加", "attend", "attends", "attended", "attended", ("event",)),
    Verb("安排", "arrange", "arranges", "arranged", "arranged", ("event",)),
    Verb("取消", "cancel", "cancels", "cancelled", "cancelled", ("event",)),
    Verb("准备", "prepare", "prepares", "prepared", "prepared", ("paper", "event")),
)

PAST: Final = {
    "昨天": "yesterday", "前天": "the day before yesterday", "上周": "last week", "上个月": "last month",
    "去年": "last year", "今天早上": "this morning", "昨天晚上": "last night", "上周五": "last Friday",
}  # fmt: skip
FUTURE: Final = {
    "明天": "tomorrow", "后天": "the day after tomorrow", "下周": "next week", "下个月": "next month",
    "明年": "next year", "今天晚上": "tonight", "下周一": "next Monday", "明天上午": "tomorrow morning",
}  # fmt: skip
HABIT: Final = {
    "每天": "every day", "每周": "every week", "每个月": "every month", "每周二": "every Tuesday",
    "每年夏天": "every summer",
}  # fmt: skip

MONTHS: Final = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip

PLACES: Final = {
    "办公室": "the office", "会议室": "the meeting room", "图书馆": "the library", "仓库": "the warehouse",
    "三楼": "the third floor", "食堂": "the canteen", "实验室": "the laboratory", "门口": "the entrance",
}  # fmt: skip
CITIES: Final = {
    "北京": "Beijing", "上海": "Shanghai", "广州": "Guangzhou", "深圳": "Shenzhen", "杭州": "Hangzhou",
    "成都": "Chengdu", "南京": "Nanjing", "武汉": "Wuhan", "西安": "Xi'an", "青岛": "Qingdao",
}  # fmt: skip
FIELDS: Final = {
    "软件": "software", "银行": "banking", "教育": "education", "广告": "advertising", "物流": "logistics",
    "旅游": "tourism", "建筑": "construction",
}  # fmt: skip
ADJECTIVES: Final = {
    "贵": "more expensive", "便宜": "cheaper", "重": "heavier", "轻": "lighter", "新": "newer", "旧": "older",
    "好用": "easier to use", "漂亮": "more beautiful",
}  # fmt: skip
ACTIVITIES: Final = {
    "开会": ("have a meeting", "having a meeting"),
    "学习英语": ("learn English", "learning English"),
    "看电影": ("watch a film", "watching a film"),
    "打篮球": ("play basketball", "playing basketball"),
    "吃午饭": ("have lunch", "having lunch"),
    "面试候选人": ("interview candidates", "interviewing candidates"),
    "准备考试": ("prepare for the exam", "preparing for the exam"),
    "整理文件": ("sort the documents", "sorting the documents"),
}
REASONS: Final = {
    "生病了": "{was} ill",
    "太忙": "{was} too busy",
    "错过了火车": "missed the train",
    "忘了时间": "forgot the time",
    "要照顾孩子": "had to look after the children",
}
