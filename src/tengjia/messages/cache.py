"""Words about preprocessing and its cache."""

from tengjia.messages import Message

MESSAGES = {
    "cache.no_rows": Message(
        "the training part has no example with anything to label",
        "训练部分没有任何可标注的样本",
        "look at the corpus files, at the cleaning and at the rejects file of the run",
        "请检查语料文件、清洗设置以及本次运行的 rejects 文件",
    ),
    "cache.no_classes": Message(
        "trainer.balance={found} draws all classes equally often, but the training examples have no class",
        "trainer.balance={found} 要求各类别被抽到的次数相同，但训练样本没有类别",
        "set trainer.balance=0; only whole texts with classes can be balanced",
        "请设置 trainer.balance=0；只有带类别的整篇文本才能均衡抽样",
    ),
    "cache.missed": Message("preparing `{kind}`: {reason}", "正在生成 `{kind}`：{reason}"),
    "cache.more": Message("and {count} more differences", "以及另外 {count} 处不同"),
    "cache.forced": Message("asked for anew (preprocess.force)", "按要求重新生成（preprocess.force）"),
    "cache.nothing_there": Message("nothing of the kind in the cache yet", "缓存中尚无此类内容"),
    "cache.waiting": Message(
        "another process is preparing {folder}; waiting for it", "另一个进程正在生成 {folder}，等待其完成"
    ),
    "cache.damaged": Message(
        "the cache entry {folder} is damaged ({reason}); it is made anew",
        "缓存 {folder} 已损坏（{reason}），将重新生成",
    ),
    "cache.vanished": Message(
        "the cache entry was removed while it was being made",
        "缓存在生成过程中被删除",
        "start again, and let nothing else tidy cache_root meanwhile",
        "请重新运行，期间不要清理 cache_root",
    ),
    "cache.cannot_write": Message(
        "the cache cannot be written: {reason}. Nothing half-made was left",
        "无法写入缓存：{reason}。没有留下不完整的内容",
        "free disk space (`tengjia cache gc`), or set cache_root to a folder that can be written, and start again",
        "请释放磁盘空间（`tengjia cache gc`），或把 cache_root 设为可写的目录，然后重新运行",
    ),
    "cache.worker_killed": Message(
        "preprocessing worker {number} (process {process}) was ended from outside: {reason}. It was working on {work}",
        "预处理工作进程 {number}（进程号 {process}）被外部终止：{reason}。当时正在处理 {work}",
        "this is usually the system running out of memory: lower preprocess.workers or preprocess.chunk_size; nothing "
        "half-made was left",
        "通常是系统内存不足：请调小 preprocess.workers 或 preprocess.chunk_size；没有留下不完整的内容",
    ),
    "cache.worker_start": Message(
        "preprocessing worker {number} could not start: {reason}",
        "预处理工作进程 {number} 无法启动：{reason}",
        "set preprocess.workers=1 to work in one process",
        "可设置 preprocess.workers=1，只用一个进程",
    ),
    "cache.bad_row": Message(
        "this row cannot be encoded: {reason}",
        "无法编码该行：{reason}",
        "mend or remove the row, or allow such rows with preprocess.max_rejects",
        "请修正或删除该行，或用 preprocess.max_rejects 允许跳过",
    ),
    "cache.bad_number": Message(
        "{key} = {found}: must be {allowed}",
        "{key} = {found}：必须是 {allowed}",
        "leave it out for the default",
        "省略该项即使用默认值",
    ),
    "cache.rejected": Message(
        "{count} rows were set aside when this data was prepared; preprocess.max_rejects allows {allowed}",
        "这份数据在生成时有 {count} 行被剔除，而 preprocess.max_rejects 只允许 {allowed} 行",
        "see which with preprocess.force=true (they stand in rejects.jsonl of the run), or raise preprocess.max_rejects",
        "用 preprocess.force=true 重新生成即可在运行目录的 rejects.jsonl 中查看，或调大 preprocess.max_rejects",
    ),
    "cache.no_part": Message(
        "the corpus has no part `{found}`; there are: {allowed}",
        "语料没有 `{found}` 部分；现有：{allowed}",
        "name its files in the section `dataset`, or give it a share in the section `split`",
        "请在 `dataset` 一节中指定其文件，或在 `split` 一节中为其设定比例",
    ),
    "cache.too_long": Message(
        "encoding.maximum_length = {found}, but the encoder {folder} takes at most {allowed} pieces",
        "encoding.maximum_length = {found}，但编码器 {folder} 最多接受 {allowed} 个词元",
        "set encoding.maximum_length={allowed}",
        "请设置 encoding.maximum_length={allowed}",
    ),
    "cache.no_encoder": Message(
        "{file} is no folder of a Hugging Face encoder: {reason}",
        "{file} 不是 Hugging Face 编码器的文件夹：{reason}",
        "model.encoder is a folder below bert_model_root that holds config.json and the weights",
        "model.encoder 应是 bert_model_root 下含有 config.json 和权重的文件夹",
    ),
    "cache.other_pieces": Message(
        "piece {id} is `{found}` to the tokenizer, but `{allowed}` to the encoder in {file}: it would read other words",
        "编号 {id} 在分词器中是 `{found}`，在 {file} 的编码器中却是 `{allowed}`：编码器会读到别的词",
        "write tokenizer=wordpiece without tokenizer.source: it takes the vocabulary of model.encoder",
        "请写 tokenizer=wordpiece 而不设 tokenizer.source：它会使用 model.encoder 的词表",
    ),
    "cache.inexact": Message(
        "{count} of {spans} entities do not begin and end where the tokenizer cuts; {left_out} of them cannot be learnt",
        "{spans} 个实体中有 {count} 个的边界与分词边界不一致，其中 {left_out} 个无法学习",
        "tokenizer=character (Chinese) or tokenizer=wordpiece cut finely enough for any entity",
        "tokenizer=character（中文）或 tokenizer=wordpiece 的切分足够细，适用于任何实体",
    ),
    "cache.summary": Message("data {fingerprint}: {examples}; {counts}", "数据 {fingerprint}：{examples}；{counts}"),
    "cache.summary_with_odd": Message(
        "data {fingerprint}: {examples}; {counts}; {odd}", "数据 {fingerprint}：{examples}；{counts}；{odd}"
    ),
}
