"""Words about matching texts: their columns, scores and rankings."""

from tengjia.messages import Message

MESSAGES = {
    "matching.undefined": Message(
        "not defined on these pairs, and given as 0: {found}",
        "在这些文本对上无定义，按 0 计：{found}",
        "a correlation needs scores that differ, and a ranking groups of several texts of which one fits",
        "相关系数要求分数不全相同；排序指标要求每组有多条文本且至少一条相符",
    ),
}
