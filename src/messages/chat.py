"""Words about the chat robot."""

from tengjia.messages import Message

_TEMPLATES = "see the head of src/modules/chat/templates.py"
_TEMPLATES_ZH = "写法见 src/modules/chat/templates.py 开头"
_MEND = "mend the row, or let more rows be set aside (max_rejects)"
_MEND_ZH = "请修正该行，或放宽 max_rejects"

MESSAGES = {
    "chat.unknown_key": Message(
        "`{found}` is not known here; {nearest}allowed: {allowed}",
        "此处不认识 `{found}`；{nearest}可用：{allowed}",
        _TEMPLATES,
        _TEMPLATES_ZH,
    ),
    "chat.not_this": Message(
        "{found} is not as it must be: {allowed}", "{found} 写法不对，应为：{allowed}", _TEMPLATES, _TEMPLATES_ZH
    ),
    "chat.bad_slot": Message(
        "{found} is no slot: it needs a name of its own, and either words or a pattern",
        "{found} 不是合法的槽位：需要一个未被占用的名称，以及 words 或 pattern 二者之一",
        _TEMPLATES,
        _TEMPLATES_ZH,
    ),
    "chat.bad_expression": Message(
        "the expression {found} is not understood: {reason}",
        "无法理解表达式 {found}：{reason}",
        "{allowed}",
        "{allowed}",
    ),
    "chat.two_templates": Message(
        "there is a template {found} already",
        "已有名为 {found} 的模板",
        "give each a name of its own",
        "每个模板的名称应各不相同",
    ),
    "chat.unknown_place": Message(
        "nothing can stand for `{found}` in this answer; {nearest}there are: {allowed}",
        "这条回答中的 `{found}` 无从填写；{nearest}现有：{allowed}",
        "name a field of `robot`, or a slot of the patterns of this template",
        "请使用 `robot` 的字段，或本模板 patterns 中的槽位",
    ),
    "chat.slots_without_pattern": Message(
        "all answers of this template need a slot, which a question found by its examples has not: {found}",
        "该模板的回答都用到槽位，而通过 examples 匹配到的问题没有槽位：{found}",
        "add an answer without a slot",
        "请补充一条不含槽位的回答",
    ),
    "chat.no_question": Message("the row has no question (`{column}`)", "该行没有问题（`{column}`）", _MEND, _MEND_ZH),
    "chat.no_answer": Message("the row has no answer (`{column}`)", "该行没有答案（`{column}`）", _MEND, _MEND_ZH),
    "chat.too_long": Message(
        "a text of {found} characters; allowed are {allowed}",
        "文本长 {found} 个字符，最多 {allowed} 个",
        _MEND,
        _MEND_ZH,
    ),
    "chat.empty": Message(
        "there is neither a template nor a question with an answer",
        "既没有模板，也没有任何问答",
        "write templates, or name a corpus: build.corpus",
        "请编写模板，或用 build.corpus 指定语料",
    ),
    "chat.built": Message(
        "{templates} templates, {pairs} questions with answers, threshold {threshold}, {rejects} rows set aside ({told}): {folder}",
        "模板 {templates} 个，问答 {pairs} 条，阈值 {threshold}，搁置 {rejects} 行（{told}）：{folder}",
    ),
    "chat.stale": Message(
        "changed since the index was built: {found}; answers are those of before",
        "建立索引之后有改动：{found}；目前的回答仍基于旧内容",
        "run stage=build again",
        "请重新运行 stage=build",
    ),
    "chat.not_built": Message(
        "this run has built no robot",
        "该运行还没有建立机器人",
        "run stage=build first, or choose another run: run=RUN",
        "请先运行 stage=build，或用 run=RUN 另选",
    ),
    "chat.no_test": Message(
        "no questions to test with", "没有用于测试的问题", "name a file: test.questions", "请用 test.questions 指定文件"
    ),
    "chat.tested": Message(
        "{count} questions: {measures}; answered by: {sources}; errors: {file}",
        "共 {count} 个问题：{measures}；回答来源：{sources}；错误列表：{file}",
    ),
    "chat.unknown": Message("(no answer)", "（没有答案）"),
    "chat.two_embeddings": Message(
        "both a trained encoder ({found}) and word vectors are asked for",
        "同时指定了训练好的编码器（{found}）和词向量",
        "leave one out: embedding.bundle or vectors",
        "embedding.bundle 和 vectors 只能选一个",
    ),
    "chat.no_encoder": Message(
        "this bundle gives no vectors of texts",
        "该模型包不能给出文本向量",
        "name one of text matching with twin encoders",
        "请指定双塔编码器的 text_matching 模型包",
    ),
    "chat.bad_address": Message(
        "`{found}` is no address that can be asked",
        "`{found}` 不是可用的地址",
        "write http://host/path or https://host/path, in ASCII, without user and password",
        "请写成 http://主机/路径 或 https://主机/路径，只用 ASCII，不含用户名和密码",
    ),
    "chat.no_secret": Message(
        "the environment variable {found} holds nothing that can be sent",
        "环境变量 {found} 中没有可发送的内容",
        "set it, or leave service.secret out",
        "请设置该变量，或去掉 service.secret",
    ),
    "chat.open_secret": Message(
        "the secret would be sent in the open ({found})", "密钥会以明文发送（{found}）", "use https", "请使用 https"
    ),
    "chat.service_slow": Message("{host} did not answer within {allowed} s", "{host} 未在 {allowed} 秒内作答"),
    "chat.service_broken": Message("{host} could not be asked: {reason}", "无法询问 {host}：{reason}"),
    "chat.service_status": Message("{host} answered with status {found}", "{host} 返回状态码 {found}"),
    "chat.service_too_much": Message(
        "{host} answered with more than {allowed} bytes", "{host} 的回答超过 {allowed} 字节"
    ),
    "chat.service_nonsense": Message(
        "the answer of {host} is not as it must be: {reason}", "{host} 的回答不符合约定：{reason}"
    ),
    "chat.service_given_up": Message(
        "{host} failed {count} times in a row and is not asked any more", "{host} 连续失败 {count} 次，不再询问"
    ),
}
