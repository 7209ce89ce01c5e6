"""What `tengjia store --help` says of actions and options."""

from __future__ import annotations

from tengjia.messages import Message

MESSAGES = {
    "store_help.place": Message(
        "where the store lies: a folder, s3://..., https://... (default: TENGJIA_STORE, the project, ~/.tengjia/store)",
        "仓库位置：文件夹、s3://…、https://…（默认：TENGJIA_STORE、项目设置、~/.tengjia/store）",
    ),
    "store_help.ls": Message(
        "list the models, or the versions of one",
        "列出模型，或某个模型的版本",
    ),
    "store_help.show": Message(
        "show a version: its files, notes, and where it came from",
        "显示一个版本：文件、备注与来源",
    ),
    "store_help.push": Message(
        "put a folder into a version",
        "把文件夹推送为一个版本",
    ),
    "store_help.pull": Message(
        "make a folder that holds a version, every byte verified",
        "拉取一个版本到文件夹，逐字节校验",
    ),
    "store_help.publish": Message(
        "make a version immutable",
        "发布版本，此后不可更改",
    ),
    "store_help.alias": Message(
        "point an alias at a version; without a version tell where it was",
        "让别名指向某个版本；不给版本则显示历史",
    ),
    "store_help.tag": Message(
        "add and remove tags of a version",
        "增删版本的标签",
    ),
    "store_help.note": Message(
        "write a note on a version",
        "为版本写备注",
    ),
    "store_help.diff": Message(
        "tell what differs between two versions",
        "比较两个版本",
    ),
    "store_help.log": Message(
        "tell everything that happened to a model",
        "显示模型的全部变更记录",
    ),
    "store_help.remove": Message(
        "remove a version; its contents go with a later gc",
        "删除一个版本；其内容由之后的 gc 回收",
    ),
    "store_help.visibility": Message(
        "let everybody read a model through a server, or only those with a token",
        "通过服务器公开模型，或仅限持有令牌者读取",
    ),
    "store_help.quota": Message(
        "limit the size of all versions of a model",
        "限制模型全部版本的总大小",
    ),
    "store_help.verify": Message(
        "look whether every log, version and content is whole",
        "检查全部日志、版本与内容是否完整",
    ),
    "store_help.gc": Message(
        "take away what nothing refers to; safe beside writers and readers",
        "回收无人引用的内容；可与读写同时进行",
    ),
    "store_help.token": Message(
        "list, make, remove tokens for clients of a server",
        "列出、创建、删除客户端令牌",
    ),
    "store_help.serve": Message(
        "serve the store to other machines",
        "向其他机器提供仓库",
    ),
    "store_help.json": Message(
        "for programs",
        "供程序使用的 JSON",
    ),
    "store_help.raw_text": Message(
        "texts of a corpus that are inside may be public",
        "其中的语料原文可以公开",
    ),
    "store_help.exclude": Message(
        "leave out paths like this; can be repeated",
        "排除匹配的路径；可重复",
    ),
    "store_help.with_note": Message(
        "a note on the version",
        "版本备注",
    ),
    "store_help.publish_too": Message(
        "publish it at once",
        "同时发布",
    ),
    "store_help.alias_too": Message(
        "point this alias at it",
        "同时让该别名指向它",
    ),
    "store_help.replace": Message(
        "replace a folder that holds something else",
        "替换内容不同的文件夹",
    ),
    "store_help.alias_remove": Message(
        "take the alias away",
        "移除该别名",
    ),
    "store_help.even_published": Message(
        "though it is published; its name is never given again",
        "即使已发布；其名称不再使用",
    ),
    "store_help.quota_gib": Message(
        "GiB that all versions together may hold; none given: no limit",
        "全部版本合计的 GiB 上限；不给则不限",
    ),
    "store_help.quick": Message(
        "only names and sizes; read no content",
        "只看名称与大小，不读取内容",
    ),
    "store_help.dry_run": Message(
        "only tell what would be done",
        "只显示将要做什么",
    ),
    "store_help.token_model": Message(
        "pattern of models that it is for; can be repeated (default: all)",
        "令牌适用的模型匹配模式；可重复（默认全部）",
    ),
    "store_help.token_days": Message(
        "for how many days it is valid (default: until it is removed)",
        "有效天数（默认直到删除）",
    ),
    "store_help.token_note": Message(
        "whose it is",
        "令牌的持有者",
    ),
    "store_help.host": Message(
        "address to listen at; other than this machine only with a certificate",
        "监听地址；非本机须有证书",
    ),
    "store_help.certificate": Message(
        "PEM file with the certificate chain",
        "证书链的 PEM 文件",
    ),
    "store_help.key": Message(
        "PEM file with the private key",
        "私钥的 PEM 文件",
    ),
    "store_help.insecure": Message(
        "listen to other machines without TLS: only behind a proxy that speaks it",
        "不用 TLS 监听其他机器：仅限于提供 TLS 的代理之后",
    ),
    "store_help.connections": Message(
        "how many clients at once",
        "同时连接数上限",
    ),
    "store_help.largest": Message(
        "GiB that one file may have",
        "单个文件的 GiB 上限",
    ),
}
