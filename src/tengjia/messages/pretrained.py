"""Words about objects that save and load themselves, and about where models come from."""

from tengjia.messages import Message

_AGAIN = "save it again, or fetch it again"
_AGAIN_ZH = "请重新保存，或重新下载"

MESSAGES = {
    "pretrained.bad_value": Message(
        "a config cannot hold a `{found}`; it can hold {allowed}",
        "配置无法保存 `{found}` 类型的值；可保存的类型：{allowed}",
        "pass a plain value, give the class `ConfigMixin` as a base, or mark the parameter `Ignore`",
        "请改传普通数值，或让该类继承 `ConfigMixin`，或把该参数标注为 `Ignore`",
    ),
    "pretrained.bad_text": Message(
        "the text {found} cannot be written as UTF-8",
        "文本 {found} 无法以 UTF-8 写出",
        "it holds half of a surrogate pair: read it again with the right encoding",
        "其中含有不成对的代理字符：请用正确的编码重新读取",
    ),
    "pretrained.too_deep": Message(
        "nested deeper than {limit} levels, or a container that holds itself",
        "嵌套超过 {limit} 层，或容器包含了自身",
        "pass a flatter value, or mark the parameter `Ignore`",
        "请减少嵌套层数，或把该参数标注为 `Ignore`",
    ),
    "pretrained.inside_itself": Message(
        "the `{found}` holds itself",
        "`{found}` 对象包含了自身",
        "mark the parameter that leads back `Ignore`",
        "请把指回自身的参数标注为 `Ignore`",
    ),
    "pretrained.not_a_constructor": Message(
        "`@save_config` records constructors, and `{found}` is none",
        "`@save_config` 只能用于构造函数，`{found}` 不是",
        "put it above `def __init__`",
        "请把它写在 `def __init__` 上方",
    ),
    "pretrained.reserved_name": Message(
        "a parameter cannot be called `{found}`: names with two underscores on both sides mean something in a config",
        "参数不能命名为 `{found}`：首尾双下划线的名称在配置中另有含义",
        "rename the parameter",
        "请重命名该参数",
    ),
    "pretrained.not_a_mixin": Message(
        "`@save_config` stands on `{found}`, which is no ConfigMixin class",
        "`@save_config` 用在了 `{found}` 上，但它不是 ConfigMixin 的子类",
        "write `class {found}(ConfigMixin)`, or use wrap_config_mixin",
        "请写成 `class {found}(ConfigMixin)`，或使用 wrap_config_mixin",
    ),
    "pretrained.not_recorded": Message(
        "the constructor of `{found}` does not record its arguments, so there is nothing to save",
        "`{found}` 的构造函数没有记录参数，无内容可保存",
        "put `@save_config` above its `__init__`, or use wrap_config_mixin",
        "请在其 `__init__` 上方加 `@save_config`，或使用 wrap_config_mixin",
    ),
    "pretrained.not_a_class": Message(
        "{found} is no class",
        "{found} 不是类",
        "wrap the class, not an object or a function",
        "请包装类本身，而不是对象或函数",
    ),
    "pretrained.bad_name": Message(
        "`{found}` cannot be the name of a folder or file: letters, digits, `.`, `_`, `-`",
        "`{found}` 不能作为文件夹名或文件名：只能用字母、数字、`.`、`_`、`-`",
        "set `__prefix__`, `__weight__` or `__save_name__` to such a name",
        "请把 `__prefix__`、`__weight__` 或 `__save_name__` 设为合法名称",
    ),
    "pretrained.exists": Message(
        "something was saved here already",
        "此处已有保存的内容",
        "choose another folder, or say overwrite=True",
        "请另选文件夹，或加上 overwrite=True",
    ),
    "pretrained.no_source": Message(
        "the file that defines `{found}` cannot be carried",
        "无法携带定义 `{found}` 的文件",
        "put the class into a module of its own, not into a notebook or the main program",
        "请把该类放入单独的模块，而不是笔记本或主程序中",
    ),
    "pretrained.bad_weights": Message(
        "weights are tensors of torch, or arrays of numbers of numpy, by name; found {found}",
        "权重应为按名称存放的 torch 张量或 numpy 数值数组；实为 {found}",
        "give from `state_dict` tensors only, or override `_save_checkpoint` and `_load_checkpoint`",
        "请让 `state_dict` 只返回张量，或重写 `_save_checkpoint` 与 `_load_checkpoint`",
    ),
    "pretrained.no_folder": Message(
        "there is no such folder", "没有这个文件夹", "give the folder that was saved to", "请给出保存时所用的文件夹"
    ),
    "pretrained.no_config": Message("the config `{found}` is missing", "缺少配置 `{found}`", _AGAIN, _AGAIN_ZH),
    "pretrained.no_class": Message(
        "the config names no class (`__module__`)",
        "配置没有写明类（`__module__`）",
        "load what `save_pretrained` wrote",
        "请加载由 `save_pretrained` 保存的内容",
    ),
    "pretrained.bad_config": Message(
        "this is nothing that was written by `save_pretrained`: {found}",
        "这不是 `save_pretrained` 写出的内容：{found}",
        _AGAIN,
        _AGAIN_ZH,
    ),
    "pretrained.unknown_class": Message(
        "the config names `{found}`, a class that this program has not imported; nearest: {nearest}",
        "配置指定了类 `{found}`，但当前程序没有导入它；相近的有：{nearest}",
        "import the module that defines it first; a config never imports anything",
        "请先导入定义该类的模块；配置本身不会触发任何导入",
    ),
    "pretrained.untrusted_class": Message(
        "the class `{found}` stands in code that came with the folder (model_code/{place}), which is not run unasked",
        "类 `{found}` 位于随文件夹附带的代码中（model_code/{place}），未经允许不会运行",
        "read that file; if you trust it, load with trust_code=True",
        "请阅读该文件；如果信任，请以 trust_code=True 加载",
    ),
    "pretrained.no_class_in_code": Message(
        "the file defines no ConfigMixin class `{found}`",
        "该文件没有定义 ConfigMixin 类 `{found}`",
        _AGAIN,
        _AGAIN_ZH,
    ),
    "pretrained.other_class": Message(
        "the folder holds a `{found}`, not a `{allowed}`",
        "文件夹中保存的是 `{found}`，而不是 `{allowed}`",
        "load it with its own class, or with AutoModelPipeline or AutoTrainerPipeline",
        "请用其自身的类加载，或使用 AutoModelPipeline、AutoTrainerPipeline",
    ),
    "pretrained.other_format": Message(
        "the config has format {found} (written by version {version}); this version of Tengjia reads {allowed}",
        "该配置的格式为 {found}（由版本 {version} 写出）；当前 Tengjia 可读 {allowed}",
        "install the version of Tengjia that wrote it",
        "请安装写出该配置的 Tengjia 版本",
    ),
    "pretrained.newer_version": Message(
        "{file} was written by Tengjia {found}, which is newer than this one ({own})",
        "{file} 由 Tengjia {found} 写出，比当前版本（{own}）新",
        "if something is missing or warned of, install that version",
        "如有缺失或警告，请安装该版本",
    ),
    "pretrained.other_class_version": Message(
        "the arguments were saved by version {found} of `{kind}`; the class here is version {allowed}",
        "参数由 `{kind}` 的版本 {found} 保存；此处该类为版本 {allowed}",
        "use the program that saved it, or write `migrate_config` in the class",
        "请使用保存它的程序，或在类中实现 `migrate_config`",
    ),
    "pretrained.missing_argument": Message(
        "`{kind}` needs this argument, which was not saved",
        "`{kind}` 需要此参数，但它没有被保存",
        "give it: from_pretrained(..., arguments={{'{key}': ...}})",
        "请传入：from_pretrained(..., arguments={{'{key}': ...}})",
    ),
    "pretrained.ignored_argument": Message(
        "`{kind}` needs this argument, which is marked `Ignore` and therefore never saved",
        "`{kind}` 需要此参数，但它标注为 `Ignore`，不会被保存",
        "give it: from_pretrained(..., arguments={{'{key}': ...}}), or give the parameter a default",
        "请传入：from_pretrained(..., arguments={{'{key}': ...}})，或为该参数设默认值",
    ),
    "pretrained.unknown_argument": Message(
        "`{kind}` has no such argument",
        "`{kind}` 没有这个参数",
        "see the signature of its constructor",
        "请查看其构造函数的签名",
    ),
    "pretrained.default_taken": Message(
        "`{name}` was not saved; {kind} takes its default", "`{name}` 没有被保存；{kind} 使用其默认值"
    ),
    "pretrained.argument_left_out": Message(
        "`{name}` was saved, but {kind} does not know it; it is left out",
        "保存的 `{name}` 不是 {kind} 的参数，已忽略",
    ),
    "pretrained.refused_arguments": Message(
        "`{kind}` cannot be built from what was saved: {found}",
        "无法用保存的内容构造 `{kind}`：{found}",
        "compare the versions of the program that saved it and of this one",
        "请对比保存时与当前的程序版本",
    ),
    "pretrained.which": Message(
        "there is not one config to load, but: {found}",
        "可加载的配置不是恰好一个，而是：{found}",
        "load it with its own class: MyModel.from_pretrained(...)",
        "请用其自身的类加载：MyModel.from_pretrained(...)",
    ),
    "pretrained.no_config_attribute": Message(
        "`{method}` takes arguments from the attribute `{found}`, which the object does not have; nearest: {nearest}",
        "`{method}` 从属性 `{found}` 读取参数，但对象没有该属性；相近的有：{nearest}",
        "set it in the constructor (None: defaults hold), or name another: @set_from_config('name')",
        "请在构造函数中设置它（None 表示用默认值），或指定其他名称：@set_from_config('name')",
    ),
    "pretrained.no_mapping": Message(
        "arguments are a mapping or a BaseArgsFromConfig, not a {found}",
        "参数应为映射或 BaseArgsFromConfig，而不是 {found}",
        "pass a dictionary, or None",
        "请传入字典或 None",
    ),
    "pretrained.not_from_config": Message(
        "`{name}` is not marked `FromConfig` in {method}; it is left out",
        "`{name}` 在 {method} 中没有标注 `FromConfig`，已忽略",
    ),
    "pretrained.no_signature": Message(
        "the constructor of `{found}` has no signature of a method",
        "`{found}` 的构造函数没有复制方法的签名",
        "put `@copy_signature(Trainer.train)` above its `__init__`",
        "请在其 `__init__` 上方加 `@copy_signature(Trainer.train)`",
    ),
    "pretrained.missing_in_config": Message(
        "{method} needs this argument",
        "{method} 需要此参数",
        "give it, or give the parameter a default",
        "请传入该参数，或为其设默认值",
    ),
    "pretrained.bad_address": Message(
        "`{found}` is no name of a repository and no address: {reason}; allowed: {allowed}",
        "`{found}` 不是仓库名，也不是地址：{reason}；可用形式：{allowed}",
        "see docs/pretrained.md; a folder is given as pathlib.Path, or alone: from_pretrained('folder')",
        "参见 docs/pretrained.zh-CN.md；本地文件夹请用 pathlib.Path 传入，或单独传入：from_pretrained('folder')",
    ),
    "pretrained.bad_option": Message(
        "{found} makes no sense",
        "{found} 没有意义",
        "a digest has 64 hexadecimal digits in lower case; the others are numbers above 0",
        "摘要应为 64 位小写十六进制数；其他选项应为大于 0 的数",
    ),
    "pretrained.bad_endpoint": Message(
        "`{found}` is no address of a hub",
        "`{found}` 不是模型站点的地址",
        "an endpoint begins with https:// (endpoint=, TENGJIA_HF_ENDPOINT, TENGJIA_MODELSCOPE_ENDPOINT)",
        "站点地址应以 https:// 开头（endpoint=、TENGJIA_HF_ENDPOINT、TENGJIA_MODELSCOPE_ENDPOINT）",
    ),
    "pretrained.not_cached": Message(
        "the cache holds no `{found}`; nearest: {nearest}",
        "缓存中没有 `{found}`；相近的有：{nearest}",
        "say where it comes from: store://{found}, hf://OWNER/NAME, modelscope://OWNER/NAME, https://HOST/PATH",
        "请写明来源：store://{found}、hf://OWNER/NAME、modelscope://OWNER/NAME、https://HOST/PATH",
    ),
    "pretrained.offline": Message(
        "the cache does not hold {found}, and nothing may be connected to",
        "缓存中没有 {found}，而当前为离线模式",
        "load it once without offline=True and TENGJIA_OFFLINE, or copy the folder here from another machine's cache",
        "请先在非离线状态（不设 offline=True 与 TENGJIA_OFFLINE）下加载一次，或从其他机器的缓存复制该文件夹",
    ),
    "pretrained.cached_instead": Message(
        "{found} cannot be asked ({reason}); what the cache holds is used",
        "无法访问 {found}（{reason}）；改用缓存中的内容",
        "set TENGJIA_OFFLINE=1 where there is no connection: nothing is waited for then",
        "没有网络时请设 TENGJIA_OFFLINE=1，即可不再等待",
    ),
    "pretrained.unreachable": Message(
        "cannot fetch {url}: {reason}",
        "无法下载 {url}：{reason}",
        "give the same call again, it goes on where it stopped; for a mirror set endpoint=, for an own authority certificates=",
        "请再次执行同一调用，会从中断处继续；镜像请设 endpoint=，自建证书机构请设 certificates=",
    ),
    "pretrained.not_served": Message(
        "the server answers {status} for {url}",
        "服务器对 {url} 返回 {status}",
        "401 and 403: it wants a token (token=, HF_TOKEN, MODELSCOPE_API_TOKEN, TENGJIA_TOKEN), or this one may not read it",
        "401 与 403 表示需要令牌（token=、HF_TOKEN、MODELSCOPE_API_TOKEN、TENGJIA_TOKEN），或该令牌无权读取",
    ),
    "pretrained.busy": Message(
        "the server answers {status} for {url}, again and again",
        "服务器对 {url} 多次返回 {status}",
        "it has too much to do or is being repaired: try later",
        "服务器繁忙或正在维护，请稍后再试",
    ),
    "pretrained.not_there": Message(
        "there is no repository of Tengjia here: {url} does not exist",
        "此处没有 Tengjia 仓库：{url} 不存在",
        "check name and revision; a repository is the whole folder that training or save_pretrained wrote, filelist.txt included",
        "请检查名称与版本；仓库是训练或 save_pretrained 写出的整个文件夹，包括 filelist.txt",
    ),
    "pretrained.bad_redirect": Message(
        "{url} leads to {found}, whose protocol is not followed",
        "{url} 重定向到 {found}，不接受这种协议",
        "only the same protocol, or https instead of http, is followed",
        "只接受相同协议，或由 http 转为 https",
    ),
    "pretrained.wrong_content": Message(
        "{found} gives a file that is not the one in its filelist.txt",
        "{found} 给出的文件与其 filelist.txt 不符",
        "something on the way changes it, or it was changed without its list; nothing of it was used",
        "传输途中被改动，或文件改了而清单没有更新；没有使用其中任何内容",
    ),
    "pretrained.strange_answer": Message(
        "{url} does not answer as a hub does: {found}",
        "{url} 的应答不像模型站点：{found}",
        "check the endpoint (endpoint=, TENGJIA_HF_ENDPOINT)",
        "请检查站点地址（endpoint=、TENGJIA_HF_ENDPOINT）",
    ),
    "pretrained.too_large": Message(
        "{found} bytes in all, more than the {limit} that are allowed",
        "共 {found} 字节，超过允许的 {limit}",
        "if that is right, set largest=",
        "如确有需要，请设置 largest=",
    ),
    "pretrained.other_digest": Message(
        "the content has digest {found}, expected was {expected}",
        "内容的摘要为 {found}，应为 {expected}",
        "it was changed since you noted its digest: look at it before you note the new one",
        "自记录摘要后内容已变：请先查看，再决定是否采用新摘要",
    ),
    "pretrained.bad_identity": Message(
        "the source gives no digest, but {found}", "来源没有给出摘要，而是 {found}", "update the source", "请更新该来源"
    ),
    "pretrained.cannot_write": Message(
        "cannot be written: {reason}",
        "无法写入：{reason}",
        "make room, or choose another cache folder; what was received is kept",
        "请腾出空间或更换缓存文件夹；已收到的内容会保留",
    ),
    "pretrained.no_certificates": Message(
        "the file of certificates cannot be read: {reason}",
        "无法读取证书文件：{reason}",
        "correct certificates= or TENGJIA_CERTIFICATES",
        "请改正 certificates= 或 TENGJIA_CERTIFICATES",
    ),
    "pretrained.no_file_system": Message(
        "`{found}` needs a package that is not installed: {reason}",
        "`{found}` 需要的软件包尚未安装：{reason}",
        "pip install 'tengjia[store]' (s3fs), or the package of fsspec for that store",
        "pip install 'tengjia[store]'（s3fs），或 fsspec 对应该存储的软件包",
    ),
    "pretrained.fixed_setting": Message(
        "`{found}` is part of the model and stays as it is when it is trained on",
        "`{found}` 是模型的一部分，继续训练时不能改变",
        "to change it, train a new model with stage=train",
        "如需改变，请用 stage=train 训练新模型",
    ),
    "pretrained.unknown_setting": Message(
        "there is no setting `{found}`; nearest: {nearest}; there are: {allowed}",
        "没有设置项 `{found}`；相近的有：{nearest}；全部：{allowed}",
        "`tengjia show KIND/NAME` tells the settings of a module",
        "用 `tengjia show 种类/名称` 查看模块的设置项",
    ),
    "pretrained.wrong_setting": Message(
        "{found} does not fit: {allowed} is wanted",
        "{found} 不合适：应为 {allowed}",
        "correct the value that you pass; if you pass none, the bundle was made by another version",
        "请改正传入的值；如果没有传入该值，则该模型包由其他版本生成",
    ),
    "pretrained.no_data": Message(
        "data is a file, a list of files, or a list of examples (text, answer); found: {found}",
        "数据应为文件、文件列表，或样例（文本, 答案）列表；实为：{found}",
        "for instance trainer.train('more.jsonl') or trainer.train([('林清远，男', [(0, 3, 'NAME')])])",
        "例如 trainer.train('more.jsonl') 或 trainer.train([('林清远，男', [(0, 3, 'NAME')])])",
    ),
    "pretrained.no_file": Message("there is no such file", "没有这个文件", "correct the path", "请改正路径"),
    "pretrained.bad_example": Message(
        "{found} is no example: {reason}",
        "{found} 不是合法样例：{reason}",
        "an example is (text, answer); for entities an answer is a list of (start, end, type), the end after the last character",
        "样例形如（文本, 答案）；实体任务的答案是 (起, 止, 类型) 列表，止位为最后一个字符之后",
    ),
    "pretrained.mixed_data": Message(
        "some parts are given as files and others as examples: {found}",
        "有的部分以文件给出，有的以样例给出：{found}",
        "give all parts in one way",
        "请统一用一种方式给出",
    ),
    "pretrained.no_corpus": Message(
        "no data was given, and it is not known where the files that the model was trained with are: {found}",
        "没有给出数据，也不知道该模型训练时所用的文件在哪里：{found}",
        "pass data, or say below which folder those files are: trainer.train(dataset_root='resources/datasets')",
        "请传入数据，或指明这些文件所在的根目录：trainer.train(dataset_root='resources/datasets')",
    ),
    "pretrained.no_model": Message(
        "a `{found}` cannot be trained here",
        "无法在此训练 `{found}`",
        "give a model of AutoModelPipeline.from_pretrained",
        "请传入 AutoModelPipeline.from_pretrained 得到的模型",
    ),
    "pretrained.nothing_kept": Message(
        "no weights met the thresholds of callbacks.evaluation; best score: {metrics}",
        "没有权重达到 callbacks.evaluation 的阈值；最好成绩：{metrics}",
        "lower callbacks.evaluation.metric_threshold, or train longer",
        "请降低 callbacks.evaluation.metric_threshold，或延长训练",
    ),
    "pretrained.few_examples": Message(
        "{found} different texts are too few to keep some aside (from {fewest} on); the last weights are kept, not the best",
        "只有 {found} 个不同的文本，不足以留出开发集（至少 {fewest} 个）；将保留最后的权重，而不是最好的",
    ),
}
