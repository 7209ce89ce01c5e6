"""Words about vocabularies and encodings."""

from tengjia.messages import Message

MESSAGES = {
    "encoding.bad_vocabulary": Message(
        "a vocabulary must hold each piece once, and an id for unknown pieces: {reason}",
        "词表中每个词元只能出现一次，且须有未知词元的编号：{reason}",
        "look at the special symbols in the section `encoding` and at the tokenizer's vocabulary file",
        "请检查 `encoding` 一节的特殊符号和分词器的词表文件",
    ),
    "encoding.bad_file": Message(
        "{file} is not what the encoding wrote: {reason}",
        "{file} 不是编码器写出的内容：{reason}",
        "take the folder anew from its run or store; it was damaged or edited",
        "该文件已损坏或被改动，请从运行目录或模型库重新取得整个文件夹",
    ),
    "encoding.too_short": Message(
        "encoding.maximum_length = {maximum_length} leaves room for {room} pieces beside {frame} frame pieces, and "
        "encoding.overlap = {overlap} needs at least {needed}",
        "encoding.maximum_length = {maximum_length} 除去 {frame} 个首尾符号后只剩 {room} 个词元的位置，"
        "而 encoding.overlap = {overlap} 至少需要 {needed} 个",
        "raise encoding.maximum_length or lower encoding.overlap (0 is allowed)",
        "请调大 encoding.maximum_length，或调小 encoding.overlap（可以为 0）",
    ),
    "encoding.half_frame": Message(
        "encoding.begin_symbol = {begin!r} and encoding.end_symbol = {end!r}: one is set, the other is not",
        "encoding.begin_symbol = {begin!r}、encoding.end_symbol = {end!r}：只设置了其中一个",
        "set both, or neither to take the tokenizer's own",
        "请两个都设置；都不设置则使用分词器自带的首尾符号",
    ),
    "encoding.no_types": Message(
        "no entity is marked in the training part: there is nothing to learn",
        "训练部分没有任何标注的实体，无从学习",
        "look at the corpus files and at reader.scheme and reader.separator",
        "请检查语料文件以及 reader.scheme、reader.separator",
    ),
    "encoding.other_types": Message(
        "the data marks types that the model does not know: {found}; it knows: {allowed}",
        "数据标注了模型不认识的类型：{found}；模型认识的类型：{allowed}",
        "rename the types in the data, or train a new model with `stage=train`",
        "请改数据中的类型名，或用 `stage=train` 训练新模型",
    ),
}
