"""Words about testing and using a trained model."""

from tengjia.messages import Message

MESSAGES = {
    "pipeline.no_part": Message(
        "the corpus has no part `{found}` with examples in it; there are: {allowed}",
        "语料中没有包含样本的 `{found}` 部分；现有：{allowed}",
        "name its files (dataset.{found}=[...]) or test on another part: tester.part=development",
        "请指定其文件（dataset.{found}=[...]），或测试其他部分：tester.part=development",
    ),
    "pipeline.other_corpus": Message(
        "This corpus is not the one that run {run} was trained with: {found}.",
        "此语料与运行 {run} 训练时使用的语料不同：{found}。",
        "The scores are those of this corpus, and seen and unseen surfaces go by its training part; if that is not meant, "
        "set dataset and reader as in training.",
        "得分针对此语料，“见过与未见过”也以它的训练部分为准；若非本意，请把 dataset 与 reader 设为与训练时相同。",
    ),
    "pipeline.tagging_resumed": Message(
        "going on after {count} texts that were answered before", "已有 {count} 条文本的结果，从其后继续"
    ),
    "pipeline.tagging_anew": Message(
        "an interrupted run over the file is not gone on with, because this one is another: {found}",
        "不沿用之前中断的处理结果，因为这次不同：{found}",
    ),
    "pipeline.tagging_kept": Message("{count} texts are answered and kept.", "已有 {count} 条文本的结果并予以保留。"),
    "pipeline.output_in_use": Message(
        "another process is writing this output",
        "另一个进程正在写这个输出文件",
        "wait for it, or choose another name: apply.output=FILE",
        "请等待其结束，或另选文件名：apply.output=文件",
    ),
    "pipeline.not_written": Message(
        "the output cannot be written: {reason}",
        "无法写出结果：{reason}",
        "choose a place that can be written and has room (apply.output=FILE); what was answered is kept beside it, and the "
        "same command goes on",
        "请选择可写且空间充足的位置（apply.output=文件）；已得到的结果保留在旁边，执行同一命令即可继续",
    ),
    "pipeline.text_and_file": Message(
        "both a text and a file ({found}) are given",
        "同时给出了文本和文件（{found}）",
        "set one of apply.text and apply.input",
        "apply.text 与 apply.input 只能设置一个",
    ),
    "pipeline.output_without_input": Message(
        "an output ({found}) without an input",
        "只给出了输出（{found}），没有输入",
        "name the file to answer: apply.input=FILE",
        "请指定要处理的文件：apply.input=FILE",
    ),
    "pipeline.output_is_input": Message(
        "the output would take the place of the input: {found}",
        "输出会覆盖输入文件：{found}",
        "choose another name: apply.output=FILE",
        "请另选文件名：apply.output=FILE",
    ),
    "pipeline.folder_not_empty": Message(
        "the folder {found} is there already and holds files",
        "目录 {found} 已存在且不为空",
        "choose another name (apply.output=FOLDER), or remove it yourself: annotations may have been corrected in it",
        "请另选名称（apply.output=目录），或自行删除：其中可能有已校正的标注",
    ),
    "pipeline.output_is_file": Message(
        "{format} wants a folder, and {found} is a file",
        "{format} 格式需要目录，而 {found} 是文件",
        "choose another name: apply.output=FOLDER",
        "请另选名称：apply.output=目录",
    ),
    "pipeline.output_is_folder": Message(
        "the output {found} is a folder",
        "输出 {found} 是目录",
        "name a file: apply.output={example}",
        "请指定文件：apply.output={example}",
    ),
    "pipeline.no_column": Message(
        "there is no column `{found}`; there are: {allowed}",
        "没有列 `{found}`；现有：{allowed}",
        "say which one holds the text: {key_wanted}=NAME",
        "请指明文本所在的列：{key_wanted}=列名",
    ),
    "pipeline.all_refused": Message(
        "none of the {count} lines can be used ({summary}); they stand in {rejects}",
        "{count} 行全部无法使用（{summary}），已写入 {rejects}",
        "what is read: {columns}; set what is wrong: apply.column=NAME",
        "读取的是：{columns}；有误请改：apply.column=名称",
    ),
    "pipeline.no_other_text": Message(
        "there is nothing under `{found}`, where the text stands that belongs to it",
        "`{found}` 为空，而与之对应的文本应在此处",
        "say which column holds it: {key_wanted}=NAME",
        "请指明它所在的列：{key_wanted}=列名",
    ),
    "pipeline.one_text_a_line": Message(
        "{found} has one text a line, and a question needs `{name}` too",
        "{found} 每行只有一条文本，而一个问题还需要 `{name}`",
        "give one for all lines (apply.{name}=...), or a file with columns (.jsonl, .csv, .tsv, .xlsx)",
        "请为所有行指定同一条（apply.{name}=...），或使用带列的文件（.jsonl、.csv、.tsv、.xlsx）",
    ),
    "pipeline.text_missing": Message(
        "a text is given, but not the one that belongs to it: `{found}`",
        "给出了文本，却没有给出与之对应的 `{found}`",
        "add apply.{found}=...",
        "请加上 apply.{found}=...",
    ),
    "pipeline.unknown_kind": Message(
        "it cannot be told from its name what `{found}` holds; known are: {allowed}, also with `.gz`",
        "无法从文件名判断 `{found}` 的格式；支持：{allowed}，也可再加 `.gz`",
        "rename the file, or convert it to one text a line (.txt)",
        "请重命名文件，或转换为每行一条文本的 .txt",
    ),
}
