"""Words about bundles."""

from tengjia.messages import Message

_COPY_AGAIN = "copy the bundle again from where it was made, or write it again with stage=train resume=auto"
_COPY_AGAIN_ZH = "请从原处重新复制该模型包，或用 stage=train resume=auto 重新生成"
_STRANGER = "do not use this bundle unless you know who made it"
_STRANGER_ZH = "除非清楚来源，否则不要使用该模型包"

MESSAGES = {
    "bundle.absent": Message(
        "there is no bundle here",
        "此处没有模型包",
        "train first (stage=train); the bundle of a run is its folder `bundle`",
        "请先训练（stage=train）；一次运行的模型包是其中的 `bundle` 文件夹",
    ),
    "bundle.missing": Message("`{found}` is missing", "缺少 `{found}`", _COPY_AGAIN, _COPY_AGAIN_ZH),
    "bundle.changed": Message(
        "the file is not the one that was written: expected {expected}, found {found}",
        "文件与写入时不一致：应为 {expected}，实为 {found}",
        _COPY_AGAIN,
        _COPY_AGAIN_ZH,
    ),
    "bundle.unlisted": Message(
        "`{found}` does not belong in a bundle or is not in its filelist.txt",
        "`{found}` 不属于模型包，或未列入 filelist.txt",
        "remove the file if you put it there; otherwise " + _STRANGER,
        "如果是你放进去的，请删除该文件；否则" + _STRANGER_ZH,
    ),
    "bundle.lists_differ": Message(
        "this list and the one at the root of the bundle disagree",
        "该清单与模型包根目录的清单不一致",
        _COPY_AGAIN,
        _COPY_AGAIN_ZH,
    ),
    "bundle.bad_list": Message(
        "not a line of a file list (`path size sha256`): {found}",
        "不是合法的清单行（`路径 字节数 sha256`）：{found}",
        _COPY_AGAIN,
        _COPY_AGAIN_ZH,
    ),
    "bundle.bad_name": Message(
        "`{found}` is not a name that a bundle can carry: letters, digits, `.`, `_`, `-`, at most 128 a part",
        "`{found}` 不能作为模型包中的文件名：只能用字母、数字、`.`、`_`、`-`，每段最长 128",
        "rename the file",
        "请重命名该文件",
    ),
    "bundle.not_a_file": Message(
        "a link or a special file; a bundle holds plain files only",
        "是链接或特殊文件；模型包只能包含普通文件",
        "copy the bundle with its links resolved (cp -rL)",
        "复制模型包时请解引用链接（cp -rL）",
    ),
    "bundle.too_many_files": Message("more than {limit} files", "文件超过 {limit} 个", _STRANGER, _STRANGER_ZH),
    "bundle.too_large": Message(
        "larger than {limit} bytes, the most that such a file may have",
        "超过该类文件的上限 {limit} 字节",
        _STRANGER,
        _STRANGER_ZH,
    ),
    "bundle.hidden_code": Message(
        "a program file outside `model_code/`", "`model_code/` 之外有程序文件", _STRANGER, _STRANGER_ZH
    ),
    "bundle.bad_json": Message(
        "not the JSON it should be: {found}", "JSON 内容不正确：{found}", _COPY_AGAIN, _COPY_AGAIN_ZH
    ),
    "bundle.not_plain": Message(
        "a config in a bundle holds names and plain values only, found: {found}",
        "模型包中的配置只能是名称与普通数值，发现：{found}",
        "no path that leaves the bundle, no URL, no variable, no `_target_`; " + _STRANGER,
        "不允许指向包外的路径、网址、变量或 `_target_`；" + _STRANGER_ZH,
    ),
    "bundle.other_format": Message(
        "the bundle has format {found}; this version of Tengjia reads {allowed}",
        "该模型包的格式为 {found}；当前 Tengjia 可读 {allowed}",
        "install the version of Tengjia that is named in the README.md of the bundle",
        "请安装模型包 README.md 中所写的 Tengjia 版本",
    ),
    "bundle.other_task": Message(
        "the bundle answers `{found}`, not `{allowed}`",
        "该模型包用于 `{found}`，而不是 `{allowed}`",
        "load it with the pipeline of its own base task",
        "请用其所属基础任务的流水线加载",
    ),
    "bundle.bad_parameter": Message(
        "`{found}` cannot be set to {value}; `{module}` knows: {allowed}",
        "`{found}` 不能设为 {value}；`{module}` 的参数有：{allowed}",
        "the bundle was made by another version of the module, or changed by hand",
        "该模型包由另一版本的模块生成，或被手工改动",
    ),
    "bundle.unknown_module": Message(
        "the bundle needs {module}, which is neither in this Tengjia nor in its own model_code",
        "该模型包需要 {module}，但当前 Tengjia 与其 model_code 中都没有",
        "install the plugin or the version of Tengjia that is named in its README.md",
        "请安装其 README.md 中所写的插件或 Tengjia 版本",
    ),
    "bundle.untrusted_code": Message(
        "the bundle brings code of its own, which is not run unasked: {found}",
        "该模型包自带代码，未经允许不会运行：{found}",
        "read the files in model_code/; if you trust them, load with trust_code=True",
        "请阅读 model_code/ 中的文件；如果信任，请以 trust_code=True 加载",
    ),
    "bundle.uncarried_import": Message(
        "a bundle cannot carry this import: {found}",
        "模型包无法携带这条导入语句：{found}",
        "write `from src.package import name`, on one line",
        "请改写为单行的 `from src.包 import 名称`",
    ),
    "bundle.code_fails": Message(
        "the code of the bundle fails: {found}",
        "模型包自带的代码出错：{found}",
        "install what it needs (see README.md of the bundle), or tell its author",
        "请安装其依赖（见模型包 README.md），或联系作者",
    ),
    "bundle.unfit": Message(
        "the weights do not fit the model that config.json describes: {found}",
        "权重与 config.json 描述的模型不符：{found}",
        _COPY_AGAIN,
        _COPY_AGAIN_ZH,
    ),
    "bundle.golden_differs": Message(
        "{count} golden examples are answered otherwise here; the first: {found}",
        "有 {count} 个黄金样例的答案与保存时不同；第一个：{found}",
        "compare the versions in README.md of the bundle with `tengjia doctor`",
        "请将模型包 README.md 中的版本与 `tengjia doctor` 的输出对比",
    ),
}
