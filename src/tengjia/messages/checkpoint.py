"""Words about checkpoints."""

from tengjia.messages import Message

MESSAGES = {
    "checkpoint.damaged": Message(
        "{file} is damaged or missing ({reason} is not what was written)",
        "{file} 已损坏或缺失（{reason} 与写入时不符）",
        "the newest complete checkpoint is used instead; check the disk if this happens again",
        "将改用最新的完整检查点；若反复出现，请检查磁盘",
    ),
    "checkpoint.unknown_format": Message(
        "{file} has format {found}; this version reads format {allowed}",
        "{file} 的格式为 {found}，本版本只支持格式 {allowed}",
        "read it with the version of tengjia that wrote it",
        "请用写出它的 tengjia 版本读取",
    ),
    "checkpoint.walked_back": Message(
        "checkpoint {name} is not used; it was set aside in {folder}",
        "不使用检查点 {name}，已移到 {folder}",
    ),
    "checkpoint.none": Message(
        "{folder} holds no complete checkpoint",
        "{folder} 中没有完整的检查点",
        "train anew with resume=never, or choose another run",
        "请用 resume=never 重新训练，或选择其他运行",
    ),
    "checkpoint.does_not_fit": Message(
        "checkpoint {found} does not fit this model: {reason}",
        "检查点 {found} 与当前模型不匹配：{reason}",
        "use the settings of the run that wrote it, or start anew with resume=never",
        "请使用写出该检查点的运行配置，或用 resume=never 重新开始",
    ),
    "checkpoint.not_written": Message(
        "checkpoint {file} could not be written: {reason}; {free} MiB are free on that disk",
        "检查点 {file} 写入失败：{reason}；该磁盘剩余 {free} MiB",
        "free some space and start the same command with resume=auto: nothing older was lost",
        "请释放磁盘空间后用同一命令加 resume=auto 继续：之前的检查点均未丢失",
    ),
}
