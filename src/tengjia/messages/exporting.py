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
    "exporting.help_export": Message(
        "write the model as a folder that answers without torch, if it answers the same",
        "导出为不依赖 torch 的文件夹；答案不一致则不写出",
    ),
    "exporting.help_to": Message("format of the export", "导出格式"),
    "exporting.help_target": Message(
        "where to write; an older export there is replaced", "写到哪里；该处的旧导出会被替换"
    ),
    "exporting.help_int8": Message(
        "store linear layers in 8 bits: smaller, quicker; entities must stay the same, scores may move",
        "线性层以 8 位整数存储：更小更快；实体必须一致，得分可以变动",
    ),
    "exporting.help_opset": Message("operator set of ONNX", "ONNX 算子集版本"),
    "exporting.help_score": Message(
        "how far a score may be off (default: 0.001; with --int8 any)",
        "得分允许的偏差（默认 0.001；使用 --int8 时不限）",
    ),
    "exporting.written": Message(
        "written: {folder} ({precision}, operator set {opset}), {size}; the weights of the bundle: {before}",
        "已写出：{folder}（{precision}，算子集 {opset}），{size}；模型包权重：{before}",
    ),
    "exporting.parity": Message(
        "{what}: {texts} texts, {entities} entities, {count} texts answered otherwise; scores off by {largest:.6f} at most, "
        "{mean:.6f} on average; {statuses} entities on the other side of the border of confirmed",
        "{what}：{texts} 个文本，{entities} 个实体，{count} 个文本答案不同；得分最大偏差 {largest:.6f}，"
        "平均 {mean:.6f}；{statuses} 个实体越过确认分界",
    ),
    "exporting.on_golden": Message("golden examples", "黄金样例"),
    "exporting.on_long": Message("long texts, in windows", "长文本（分窗）"),
    "exporting.speed": Message(
        "a text alone takes {after:.2f} ms; the bundle takes {before:.2f} ms",
        "单个文本耗时 {after:.2f} 毫秒；模型包为 {before:.2f} 毫秒",
    ),
    "exporting.differs": Message(
        "the export answers {count} of {total} texts otherwise than the bundle, so nothing was written; text {number} "
        "`{found}`: {how}",
        "导出模型对 {total} 个文本中的 {count} 个答案与模型包不同，因此没有写出；第 {number} 个文本 `{found}`：{how}",
        "(- the bundle, + the export) without --int8 if it was given; else allow more with --tolerance, if the scores alone "
        "differ, or report it with the bundle",
        "（- 为模型包，+ 为导出）若使用了 --int8 请去掉；若只是得分不同，可用 --tolerance 放宽，否则请附上模型包反馈给我们",
    ),
    "exporting.missing_package": Message(
        "the package {found} is not installed",
        "未安装软件包 {found}",
        'pip install "tengjia[onnx]"',
        '请运行 pip install "tengjia[onnx]"',
    ),
    "exporting.opset": Message(
        "no operator set {found}; allowed: {allowed}",
        "不支持算子集 {found}；可选：{allowed}",
        "leave --opset out unless the program that will run the graph asks for one",
        "除非运行该图的程序有要求，否则不必指定 --opset",
    ),
    "exporting.format": Message(
        "no format `{found}`; there is: {allowed}",
        "没有格式 `{found}`；可选：{allowed}",
        "example: tengjia bundle export best --to onnx exported",
        "例：tengjia bundle export best --to onnx exported",
    ),
    "exporting.occupied": Message(
        "there is something here that is no export",
        "此处已有内容，且不是导出结果",
        "name a folder that does not exist yet",
        "请指定一个尚不存在的文件夹",
    ),
    "exporting.inside": Message(
        "an export cannot stand inside the bundle that it is made of",
        "导出结果不能放在其来源模型包之内",
        "name a folder beside it: a bundle holds what its filelist.txt lists, and nothing else",
        "请指定模型包之外的文件夹：模型包只能包含 filelist.txt 所列的文件",
    ),
    "exporting.too_large": Message(
        "the weights have {found} bytes; a graph in one file can hold {limit}",
        "权重共 {found} 字节；单个图文件最多 {limit} 字节",
        "serve the bundle itself",
        "请直接使用模型包提供服务",
    ),
    "exporting.not_exportable": Message(
        "the model cannot be written as an ONNX graph: {found}",
        "该模型无法写成 ONNX 图：{found}",
        "a model of your own may use only what torch.export can trace (no Python `if` on values of tensors)",
        "自有模型只能使用 torch.export 能追踪的操作（不能用 Python 的 `if` 判断张量的值）",
    ),
    "exporting.nothing_to_quantise": Message(
        "the model has neither linear layers besides the last nor large embeddings: 8 bits would win nothing",
        "该模型除最后一层外没有线性层，也没有大的嵌入表：8 位量化没有收益",
        "leave --int8 out; it is for encoders (bert_*, transformer_crf)",
        "请去掉 --int8；它适用于编码器（bert_*、transformer_crf）",
    ),
    "exporting.own_tokenizer": Message(
        "{found} is code of the project, which an export does not carry",
        "{found} 是项目自有代码，导出结果不携带代码",
        "move the tokenizer into a plugin, or serve the bundle itself",
        "请把该分词器做成插件，或直接使用模型包提供服务",
    ),
    "exporting.other_task": Message(
        "there is no export for `{found}`; there is one for: {allowed}",
        "`{found}` 不支持导出；支持：{allowed}",
        "serve the bundle itself",
        "请直接使用模型包提供服务",
    ),
    "exporting.absent": Message(
        "there is no export here",
        "此处没有导出结果",
        "tengjia bundle export FOLDER|RUN --to onnx DIR",
        "请运行 tengjia bundle export 文件夹|运行 --to onnx 目标文件夹",
    ),
    "exporting.bad_descriptor": Message(
        "the descriptor is not as it must be: {found}",
        "描述文件不正确：{found}",
        "export the bundle again",
        "请重新导出模型包",
    ),
    "exporting.bad_graph": Message(
        "onnxruntime cannot use the graph: {found}",
        "onnxruntime 无法使用该图：{found}",
        "export the bundle again; compare the version of onnxruntime with that of the machine that exported it",
        "请重新导出模型包，并对比两台机器的 onnxruntime 版本",
    ),
    "exporting.unfit": Message(
        "graph, decoder and encoding do not fit one another: {found}",
        "图、解码器与编码互不匹配：{found}",
        "export the bundle again",
        "请重新导出模型包",
    ),
}
