"""A submission that writes on every wall: whatever a report, a terminal or a build log could show of it tries to act."""

import json

from tests.hostile.attacks.forging import notebook_of
from tests.small_pack import submission_files

MARK = "Gr4ffiti"
"""Stands in each of the texts, so that they can be found again."""
TEXTS = (
    f"<script>alert('{MARK}')</script>",
    f"\"><img src=x onerror=alert('{MARK}')>",
    f"'/><svg/onload=alert`{MARK}`>",
    f"</style></title></textarea></pre></code><iframe src=//evil.example/{MARK}>",
    f"]]><x a='{MARK}'/><![CDATA[",
    f"--><!--{MARK}",
    f"[{MARK}](javascript:alert(1)) ![{MARK}](https://evil.example/x.png)",
    f"```\n# {MARK}\n<b>x</b>\n~~~",
    f"`` ` {MARK} ```` @octocat #1 octo/repo#2 https://evil.example/{MARK}",
    f"\n::error file=x,line=1::{MARK}\n::set-output name=x::y\n",
    f"\n##[error]{MARK}\n##vso[task.setvariable variable=x]{MARK}\n",
    f"\x1b[2J\x1b[31m\x1b]0;{MARK}\x07\x9b1m\r\x08",
    f"\u202e{MARK}\u2066\u200b\ufeff\u2028\u2029",
    f"{{{{ 7*7 }}}}{{% include '/etc/passwd' %}}{MARK}%s%d{{0}}",
    f'=HYPERLINK("http://evil.example/{MARK}")',
    f"&lt;b&gt;{MARK}&amp;&#x3c;script&#x3e;",
    f"%3Cscript%3E{MARK}",
)
ALL = " | ".join(TEXTS)

FILE_NAMES = (
    "<script>alert(1)<", "\"><img src=x onerror=alert(1)>.py", "[x](javascript:alert(1)).py", "::error file=a::b.py",
    "=cmd()!A0.csv", "{{7*7}}.py", "@octocat #1.md", "a`b``c.py", "$(touch never).py", "`touch never`.py", "-rf.py",
    "a b  c.py", "%s%n.py", "ünïcödé 数.py", "&lt;x&gt;.ipynb", "test_<b>bold.py", "'; drop table.py", "a'b\"c.py",
    "\x1b[31mred.py", "a\nb.py", "\u202egnp.py", "tab\there.py", "##[error]x.py", "data:text,x.html", "javascript:alert(1).md",
)  # fmt: skip

PREDICT = '''"""TEXT"""
import os
import sys

TEXTS = JSON
for text in TEXTS:
    for stream in (sys.stdout, sys.stderr):
        stream.buffer.write((text + "\\n").encode("utf-8", "surrogatepass"))
        stream.flush()
os.write(1, b"\\xff\\xfe\\xed\\xa0\\x80\\x00\\x1b[2J")
with open(sys.argv[1] + "/score.csv") as file:
    ids = [line.split(",")[0] for line in file.read().splitlines()[1:]]
with open(sys.argv[2], "w", encoding="utf-8") as file:
    file.write("row_id,score\\n")
    for text in TEXTS:
        file.write(text.replace("\\n", " ").replace(",", ";") + ",1\\n")
raise type("<b onclick=alert(1)>Gr4ffitiError", (Exception,), {})(" ".join(TEXTS))
'''


def literal(text: str) -> str:
    return json.dumps(text)


def files() -> dict[str, str]:
    """Every channel at once."""
    raising = f"raise type({literal(TEXTS[1])}, (ValueError,), {{}})({literal(ALL)})"
    shown = f"from IPython.display import HTML, display\ndisplay(HTML({literal(ALL)}))\nprint({literal(ALL)})"
    outputs = [
        {"output_type": "display_data", "metadata": {}, "data": {"text/html": ALL, "image/svg+xml": f"<svg>{ALL}</svg>"}}
    ]
    declared = {
        "pack": "small",
        "entry": {"kind": "command", "predict": "python predict.py {data} {out}"},
        "declared": {"metric": f"average_precision {TEXTS[0]}", "value": 0.5},
        "ai_use": ALL.replace("\ud800", ""),
    }
    named = dict.fromkeys(FILE_NAMES, f"def f():\n    '''{MARK}'''\n    except_ = eval(input())\n    return undefined\n")
    tests = f'import pytest\n\n\n@pytest.mark.parametrize("x", {json.dumps(list(TEXTS))})\ndef test_x(x):\n    assert x == {literal(TEXTS[0])} + "!", x\n'
    return {
        **submission_files("x1"),
        **named,
        "predict.py": PREDICT.replace("TEXT", TEXTS[0], 1).replace("JSON", json.dumps(list(TEXTS)), 1),
        "submission.json": json.dumps(declared),
        "README.md": f"# {ALL}\n\n{ALL}\n\nAKIAIOSFODNN7EXAMPLE {TEXTS[0]}\n\n`{TEXTS[1]}`\n",
        "REPORT.md": "\n\n".join(TEXTS),
        "test_walls.py": tests,
        "secrets.py": f"password = {literal(TEXTS[0])}\nkey = 'AKIAIOSFODNN7EXAMPLE'  # {TEXTS[3]}\n",
        "walls.ipynb": notebook_of(shown, f"# {ALL!r}\nx = 1", raising, outputs=outputs),
    }
