"""Words about retrieval."""

from tengjia.messages import Message

_AGAIN = "build the index again"
_AGAIN_ZH = "请重新建立索引"

MESSAGES = {
    "retrieval.other_size": Message(
        "this part of an index has {found} bytes and should have {allowed}",
        "索引的这一部分有 {found} 字节，应为 {allowed} 字节",
        _AGAIN,
        _AGAIN_ZH,
    ),
    "retrieval.bad_index": Message(
        "this is no index that can be read: {found}",
        "无法读取该索引：{found}",
        _AGAIN,
        _AGAIN_ZH,
    ),
    "retrieval.other_format": Message(
        "this index has format {found}; this version reads {allowed}",
        "该索引的格式为 {found}，本版本只能读取 {allowed}",
        _AGAIN,
        _AGAIN_ZH,
    ),
    "retrieval.no_embedder": Message(
        "the index has vectors, and nothing that could give the vector of a question",
        "索引中有向量，却没有能把问题变成向量的部件",
        "give the embedder that the index was built with",
        "请提供建立索引时所用的向量部件",
    ),
}
