"""Words of reports: titles, notes and columns. Each is one line of a page or a table."""

from tengjia.messages import Message

MESSAGES = {
    "report.footer": Message(
        "Written by Tengjia {version}. This page needs no network.", "由藤架 Tengjia {version} 生成。本页面无需联网。"
    ),
    "report.curves_title": Message("Curves of training", "训练曲线"),
    "report.curves_lead": Message(
        "Drawn {time}. Rest the pointer on a line to read its value.", "绘制于 {time}。将指针停在曲线上可查看数值。"
    ),
    "report.step": Message("optimizer steps", "优化步数"),
    "report.panel_loss": Message("Loss", "损失"),
    "report.panel_training_loss": Message("Loss in training, mean of examples", "训练损失（按样本平均）"),
    "report.panel_evaluation_loss": Message(
        "Loss on held-out data, mean of characters or words", "留出数据上的损失（按字或词平均）"
    ),
    "report.panel_score": Message("Scores on held-out data", "留出数据上的得分"),
    "report.panel_learning_rate": Message("Learning rate", "学习率"),
    "report.panel_gradient_norm": Message("Norm of the gradient before clipping", "裁剪前的梯度范数"),
    "report.best_at": Message("{name}: highest {value} at step {step}", "{name}：最高 {value}（第 {step} 步）"),
    "report.least_at": Message("{name}: lowest {value} at step {step}", "{name}：最低 {value}（第 {step} 步）"),
    "report.type": Message("type", "类型"),
    "report.all_types": Message("all", "全部"),
    "report.precision": Message("precision", "精确率"),
    "report.recall": Message("recall", "召回率"),
    "report.f1": Message("F1", "F1 值"),
    "report.interval": Message("interval", "置信区间"),
    "report.gold": Message("gold", "标注"),
    "report.found": Message("found", "预测"),
    "report.right_texts": Message("texts all right", "全对的句子"),
    "report.test_title": Message("Test of {run}", "测试报告：{run}"),
    "report.test_lead": Message(
        "{texts} texts with {entities} entities · model {model} · {time}",
        "{texts} 条文本，{entities} 个实体 · 模型 {model} · {time}",
    ),
    "report.folds": Message("{folds} folds", "{folds} 折"),
    "report.folds_title": Message("Fold by fold", "各折结果"),
    "report.folds_note": Message(
        "Each fold was answered by a model that never saw it. Mean and spread (standard deviation) are over the folds; all "
        "other figures of this page are of the held-out answers of all folds together.",
        "每一折都由从未见过它的模型作答。均值与标准差按折计算；本页其余数字均针对全部留出答案合并计算。",
    ),
    "report.fold": Message("fold", "折"),
    "report.mean": Message("mean", "均值"),
    "report.spread": Message("spread", "标准差"),
    "report.examples_train": Message("train", "训练"),
    "report.examples_development": Message("development", "开发"),
    "report.examples_test": Message("held out", "留出"),
    "report.comparison": Message("Against another run", "与另一次运行比较"),
    "report.better": Message(
        "Significantly better than {run}: {measure} {value} points, {level}% interval [{low}, {high}], p = {p}.",
        "显著优于 {run}：{measure} 相差 {value} 个百分点，{level}% 区间 [{low}, {high}]，p = {p}。",
    ),
    "report.worse": Message(
        "Significantly worse than {run}: {measure} {value} points, {level}% interval [{low}, {high}], p = {p}.",
        "显著劣于 {run}：{measure} 相差 {value} 个百分点，{level}% 区间 [{low}, {high}]，p = {p}。",
    ),
    "report.no_difference": Message(
        "No significant difference from {run}: {measure} {value} points, {level}% interval [{low}, {high}], p = {p}.",
        "与 {run} 无显著差异：{measure} 相差 {value} 个百分点，{level}% 区间 [{low}, {high}]，p = {p}。",
    ),
    "report.measure_f1": Message("F1", "F1 值"),
    "report.measure_accuracy": Message("accuracy", "准确率"),
    "report.measure_sentence_accuracy": Message("texts wholly right", "整句全对率"),
    "report.measure_macro_f1": Message("macro F1", "宏平均 F1 值"),
    "report.measure_weighted_f1": Message("weighted F1", "加权 F1 值"),
    "report.measure_micro_f1": Message("micro F1", "微平均 F1 值"),
    "report.measure_pearson": Message("Pearson correlation", "皮尔逊相关系数"),
    "report.measure_spearman": Message("Spearman correlation", "斯皮尔曼相关系数"),
    "report.measure_rmse": Message("RMSE", "均方根误差"),
    "report.measure_mrr": Message("MRR", "平均倒数排名"),
    "report.measure_ndcg": Message("nDCG", "归一化折损累计增益"),
    "report.measure_bleu": Message("BLEU", "BLEU 值"),
    "report.measure_right_texts": Message("texts all right", "全对的句子"),
    "report.measure": Message("measure", "指标"),
    "report.value": Message("value", "数值"),
    "report.texts_and_share": Message("texts, share of the gold class", "文本数（占标注类别的比例）"),
    "report.nothing_confused": Message("No class was taken for another.", "没有类别被误认为其他类别。"),
    "report.classes_left_out": Message(
        "The classes with most errors; {count} others are left out.", "错误最多的类别；其余 {count} 个未列出。"
    ),
    "report.per_type": Message("Scores by type", "各类型得分"),
    "report.per_type_note": Message(
        "Strict: start, end and type must agree. Small figures and bands: {level}% of the bootstrap draws over texts.",
        "严格匹配：起点、终点与类型都须一致。小字与色带为对文本自助采样的 {level}% 区间。",
    ),
    "report.confusion": Message("Which type was taken for which", "类型混淆"),
    "report.confusion_note": Message(
        "Rows: gold. Columns: found at the very same place. Other edges count as missed and as spurious.",
        "行为标注，列为同一位置的预测。边界不一致的计入“漏标”与“多标”。",
    ),
    "report.gold_down": Message("gold ↓ found →", "标注 ↓ 预测 →"),
    "report.missed_column": Message("missed", "漏标"),
    "report.spurious_row": Message("spurious", "多标"),
    "report.error_kinds": Message("Kinds of errors", "错误种类"),
    "report.error_kinds_note": Message(
        "Every gold and every found entity, by what became of it.", "每个标注实体与预测实体的结局。"
    ),
    "report.kind": Message("what became of it", "结局"),
    "report.kind_right": Message("right", "正确"),
    "report.kind_type": Message("right place, wrong type", "位置正确，类型错误"),
    "report.kind_boundary": Message("right type, wrong edges", "类型正确，边界错误"),
    "report.kind_boundary_and_type": Message("edges and type wrong", "边界与类型都错"),
    "report.kind_missed": Message("missed altogether", "完全漏标"),
    "report.kind_spurious": Message("nothing there", "无中生有"),
    "report.by_length": Message("Scores by length", "按实体长度"),
    "report.by_length_note": Message("By the number of characters of an entity.", "按实体的字符数分组。"),
    "report.characters": Message("characters", "字符数"),
    "report.by_novelty": Message("Seen and unseen surfaces", "见过与未见过的实体"),
    "report.by_novelty_note": Message(
        "Whether the words of an entity were marked in the training part.", "实体的字面是否在训练集中被标注过。"
    ),
    "report.surface": Message("in training", "训练集中"),
    "report.surface_seen": Message("seen with this type", "以同一类型出现过"),
    "report.surface_seen_as_other": Message("seen with another type only", "只以其他类型出现过"),
    "report.surface_unseen": Message("never seen", "从未出现"),
    "report.by_status": Message("Confirmed and suspected", "确认与存疑"),
    "report.by_status_note": Message(
        "What the status that the pipeline gives an entity is worth. What was passed over is in no score above.",
        "流水线给出的状态有多可信。“未采纳”的片段不计入以上得分。",
    ),
    "report.status": Message("status", "状态"),
    "report.status_confirmed": Message("confirmed", "确认"),
    "report.status_low_score": Message("suspected: low score", "存疑：得分低"),
    "report.status_broken_tags": Message("suspected: broken tags", "存疑：标签不完整"),
    "report.status_passed_over": Message("suspected: passed over by the best reading", "存疑：最佳标注中未采纳"),
    "report.given": Message("given", "给出"),
    "report.right": Message("right", "正确"),
    "report.worst": Message("The worst texts", "错误最多的文本"),
    "report.worst_note": Message(
        "{count} texts with most errors; what is framed is wrong or missed.",
        "错误最多的 {count} 条；带框的为错标或漏标。",
    ),
    "report.where_report": Message("scores: {result}\nreport: {report}", "得分：{result}\n报告：{report}"),
    "report.other_repair": Message(
        "broken tags are read as `{found}` for this test; the model was chosen with `{trained}`",
        "本次测试按 `{found}` 处理不完整的标签；训练时选择模型用的是 `{trained}`",
    ),
    "report.prompt_greeting": Message(
        "Run {run} knows: {types}. Type a text; `q` or Ctrl-D ends.",
        "运行 {run} 可识别：{types}。请输入文本；输入 `q` 或按 Ctrl-D 结束。",
    ),
    "report.prompt_greeting_plain": Message(
        "Run {run}. Type a text; `q` or Ctrl-D ends.", "运行 {run}。请输入文本；输入 `q` 或按 Ctrl-D 结束。"
    ),
    "report.prompt": Message("text> ", "文本> "),
    "report.prompt_second": Message("second> ", "第二条> "),
    "report.prompt_context": Message("context> ", "上下文> "),
    "report.no_entities": Message("(no entities)", "（没有实体）"),
    "report.entity": Message("entity", "实体"),
    "report.place": Message("place", "位置"),
    "report.score": Message("score", "得分"),
    "report.file_answered": Message("{counts} -> {file}", "{counts} -> {file}（已写出）"),
    "report.counted_texts": Message("texts", "条文本"),
    "report.counted_answered": Message("with a class", "条有类别"),
    "report.counted_entities": Message("entities", "个实体"),
    "report.counted_slots": Message("slots", "个槽位"),
    "report.counted_understood": Message("understood", "条已理解"),
    "report.lines_refused": Message(
        "{count} lines could not be used ({summary}); they stand in {file}",
        "{count} 行无法使用（{summary}），已写入 {file}",
    ),
}
