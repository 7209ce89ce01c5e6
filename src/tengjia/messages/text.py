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
}
