"""Makes `resources/datasets/interview_graph`: interview questions, answers and what they are about, all made up here.

python -m examples.graph_sample.generate

The lines look like those of a crawler: `url`, `title`, `text`, `fields`.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

from tengjia.utilities.files import write_text
from tengjia.utilities.randomness import generator_for

SEED: Final = 11
FOLDER: Final = Path(__file__).parents[2] / "resources" / "datasets" / "interview_graph"

FEATURES: Final = {
    "索引": ("把列的值按顺序另外存一份，查询时不必逐行扫描", "加快查找", "写入变慢，并且占用空间", ["数据库", "B+树"]),
    "事务": ("把几步操作合成一步，要么全部生效，要么全部不生效", "数据保持一致", "持有锁的时间变长", ["数据库", "锁"]),
    "锁": ("同一时刻只让一个线程进入临界区", "避免同时改写", "等待变多，还可能死锁", ["并发", "死锁"]),
    "死锁": ("几个线程互相等待对方手里的锁", "提醒我们按固定顺序加锁", "程序不再前进", ["并发", "锁"]),
    "线程池": ("预先建好一组线程反复使用", "省去创建线程的开销", "队列过长时任务会积压", ["并发", "队列"]),
    "协程": ("在一个线程里由程序自己切换任务", "切换很轻", "一个阻塞调用会拖住全部任务", ["并发", "Python"]),
    "缓存": ("把常用的结果放在更快的地方", "减少重复计算", "要处理过期和不一致", ["性能", "一致性"]),
    "消息队列": ("让发送方和接收方不必同时在线", "削峰和解耦", "要处理重复和乱序", ["队列", "分布式"]),
    "负载均衡": ("把请求分给多台机器", "提高吞吐", "会话需要另外保存", ["分布式", "性能"]),
    "一致性": (
        "各个副本在约定的意义上给出相同的结果",
        "不会看到互相矛盾的数据",
        "协调带来延迟",
        ["分布式", "事务"],
    ),
    "哈希表": ("用哈希函数把键换成数组的位置", "平均一步就能找到", "冲突多时变慢，并且没有顺序", ["数据结构"]),
    "B+树": ("所有数据都在叶子上、叶子之间相连的平衡树", "范围查询快", "插入时可能分裂节点", ["数据结构", "索引"]),
    "堆": ("父节点总不大于子节点的完全二叉树", "很快取得最小的元素", "查找任意元素仍要遍历", ["数据结构", "排序"]),
    "排序": ("把元素按大小排列", "之后可以二分查找", "比较排序至少要 n log n 次比较", ["算法"]),
    "动态规划": ("把问题分成重叠的子问题并记住它们的解", "避免重复计算", "要想清楚状态和转移", ["算法", "缓存"]),
    "递归": ("函数调用自身来解决更小的同类问题", "写法接近定义", "层数太深会耗尽栈", ["算法", "栈"]),
    "单元测试": ("对一小段代码单独验证", "改动时很快发现错误", "测试本身也要维护", ["质量"]),
    "代码评审": ("由同事阅读并讨论改动", "知识在团队里传开", "需要约定节奏，否则拖慢交付", ["质量", "协作"]),
    "持续集成": ("每次提交都自动构建和测试", "问题在当天就暴露", "流水线慢时大家会绕开它", ["质量", "单元测试"]),
    "装饰器": ("接收函数并返回新函数的函数", "不改原函数就能加上日志和计时", "层层包裹后不易调试", ["Python"]),
    "生成器": ("用到时才逐个产生元素的函数", "内存占用小", "只能从头走一遍", ["Python"]),
    "C++智能指针": ("在析构时自动释放所指的对象", "不易泄漏", "循环引用需要弱指针", ["C++", "内存"]),
    "垃圾回收": ("自动找出不再使用的对象并收回内存", "不必手工释放", "会带来停顿", ["内存", "性能"]),
    "词向量": ("用一列数表示一个词，意思相近的词离得近", "模型可以举一反三", "一词多义难以区分", ["自然语言处理"]),
}
"""Feature -> what it is, what it is good for, what it costs, what it has to do with."""

FORMS: Final = (
    ("什么是{name}？", "{name}是指{what}。它的好处是{good}。", 1),
    ("使用{name}有什么好处，又有什么代价？", "好处是{good}；代价是{cost}。", 2),
    ("请结合项目说说你什么时候会考虑{name}。", "先看需要是不是{good}，再看能否承受代价：{cost}。它涉及{others}。", 2),
)
"""Question, answer, and how many of the related features the question is about."""


def pages() -> list[dict[str, object]]:
    """The lines, in an order that the seed decides."""
    lines: list[dict[str, object]] = []
    for name, (what, good, cost, others) in FEATURES.items():
        for number, (question, answer, related) in enumerate(FORMS, 1):
            values = {"name": name, "what": what, "good": good, "cost": cost, "others": "、".join(others)}
            fields = {"question_features": [name, *others[: related - 1]], "answer_features": [name, *others]}
            url = f"https://interviews.example/{len(lines) // len(FORMS) + 1}/{number}"
            title, text = question.format(**values), answer.format(**values)
            lines.append({"url": url, "title": title, "text": text, "fields": fields})
    order = generator_for(SEED, "interview_graph").permutation(len(lines))
    return [lines[int(place)] for place in order]


def main() -> None:
    """Write the file."""
    write_text(FOLDER / "pages.jsonl", "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in pages()))


if __name__ == "__main__":
    main()
