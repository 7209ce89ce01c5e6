"""Words about knowledge graphs."""

from tengjia.messages import Message

_MEND = "mend the row, or let more rows be set aside (max_rejects)"
_MEND_ZH = "请修正该行，或放宽 max_rejects"
_IDENTIFIER = "letters, digits and `_`, a letter first, at most {limit} characters, in Unicode normal form (NFKC)"
_IDENTIFIER_ZH = "只能由字母（含汉字）、数字和 `_` 组成，以字母开头，最长 {limit} 个字符，且为 Unicode NFKC 规范形式"

MESSAGES = {
    "graph.bad_identifier": Message(
        "{found} cannot be a label, a type of relation or a property",
        "{found} 不能作为标签、关系类型或属性名",
        _IDENTIFIER,
        _IDENTIFIER_ZH,
    ),
    "graph.bad_label": Message(
        "{found} cannot be a {role}",
        "{found} 不能作为 {role}",
        _IDENTIFIER,
        _IDENTIFIER_ZH,
    ),
    "graph.reserved": Message(
        "`{found}` is what every entity has, so no property can be called so",
        "`{found}` 是每个实体自带的字段，不能作为属性名",
        "give the property another name",
        "请为该属性换一个名称",
    ),
    "graph.unknown_kind": Message(
        "{found} is no kind of file that can be read here",
        "无法读取 {found} 类型的文件",
        "allowed: {allowed}, also as .gz",
        "可用类型：{allowed}，也可为 .gz",
    ),
    "graph.several_values": Message(
        "`{column}` has several values where one is meant: {found}",
        "`{column}` 应只有一个值，却有多个：{found}",
        _MEND,
        _MEND_ZH,
    ),
    "graph.no_text": Message(
        "`{column}` is neither text nor number: {found}",
        "`{column}` 既不是文本也不是数字：{found}",
        _MEND,
        _MEND_ZH,
    ),
    "graph.no_object": Message(
        "`{column}` is no object: {found}",
        "`{column}` 不是对象：{found}",
        _MEND,
        _MEND_ZH,
    ),
    "graph.too_long": Message(
        "`{column}` has {found} characters; allowed are {limit}",
        "`{column}` 有 {found} 个字符，最多允许 {limit} 个",
        _MEND,
        _MEND_ZH,
    ),
    "graph.no_character": Message(
        "`{column}` holds a NUL or half a character: {found}",
        "`{column}` 含有 NUL 或残缺字符：{found}",
        _MEND,
        _MEND_ZH,
    ),
    "graph.no_name": Message("the entity has no name", "实体没有名称", _MEND, _MEND_ZH),
    "graph.two_labels": Message(
        "the id {id} is that of a {first} already, and here of a {found}",
        "编号 {id} 已属于 {first}，此处却标为 {found}",
        _MEND,
        _MEND_ZH,
    ),
    "graph.two_relations": Message(
        "the id {id} is that of another relation already",
        "编号 {id} 已属于另一条关系",
        _MEND,
        _MEND_ZH,
    ),
    "graph.no_entity": Message(
        "there is no entity {found}, which is the {end} of this relation",
        "关系的 {end} 端实体 {found} 不存在",
        "entities are read first: is a file missing in load.entities, or is the id mistyped?",
        "实体先于关系读取：load.entities 是否缺少文件，或编号有误？",
    ),
    "graph.contradiction": Message(
        "`{found}` of {name} was said to be something else before; the first value is kept",
        "{name} 的 `{found}` 与先前的值不一致，已保留先前的值",
    ),
    "graph.nothing_said": Message(
        "the row says nothing: all of these are empty: {allowed}",
        "该行没有内容，以下各列均为空：{allowed}",
        _MEND,
        _MEND_ZH,
    ),
    "graph.half_a_triple": Message(
        "a triple needs both: {allowed}",
        "三元组缺少必要的列：{allowed}",
        _MEND,
        _MEND_ZH,
    ),
    "graph.empty": Message(
        "nothing became an entity",
        "没有得到任何实体",
        "see the rejects file of the run, and compare mapping and columns",
        "请查看本次运行的 rejects 文件，并核对映射与列名",
    ),
    "graph.several_sources": Message(
        "the mapping has {found} sources, so one file cannot stand for all",
        "映射中有 {found} 个数据源，无法用一个文件代替",
        "name the files in the mapping, or choose a mapping with one source (build.mapping)",
        "请在映射中写明文件，或改用只有一个数据源的映射（build.mapping）",
    ),
    "graph.relations_alone": Message(
        "relations without entities: {found}",
        "只有关系文件而没有实体文件：{found}",
        "name the files of the entities too: load.entities",
        "请同时指定实体文件：load.entities",
    ),
    "graph.nothing_built": Message(
        "there is nothing to load: no run here finished stage build",
        "没有可加载的内容：尚无运行完成 build 阶段",
        "run stage=[build,load], or name files: load.entities, load.relations",
        "请运行 stage=[build,load]，或用 load.entities、load.relations 指定文件",
    ),
    "graph.not_loaded": Message(
        "the run has no graph",
        "该运行没有图谱",
        "load one first: stage=load",
        "请先加载：stage=load",
    ),
    "graph.unknown_key": Message(
        "{found} means nothing here; {nearest}allowed: {allowed}",
        "此处没有 {found} 这一项；{nearest}可用的有：{allowed}",
        "correct the key, or take it away",
        "请改正或删除该项",
    ),
    "graph.not_this": Message(
        "found {found} where this is expected: {allowed}",
        "此处应为 {allowed}，实为 {found}",
        "docs/graph.md shows how it is written",
        "写法见 docs/graph.zh-CN.md",
    ),
    "graph.not_in_graph": Message(
        "there is no {role} {found}; {nearest}there is: {allowed}",
        "没有名为 {found} 的 {role}；{nearest}现有：{allowed}",
        "correct the templates, or load what they speak of",
        "请修改模板，或加载其所涉及的内容",
    ),
    "graph.not_in_mapping": Message(
        "the {role} {found} is none of the entities of this source; {nearest}there is: {allowed}",
        "{role} {found} 不是该数据源中的实体；{nearest}现有：{allowed}",
        "correct the mapping",
        "请修改映射",
    ),
    "graph.bad_pattern": Message(
        "{found} is no pattern: {reason}",
        "{found} 不是合法的句式：{reason}",
        "close every bracket; `(a|b)` is a choice, `[a]` may be left out, `{{slot}}` is a name, `\\` takes a sign literally",
        "请检查括号是否配对；`(a|b)` 为选择，`[a]` 可省略，`{{slot}}` 为名称，`\\` 表示原样字符",
    ),
    "graph.bad_path": Message(
        "{found} is no path",
        "{found} 不是合法的路径",
        "write `{{slot}} -type-> Label` or `{{slot}} <-type- Label`, blanks between; longer ones go on so; in retrieval one step",
        "应写作 `{{slot}} -类型-> 标签` 或 `{{slot}} <-类型- 标签`，以空格分隔，可继续延长；检索中只能有一步",
    ),
    "graph.other_slots": Message(
        "the pattern has the slots {found}, the query needs {allowed}",
        "句式中的槽为 {found}，而查询需要 {allowed}",
        "both must have the same",
        "两者必须一致",
    ),
    "graph.no_retrieval": Message(
        "the templates say nothing of features",
        "模板中没有特征检索的定义",
        "add `retrieval` to the templates and load again, or ask with apply.text",
        "请在模板中加入 `retrieval` 并重新加载，或改用 apply.text 提问",
    ),
    "graph.asked_twice": Message(
        "two things are asked at once: {found}",
        "同时提出了两种请求：{found}",
        "give one of apply.text, apply.features, apply.input",
        "apply.text、apply.features、apply.input 只能给出一个",
    ),
    "graph.no_question": Message(
        "`{column}` is missing or empty",
        "缺少 `{column}` 或其为空",
        "name the column of the question: apply.column",
        "请用 apply.column 指定问题所在的列",
    ),
    "graph.cannot_open": Message(
        "the graph cannot be opened: {reason}",
        "无法打开图谱：{reason}",
        "load it again (stage=load)",
        "请重新加载（stage=load）",
    ),
    "graph.refused": Message(
        "the graph database refuses: {reason}",
        "图数据库拒绝执行：{reason}",
        "what was there before still is; mend the cause and do it again",
        "原有内容不受影响，请排除原因后重试",
    ),
    "graph.no_password": Message(
        "there is no password for user {user}: the variable {found} is not set",
        "没有用户 {user} 的密码：环境变量 {found} 未设置",
        "set it in the environment; it never stands in a config",
        "请在环境变量中设置；密码不写入配置",
    ),
    "graph.server_not_named": Message(
        "this bundle keeps its graph on the server {found}, which would be sent your password; {variable} does not name it",
        "该模型包的图谱位于服务器 {found}，打开它会把密码发往该服务器；环境变量 {variable} 中不是这个地址",
        "if that server is yours, set {variable} to this very address",
        "如果信任该服务器，请将 {variable} 设为与之完全相同的地址",
    ),
    "graph.user_in_address": Message(
        "the address of the server names a user or a password",
        "服务器地址中含有用户名或密码",
        "name the user in load.user and the password in NEO4J_PASSWORD; a run that was given it keeps it in its config: delete that run",
        "用户名请写在 load.user，密码请放在环境变量 NEO4J_PASSWORD；本次运行的配置已记下该地址，请删除该运行目录",
    ),
    "graph.no_server": Message(
        "the server {found} does not answer as a Neo4j server: {reason}",
        "服务器 {found} 没有作为 Neo4j 响应：{reason}",
        "check load.uri and that the server runs, or use load.backend=ladybug, which needs no server",
        "请检查 load.uri 以及服务器是否在运行，或使用不需要服务器的 load.backend=ladybug",
    ),
    "graph.not_let_in": Message(
        "the server {found} does not let user {user} do this: {reason}",
        "服务器 {found} 拒绝用户 {user}：{reason}",
        "check load.user, the password in NEO4J_PASSWORD, and what this user may do on the server",
        "请检查 load.user、环境变量 NEO4J_PASSWORD 中的密码，以及该用户在服务器上的权限",
    ),
    "graph.connection_lost": Message(
        "the connection to {found} broke: {reason}",
        "与服务器 {found} 的连接中断：{reason}",
        "see that the server runs, and do it again: a load completes what is there, and nothing comes twice",
        "请确认服务器正常运行后重试：加载会补全已有内容，不会重复写入",
    ),
    "graph.built": Message(
        "built {entities} entities and {relations} relations in {folder}; set aside: {rejects}; told: {told}",
        "已在 {folder} 生成 {entities} 个实体、{relations} 条关系；剔除 {rejects} 行；提示：{told}",
    ),
    "graph.loaded": Message(
        "loaded {entities} entities and {relations} relations, bundle {folder}; set aside: {rejects}; told: {told}",
        "已加载 {entities} 个实体、{relations} 条关系，模型包 {folder}；剔除 {rejects} 行；提示：{told}",
    ),
    "graph.answered": Message(
        "{questions} questions, {answered} answered, {not_understood} not understood: {file}; set aside: {rejects} ({told})",
        "共 {questions} 个问题，回答 {answered} 个，未理解 {not_understood} 个：{file}；剔除 {rejects} 行（{told}）",
    ),
    "graph.greeting": Message(
        "Ask the graph (q to quit), for example: {examples}", "请提问（q 退出），例如：{examples}"
    ),
    "graph.more": Message("... and {count} more", "……另有 {count} 个"),
    "graph.ambiguous": Message(
        "(several bear this name, and the answers are those of all: {found})",
        "（同名者不止一个，以上为全部答案：{found}）",
    ),
    "graph.no_answer": Message(
        "Understood as `{kind}` about {understood}, but the graph says nothing of it.",
        "已理解为 `{kind}`，涉及 {understood}，但图谱中没有相关内容。",
    ),
    "graph.not_understood": Message(
        "This question was not understood. Known in it: {understood}", "没有理解这个问题。其中认识的名称：{understood}"
    ),
    "graph.near": Message("Near names: {found}", "相近的名称：{found}"),
    "graph.could_ask": Message("You could ask: {found}", "可以这样问：{found}"),
    "graph.expanded": Message("Go on with: {found}", "可继续了解：{found}"),
}
