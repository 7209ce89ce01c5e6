"""Words about corpus files, rows and annotations."""

from tengjia.messages import Message

MESSAGES = {
    "data.missing_file": Message(
        "there is no file {file}; its folder holds: {allowed}",
        "找不到文件 {file}；该目录下有：{allowed}",
        "nearest: {nearest}. Paths of a corpus are relative to dataset_root",
        "最接近的：{nearest}。语料路径相对于 dataset_root",
    ),
    "data.not_a_file": Message(
        "{file} is not a regular file",
        "{file} 不是普通文件",
        "name a file; only the reader `brat` takes a folder",
        "请给出文件；只有 `brat` 读取器接受目录",
    ),
    "data.unreadable": Message(
        "reading {file} failed: {reason}",
        "读取 {file} 失败：{reason}",
        "check the permissions of the file and the health of the disk",
        "请检查文件权限和磁盘状态",
    ),
    "data.empty_file": Message(
        "{file} is empty",
        "{file} 是空文件",
        "was the download or the export cut off? write the file again",
        "是否下载或导出中断？请重新生成该文件",
    ),
    "data.no_examples": Message(
        "{file} holds no example: nothing but blank lines, comments and rejected rows",
        "{file} 中没有任何样本：只有空行、注释或被剔除的行",
        "check that the file and the reader belong together",
        "请检查文件与读取器是否匹配",
    ),
    "data.binary_file": Message(
        "{file} is not text: {reason}",
        "{file} 不是文本：{reason}",
        "choose the reader made for such files (excel for .xlsx, a converter for .pdf and .docx), "
        "or say reader.encoding",
        "请选用相应的读取器（.xlsx 用 excel，.pdf、.docx 先转换），或指定 reader.encoding",
    ),
    "data.damaged_archive": Message(
        "{file} is damaged: {reason}",
        "{file} 已损坏：{reason}",
        "fetch or pack the file again; compare its size and checksum with the source",
        "请重新下载或打包，并与来源核对大小和校验和",
    ),
    "data.unsafe_archive": Message(
        "{file} is refused: {reason}",
        "拒绝读取 {file}：{reason}",
        "unpack it yourself if you trust it, look at what it holds, and name the plain file",
        "若确信可靠，请自行解压、检查内容后直接指定普通文件",
    ),
    "data.choose_member": Message(
        "{file} holds {count} files: {allowed}",
        "{file} 内含 {count} 个文件：{allowed}",
        "name one of them as if the archive were a folder: {example}",
        "请把压缩包当作目录，指定其中一个：{example}",
    ),
    "data.missing_member": Message(
        "there is no `{found}` in {file}; it holds: {allowed}",
        "{file} 中没有 `{found}`；其中有：{allowed}",
        "nearest: {nearest}",
        "最接近的：{nearest}",
    ),
    "data.unknown_encoding": Message(
        "`{found}` is no text encoding that files with lines can have",
        "`{found}` 不是可用于逐行文本的编码",
        "use auto, or for instance: {allowed}",
        "请用 auto，或例如：{allowed}",
    ),
    "data.encoding_detected": Message(
        "{file} is read as {encoding} ({reason})",
        "{file} 按 {encoding} 读取（{reason}）",
        "say reader.encoding if that is wrong",
        "如不正确，请指定 reader.encoding",
    ),
    "data.undecodable": Message(
        "bytes {bytes} at byte {offset} of the file are not {encoding}",
        "文件第 {offset} 字节处的 {bytes} 不是合法的 {encoding}",
        "say the right reader.encoding (gb18030, latin-1, utf-16, ...) or mend the line",
        "请指定正确的 reader.encoding（gb18030、latin-1、utf-16 等），或修正该行",
    ),
    "data.nul_character": Message(
        "the line holds a NUL character, as files do that were not written to their end",
        "该行含有 NUL 字符，常见于没有写完的文件",
        "fetch or write the file again",
        "请重新下载或生成该文件",
    ),
    "data.line_too_long": Message(
        "the line has more than {limit} characters",
        "该行超过 {limit} 个字符",
        "is this the right reader for the file? If so, raise reader.max_line",
        "读取器选对了吗？若确实如此，请调大 reader.max_line",
    ),
    "data.too_many_rejects": Message(
        "{count} rows cannot be used, {allowed} are allowed (preprocess.max_rejects); {summary}. The first: {first}",
        "{count} 行无法使用，最多允许 {allowed} 行（preprocess.max_rejects）；{summary}。第一条：{first}",
        "mend the rows that {rejects} lists, or raise preprocess.max_rejects",
        "请修正 {rejects} 中列出的各行，或调大 preprocess.max_rejects",
    ),
    "data.missing_column": Message(
        "the line has {found} columns, and column {column} is wanted (separator: {separator})",
        "该行有 {found} 列，需要第 {column} 列（分隔符：{separator}）",
        "check reader.separator, reader.token_column and reader.tag_column; was the file cut off?",
        "请检查 reader.separator、reader.token_column 和 reader.tag_column；文件是否被截断？",
    ),
    "data.empty_token": Message(
        "the token is empty",
        "词元为空",
        "a row is a token, a separator and a tag; a space may be a token",
        "每行应为：词元、分隔符、标签；空格可以作词元",
    ),
    "data.bad_tag": Message(
        "`{found}` is no tag of the scheme {scheme}; allowed: {allowed}",
        "`{found}` 不是 {scheme} 方案的标签；允许：{allowed}",
        "choose the right reader.scheme, reader.tag_column or reader.tag_delimiter",
        "请选择正确的 reader.scheme、reader.tag_column 或 reader.tag_delimiter",
    ),
    "data.broken_tags": Message(
        "`{found}` does not continue what stands before it ({rule})",
        "`{found}` 不能接在它前面的标签之后（{rule}）",
        "mend the tags, or let reader.repair=begin|drop mend them",
        "请修正标签，或用 reader.repair=begin|drop 自动修复",
    ),
    "data.repaired_tags": Message(
        "broken tag sequence mended by the rule {rule} at `{found}`",
        "标签序列在 `{found}` 处不合法，已按规则 {rule} 修复",
    ),
    "data.sentence_too_long": Message(
        "no token outside a span among {limit} tokens in a row: the sentence cannot be cut there",
        "连续 {limit} 个词元都在实体之内，无法切分该句",
        "check the tags; or raise reader.max_tokens",
        "请检查标签；或调大 reader.max_tokens",
    ),
    "data.sentence_cut": Message(
        "a sentence of more than {limit} tokens is given in parts",
        "超过 {limit} 个词元的句子被分段给出",
        "separate sentences by blank lines, or let windows be drawn from the stream",
        "请用空行分隔句子，或从长文本流中取窗口",
    ),
    "data.bad_json": Message(
        "the line is not JSON: {reason}",
        "该行不是合法 JSON：{reason}",
        "one JSON value on each line; was the file cut off?",
        "每行应为一个 JSON 值；文件是否被截断？",
    ),
    "data.not_an_object": Message(
        "a JSON object is wanted, and this is {found}",
        "需要 JSON 对象，这里是 {found}",
        "check that the file and the reader belong together",
        "请检查文件与读取器是否匹配",
    ),
    "data.missing_key": Message(
        "there is no key `{key_wanted}`; found: {found}",
        "没有键 `{key_wanted}`；现有：{found}",
        "nearest: {nearest}. Say the right one as reader.{option}",
        "最接近的：{nearest}。请用 reader.{option} 指定正确的键",
    ),
    "data.missing_spans": Message(
        "there is no key `{key_wanted}`; the text counts as unlabelled (found: {found})",
        "没有键 `{key_wanted}`；该文本按未标注处理（现有：{found}）",
        "nearest: {nearest}. Say the right one as reader.{option}",
        "最接近的：{nearest}。请用 reader.{option} 指定正确的键",
    ),
    "data.bad_text": Message(
        "the text must be a non-empty string without lone surrogates; found {found}",
        "文本必须是非空且不含孤立代理项的字符串；这里是 {found}",
        "mend or remove the row",
        "请修正或删除该行",
    ),
    "data.bad_label": Message(
        "the label must be one string or number; found {found}",
        "类别必须是一个字符串或数字；这里是 {found}",
        "mend the row, or say the right reader.label",
        "请修正该行，或指定正确的 reader.label",
    ),
    "data.bad_spans": Message(
        "the spans are not laid out as expected: {found}",
        "标注跨度的结构不符合预期：{found}",
        "expected: {allowed}",
        "预期：{allowed}",
    ),
    "data.bad_offsets": Message(
        "span [{start}, {end}) of type `{type}` does not lie in a text of {length} characters",
        "类型 `{type}` 的跨度 [{start}, {end}) 超出了长度为 {length} 的文本",
        "check reader.ends (inclusive or exclusive) and reader.offsets",
        "请检查 reader.ends（含或不含末尾）和 reader.offsets",
    ),
    "data.wrong_surface": Message(
        "span [{start}, {end}) is `{found}` in the text, and the annotation says `{expected}`",
        "跨度 [{start}, {end}) 在文本中是 `{found}`，标注却写着 `{expected}`",
        "check reader.ends (inclusive or exclusive) and reader.offsets (characters or utf16)",
        "请检查 reader.ends（含或不含末尾）和 reader.offsets（字符或 utf16）",
    ),
    "data.overlapping_spans": Message(
        "spans overlap: `{first}` and `{second}`",
        "跨度重叠：`{first}` 与 `{second}`",
        "mend the annotation, or choose reader.overlap=longest to keep the longest",
        "请修正标注，或用 reader.overlap=longest 保留最长者",
    ),
    "data.dropped_span": Message(
        "`{second}` is left out, for it overlaps the longer `{first}`",
        "`{second}` 与更长的 `{first}` 重叠，已舍去",
    ),
    "data.duplicate_span": Message(
        "`{first}` is marked more than once; it counts once",
        "`{first}` 被重复标注；只计一次",
    ),
    "data.split_character": Message(
        "offset {offset} falls within a character ({unit})",
        "偏移 {offset} 落在一个字符的中间（{unit}）",
        "say the right reader.offsets: characters, utf16 or utf8",
        "请指定正确的 reader.offsets：characters、utf16 或 utf8",
    ),
}
