"""Words about regular expressions of the linear subset."""

from tengjia.messages import Message

_SUBSET = "allowed: characters, `.`, `[...]`, `\\d \\w \\s`, `(a|b)`, `? * + {{m,n}}`, `^ $`, `{{slot}}`"
_SUBSET_ZH = "可用：字符、`.`、`[...]`、`\\d \\w \\s`、`(a|b)`、`? * + {{m,n}}`、`^ $`、`{{槽位}}`"

MESSAGES = {
    "expression.too_long": Message(
        "the expression has {found} characters; allowed are {allowed}", "表达式有 {found} 个字符，最多 {allowed} 个"
    ),
    "expression.too_deep": Message(
        "character {place}: brackets are nested more than {allowed} deep",
        "第 {place} 个字符：括号嵌套超过 {allowed} 层",
    ),
    "expression.too_large": Message(
        "written out, the expression has more than {allowed} steps", "表达式展开后超过 {allowed} 步"
    ),
    "expression.unopened": Message(
        "character {place}: `)` closes nothing", "第 {place} 个字符：`)` 没有对应的左括号", _SUBSET, _SUBSET_ZH
    ),
    "expression.unclosed": Message(
        "character {place}: `{found}` is never closed", "第 {place} 个字符：`{found}` 没有闭合", _SUBSET, _SUBSET_ZH
    ),
    "expression.bad_brace": Message(
        "character {place}: `{{` begins neither a slot nor a number of times",
        "第 {place} 个字符：`{{` 既不是槽位，也不是重复次数",
        _SUBSET,
        _SUBSET_ZH,
    ),
    "expression.nothing_to_repeat": Message(
        "character {place}: `{found}` has nothing to repeat",
        "第 {place} 个字符：`{found}` 前面没有可重复的内容",
        _SUBSET,
        _SUBSET_ZH,
    ),
    "expression.not_in_subset": Message(
        "character {place}: `{found}` is not understood here",
        "第 {place} 个字符：不支持 `{found}`",
        _SUBSET,
        _SUBSET_ZH,
    ),
    "expression.bad_range": Message(
        "character {place}: the range ends before it begins",
        "第 {place} 个字符：区间的终点小于起点",
        _SUBSET,
        _SUBSET_ZH,
    ),
    "expression.bad_times": Message(
        "character {place}: {found} must rise and go to {allowed} at most",
        "第 {place} 个字符：{found} 应由小到大，且不超过 {allowed}",
        _SUBSET,
        _SUBSET_ZH,
    ),
    "expression.unknown_slot": Message(
        "character {place}: there is no slot `{found}`; there are: {allowed}",
        "第 {place} 个字符：没有槽位 `{found}`；现有：{allowed}",
    ),
    "expression.slot_in_slot": Message(
        "character {place}: the slot `{found}` has slots of its own",
        "第 {place} 个字符：槽位 `{found}` 自身又含有槽位",
    ),
}
