"""Words about the classes of texts: encoding, prompt, report."""

from tengjia.messages import Message

MESSAGES = {
    "classification.no_room": Message(
        "encoding.maximum_length = {found} leaves no room for a text beside the {frame} pieces around it",
        "encoding.maximum_length = {found}，除去首尾 {frame} 个符号后没有位置留给文本",
        "set encoding.maximum_length to 3 or more",
        "请把 encoding.maximum_length 设为 3 或更大",
    ),
    "classification.no_classes": Message(
        "no text of the training part has a class: there is nothing to learn",
        "训练部分没有任何带类别的文本，无从学习",
        "look at the corpus files and at reader.label (the column or key of the class)",
        "请检查语料文件以及 reader.label（类别所在的列或键）",
    ),
    "classification.one_class": Message(
        "all {count} texts of the training part have the class {found}: there is nothing to tell apart",
        "训练部分的 {count} 个文本全部属于类别 {found}，没有可区分的内容",
        "look at reader.label and, where a text may have several classes, at encoding.separator",
        "请检查 reader.label；如果一个文本可有多个类别，请检查 encoding.separator",
    ),
    "classification.other_classes": Message(
        "the data has classes that the model does not know: {found}; it knows: {allowed}",
        "数据中有模型不认识的类别：{found}；模型认识的类别：{allowed}",
        "rename the classes in the data, or train a new model with `stage=train`",
        "请改数据中的类别名，或用 `stage=train` 训练新模型",
    ),
    "classification.no_label": Message(
        "the text has no class",
        "该文本没有类别",
        "give it one, or where a text may have none of several classes what encoding.nothing says",
        "请补上类别；如果文本可以不属于任何类别，请写上 encoding.nothing 的值",
    ),
    "classification.shortened": Message(
        "{count} of {texts} texts have more pieces than encoding.maximum_length = {length}: of them the model sees what "
        "encoding.truncation = {truncation} leaves",
        "{texts} 个文本中有 {count} 个超过 encoding.maximum_length = {length}：模型只看到 "
        "encoding.truncation = {truncation} 保留的部分",
        "raise encoding.maximum_length, or try encoding.truncation=head_and_tail",
        "请调大 encoding.maximum_length，或试试 encoding.truncation=head_and_tail",
    ),
    "classification.unknown_class": Message(
        "{count} texts have a class that no text of the training part has: whatever is answered is counted as wrong",
        "有 {count} 个文本的类别在训练部分没有出现过：无论答什么都算错",
        "look at how these classes are written, or split the corpus so that every class is learnt",
        "请检查这些类别的写法，或重新划分语料，使每个类别都能学到",
    ),
    "classification.respelled": Message(
        "the classes of {count} texts are written in another way (blanks, width); they are taken for the same",
        "有 {count} 个文本的类别写法不同（空格、全角半角），已视为同一类别",
        "write them alike in the corpus",
        "请在语料中统一写法",
    ),
    "classification.looks_joined": Message(
        "some classes look like several joined by `{sign}`, and each is learnt as a class of its own",
        "有些类别像是由 `{sign}` 连接的多个类别，目前每个组合各算一个类别",
        "if a text may have several classes, set encoding.separator='{sign}' and criterion=binary_cross_entropy",
        "如果一个文本可有多个类别，请设置 encoding.separator='{sign}' 和 criterion=binary_cross_entropy",
    ),
    "classification.never_several": Message(
        "encoding.separator = `{separator}`, but every text of the training part has exactly one class",
        "encoding.separator = `{separator}`，但训练部分每个文本都恰好有一个类别",
        "if a text has one class, set encoding.separator='' and criterion=cross_entropy; else look at the separator",
        "如果一个文本只有一个类别，请设置 encoding.separator='' 和 criterion=cross_entropy；否则请检查分隔符",
    ),
    "classification.class": Message("class", "类别"),
    "classification.probability": Message("probability", "概率"),
    "classification.no_class": Message("(no class)", "（无类别）"),
    "classification.text": Message("text", "文本"),
    "classification.texts": Message("texts", "文本数"),
    "classification.test_lead": Message(
        "{texts} texts, {classes} classes · model {model} · {time}",
        "{texts} 个文本，{classes} 个类别 · 模型 {model} · {time}",
    ),
    "classification.mean_accuracy": Message("accuracy", "准确率"),
    "classification.mean_classification_f1": Message("macro F1", "宏平均 F1 值"),
    "classification.mean_classification_f1_weighted": Message("weighted F1", "加权 F1 值"),
    "classification.roc_auc": Message("ROC-AUC, each class against the others", "ROC-AUC（逐类对其余）"),
    "classification.accuracy_inside": Message("accuracy of texts that have a class", "有类别文本的准确率"),
    "classification.outside_recall": Message("recall of {name}", "{name} 的召回率"),
    "classification.per_class": Message("Scores by class", "各类别得分"),
    "classification.per_class_note": Message(
        "Bars: F1 with its {level}% interval (bootstrap over texts).",
        "条形：F1 值及其 {level}% 置信区间（按文本自助抽样）。",
    ),
    "classification.confusion": Message("Which class was taken for which", "类别混淆"),
    "classification.confusion_note": Message(
        "Rows: the right class; columns: the given one.",
        "行为标注类别，列为预测类别。",
    ),
    "classification.pairs": Message("Most confused pairs", "最易混淆的类别对"),
    "classification.pairs_note": Message(
        "How many texts of a class were given another.", "某类别的文本被判为另一类别的数量。"
    ),
    "classification.reliability": Message("Does it know when it is right?", "模型知道自己何时正确吗"),
    "classification.reliability_note": Message(
        "Answers by how sure the model is: on the line, 80% of what is said with 0.8 is right. Mean distance from it "
        "(expected calibration error): {error} percent.",
        "按模型的把握分组：若恰在对角线上，则以 0.8 的概率给出的答案有 80% 正确。与它的平均距离（期望校准误差）：{error} 个百分点。",
    ),
    "classification.confidence": Message("confidence", "置信度"),
    "classification.mean_confidence": Message("mean confidence", "平均置信度"),
    "classification.share_right": Message("share that is right", "正确的比例"),
    "classification.answers": Message("answers", "答案数"),
    "classification.seen_and_unseen": Message("Texts that stand in the training part too", "训练部分里也有的文本"),
    "classification.seen_note": Message(
        "What was learnt by heart is easily right: the second line is what to expect of new texts.",
        "背下来的文本容易答对：第二行才是对新文本可以期待的结果。",
    ),
    "classification.in_training": Message("in training", "训练部分中"),
    "classification.seen": Message("the same text", "有相同文本"),
    "classification.unseen": Message("not there", "没有"),
    "classification.worst": Message("The surest errors", "最有把握的错误"),
    "classification.worst_note": Message(
        "{count} wrong answers, those first of which the model was most sure. Look for wrong labels too.",
        "{count} 个错误答案，模型最有把握的在前；也请留意标注错误。",
    ),
}
