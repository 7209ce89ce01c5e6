"""Words about intents with their slots."""

from tengjia.messages import Message

MESSAGES = {
    "joint.no_classes": Message(
        "{model} gives tags and an intent, and this base task knows no intents",
        "{model} 同时给出标签和意图，而此基础任务没有意图",
        "choose base_task: joint_intent_slot, or a model for tags alone",
        "请使用 base_task: joint_intent_slot，或选择只做标注的模型",
    ),
    "joint.no_intent": Message(
        "the text has no intent",
        "该文本没有意图",
        "give every text one (a `label`), or set them aside (max_rejects)",
        "请为每条文本标注意图（`label`），或放宽 max_rejects",
    ),
    "joint.no_intents": Message(
        "no text of the training part has an intent",
        "训练集中没有任何文本带意图",
        "name the column or file of the intents: reader.label",
        "请用 reader.label 指定意图所在的列或文件",
    ),
    "joint.one_intent": Message(
        "all {count} training texts have the same intent `{found}`: there is nothing to learn",
        "全部 {count} 条训练文本的意图都是 `{found}`，没有可学的内容",
        "check the column of the intents (reader.label), or use base_task: sequence_labeling",
        "请检查意图所在的列（reader.label），或改用 base_task: sequence_labeling",
    ),
    "joint.other_intents": Message(
        "these intents are not known to the model that is trained on: {found}; it knows {allowed}",
        "作为起点的模型不认识这些意图：{found}；它认识 {allowed}",
        "leave them out, or train from scratch",
        "请去掉它们，或从头训练",
    ),
    "joint.unknown_intent": Message(
        "{count} texts have an intent that the training part has not; they count as errors",
        "{count} 条文本的意图在训练集中没有出现；它们计为错误",
    ),
    "joint.respelled": Message(
        "{count} intents were written in another width or with other blanks, and were taken for the usual ones",
        "{count} 个意图的全半角或空白与通常写法不同，已按通常写法处理",
    ),
    "joint.intent": Message("intent", "意图"),
    "joint.probability": Message("probability", "概率"),
    "joint.no_intent_found": Message("(no intent)", "（没有意图）"),
    "joint.text": Message("text", "文本"),
    "joint.test_lead": Message(
        "{texts} texts, {slots} slots, {intents} intents · {model} · {time}",
        "{texts} 条文本，{slots} 个槽位，{intents} 种意图 · {model} · {time}",
    ),
    "joint.slots": Message("Slots", "槽位"),
    "joint.intents": Message("Intents", "意图"),
    "joint.slot_f1": Message("slot F1", "槽位 F1"),
    "joint.intent_accuracy": Message("intent accuracy", "意图准确率"),
    "joint.sentence_accuracy": Message("texts wholly right", "整句全对"),
    "joint.accuracy_inside": Message("intent accuracy inside", "域内意图准确率"),
    "joint.outside_recall": Message("recall of `{name}`", "`{name}` 的召回率"),
    "joint.outside_precision": Message("precision of `{name}`", "`{name}` 的精确率"),
    "joint.intents_note": Message(
        "Each intent by itself; the bar shows the {level}% interval of F1.",
        "逐个意图的得分；横条为 F1 的 {level}% 区间。",
    ),
    "joint.confused": Message("Intents taken for one another", "相互混淆的意图"),
    "joint.confused_note": Message("The most frequent pairs.", "最常见的混淆。"),
    "joint.texts": Message("texts", "文本数"),
    "joint.threshold_note": Message(
        "An intent less probable than {found} is answered as `{name}`; the threshold was chosen on the development part.",
        "概率低于 {found} 的意图一律答为 `{name}`；阈值在开发集上选定。",
    ),
    "joint.worst": Message("Texts with most errors", "错误最多的文本"),
    "joint.worst_note": Message(
        "The first {count}; wrong slots are underlined.", "前 {count} 条；有误的槽位以下划线标出。"
    ),
}
