"""Words about tokenizers, dictionaries and word vectors."""

from tengjia.messages import Message

_SKIP_EN = "mend the row, or leave such rows out and have them counted: vectors.bad_rows=skip"
_SKIP_ZH = "请修正该行，或用 vectors.bad_rows=skip 跳过并计数"
_FETCH_EN = "fetch or copy the file again, and compare its size and SHA-256 with the source"
_FETCH_ZH = "请重新下载或复制该文件，并与来源核对大小和 SHA-256"

MESSAGES = {
    "text.no_vector_file": Message(
        "there is no file of vectors `{file}`",
        "词向量文件 `{file}` 不存在",
        "vectors.file is relative to word_vector_root: check both (they are told when a run begins)",
        "vectors.file 相对于 word_vector_root：请检查这两项（运行开始时会显示）",
    ),
    "text.vectors_found": Message(
        "vectors: {found} of {pieces} pieces found ({exact} as written, {lowercase} in lower case, {half_width} in half "
        "width); without: {without}",
        "词向量：{pieces} 个词元中找到 {found} 个（原样 {exact} 个，小写 {lowercase} 个，半角 {half_width} 个）；没有的例如：{without}",
    ),
    "text.vectors_skipped": Message(
        "; {skipped} bad rows left out, the first in line {skipped_line}",
        "；略过 {skipped} 个错误行，首个在第 {skipped_line} 行",
    ),
    "text.vectors_first": Message("reading the vectors of {file} for the first time", "首次读取词向量 {file}"),
    "text.vectors_damaged": Message(
        "{folder} is damaged and is made anew from {file}", "{folder} 已损坏，从 {file} 重新生成"
    ),
    "text.words_never_whole": Message(
        "{count} words of the user dictionaries are never cut whole: {found}",
        "用户词典中有 {count} 个词从不会被完整切出：{found}",
    ),
    "text.vectors_empty": Message(
        "holds no vector that can be used",
        "文件中没有任何可用的词向量",
        _FETCH_EN,
        _FETCH_ZH,
    ),
    "text.vector_gzip": Message(
        "the gzip data are damaged or end too early ({reason})",
        "gzip 数据损坏或不完整（{reason}）",
        _FETCH_EN,
        _FETCH_ZH,
    ),
    "text.vector_width": Message(
        "vectors of {found} numbers are not possible; allowed: {allowed}",
        "向量维度不能是 {found}；允许范围：{allowed}",
        "is this a file of word vectors in this format? vectors=text reads text, vectors=binary the binary word2vec form",
        "这是该格式的词向量文件吗？文本格式用 vectors=text，word2vec 二进制格式用 vectors=binary",
    ),
    "text.vector_other_width": Message(
        "the vectors have {found} numbers, and vectors.width={width} asks for {width}",
        "文件中的向量为 {found} 维，而 vectors.width={width} 要求 {width} 维",
        "set vectors.width to null, or choose another file",
        "请将 vectors.width 设为 null，或换一个文件",
    ),
    "text.vector_row": Message(
        "the row of {word} has {found} numbers instead of {width}",
        "{word} 所在行有 {found} 个数，应为 {width} 个",
        _SKIP_EN,
        _SKIP_ZH,
    ),
    "text.vector_no_number": Message(
        "in the row of {word}, {found} is not a number",
        "{word} 所在行中，{found} 不是数字",
        _SKIP_EN,
        _SKIP_ZH,
    ),
    "text.vector_not_finite": Message(
        "the vector of {word} holds NaN or an infinite number",
        "{word} 的向量含有 NaN 或无穷大",
        _SKIP_EN,
        _SKIP_ZH,
    ),
    "text.vector_bad_word": Message(
        "the word {word} is empty or not UTF-8",
        "词 {word} 为空或不是 UTF-8 编码",
        _SKIP_EN,
        _SKIP_ZH,
    ),
    "text.vector_long_line": Message(
        "the line has more than {limit} bytes",
        "该行超过 {limit} 字节",
        "is this a text file? binary word2vec files are read by vectors=binary",
        "这是文本文件吗？word2vec 二进制文件请用 vectors=binary",
    ),
    "text.vector_long_word": Message(
        "the word of vector {row} has more than {limit} bytes: the file is damaged or of another format",
        "第 {row} 个向量的词超过 {limit} 字节：文件损坏或格式不符",
        _FETCH_EN,
        _FETCH_ZH,
    ),
    "text.vector_rows": Message(
        "the first line declares {declared} vectors, and there are {found}",
        "首行声明有 {declared} 个向量，实际有 {found} 个",
        "fetch the file again, or take what is there: vectors.bad_rows=skip",
        "请重新下载，或用 vectors.bad_rows=skip 使用现有部分",
    ),
    "text.vector_header": Message(
        "does not begin with the two sizes of a binary word2vec file (`vectors width`)",
        "文件开头不是 word2vec 二进制文件的两个尺寸（`向量数 维度`）",
        "text files are read by vectors=text",
        "文本格式的词向量请用 vectors=text",
    ),
    "text.vector_truncated": Message(
        "declares {declared} vectors, and ends after {found}",
        "声明有 {declared} 个向量，但文件在第 {found} 个之后结束",
        _FETCH_EN,
        _FETCH_ZH,
    ),
    "text.vector_cache": Message(
        "cannot write the cache of vectors under {folder}: {reason}",
        "无法在 {folder} 下写入词向量缓存：{reason}",
        "make room there, or choose another place: cache_root=FOLDER",
        "请腾出空间，或用 cache_root=目录 换一个位置",
    ),
    "text.no_word_list": Message(
        "cannot read this list of words: {reason}",
        "无法读取该词表：{reason}",
        "user dictionaries are relative to dataset_root, vocabularies to bert_model_root: check path and root",
        "用户词典相对于 dataset_root，词汇表相对于 bert_model_root：请检查路径和根目录",
    ),
    "text.word_list_size": Message(
        "the file has more than {limit} bytes",
        "文件超过 {limit} 字节",
        "this is no list of words; check the path",
        "这不是词表文件；请检查路径",
    ),
    "text.word_list_encoding": Message(
        "not UTF-8 (byte {byte})",
        "不是 UTF-8 编码（字节 {byte}）",
        "save the file as UTF-8",
        "请将文件另存为 UTF-8",
    ),
    "text.piece_twice": Message(
        "the piece {found} stands in line {first} already, so ids would be ambiguous",
        "片段 {found} 已在第 {first} 行出现，编号会有歧义",
        "remove one of the two lines, if no model was trained with them; else fetch the vocabulary again",
        "如果还没有模型使用该词汇表，请删去其中一行；否则请重新获取词汇表",
    ),
    "text.vocabulary_empty": Message(
        "the vocabulary is empty",
        "词汇表为空",
        "it holds one piece a line; fetch it again",
        "词汇表应每行一个片段；请重新获取",
    ),
    "text.dictionary_line": Message(
        "{found} is no entry of a user dictionary",
        "{found} 不是合法的用户词典条目",
        "write a word, perhaps its count, perhaps its part of speech, with blanks between: 藤架 10 n",
        "格式为：词 [词频] [词性]，用空格分隔，例如：藤架 10 n",
    ),
    "text.no_unknown_piece": Message(
        "has no piece [UNK], which a WordPiece vocabulary needs",
        "缺少 WordPiece 词汇表必需的片段 [UNK]",
        "is this the vocabulary of a BERT-like encoder? add [UNK] if you made it yourself",
        "这是 BERT 类编码器的词汇表吗？如为自制，请加入 [UNK]",
    ),
    "text.not_wordpiece": Message(
        "describes a tokenizer of the kind {found}, not WordPiece",
        "描述的是 {found} 类型的分词器，而不是 WordPiece",
        "choose an encoder with a vocab.txt, or one whose tokenizer.json says WordPiece",
        "请选择带有 vocab.txt，或 tokenizer.json 中类型为 WordPiece 的编码器",
    ),
    "text.bad_tokenizer_file": Message(
        "is not what a tokenizer has written: {reason}",
        "不是合法的分词器文件：{reason}",
        "fetch or copy it again; a run's own file is made anew by stage=preprocess",
        "请重新获取或复制；运行自己的文件可由 stage=preprocess 重新生成",
    ),
    "text.no_source": Message(
        "tokenizer=wordpiece needs a vocabulary, and tokenizer.source is `{found}`",
        "tokenizer=wordpiece 需要词汇表，而 tokenizer.source 是 `{found}`",
        "set tokenizer.source to an encoder folder or a vocabulary file, relative to bert_model_root",
        "请将 tokenizer.source 设为编码器目录或词汇表文件，相对于 bert_model_root",
    ),
    "text.not_ready": Message(
        "the tokenizer `{found}` has no pieces yet",
        "分词器 `{found}` 还没有片段",
        "run stage=preprocess, which lets it learn or read them, or load a finished run",
        "请运行 stage=preprocess 让它学习或读取片段，或加载已完成的运行",
    ),
    "text.nothing_to_learn": Message(
        "the tokenizer is to learn its pieces, and the training part holds no text",
        "分词器需要学习片段，但训练部分没有任何文本",
        "check the dataset section: is there a training file, and does it hold text?",
        "请检查 dataset 部分：是否有训练文件，且其中有文本？",
    ),
}
