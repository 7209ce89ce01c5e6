"""Words about matching texts: their columns, scores and rankings, and their reports."""

from tengjia.messages import Message

MESSAGES = {
    "matching.undefined": Message(
        "not defined on these pairs, and given as 0: {found}",
        "在这些文本对上无定义，按 0 计：{found}",
        "a correlation needs scores that differ, and a ranking groups of several texts of which one fits",
        "相关系数要求分数不全相同；排序指标要求每组有多条文本且至少一条相符",
    ),
    "matching.too_short": Message(
        "encoding.maximum_length={found} leaves no room for two texts",
        "encoding.maximum_length={found} 放不下两条文本",
        "set it to {allowed} at least; 64 to 256 are usual",
        "请至少设为 {allowed}；常用 64 到 256",
    ),
    "matching.cut": Message(
        "{count} texts are longer than encoding.maximum_length={allowed}, and were cut",
        "有 {count} 条文本超过 encoding.maximum_length={allowed}，已截断",
        "raise encoding.maximum_length, or choose what stays: encoding.truncation=head_and_tail",
        "可调大 encoding.maximum_length，或选择保留哪一部分：encoding.truncation=head_and_tail",
    ),
    "matching.no_context": Message(
        "{count} pairs have no text in {columns}, which encoding.context names",
        "有 {count} 对文本在 encoding.context 所指的 {columns} 列中没有内容",
        "they are used without; if that is a mistake, mend the corpus or name another column",
        "这些文本对不带上下文使用；若非本意，请修正语料或另指一列",
    ),
    "matching.no_context_asked": Message(
        "{key} is given, but this model was trained without encoding.context",
        "给出了 {key}，但该模型训练时未设置 encoding.context",
        "leave it out, or train with encoding.context=[COLUMN] (the question that both texts belong to)",
        "请去掉它，或用 encoding.context=[列名] 重新训练（两条文本所属的题目）",
    ),
    "matching.one_score": Message(
        "all pairs have one and the same score",
        "所有文本对的分数都相同",
        "nothing can be learnt about degrees; if the pairs are those that fit, use criterion=ranking or triplet",
        "无法学到相符的程度；若这些都是相符的文本对，请用 criterion=ranking 或 triplet",
    ),
    "matching.no_text": Message(
        "the {name} text is empty (columns: {columns})",
        "{name} 文本为空（列：{columns}）",
        "a pair needs both texts; the columns are named by encoding.{name}",
        "每对都要有两条文本；所用的列由 encoding.{name} 指定",
    ),
    "matching.no_score": Message(
        "there is no score in column `{column}`",
        "`{column}` 列没有分数",
        "give one, or set encoding.score=null if all pairs fit",
        "请补上分数；若所有文本对都相符，请设置 encoding.score=null",
    ),
    "matching.bad_score": Message(
        "`{found}` in column `{column}` is no score from {allowed}",
        "`{column}` 列中的 `{found}` 不是 {allowed} 之间的分数",
        "mend the row, or widen the scale: encoding.low, encoding.high",
        "请改正该行，或放宽量表：encoding.low、encoding.high",
    ),
    "matching.no_column": Message(
        "the examples have no column `{found}`; there are: {allowed}",
        "样本中没有 `{found}` 列；现有：{allowed}",
        "let the reader keep it (reader.extra=[{found}]), or name another: {key}",
        "请让读取器保留该列（reader.extra=[{found}]），或另指一列：{key}",
    ),
    "matching.no_scores": Message(
        "no value of column `{found}` is a number",
        "`{found}` 列中没有任何数字",
        "name the column of the scores, or set encoding.score=null if all pairs fit",
        "请指定分数所在的列；若所有文本对都相符，请设置 encoding.score=null",
    ),
    "matching.bad_scale": Message(
        "the scale begins at {found} and ends at {high}",
        "量表从 {found} 开始，却在 {high} 结束",
        "set encoding.low below encoding.high",
        "请使 encoding.low 小于 encoding.high",
    ),
    "matching.cannot_mine": Message(
        "callbacks.hard_negatives compares vectors, but {model} reads both texts as one",
        "callbacks.hard_negatives 要比较向量，而 {model} 把两条文本合在一起读",
        "use it with a twin encoder (model=siamese_bilstm or siamese_bert)",
        "请与双塔模型（model=siamese_bilstm 或 siamese_bert）一起使用",
    ),
    "matching.no_pairs_to_mine": Message(
        "callbacks.hard_negatives works on pairs of texts, and this task has none",
        "callbacks.hard_negatives 作用于文本对，而该任务没有文本对",
        "switch it off: callbacks.hard_negatives.enabled=false",
        "请关闭：callbacks.hard_negatives.enabled=false",
    ),
    "matching.mined": Message(
        "epoch {epoch}: a wrong text was mined for {count} pairs; its mean cosine is {near}, that of the right ones {right}",
        "第 {epoch} 轮：为 {count} 对文本挖掘了难负例，其平均余弦为 {near}，正例为 {right}",
    ),
    "matching.second_and_candidates": Message(
        "both a second text and a file of candidates ({found}) are given",
        "同时给出了第二条文本和候选文件（{found}）",
        "set one of apply.second and apply.candidates",
        "apply.second 与 apply.candidates 只能设置一个",
    ),
    "matching.answer": Message(
        "score {score} (from {low} to {high}); fits: {fits}", "得分 {score}（{low} 到 {high}）；相符：{fits}"
    ),
    "matching.log_sample": Message(
        "{first} | {second}  gold {gold}  predicted {predicted}", "{first} | {second}  标注 {gold}  预测 {predicted}"
    ),
    "matching.undefined_here": Message("Not defined on these pairs: {found}.", "在这些文本对上无定义：{found}。"),
    "matching.lead": Message(
        "{pairs} pairs, {rankings} rankings · model {model} · {time}",
        "{pairs} 对文本，{rankings} 组排序 · 模型 {model} · {time}",
    ),
    "matching.measures": Message("Measures", "指标"),
    "matching.measures_note": Message(
        "Small figures and bands: {level}% of the bootstrap draws, over pairs or over rankings.",
        "小字与色带为自助采样的 {level}% 区间（按文本对或按排序组采样）。",
    ),
    "matching.measure_pearson": Message("Pearson correlation", "皮尔逊相关系数"),
    "matching.measure_spearman": Message("Spearman correlation", "斯皮尔曼相关系数"),
    "matching.measure_rmse": Message("RMSE", "均方根误差"),
    "matching.measure_mae": Message("mean absolute error", "平均绝对误差"),
    "matching.measure_quadratic_kappa": Message("quadratic kappa", "二次加权 kappa"),
    "matching.measure_mrr": Message("MRR", "平均倒数排名"),
    "matching.measure_ndcg": Message("nDCG", "归一化折损累计增益"),
    "matching.measure_recall": Message("recall", "召回率"),
    "matching.measure_pair_f1": Message("F1 of yes", "“相符”的 F1 值"),
    "matching.measure_pair_precision": Message("precision of yes", "“相符”的精确率"),
    "matching.measure_pair_recall": Message("recall of yes", "“相符”的召回率"),
    "matching.measure_pair_accuracy": Message("accuracy", "准确率"),
    "matching.measure_pair_roc_auc": Message("ROC-AUC", "ROC 曲线下面积"),
    "matching.measure_pair_average_precision": Message("average precision", "平均精确率"),
    "matching.scatter": Message("Gold and answered scores", "标注分数与预测分数"),
    "matching.scatter_note": Message(
        "Every dot is a pair; on the broken line both are equal.", "每个点是一对文本；虚线上两者相等。"
    ),
    "matching.error_spread": Message("How far off", "误差分布"),
    "matching.error_spread_note": Message(
        "Answered less gold score: to the right of 0 the answer is too kind.", "预测减标注：0 的右侧为打分偏高。"
    ),
    "matching.spread": Message("Scores of yes and no", "“相符”与“不相符”的得分分布"),
    "matching.spread_note": Message(
        "The less the two overlap, the better they can be told apart.", "两者重叠越少，越容易区分。"
    ),
    "matching.by_length": Message("By length", "按长度"),
    "matching.by_length_note": Message("By the characters of both texts together.", "按两条文本的总字符数分组。"),
    "matching.by_novelty": Message("Seen and unseen first texts", "见过与未见过的第一条文本"),
    "matching.by_novelty_note": Message(
        "Whether the first text (the question, the job post) stands in the training part too.",
        "第一条文本（题目、职位）是否也出现在训练集中。",
    ),
    "matching.rankings": Message("The worst rankings", "最差的排序"),
    "matching.rankings_note": Message(
        "For a first text, the second texts in the order in which they were ranked.",
        "对每条第一文本，按预测顺序列出第二文本。",
    ),
    "matching.worst": Message("The worst pairs", "误差最大的文本对"),
    "matching.worst_note": Message("The {count} pairs that are farthest off.", "误差最大的 {count} 对。"),
    "matching.gold_score": Message("gold score", "标注分数"),
    "matching.answered_score": Message("answered score", "预测分数"),
    "matching.gold_to_answered": Message("gold → answered", "标注 → 预测"),
    "matching.error": Message("answered less gold", "预测减标注"),
    "matching.mean_error": Message("mean error", "平均误差"),
    "matching.pairs": Message("pairs", "文本对"),
    "matching.characters": Message("characters", "字符数"),
    "matching.first_text": Message("first text", "第一文本"),
    "matching.second_text": Message("second text", "第二文本"),
    "matching.first_seen": Message("seen in training", "训练集中见过"),
    "matching.first_unseen": Message("never seen", "从未见过"),
    "matching.fits": Message("fits", "相符"),
    "matching.yes": Message("yes", "是"),
    "matching.no": Message("no", "否"),
}
