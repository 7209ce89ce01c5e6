"""Words about texts that are written."""

from tengjia.messages import Message

MESSAGES = {
    "generation.out_of_range": Message(
        "{key} = {found} makes no sense; allowed: {allowed}",
        "{key} = {found} 没有意义；允许的取值：{allowed}",
        "choose another number; beams=1 is method=greedy, top_p=1 draws among all pieces",
        "请换一个数；beams=1 即 method=greedy，top_p=1 表示在所有词元中抽样",
    ),
    "generation.lengths": Message(
        "generation.minimum_length = {found} is above generation.maximum_length = {allowed}",
        "generation.minimum_length = {found} 大于 generation.maximum_length = {allowed}",
        "make the least length smaller, or the greatest longer",
        "请减小最小长度，或增大最大长度",
    ),
    "generation.sacrebleu_missing": Message(
        "BLEU is counted with the package sacrebleu, which is not installed",
        "BLEU 由 sacrebleu 包计算，但该包未安装",
        'pip install "tengjia[translation]"',
        '请执行 pip install "tengjia[translation]"',
    ),
}
