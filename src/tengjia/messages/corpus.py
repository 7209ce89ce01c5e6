"""Words about corpora: their files, parts, cleaning, fetching and quality."""

from tengjia.messages import Message

MESSAGES = {
    "corpus.not_fetched": Message(
        "the corpus `{name}` is not there: no file {file}",
        "没有语料 `{name}`：找不到文件 {file}",
        "fetch it with `tengjia data get {name}`, or let dataset_root (now {root}) name the folder that holds it",
        "用 `tengjia data get {name}` 下载，或让 dataset_root（现为 {root}）指向它所在的目录",
    ),
    "corpus.no_reader": Message(
        "the files of `dataset=files` need a reader, and none is chosen",
        "`dataset=files` 需要一个读取器（reader），但没有指定",
        "choose one, for instance `reader=columns`; `tengjia list reader` names them all",
        "请指定读取器，例如 `reader=columns`；`tengjia list reader` 列出全部可选项",
    ),
    "corpus.no_files": Message(
        "the part `{part}` has no files",
        "数据部分 `{part}` 没有文件",
        "name its files in `{key}` (relative to dataset_root)",
        "请在 `{key}` 中写出文件（相对于 dataset_root）",
    ),
    "corpus.file_missing": Message(
        "`{found}` is no file: looked for {path}; nearest names there: {nearest}",
        "`{found}` 不是文件：查找位置为 {path}；该目录下相近的名字：{nearest}",
        "correct `{key}`, or dataset_root",
        "请改正 `{key}` 或 dataset_root",
    ),
    "corpus.file_in_two_parts": Message(
        "the file stands in `{key}` and in `dataset.{other}`: what is learnt would be what is tested",
        "同一文件既在 `{key}` 又在 `dataset.{other}` 中：训练数据会混入评测数据",
        "leave it in one of them, or leave a part empty so that `split` takes it from the training part",
        "只保留一处，或把某一部分留空，由 `split` 从训练部分划出",
    ),
    "corpus.bad_share": Message(
        "{found} cannot be a share: at least 0 and, development and test together, less than 1",
        "比例 {found} 不合法：不得小于 0，且 development 与 test 之和必须小于 1",
        "set split.development and split.test to fractions such as 0.1",
        "请把 split.development 和 split.test 设为小数，例如 0.1",
    ),
    "corpus.no_group": Message(
        "the example has no column `{group}`, by which the corpus is split; it has: {columns}",
        "该样本没有用来分组的列 `{group}`；现有的列：{columns}",
        "set split.group to a column that every row has, or split.by=random",
        "把 split.group 设为每行都有的列，或使用 split.by=random",
    ),
    "corpus.no_group_of_fold": Message(
        "the example has no column `{group}`, by which the folds are cut; it has: {columns}",
        "该样本没有用来分折的列 `{group}`；现有的列：{columns}",
        "name a column that every row has, and let the reader keep it: group={group} reader.extra=[{group}]",
        "请指定每行都有的列，并让读取器保留它：group={group} reader.extra=[{group}]",
    ),
    "corpus.too_few_groups": Message(
        "{found} groups of examples (by {by}) cannot be cut in {allowed} folds",
        "{found} 组样本（按 {by} 分组）不够切成 {allowed} 折",
        "bring more examples, or ask for fewer: folds=N",
        "请增加样本，或减少折数：folds=N",
    ),
    "corpus.too_few_files": Message(
        "{found} file(s) cannot be shared out among the parts {parts}",
        "{found} 个文件不够分给 {parts} 各部分",
        "give more training files, name files for the other parts, or use split.by=random",
        "增加训练文件，直接为其他部分指定文件，或使用 split.by=random",
    ),
    "corpus.empty_part": Message(
        "nothing falls into the part `{part}` when the {count} examples of the training part are split by {by}",
        "按 {by} 划分训练部分的 {count} 个样本时，`{part}` 部分没有得到任何样本",
        "bring more examples, give the part a larger share, try another split.seed, or name files for it in "
        "`dataset.{part}`; split.{part}=0 leaves it out",
        "请增加样本、增大该部分的比例、换一个 split.seed，或在 `dataset.{part}` 中直接指定文件；split.{part}=0 表示不要这一部分",
    ),
    "corpus.bad_pattern": Message(
        "`{found}` cannot be used as a replacement: {reason}",
        "`{found}` 不能用作替换规则：{reason}",
        "correct the regular expression in `{key}`; a literal dot, bracket or star is written with a backslash",
        "请改正 `{key}` 中的正则表达式；点、括号、星号等字面字符前要加反斜杠",
    ),
    "corpus.cleaned_away": Message(
        "cleaning leaves nothing of the text",
        "清洗之后文本为空",
        "switch off the cleaning step that removes it, or leave the row out",
        "关闭删除它的清洗步骤，或去掉这一行",
    ),
    "corpus.span_cleaned_away": Message(
        "cleaning loses {count} span(s), the first being `{first}` ({type})",
        "清洗会丢掉 {count} 个标注片段，第一个是 `{first}`（{type}）",
        "switch off the cleaning step that removes or joins it; a span must keep a character of its own",
        "关闭删除或合并它的清洗步骤；每个标注片段至少要保留一个属于自己的字符",
    ),
    "corpus.bad_sampling": Message(
        "{found} is not a possible value: {allowed}",
        "{found} 不是可用的值：{allowed}",
        "set `{key}` to an allowed number",
        "请把 `{key}` 设为允许的数值",
    ),
    "corpus.no_source": Message(
        "`{found}` is no corpus that can be fetched; nearest: {nearest}; there are: {allowed}",
        "没有可下载的语料 `{found}`；相近的名字：{nearest}；可下载的有：{allowed}",
        "`tengjia data list` tells what each is",
        "`tengjia data list` 列出每个语料的说明",
    ),
    "corpus.other_content": Message(
        "this file is not the published one (SHA-256 {expected})",
        "该文件与公开发布的版本不同（应为 SHA-256 {expected}）",
        "move it away and fetch the corpus again; to use your own version, choose dataset=files",
        "请移走它再重新下载；若要使用自己的版本，请选择 dataset=files",
    ),
    "corpus.wrong_content": Message(
        "{url} gives a file whose SHA-256 is not {expected}, twice",
        "{url} 两次给出的文件 SHA-256 都不是 {expected}",
        "the server or something on the way changes it: try another network or mirror; nothing was kept",
        "服务器或中间环节改动了文件：请换网络或镜像；没有保留任何内容",
    ),
    "corpus.too_long": Message(
        "{url} gives more than the {expected} bytes that the file has",
        "{url} 返回的内容超过该文件应有的 {expected} 字节",
        "the address leads to something else (a login page?): try another network or mirror",
        "该地址指向了别的内容（登录页？）：请换网络或镜像",
    ),
    "corpus.not_served": Message(
        "the server answers {status} for {url}",
        "服务器对 {url} 返回 {status}",
        "set `mirror` in config_project.yaml (or {mirror}) to a server with a copy of a dataset_root, or bring the file "
        "({size} bytes) to its place by hand",
        "把 config_project.yaml 的 `mirror`（或 {mirror}）设为存有 dataset_root 副本的服务器，或手工把文件（{size} 字节）放到该位置",
    ),
    "corpus.unreachable": Message(
        "cannot fetch {url}: {reason}; {received} of {size} bytes are there and kept",
        "无法下载 {url}：{reason}；已收到并保留 {received}/{size} 字节",
        "without internet: set `mirror` in config_project.yaml (or {mirror}) to a server with a copy of a dataset_root, or "
        "bring the file to its place by hand; else give the same command again, it goes on where it stopped",
        "没有外网时：把 config_project.yaml 的 `mirror`（或 {mirror}）设为存有 dataset_root 副本的服务器，或手工把文件放到该位置；"
        "否则重新执行同一命令，会从断点继续",
    ),
    "corpus.bad_redirect": Message(
        "{url} leads to {found}, whose protocol is not followed",
        "{url} 重定向到 {found}，不接受这种协议",
        "only the same protocol, or https instead of http, is followed: use another mirror",
        "只接受相同协议，或由 http 转为 https：请更换镜像",
    ),
    "corpus.bad_address": Message(
        "`{found}` is no web address",
        "`{found}` 不是网址",
        "a mirror (--mirror, TENGJIA_MIRROR or `mirror` in config_project.yaml) begins with https:// or http://; for a "
        "folder set dataset_root",
        "镜像（--mirror、TENGJIA_MIRROR 或 config_project.yaml 的 `mirror`）应以 https:// 或 http:// 开头；本地目录请设置 dataset_root",
    ),
    "corpus.bad_name": Message(
        "`{found}` cannot be the name of a file of a corpus",
        "`{found}` 不能作为语料文件名",
        "a name without folders is needed",
        "需要不含目录的文件名",
    ),
    "corpus.cannot_write": Message(
        "cannot be written: {reason}",
        "无法写入：{reason}",
        "make room or choose another dataset_root; what was received is kept",
        "请腾出空间或更换 dataset_root；已收到的内容会保留",
    ),
    "corpus.no_stop_words": Message(
        "there is no such file of stop words",
        "停用词文件不存在",
        "name a file of UTF-8 text, one word a line, or none",
        "请指定每行一个词的 UTF-8 文本文件，或不指定",
    ),
    "corpus.bad_stop_words": Message(
        "the file of stop words is not UTF-8 ({reason})",
        "停用词文件不是 UTF-8 编码（{reason}）",
        "convert it, for instance with `iconv -f gb18030 -t utf-8`",
        "请转换编码，例如 `iconv -f gb18030 -t utf-8`",
    ),
    "corpus.few_vectors": Message(
        "only {share} of the vocabulary has a pretrained vector; without: {missing}",
        "词表中只有 {share} 有预训练向量；没有的例如：{missing}",
        "do the vectors belong to this tokenizer, words to words, characters to characters?",
        "请确认词向量与分词器一致：词对词、字对字",
    ),
    "corpus.leak": Message(
        "{normalised:,} texts of {part} ({share:.2%}) also stand in {earlier}, {exact:,} of them to the letter",
        "{part} 中有 {normalised:,} 条文本（{share:.2%}）也出现在 {earlier} 中，其中 {exact:,} 条完全相同",
        "scores on {part} are too good: leave them out of {earlier}",
        "{part} 上的分数会偏高：请从 {earlier} 中去掉它们",
    ),
    "corpus.duplicates": Message(
        "{count:,} texts of {part} repeat an earlier one of the same part",
        "{part} 中有 {count:,} 条文本与同一部分中前面的文本重复",
        "they count more than once; leave them out unless that is meant",
        "它们会被重复计算；若非有意，请去掉",
    ),
    "corpus.label_conflicts": Message(
        "{count:,} texts occur with different labels",
        "{count:,} 条相同的文本带有不同的标注",
        "the report shows them: correct the annotation",
        "报告中列出了这些文本：请修正标注",
    ),
    "corpus.strange_types": Message(
        "types that occur in {part} and never in train: {types}",
        "{part} 中出现而训练部分从未出现的类型：{types}",
        "no model can learn them: correct the annotation or the split",
        "模型无法学到这些类型：请修正标注或划分",
    ),
    "corpus.present": Message("present", "已就绪"),
    "corpus.partial": Message("partly fetched", "未下载完"),
    "corpus.absent": Message("not fetched", "未下载"),
    "corpus.listed": Message(
        "{name}  ({state}, {size})\n    {about}\n    from      {origin}\n    licence   {licence}\n    cite      {citation}\n"
        "    folder    {folder}\n",
        "{name}（{state}，{size}）\n    {about}\n    来源  {origin}\n    许可  {licence}\n    引用  {citation}\n    目录  {folder}\n",
    ),
    "corpus.fetched": Message("{name}: all files verified in {folder}", "{name}：全部文件已校验，位于 {folder}"),
    "corpus.help_root": Message(
        "folder of corpora (default: dataset_root of config_project.yaml)",
        "语料目录（默认为 config_project.yaml 的 dataset_root）",
    ),
    "corpus.help_list": Message("what each corpus is, and whether it is there", "每个语料的说明及是否已下载"),
    "corpus.help_get": Message(
        "fetch corpora; goes on where it stopped, checks SHA-256", "下载语料；可断点续传，校验 SHA-256"
    ),
    "corpus.help_json": Message("print JSON", "输出 JSON"),
    "corpus.help_mirror": Message(
        "server with a copy of a dataset_root (default: TENGJIA_MIRROR, else `mirror` of "
        "config_project.yaml, else the authors' addresses)",
        "存有 dataset_root 副本的服务器（默认取 TENGJIA_MIRROR，其次取 config_project.yaml 的 `mirror`，否则为作者的地址）",
    ),
    "corpus.help_timeout": Message(
        "seconds without a byte after which a connection is given up", "多少秒收不到数据即放弃连接"
    ),
    "corpus.reported": Message(
        "lengths, labels, leaks, duplicates and conflicts of the corpus: {folder}/data_report.json, .png",
        "语料的长度、标签、泄漏、重复与冲突：{folder}/data_report.json 与 .png",
    ),
}
