"""Words about the model store."""

from tengjia.messages import Message

_VERIFY = (
    "look what else is touched with `tengjia store verify`; restore the file from a backup, or push the version again"
)
_VERIFY_ZH = "请用 `tengjia store verify` 查看影响范围；从备份恢复该文件，或重新推送该版本"
_NAME = "letters, digits, `.`, `_`, `-` (versions also `+`), at most 100, no `..`, no device name of Windows"
_NAME_ZH = "只能用字母、数字、`.`、`_`、`-`（版本还可用 `+`），最长 100，不含 `..`，也不能是 Windows 设备名"

MESSAGES = {
    "store.bad_name": Message(
        "`{found}` is not a valid {kind} name",
        "`{found}` 不是合法的{kind}名称",
        _NAME,
        _NAME_ZH,
    ),
    "store.reserved_name": Message(
        "`{found}` stands for the version that was pushed last, so it is no {kind} name",
        "`{found}` 表示最近推送的版本，不能作为{kind}名称",
        "choose another name",
        "请换一个名称",
    ),
    "store.bad_path": Message(
        "`{found}` cannot be the path of a file in a version",
        "`{found}` 不能作为版本中的文件路径",
        "relative, with `/`; letters and digits of any script (NFC), blanks and `._-+=@,()`; no hidden file; rename it, or leave it out with exclude",
        "须为相对路径，以 `/` 分隔；可用任何文字的字母与数字（NFC）、空格和 `._-+=@,()`；不能是隐藏文件；请重命名，或用 exclude 排除",
    ),
    "store.bad_digest": Message(
        "`{found}` is no SHA-256",
        "`{found}` 不是 SHA-256",
        "64 lower-case hexadecimal digits",
        "应为 64 位小写十六进制",
    ),
    "store.bad_note": Message(
        "a note is a text of at most {limit} characters without control characters",
        "备注须为不超过 {limit} 个字符且不含控制字符的文本",
        "shorten it, or put it into a file of the version",
        "请缩短，或作为文件放入该版本",
    ),
    "store.bad_place": Message(
        "`{found}` is no place for a store",
        "`{found}` 不能作为仓库位置",
        "a folder, s3://bucket/folder, or https://host:port",
        "应为文件夹、s3://bucket/folder 或 https://host:port",
    ),
    "store.no_place": Message(
        "there is no folder {found}",
        "没有文件夹 {found}",
        "check the path; a new store is made by the first push into it",
        "请检查路径；首次推送会新建仓库",
    ),
    "store.not_a_store": Message(
        "{found} is not empty and holds no store",
        "{found} 不为空，也不是仓库",
        "name an empty or new folder",
        "请指定空文件夹或新文件夹",
    ),
    "store.no_links": Message(
        "{file} is on a file system without hard links ({reason}): two writers could not be told apart there",
        "{file} 所在的文件系统不支持硬链接（{reason}），无法区分同时写入者",
        "put the store on another file system, or behind `tengjia store serve`",
        "请把仓库放到其他文件系统，或用 `tengjia store serve` 提供访问",
    ),
    "store.no_exclusive_write": Message(
        "{found} cannot create a file only if it is absent, so several writers could undo one another: it is read only here",
        "{found} 不支持“仅在不存在时创建”，多个写入者会互相覆盖：此处只能读取",
        "write through `tengjia store serve`, or use a folder or s3://",
        "请通过 `tengjia store serve` 写入，或使用文件夹或 s3://",
    ),
    "store.no_protocol": Message(
        "{found} needs a package that is not installed: {reason}",
        "{found} 需要尚未安装的软件包：{reason}",
        "pip install 'tengjia[store]', or the fsspec package of that protocol",
        "请执行 pip install 'tengjia[store]'，或安装该协议的 fsspec 软件包",
    ),
    "store.no_space": Message(
        "{file} could not be written: {reason}",
        "{file} 写入失败：{reason}",
        "free some space (`tengjia store gc`) and do it again: nothing of it can be seen, and nothing older was lost",
        "请释放空间（`tengjia store gc`）后重试：未完成的内容不可见，原有内容均未丢失",
    ),
    "store.system": Message(
        "the system refuses {file}: {reason}",
        "系统拒绝访问 {file}：{reason}",
        "check the disk, the permissions, the network, and do it again: nothing older was lost",
        "请检查磁盘、权限和网络后重试：原有内容均未丢失",
    ),
    "store.damaged": Message(
        "{found} is damaged: it is not what was written", "{found} 已损坏：与写入时不一致", _VERIFY, _VERIFY_ZH
    ),
    "store.missing_object": Message("the content {found} is missing", "缺少内容 {found}", _VERIFY, _VERIFY_ZH),
    "store.restored": Message(
        "the content {digest} is needed again and was taken back from the trash",
        "内容 {digest} 再次被引用，已从回收区取回",
    ),
    "store.strange_key": Message(
        "{found} does not belong into a store",
        "{found} 不属于仓库",
        "remove it if you put it there",
        "如果是你放进去的，请删除",
    ),
    "store.not_a_file": Message(
        "{found} is a link, a folder or a special file, where only a plain file can be",
        "{found} 是链接、文件夹或特殊文件，此处只能是普通文件",
        "copy the files with links resolved (cp -rL)",
        "请解引用链接后复制（cp -rL）",
    ),
    "store.not_a_folder": Message(
        "{found} is no plain folder", "{found} 不是普通文件夹", "name another folder", "请指定其他文件夹"
    ),
    "store.folder_in_the_way": Message(
        "{folder} is not empty and holds something else",
        "{folder} 不为空，且内容不同",
        "name another folder, or say replace=True (--replace)",
        "请指定其他文件夹，或使用 replace=True（--replace）",
    ),
    "store.other_format": Message(
        "the store has format {found}; this version of Tengjia reads {allowed}",
        "仓库格式为 {found}；当前 Tengjia 可读 {allowed}",
        "install a newer Tengjia",
        "请安装更新的 Tengjia",
    ),
    "store.no_model": Message(
        "there is no model `{found}` in {place}{nearest:;}",
        "{place} 中没有模型 `{found}`{nearest:;}",
        "`tengjia store ls` lists all",
        "`tengjia store ls` 列出全部模型",
    ),
    "store.no_version": Message(
        "the model `{model}` has no version or alias `{found}`{nearest:;}",
        "模型 `{model}` 没有版本或别名 `{found}`{nearest:;}",
        "`tengjia store ls {model}` lists all",
        "`tengjia store ls {model}` 列出全部版本",
    ),
    "store.no_file": Message("there is no file {found}", "没有文件 {found}", "check the path", "请检查路径"),
    "store.no_such_file": Message(
        "version {version} of `{model}` has no file `{found}`",
        "`{model}` 的版本 {version} 没有文件 `{found}`",
        "`tengjia store show {model} {version}` lists its files",
        "`tengjia store show {model} {version}` 列出其文件",
    ),
    "store.nothing_to_push": Message(
        "there is no file to push in {found}",
        "{found} 中没有可推送的文件",
        "empty folders are not kept; check the path and what is left out",
        "空文件夹不会保存；请检查路径与排除规则",
    ),
    "store.nothing_left": Message(
        "no file would be left in version {version} of `{model}`",
        "`{model}` 的版本 {version} 将不剩任何文件",
        "remove the version instead",
        "请改为删除该版本",
    ),
    "store.changed_meanwhile": Message(
        "{file} changed while it was read",
        "{file} 在读取过程中被改动",
        "wait until its writer is done and push again; nothing was changed in the store",
        "请等待写入完成后重新推送；仓库没有任何改变",
    ),
    "store.too_many_files": Message(
        "{found} files; a version holds at most {limit}",
        "{found} 个文件；一个版本最多 {limit} 个",
        "pack small files together",
        "请把小文件打包",
    ),
    "store.too_large": Message(
        "{found} is larger than {limit} bytes",
        "{found} 超过 {limit} 字节",
        "put large things into a file of the version",
        "请把大内容作为文件放入版本",
    ),
    "store.case_clash": Message(
        "`{found}` and `{other}` are one name where cases are not told apart",
        "`{found}` 与 `{other}` 在不区分大小写的系统上是同一个名称",
        "use the name that is there already, or another",
        "请使用已有的名称，或换一个",
    ),
    "store.published": Message(
        "version {found} of `{model}` is published and cannot change",
        "`{model}` 的版本 {found} 已发布，不能再改动",
        "push under another version",
        "请推送为另一个版本",
    ),
    "store.conflict": Message(
        "another writer changed version {found} of `{model}` meanwhile",
        "期间另一写入者改动了 `{model}` 的版本 {found}",
        "look at what is there now, and push again",
        "请查看当前内容后重新推送",
    ),
    "store.busy": Message(
        "too many writers change `{model}` at once",
        "同时改动 `{model}` 的写入者过多",
        "try again",
        "请重试",
    ),
    "store.name_used": Message(
        "a published version `{found}` of `{model}` was removed; its name is not given again",
        "`{model}` 的已发布版本 `{found}` 已被删除，其名称不再使用",
        "choose another version",
        "请换一个版本名",
    ),
    "store.name_is_alias": Message(
        "`{found}` is an alias of `{model}`",
        "`{found}` 是 `{model}` 的别名",
        "choose another version",
        "请换一个版本名",
    ),
    "store.name_is_version": Message(
        "`{found}` is a version of `{model}`",
        "`{found}` 是 `{model}` 的版本",
        "choose another alias",
        "请换一个别名",
    ),
    "store.still_aliased": Message(
        "version {found} is what the alias {alias} points at",
        "别名 {alias} 正指向版本 {found}",
        "point the alias at another version first",
        "请先将别名指向其他版本",
    ),
    "store.quota": Message(
        "`{model}` would hold {found} bytes; its quota is {limit}",
        "`{model}` 将占用 {found} 字节；其配额为 {limit}",
        "remove old versions, or ask for a larger quota",
        "请删除旧版本，或申请更大的配额",
    ),
    "store.raw_text": Message(
        "{found} holds texts of a corpus, and `{model}` is public",
        "{found} 含有语料原文，而 `{model}` 是公开的",
        "train with golden.source=sample or none; or, if these texts may be public, say raw_text=True (--raw-text)",
        "请用 golden.source=sample 或 none 训练；若原文可以公开，请使用 raw_text=True（--raw-text）",
    ),
    "store.bad_event": Message(
        "the log of `{model}` cannot go on with this: {found}",
        "`{model}` 的日志不接受：{found}",
        "use the same version of Tengjia everywhere; `tengjia store verify` tells whether the log is whole",
        "请统一使用相同版本的 Tengjia；`tengjia store verify` 可检查日志是否完整",
    ),
    "store.no_snapshot": Message(
        "no snapshot of `{model}` could be written ({reason}); only speed is lost",
        "未能写入 `{model}` 的快照（{reason}）；仅影响速度",
    ),
    "store.bad_order": Message(
        "`{found}` is no order of files; there are: {allowed}",
        "`{found}` 不是文件的排序方式；可选：{allowed}",
        "choose one of them",
        "请选择其中之一",
    ),
    "store.delete_what": Message(
        "say either files or delete_all=True (version {version} of `{model}`)",
        "请在 files 与 delete_all=True 中二选一（`{model}` 的版本 {version}）",
        "nothing was deleted",
        "没有删除任何内容",
    ),
    "store.not_confirmed": Message(
        "deleting from version {version} of `{model}` was not confirmed",
        "尚未确认从 `{model}` 的版本 {version} 删除",
        "say confirm=False once you have asked whom it concerns: a library does not ask at the keyboard",
        "确认后请使用 confirm=False：库不会在键盘上询问",
    ),
    "store.bad_scope": Message(
        "`{found}` is no scope of a token; there are: {allowed}",
        "`{found}` 不是令牌的权限范围；可选：{allowed}",
        "each may do what those before it may",
        "后者包含前者的权限",
    ),
    "store.bad_pattern": Message(
        "`{found}` is no pattern of model names",
        "`{found}` 不是模型名称的匹配模式",
        "letters, digits, `.`, `_`, `-`, with `*` and `?`",
        "只能用字母、数字、`.`、`_`、`-` 以及 `*` 和 `?`",
    ),
    "store.no_token": Message(
        "there is no token with the id `{found}`",
        "没有 id 为 `{found}` 的令牌",
        "`tengjia store token ls` lists all",
        "`tengjia store token ls` 列出全部令牌",
    ),
    "store.unauthorized": Message(
        "a valid token is needed",
        "需要有效的令牌",
        "set TENGJIA_STORE_TOKEN to one that the owner of the store made (`tengjia store token add`)",
        "请把 TENGJIA_STORE_TOKEN 设为仓库所有者创建的令牌（`tengjia store token add`）",
    ),
    "store.forbidden": Message(
        "this token may not do that: {found} {model}",
        "该令牌没有此权限：{found} {model}",
        "ask the owner of the store for a token with that scope",
        "请向仓库所有者申请具有该权限的令牌",
    ),
    "store.open_line": Message(
        "a token does not go over an open line: {found}",
        "令牌不会通过未加密的线路发送：{found}",
        "use https://",
        "请使用 https://",
    ),
    "store.no_certificate": Message(
        "other machines could reach {found}, and there is no certificate",
        "其他机器可以访问 {found}，但没有证书",
        "give --certificate FILE and --key FILE; or --insecure, only behind a proxy that speaks TLS",
        "请提供 --certificate 与 --key；只有在提供 TLS 的代理之后才可用 --insecure",
    ),
    "store.bad_certificate": Message(
        "the certificate of {found} cannot be used: {reason}",
        "无法使用 {found} 的证书：{reason}",
        "check the file, its dates and its names; for an authority of your own set TENGJIA_STORE_CA to its PEM file",
        "请检查文件、有效期与名称；自建 CA 请把 TENGJIA_STORE_CA 设为其 PEM 文件",
    ),
    "store.no_route": Message(
        "the server does not know this request",
        "服务器不认识该请求",
        "use the same version of Tengjia",
        "请使用相同版本的 Tengjia",
    ),
    "store.server_fault": Message(
        "the server could not do it",
        "服务器未能完成该请求",
        "its log tells why; nothing older was lost",
        "原因见服务器日志；原有内容均未丢失",
    ),
    "store.strange_answer": Message(
        "{found} gave an answer that no store gives (status {status})",
        "{found} 的回答不像仓库服务器（状态 {status}）",
        "check the address; a proxy in between may answer for it",
        "请检查地址；中间的代理可能代为应答",
    ),
    "store.unreachable": Message(
        "{found} cannot be reached: {reason}",
        "无法连接 {found}：{reason}",
        "check address and network and do it again: what was received is kept",
        "请检查地址与网络后重试：已接收的内容会保留",
    ),
    "store.moved_on": Message("`{model}` changed meanwhile", "期间 `{model}` 已有变化", "do it again", "请重试"),
    "store.upload_cut": Message(
        "the content {found} ended too early", "内容 {found} 提前结束", "send it again", "请重新发送"
    ),
    "store.upload_differs": Message(
        "the content {found} is not what its name says",
        "内容 {found} 与其名称不符",
        "send it again; nothing of it was kept",
        "请重新发送；未保留任何部分",
    ),
    "store.empty": Message(
        "no models in {place}",
        "{place} 中没有模型",
    ),
    "store.more": Message(
        "... and {count} more files",
        "……另有 {count} 个文件",
    ),
    "store.holds_raw_text": Message(
        "holds texts of a corpus",
        "含有语料原文",
    ),
    "store.pushed": Message(
        "pushed {model} {version}: {files} files, {size}",
        "已推送 {model} {version}：{files} 个文件，{size}",
    ),
    "store.pulled": Message(
        "pulled {model} {version} to {folder}: {files} files, {size}, verified",
        "已拉取 {model} {version} 到 {folder}：{files} 个文件，{size}，已校验",
    ),
    "store.was_published": Message(
        "{model} {version} is published: {files} files, {size}",
        "{model} {version} 已发布：{files} 个文件，{size}",
    ),
    "store.was_removed": Message(
        "{model} {version} is removed",
        "{model} {version} 已删除",
    ),
    "store.same_files": Message(
        "{count} files are the same",
        "{count} 个文件相同",
    ),
    "store.verified": Message(
        "{models} models, {versions} versions, {objects} contents, {size} read: {problems} problems",
        "{models} 个模型，{versions} 个版本，{objects} 项内容，读取 {size}：{problems} 个问题",
    ),
    "store.would_collect": Message(
        "would keep {kept}, wait for {young}, put {trashed} into the trash ({trashed_size}), delete {freed} ({freed_size})",
        "将保留 {kept} 项，等待 {young} 项，移入回收区 {trashed} 项（{trashed_size}），删除 {freed} 项（{freed_size}）",
    ),
    "store.collected": Message(
        "kept {kept}, waiting for {young}, put {trashed} into the trash ({trashed_size}), deleted {freed} ({freed_size})",
        "保留 {kept} 项，等待 {young} 项，移入回收区 {trashed} 项（{trashed_size}），已删除 {freed} 项（{freed_size}）",
    ),
    "store.token_made": Message(
        "token {id}; this is its secret, shown only now:",
        "令牌 {id}；以下密钥只显示这一次：",
    ),
    "store.serving": Message(
        "serving {place} at {url}",
        "正在 {url} 提供 {place}",
    ),
    "store.stopped": Message(
        "stopped",
        "已停止",
    ),
    "store.state_published": Message(
        "published",
        "已发布",
    ),
    "store.state_draft": Message(
        "draft",
        "草稿",
    ),
    "store.only_there": Message(
        "{found} is a server: this is for whoever owns the store",
        "{found} 是服务器：该操作只能由仓库所有者执行",
        "do it on the machine where the store lies",
        "请在仓库所在的机器上执行",
    ),
    "store.publish_nothing": Message(
        "`{key}` is set, but not `publish.model`: nothing would be published",
        "设置了 `{key}`，但没有设置 `publish.model`：不会发布任何内容",
        "set publish.model to the name that the model shall have in the store",
        "请把 publish.model 设为模型在仓库中的名称",
    ),
    "store.not_published": Message(
        "the bundle is whole in {folder}, but it is not in the store: {reason}\n  push it by hand: {command}",
        "模型包完好地保存在 {folder}，但未能进入仓库：{reason}\n  请手动推送：{command}",
    ),
    "store.run_published": Message(
        "published as {model} {version} in {place}",
        "已发布为 {place} 中的 {model} {version}",
    ),
    "store.kind_model": Message("model", "模型"),
    "store.kind_version": Message("version", "版本"),
    "store.kind_alias": Message("alias", "别名"),
    "store.kind_tag": Message("tag", "标签"),
}
