"""Words of `tengjia bundle`, and about exports."""

from tengjia.messages import Message

MESSAGES = {
    "exporting.help_show": Message(
        "the card of a bundle: scores, data, run, modules, labels, files",
        "模型包卡片：得分、数据、运行、模块、标签、文件",
    ),
    "exporting.help_verify": Message(
        "compare every file with its digest, then ask the golden examples again", "逐一核对文件摘要，再重答全部黄金样例"
    ),
    "exporting.help_folder": Message(
        "a folder, or a run: latest, best, its name or its path (default: latest)",
        "文件夹或一次运行：latest、best、运行名或路径（默认 latest）",
    ),
    "exporting.help_app": Message(
        "application of the run (default: that of config_project.yaml)", "运行所属应用（默认取自 config_project.yaml）"
    ),
    "exporting.help_task": Message(
        "task of the run (default: that of config_project.yaml)", "运行所属任务（默认取自 config_project.yaml）"
    ),
    "exporting.help_json": Message("one JSON document, for programs", "输出一个 JSON 文档，供程序读取"),
    "exporting.help_trust": Message(
        "run the code that the bundle brings; read it first", "运行模型包自带的代码；请先阅读"
    ),
    "exporting.help_device": Message("where to compute: cpu, cuda, ...", "计算设备：cpu、cuda 等"),
    "exporting.help_tolerance": Message("how far a score may be off", "得分允许的偏差"),
    "exporting.no_bundle": Message(
        "`{found}` is neither a bundle nor a run",
        "`{found}` 既不是模型包，也不是一次运行",
        "give the folder of a bundle, or inside a project the name of a run, latest or best",
        "请给出模型包文件夹；在项目内也可给出运行名、latest 或 best",
    ),
    "exporting.base_task": Message("base task", "基础任务"),
    "exporting.run": Message("run", "运行"),
    "exporting.folder": Message("folder", "文件夹"),
    "exporting.digest": Message("digest", "摘要"),
    "exporting.version": Message("Tengjia", "Tengjia 版本"),
    "exporting.weights": Message("weights", "权重数"),
    "exporting.labels": Message("labels", "标签"),
    "exporting.golden": Message("golden examples", "黄金样例"),
    "exporting.raw_text": Message("raw text", "原始文本"),
    "exporting.own_code": Message("own code", "自带代码"),
    "exporting.size": Message("size", "大小"),
    "exporting.scores": Message("scores", "得分"),
    "exporting.data": Message("data", "数据"),
    "exporting.modules": Message("modules", "模块"),
    "exporting.files": Message("files", "文件"),
    "exporting.none": Message("none", "无"),
    "exporting.labels_in": Message("{labels} (scheme {scheme})", "{labels}（标注体系 {scheme}）"),
    "exporting.golden_of": Message("{count}, from: {source}", "{count} 个，来源：{source}"),
    "exporting.raw_text_inside": Message(
        "INSIDE: the golden examples are texts of the corpus; treat the bundle like the corpus",
        "有：黄金样例是语料原文，请像对待语料一样对待该模型包",
    ),
    "exporting.no_raw_text": Message("none of the corpus", "不含语料原文"),
    "exporting.code_inside": Message(
        "{found}; run only when trusted (--trust-code)", "{found}；仅在信任时运行（--trust-code）"
    ),
    "exporting.size_of": Message("{size} in {count} files", "{size}，共 {count} 个文件"),
    "exporting.files_right": Message(
        "{count} files, {size}: names, sizes and SHA-256 are right",
        "{count} 个文件，{size}：文件名、大小与 SHA-256 全部正确",
    ),
    "exporting.golden_right": Message(
        "{count} golden examples are answered as on the day the bundle was written",
        "{count} 个黄金样例的答案与写入时一致",
    ),
    "exporting.no_golden": Message(
        "the bundle holds no golden examples (golden.source=none): only its files could be verified",
        "模型包不含黄金样例（golden.source=none）：只能核对文件",
    ),
}
