"""Lines that introduce what follows: parameters, a response, a sample."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache

LONGEST = 80
"""Characters of a label; longer lines are sentences."""
# Whole lines, so that sentences with these words are no labels. The Chinese ones are those of pages that were read.
LABELS: dict[str, tuple[str, ...]] = {
    "params": (
        r"(?:http |url )?(?:request|query|path|url|uri|body|input|form|optional|required)?[ -]?(?:string )?"
        r"param(?:eter)?s?(?: \(.*\))?(?: none)?",
        r"(?:request|input) (?:arguments|fields|attributes)|query string|inputs?|form data",
        r"arguments|请求参数|输入参数|参数说明",
    ),
    "body": (r"(?:json |request )?(?:body|payload)(?: raw)?(?: param(?:eter)?s?| schema| fields)?(?: \(.*\))?|请求体",),
    "fields": (
        r"(?:return|returned|response|output|result|push|push data)s? ?"
        r"(?:param(?:eter)?s|fields?|values?|attributes?|schema|body|data|objects?|structure|content|description|details)"
        r"(?: descriptions?)?(?: \(.*\))?",
        r"返回值说明|返回参数|返回值|响应参数|返回字段说明",
    ),
    "response": (
        r"(?:sample |example |successful |success )?(?:response|return|output)s?(?: \d{3}| example| sample| data| json)?s?"
        r"(?: \(.*\))?|payload|push data|(?:stream|push|message|event) (?:example|sample)s?",
        r"(?:response|push(?: data)?) (?:example|sample)s? ?[:：] ?[\w ]{1,40}",
        r"(?:response |status )?200(?:.{0,10}|\W{1,3}(?-i:[A-Z])[a-z]+[\w ]{0,40})|返回数据.*|返回示例|成功返回示例|响应示例",
    ),
    "request": (
        r"request(?: example| sample)?s?|request (?:example|sample)s? ?[:：] ?[\w ]{1,40}|(?:example|sample|curl) requests?|examples?|请求示例",
        r"(?:un)?subscri(?:be|ption) (?:example|sample|request|message)s?",
        r"(?:code |worked )?(?:demo|example|sample|snippet)s?(?: \(.*\)| in \w+)?|(?:sdk|code)(?: examples?)?",
    ),
    "other": (
        r"(?:http |request )?headers?(?: param(?:eter)?s?)?",
        # A tab with what refuses a call: `400 Bad request`.
        r"(?:response |status )?[45]\d\d(?:\W{1,3}(?-i:[A-Z])[\w ]{1,40})?",
        r"http requests?|request method|http请求.*|authentication required.*|notes?|失败返回示例|请求格式说明",
    ),
}


# `:arrow_up:` by its name, but not the middle of `a:b:c`; Unicode's blocks of pictures, and what colors one.
_ICON = re.compile("(?<![\\w:]):[a-z][a-z0-9_+-]+:(?!\\w)|[\U0001f000-\U0001faff\u2600-\u27bf\u2b00-\u2bff]\ufe0f?")


def without_icons(text: str) -> str:
    """Return a line without pictures, and without their names as Markdown has them: `:arrow_up: Request`."""
    return _ICON.sub("", text).strip() or text


@lru_cache(maxsize=1)
def common_labels() -> Mapping[str, tuple[re.Pattern[str], ...]]:
    """Return the labels that every profile has."""
    return {role: tuple(re.compile(text, re.IGNORECASE) for text in texts) for role, texts in LABELS.items()}


def role_of(text: str, labels: Mapping[str, Sequence[re.Pattern[str]]]) -> str | None:
    """Return what a label introduces: params, body, fields, response, request or other; None for other lines."""
    bare = without_icons(text).strip("*_`:：.# >")
    if len(bare) > LONGEST:
        return None
    # In this order: `payload` is in two of the lists, and labels a request more often than a push.
    return next((role for role, known in labels.items() if any(p.fullmatch(bare) for p in known)), None)
