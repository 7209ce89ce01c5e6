"""What is counted of prepared data, for the line that sums it up."""

from __future__ import annotations

from tengjia.messages import Message

MESSAGES: dict[str, Message] = {
    "counts.vocabulary": Message("vocabulary {count}", "词表 {count}"),
    "counts.types": Message("types {count}", "类型 {count}"),
    "counts.classes": Message("classes {count}", "类别 {count}"),
    "counts.texts": Message("texts {count}", "文本 {count}"),
    "counts.spans": Message("spans {count}", "片段 {count}"),
    "counts.widened": Message("widened to whole units {count}", "扩展到完整单元 {count}"),
    "counts.lost": Message("lost for touching no unit {count}", "不含任何单元而丢失 {count}"),
    "counts.collided": Message("left out for meeting another {count}", "与相邻片段相撞而略去 {count}"),
    "counts.unseen": Message("of unknown type {count}", "类型未知 {count}"),
    "counts.cut": Message("cut for their length {count}", "因过长而切开 {count}"),
    "counts.shortened": Message("shortened {count}", "截短 {count}"),
    "counts.unknown_class": Message("of unknown class {count}", "类别未知 {count}"),
    "counts.unknown_intent": Message("of unknown intent {count}", "意图未知 {count}"),
    "counts.respelled": Message("labels respelled {count}", "标签改写 {count}"),
    "counts.alone": Message("without context {count}", "缺少上下文 {count}"),
    "counts.scored": Message("scored {count}", "有得分 {count}"),
    "counts.best": Message("with the best score {count}", "得最高分 {count}"),
    "counts.worst": Message("with the least score {count}", "得最低分 {count}"),
    "counts.middling": Message("between {count}", "介于两者之间 {count}"),
    "counts.target_pieces": Message("target pieces {count}", "目标侧词元 {count}"),
    "counts.unknown_target_pieces": Message("unknown target pieces {count}", "目标侧未知词元 {count}"),
}
