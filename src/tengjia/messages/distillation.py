"""Words about distillation: teacher, students, and how they compare."""

from tengjia.messages import Message

MESSAGES = {
    "distillation.no_teacher": Message(
        "there is no teacher: `stage=train` left none in this run, and no finished run lies in {file}",
        "没有教师模型：本次运行的 `stage=train` 未留下模型，{file} 中也没有完成训练的运行",
        'train one first: "stage=[train,distil]"; or name one: distil.teacher=RUN, a folder, or store://MODEL@ALIAS',
        '请先训练教师："stage=[train,distil]"；或指定一个：distil.teacher=运行名、目录或 store://模型@别名',
    ),
    "distillation.teacher_not_there": Message(
        "there is no teacher `{found}`: neither a run in {folder} nor the folder of a run or bundle; {nearest}runs: "
        "{allowed}",
        "找不到教师模型 `{found}`：{folder} 中没有这个运行，它也不是运行或模型包的目录；{nearest}现有运行：{allowed}",
        "correct distil.teacher; addresses begin with store://, https:// or hf://",
        "请改正 distil.teacher；地址以 store://、https:// 或 hf:// 开头",
    ),
    "distillation.other_task": Message(
        "the teacher {file} is a model of `{found}`; students of {allowed} learn from their like only",
        "教师模型 {file} 属于 `{found}`；{allowed} 的学生模型只能向同类任务的模型学习",
        "name a text classifier in distil.teacher",
        "请在 distil.teacher 中指定一个文本分类模型",
    ),
    "distillation.other_classes": Message(
        "the classes of the teacher {file} are not those of the corpus; only the teacher has: {found}; only the corpus "
        "has: {allowed}",
        "教师模型 {file} 的类别与语料不一致；只有教师有的：{found}；只有语料有的：{allowed}",
        "train the teacher on this corpus, or choose the corpus that it was trained on (dataset, split, sampling)",
        "请用这份语料训练教师，或选用教师训练时的语料（dataset、split、sampling）",
    ),
    "distillation.other_order": Message(
        "the teacher {file} has the classes of the corpus in another order: {found}; the corpus: {allowed}",
        "教师模型 {file} 的类别与语料相同但顺序不同：{found}；语料：{allowed}",
        "train the teacher anew with this version: classes are sorted by name",
        "请用当前版本重新训练教师：类别按名称排序",
    ),
    "distillation.other_answers": Message(
        "one of teacher {file} and corpus gives a text one class, the other several",
        "教师模型 {file} 与语料一方是单标签、另一方是多标签",
        "set encoding.separator as the teacher was trained with",
        "请让 encoding.separator 与教师训练时一致",
    ),
    "distillation.another_teacher": Message(
        "the student in {file} was begun with another teacher",
        "{file} 中的学生模型是跟另一个教师开始训练的",
        "name that teacher again, or begin a new run (without resume={run})",
        "请重新指定原来的教师，或开始新的运行（不要写 resume={run}）",
    ),
    "distillation.other_pieces": Message(
        "layers are matched piece by piece, but teacher and student do not read the same pieces: {what} is {found} for "
        "the student and {allowed} for the teacher",
        "逐层匹配要求教师与学生读入相同的单元，但两者不同：{what} 在学生处为 {found}，在教师处为 {allowed}",
        "choose tokenizer, encoding and corpus as the teacher was trained with; or set hidden_weight and "
        "attention_weight to 0: scores need no common pieces",
        "请使 tokenizer、encoding 和语料与教师训练时一致；或把 hidden_weight 和 attention_weight 设为 0：只比较得分不要求单元相同",
    ),
    "distillation.no_layers": Message(
        "`{found}` is no transformer: it has no layers whose hidden states and attention could be matched",
        "`{found}` 不是 Transformer：没有可以匹配隐藏状态和注意力的层",
        "choose transformers for both (transformer_classifier, bert_classifier), or set distil.hidden_weight and "
        "distil.attention_weight to 0",
        "请让教师和学生都用 Transformer（transformer_classifier、bert_classifier），或把 distil.hidden_weight 和 "
        "distil.attention_weight 设为 0",
    ),
    "distillation.no_attention": Message(
        "the attention of `{found}` cannot be looked at: its queries and keys are not where they are in BERT and its kin",
        "无法读取 `{found}` 的注意力：它的查询和键不在 BERT 类模型的位置上",
        "set distil.attention_weight=0; hidden states can be matched all the same",
        "请设 distil.attention_weight=0；隐藏状态仍可匹配",
    ),
    "distillation.other_heads": Message(
        "attention is matched head by head: the student has {found}, the teacher {allowed}",
        "注意力按头逐一匹配：学生有 {found} 个头，教师有 {allowed} 个",
        "give the student as many heads (student.parameters.heads={allowed}), or set distil.attention_weight=0",
        "请给学生同样多的头（student.parameters.heads={allowed}），或设 distil.attention_weight=0",
    ),
    "distillation.layer_map": Message(
        "the layer map {found} does not fit: it needs {count} numbers, one for the embeddings and one for each of the "
        "student's {layers} layers, each a layer of the teacher ({allowed})",
        "层映射 {found} 不合要求：需要 {count} 个数，嵌入层一个、学生的 {layers} 层各一个，每个都是教师的层号（{allowed}）",
        "correct distil.layer_map, or leave it empty: layers are spread evenly then",
        "请改正 distil.layer_map，或留空：此时各层均匀对应",
    ),
    "distillation.unknown_student": Message(
        "there is no model `{found}` that scores classes; {nearest}there are: {allowed}",
        "没有对类别打分的模型 `{found}`；{nearest}可用的有：{allowed}",
        "choose one of them as student.model",
        "请在其中选择 student.model",
    ),
    "distillation.unknown_parameter": Message(
        "`{model}` has no parameter `{found}`; {nearest}it has: {allowed}",
        "`{model}` 没有参数 `{found}`；{nearest}可用的有：{allowed}",
        "take it away; one that a file says is taken away by null: student.parameters.{found}=null",
        "请删除它；若它写在文件里，可用 null 取消：student.parameters.{found}=null",
    ),
    "distillation.parameter_value": Message(
        "{found} is no value of `{parameter}` of the model `{model}`: {allowed}",
        "{found} 不能作为模型 `{model}` 的参数 `{parameter}` 的值：{allowed}",
        "see `tengjia show model/{model}`",
        "参见 `tengjia show model/{model}`",
    ),
    "distillation.nothing_taught": Message(
        "nothing would be learnt from the teacher: soft_weight, hidden_weight and attention_weight are all 0",
        "学生不会从教师学到任何东西：soft_weight、hidden_weight 和 attention_weight 都是 0",
        "give one of them a weight, or train the student alone: distil.students=[alone]",
        "请给其中之一设权重，或只训练独立学生：distil.students=[alone]",
    ),
    "distillation.no_students": Message(
        "`{found}` names no student, or one twice",
        "`{found}` 没有列出学生，或重复列出",
        "write distil.students=[alone,distilled], or one of them",
        "请写 distil.students=[alone,distilled]，或其中之一",
    ),
    "distillation.more_than_all": Message(
        "mask and replace together are {found}, more than 1: they are probabilities of the same word",
        "mask 与 replace 之和为 {found}，超过 1：它们是同一个词的概率",
        "lower one of them",
        "请降低其中之一",
    ),
    "distillation.shortest_longest": Message(
        "a cut leaves at least {found} words and at most {allowed}: that is none",
        "截取至少保留 {found} 个词、至多保留 {allowed} 个词：没有这样的取值",
        "let augmentation.shortest be at most augmentation.longest",
        "请让 augmentation.shortest 不大于 augmentation.longest",
    ),
    "distillation.title": Message("Teacher and students", "教师与学生"),
    "distillation.lead": Message("{texts} texts of the part {part}", "{part} 部分的 {texts} 条文本"),
    "distillation.table": Message("Side by side", "并列比较"),
    "distillation.picture": Message("Right and quick", "准确与速度"),
    "distillation.picture_note": Message(
        "The further up, the more often right; the further right, the quicker, on one thread. The larger a dot, the more "
        "parameters.",
        "越靠上越准确，越靠右越快（单线程）。圆点越大，参数越多。",
    ),
    "distillation.axis_speed": Message("times as quick as the teacher", "相对教师的速度倍数"),
    "distillation.head_who": Message("who", "谁"),
    "distillation.head_model": Message("model", "模型"),
    "distillation.head_parameters": Message("parameters", "参数量"),
    "distillation.head_size": Message("on disk", "磁盘占用"),
    "distillation.head_speed": Message("texts/s", "条/秒"),
    "distillation.head_latency": Message("one text", "单条耗时"),
    "distillation.head_accuracy": Message("accuracy", "准确率"),
    "distillation.head_macro_f1": Message("macro F1", "宏平均 F1 值"),
    "distillation.who_teacher": Message("teacher", "教师"),
    "distillation.who_alone": Message("student alone", "独立学生"),
    "distillation.who_distilled": Message("distilled student", "蒸馏学生"),
    "distillation.gain": Message(
        "The teacher helped: {measure} {value} points, 95% interval [{low}, {high}], p = {p}.",
        "蒸馏有效：{measure} {value} 个百分点，95% 区间 [{low}, {high}]，p = {p}。",
    ),
    "distillation.loss": Message(
        "The teacher did harm: {measure} {value} points, 95% interval [{low}, {high}], p = {p}.",
        "蒸馏有害：{measure} {value} 个百分点，95% 区间 [{low}, {high}]，p = {p}。",
    ),
    "distillation.gain_unsure": Message(
        "These texts cannot tell whether the teacher helped: {measure} {value} points, 95% interval [{low}, {high}], "
        "p = {p}.",
        "这些文本不足以判断蒸馏是否有效：{measure} 相差 {value} 个百分点，95% 区间 [{low}, {high}]，p = {p}。",
    ),
    "distillation.where": Message("Written: {files}", "已写入：{files}"),
}
