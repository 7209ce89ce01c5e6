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
    "generation.features": Message(
        "sequence to sequence reads pieces only; encoding asks for more: {found}",
        "序列到序列任务只读取词元，而 encoding 还要求：{found}",
        "set encoding.bigrams=false and encoding.words=none",
        "请设置 encoding.bigrams=false 与 encoding.words=none",
    ),
    "generation.too_short": Message(
        "{key} = {found} leaves no room for a text",
        "{key} = {found} 放不下任何文本",
        "set it to {allowed} at least; 64 to 256 are usual",
        "请至少设为 {allowed}；常用 64 到 256",
    ),
    "generation.no_text": Message(
        "column `{column}` is empty",
        "`{column}` 列为空",
        "a pair needs a source and a target; the columns are named by encoding.source and encoding.target",
        "每对都要有原文和译文；所用的列由 encoding.source 与 encoding.target 指定",
    ),
    "generation.too_long": Message(
        "the pair has more pieces than fit: {allowed} of the source, {target_allowed} of the target, at most",
        "该文本对的词元数超出上限：原文至多 {allowed}，目标至多 {target_allowed}",
        "raise encoding.maximum_length and encoding.target_maximum_length, or set encoding.too_long=cut",
        "可调大 encoding.maximum_length 与 encoding.target_maximum_length，或设置 encoding.too_long=cut",
    ),
    "generation.cut": Message(
        "{count} pairs are too long and were cut: the model learns to stop early",
        "有 {count} 对文本过长，已被截断：模型会学到提前结束",
        "set encoding.too_long=reject, or raise encoding.target_maximum_length",
        "请设置 encoding.too_long=reject，或调大 encoding.target_maximum_length",
    ),
    "generation.unknown": Message(
        "{share} % of the target pieces are unknown, and will never be written",
        "目标中有 {share} % 的词元未知，永远不会被生成",
        "use tokenizer=byte_pair or unigram, with a larger size",
        "请使用 tokenizer=byte_pair 或 unigram，并调大 size",
    ),
    "generation.no_column": Message(
        "the examples have no column `{found}`; there are: {allowed}",
        "样本中没有 `{found}` 列；现有：{allowed}",
        "let the reader keep it (reader.extra=[{found}]), or name another: {key}",
        "请让读取器保留该列（reader.extra=[{found}]），或另指一列：{key}",
    ),
    "generation.lead": Message(
        "{texts} texts, written by {model}, {time}",
        "{texts} 条文本，模型 {model}，{time}",
    ),
    "generation.measures": Message(
        "Measures",
        "指标",
    ),
    "generation.measures_note": Message(
        "Intervals hold {level} % of the draws of texts. BLEU and chrF as sacrebleu counts them: {signature}",
        "区间含 {level} % 的文本重抽样结果。BLEU 与 chrF 按 sacrebleu 计算：{signature}",
    ),
    "generation.measure_bleu": Message(
        "BLEU",
        "BLEU 值",
    ),
    "generation.measure_chrf": Message(
        "chrF",
        "chrF 值",
    ),
    "generation.measure_exact": Message(
        "same as the reference",
        "与参考完全一致",
    ),
    "generation.length_ratio": Message(
        "length beside the references",
        "与参考的长度比",
    ),
    "generation.by_length": Message(
        "By length of the source",
        "按原文长度",
    ),
    "generation.by_length_note": Message(
        "Groups of about the same size.",
        "各组大小相近。",
    ),
    "generation.characters": Message(
        "characters",
        "字符数",
    ),
    "generation.texts": Message(
        "texts",
        "文本数",
    ),
    "generation.trouble": Message(
        "trouble",
        "问题",
    ),
    "generation.troubles": Message(
        "What went wrong",
        "问题统计",
    ),
    "generation.troubles_note": Message(
        "Repeated: a sequence of four words (of four characters in Chinese) stands there more often again than in the reference.",
        "重复：四个词（中文为四个字）的序列重复次数多于参考。",
    ),
    "generation.trouble_empty": Message(
        "nothing written",
        "未生成任何内容",
    ),
    "generation.trouble_copied": Message(
        "the source, not translated",
        "照抄原文",
    ),
    "generation.trouble_repeating": Message(
        "repeated",
        "重复",
    ),
    "generation.trouble_cut": Message(
        "cut at the greatest length",
        "达到最大长度被截断",
    ),
    "generation.worst": Message(
        "Worst",
        "最差",
    ),
    "generation.worst_note": Message(
        "The {count} answers with least in common with their references.",
        "与参考最不相符的 {count} 条。",
    ),
    "generation.best": Message(
        "Best",
        "最好",
    ),
    "generation.best_note": Message(
        "The {count} answers with most in common with their references, long ones first.",
        "与参考最相符的 {count} 条，长者在前。",
    ),
    "generation.source": Message(
        "source",
        "原文",
    ),
    "generation.reference": Message(
        "reference",
        "参考",
    ),
    "generation.answer": Message(
        "written",
        "生成",
    ),
    "generation.scores": Message(
        "scores",
        "分数",
    ),
    "generation.log_sample": Message(
        "{source} | written: {predicted} | right: {gold}",
        "{source} | 生成：{predicted} | 正确：{gold}",
    ),
}
