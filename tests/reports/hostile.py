"""Texts that try to act, and reports in which every free text is one of them."""

import types
from typing import Any, Literal, Union, get_args, get_origin

from harness.model.record import Record
from harness.model.report import Report
from tests.reports.builders import graded_report

HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "'/><svg onload=alert(1)>",
    "</style></title></textarea><script src=//evil.example/x></script>",
    "--><script>alert(1)</script><!--",
    "<!-- hidden",
    "]]><x/><![CDATA[",
    "<?xml version='1.0'?><!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/hostname'>]>&e;",
    "javascript:alert(1)",
    "{{ 7*7 }}{% include '/etc/hostname' %}{# x #}",
    "%s %d {0} {report} $x ${x}",
    "```\n# heading\n<b>bold</b>\n~~~",
    "`` ` ``` ```` `````",
    "@octocat #1 GH-2 octo/repo#3 !4 $5 https://evil.example www.evil.example mail@evil.example",
    "![pixel](https://evil.example/p.png) [link](javascript:alert(1)) <https://evil.example>",
    "[ref]: https://evil.example 'title'",
    "# heading",
    "- - - list",
    "1. list",
    "===\n---\n***",
    "|a|b|\n|-|-|\n|c|d|",
    "/close",
    "::error file=x::message",
    "line\n::set-output name=x::y",
    "##[command]x ##vso[task.setvariable]y",
    "\x1b[2J\x1b]0;title\x07\x9b31m",
    "\u202egnp.exe\u2066x\u2069",
    "a\u200bb\u2060c\ufeff",
    "\ud800 lone \udfff",
    "\x00\x01\x08\x0b\x0c\x1f\x7f",
    "\ufffe\uffff\U0001ffff",
    "line\u2028separator\u2029paragraph\x85next",
    "=1+1",
    "&lt;b&gt;&amp;#x27;",
    " ",
    "\n\n\n",
    "\t\r\n",
    "🙂" * 50,
    "x" * 20_000,
    "<" * 5_000,
    "..//..\\..//etc/passwd",
    "//evil.example/x",
    "C:\\x:y",
)


def poisoned(text: str, report: Report | None = None) -> Report:
    """A report whose every free text is this one; words from a closed list and numbers stay."""
    made: Report = _poison(report or graded_report(), text)
    return made


def _poison(value: Any, text: str, *, free: bool = True) -> Any:
    if type(value) is str:
        return text if free else value
    if isinstance(value, Record):
        fields = type(value).model_fields
        return value.model_copy(
            update={name: _poison(inner, text, free=_is_free(fields[name].annotation)) for name, inner in value}
        )
    if isinstance(value, tuple):
        return tuple(_poison(inner, text, free=free) for inner in value)
    if isinstance(value, dict):
        return {f"{text}{index}": _poison(inner, text, free=free) for index, inner in enumerate(value.values())}
    return value


def _is_free(annotation: Any) -> bool:
    """Whether a field takes any string, unlike a word from a closed list."""
    if annotation is str:
        return True
    origin = get_origin(annotation)
    if origin is Literal:
        return False
    if origin in (Union, types.UnionType, tuple, dict):
        return any(_is_free(inner) for inner in get_args(annotation))
    return False
