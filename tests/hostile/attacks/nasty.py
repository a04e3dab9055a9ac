"""Files that a parser on the trusted side has to read, and would rather not."""

import json
from collections.abc import Sequence
from typing import Any

from tests.hostile.attacks.forging import notebook_of

Content = str | bytes
DEEP = 100_000


def rows_of(ids: Sequence[str], value: str = "0.5") -> str:
    return "".join(f"{key},{value}\n" for key in ids)


def predictions(ids: Sequence[str]) -> dict[str, tuple[bytes, bool]]:
    """Predictions files by what is odd about them, and whether they are valid all the same."""
    header, rows = "row_id,score\n", [f"{key},{place}.5\n" for place, key in enumerate(ids)]
    whole, but_one = header + "".join(rows), header + "".join(rows[1:])
    first = ids[0]

    def with_value(text: str) -> str:
        return but_one + f"{first},{text}\n"

    def with_id(text: str) -> str:
        return but_one + f"{text},1\n"

    odd: dict[str, tuple[str | bytes, bool]] = {
        "nothing odd": (whole, True),
        "a mark of byte order": ("\ufeff" + whole, True),
        "line ends of another system": (whole.replace("\n", "\r\n"), True),
        "columns the other way round": ("score,row_id\n" + "".join(f"1.5,{key}\n" for key in ids), True),
        "rows in another order": (header + "".join(reversed(rows)), True),
        "minus zero": (with_value("-0"), True),
        "quotes around everything": ('"row_id","score"\n' + "".join(f'"{key}","1"\n' for key in ids), True),
        "no number": (with_value("nan"), False),
        "an infinite number": (with_value("inf"), False),
        "a number too large to hold": (with_value("1e999"), False),
        "a number of five thousand digits": (with_value("1" * 5000), False),
        "a number with underlines": (with_value("1_0.5"), False),
        "digits of another script": (with_value("\u0661\u0662"), False),
        "wide digits": (with_value("\uff11"), False),
        "a hexadecimal number": (with_value("0x1p3"), False),
        "a complex number": (with_value("1j"), False),
        "a truth": (with_value("True"), False),
        "an empty value": (with_value(""), False),
        "a blank in a number": (with_value("1 2"), False),
        "a comma in a number": (with_value("1,5"), False),
        "a NUL in a number": (with_value("1\0"), False),
        "a formula": (with_value("=1+1"), False),
        "an id with a nought before it": (with_id("0" + first), False),
        "an id with a decimal point": (with_id(first + ".0"), False),
        "an id with a blank": (with_id(first + " "), False),
        "an id that moves the cursor": (with_id("\x1b[2J\x1b[31mR1"), False),
        "an id that turns the line round": (with_id("\u202e" + first), False),
        "an id with a separator of lines": (with_id(first + "\u2028"), False),
        "an id that is a formula": (with_id("=HYPERLINK(1)"), False),
        "an id of a megabyte": (with_id("R" * 1_000_000), False),
        "an id that looks the same": (with_id(first.replace("R", "\u211d")), False),
        "a row that is there twice": (whole + rows[0], False),
        "a row that is missing": (but_one, False),
        "a row of another table": (whole + "X1,1\n", False),
        "an empty row in between": (header + rows[0] + "\n" + "".join(rows[1:]), False),
        "a quote that never ends": (header + f'"{first},1\n' + "".join(rows[1:]), False),
        "quotes in quotes": (with_id('"""' + first + '"""'), False),
        "another separator": (whole.replace(",", ";"), False),
        "tabs": (whole.replace(",", "\t"), False),
        "a column too many": (header.replace("\n", ",x\n") + "".join(row.replace("\n", ",1\n") for row in rows), False),
        "a column that is there twice": ("row_id,score,score\n" + "".join(row.replace("\n", ",9\n") for row in rows), False),
        "two hundred thousand columns": (",".join(f"c{place}" for place in range(200_000)) + "\n1\n", False),
        "names in capitals": (whole.replace("row_id", "ROW_ID"), False),
        "no header": ("".join(rows), False),
        "a header and nothing": (header, False),
        "nothing at all": ("", False),
        "only line ends": ("\n" * 100_000, False),
        "line ends of an old system": (whole.replace("\n", "\r"), False),
        "one line of twenty-five megabytes": ("x" * 25_000_000, False),
        "a million rows of the same": (header + f"{first},1\n" * 500_000, False),
        "more than is read": (whole + "# " * 11_000_000, False),
        "two bytes for each character": (whole.encode("utf-16"), False),
        "a compressed file": (b"\x1f\x8b\x08\x00" + whole.encode(), False),
        "an archive": (b"PK\x03\x04" + whole.encode(), False),
        "a table of columns": (b"PAR1" + whole.encode(), False),
        "half a pair of surrogates": (whole.encode().replace(first.encode(), b"\xed\xa0\x80", 1), False),
        "bytes that are no text": (whole.encode().replace(b".5", b"\xff\xfe", 1), False),
        "JSON": (json.dumps(dict.fromkeys(ids, 1)), False),
        "objects in a pickle": (b"\x80\x04\x95csystem\n(S'touch /tmp/never'\ntR.", False),
    }  # fmt: skip
    return {name: (text if isinstance(text, bytes) else text.encode(), valid) for name, (text, valid) in odd.items()}


def _cells(*cells: Any, **more: Any) -> str:
    return json.dumps({"cells": list(cells), "metadata": {}, "nbformat": 4, "nbformat_minor": 5, **more})


def _code(source: Any, **more: Any) -> dict[str, Any]:
    return {"cell_type": "code", "metadata": {}, "source": source, "outputs": [], "execution_count": 1, **more}


NOTEBOOKS: dict[str, Content] = {
    "nested without end": "[" * DEEP,
    "nested without end below cells": '{"cells": ' + "[" * DEEP + "]" * DEEP + "}",
    "objects in objects": '{"a":' * DEEP,
    "a number of fifty thousand digits": '{"cells": [], "nbformat": ' + "9" * 50_000 + "}",
    "constants that JSON does not have": '{"cells": [{"cell_type": "code", "source": "x", "execution_count": NaN}], "a": Infinity}',
    "keys that are there twice": '{"cells": [], "cells": [{"cell_type": "code", "source": "print(1)"}]}',
    "cells that are an object": '{"cells": {"0": "x"}}',
    "cells that are numbers": '{"cells": [1, null, true, "x", [], {}]}',
    "sources that are numbers": _cells(_code(1), _code(None), _code({"a": 1}), _code([1, ["x"], None])),
    "outputs that are text": _cells(_code("x = 1", outputs="gotcha"), _code("x", outputs=[1, "a", {"data": 5}, {"text": {"a": 1}}])),
    "a hundred thousand cells": _cells(*[_code("x = 1")] * 100_000),
    "fifteen megabytes of output": _cells(_code("x", outputs=[{"output_type": "stream", "name": "stdout", "text": "x" * 15_000_000}])),
    "an output of a million lines": _cells(_code("x", outputs=[{"output_type": "stream", "text": ["l\n"] * 300_000}])),
    "halves of surrogate pairs": '{"cells": [{"cell_type": "code", "source": "x = \'\\ud800\'  # \\udfff", "outputs": [{"text": "\\udc00"}]}]}',
    "a NUL in the source": _cells(_code("x = 1\0\ny = 2\n")),
    "counts that are no counts": _cells(_code("x", execution_count="7"), _code("y", execution_count=1e308), _code("z", execution_count=-5)),
    "a file written by magic": _cells(_code("%%writefile ../../../../tmp/never.py\nimport os\n"), _code("%%writefile /etc/never\nx")),
    "commands of the shell": _cells(_code("!touch /tmp/never\n!!id\n%%bash\nrm -rf /"), _code("%%bash\ntouch /tmp/never")),
    "another version of the format": json.dumps({"worksheets": [{"cells": [{"cell_type": "code", "input": ["a", 1], "prompt_number": "x"}]}]}),
    "worksheets that are none": '{"worksheets": [1, {"cells": 5}, {"cells": [[]]}], "nbformat": 3}',
    "two bytes for each character": notebook_of("x = 1").encode("utf-16"),
    "only a text": '"cells"',
    "nothing": "",
    "a picture of a hundred times itself": _cells(_code("x", outputs=[{"data": {"image/svg+xml": "<svg onload=alert(1)>" * 1000, "text/html": "<script>"}}])),
    "a deep expression in a cell": _cells(_code("x = " + "(" * 5000 + "1" + ")" * 5000)),
}  # fmt: skip

SOURCES: dict[str, Content] = {
    "brackets without end": "x = " + "[" * 50_000,
    "brackets that end": "x = " + "(" * 150 + "1" + ")" * 150,
    "signs without end": "x = " + "-" * 20_000 + "1",
    "a sum without end": "x = " + "1 + " * 30_000 + "1",
    "names in names in names": "x = a" + ".b" * 20_000,
    "calls of calls": "x = f" + "()" * 5_000,
    "conditions in conditions": "\n".join(" " * depth + "if x:" for depth in range(95)) + "\n" + " " * 95 + "y = 1",
    "else without end": "if x:\n    pass\n" + "elif x:\n    pass\n" * 5_000,
    "functions in functions": "\n".join(" " * depth + f"def f{depth}():" for depth in range(95)) + "\n" + " " * 95 + "return 1",
    "a comprehension of comprehensions": "x = " + "[" * 60 + "1" + " for a in b]" * 60,
    "strings in strings": "x = " + "f'{" * 3 + "1" + "}'" * 3,
    "a NUL": b"x = 1\0\n",
    "a cookie of no encoding": "# -*- coding: undefined -*-\nx = 1\n",
    "a cookie of a cipher": "# -*- coding: rot13 -*-\nvzcbeg bf\n",
    "a cookie of seven bits": "# coding: utf-7\n+AGkAbQBwAG8AcgB0- os\n",
    "bytes that are no text": b"x = '\xff\xfe\xed\xa0\x80'\n",
    "a mark of byte order": b"\xef\xbb\xbfx = 1\n",
    "two bytes for each character": "x = 1\n".encode("utf-16"),
    "one line of nine hundred kilobytes": "x = '" + "a" * 900_000 + "'\n",
    "a line of a megabyte of names": "x = [" + "a," * 400_000 + "]\n",
    "twenty-five megabytes": "x = 1\n" * 4_000_000,
    "blanks without end": " " * 900_000 + "\n",
    "a number of a hundred thousand digits": "x = " + "9" * 100_000,
    "names of another script": "\u0430b = 1\nprint(\u0430b)\n\u202edef f(): pass\n",
    "a docstring for slow patterns": 'def f(a):\n    """' + "a" * 20_000 + ":" * 20_000 + " " * 20_000 + '"""\n',
    "a docstring of parameters": 'def f(a):\n    """X.\n\n    Args:\n' + "".join(f"        a{place} (int, optional): {'x' * 40}\n" for place in range(5000)) + '    """\n',
    "decorators without end": "@f\n" * 20_000 + "def g(): pass\n",
    "assignments that go round": "\n".join(f"a{place} = a{(place * 7) % 3000}" for place in range(3000)),
    "classes that inherit each other": "\n".join(f"class A{place}(A{place - 1}, A{place + 1}): pass" for place in range(2000)),
    "functions that call each other": "\n".join(f"def f{place}(x):\n    return f{(place * 31 + 1) % 1500}(f{(place * 17 + 5) % 1500}(x))" for place in range(1500)),
    "imports that go round": "from code_under_test import *\nimport code_under_test as c\nfrom . import code\n",
    "frames joined to themselves": "import pandas as pd\ndf = pd.read_csv('data/train.csv')\n" + "df = pd.concat([df, df])\n" * 3_000,
    "a secret on every line": "\n".join(f"key_{place} = 'AKIA{place:016d}'" for place in range(20_000)),
    "words of much disorder": "\n".join(f"x{place} = '{('aB3$' * 40)[place % 7:]}{place}'" for place in range(8_000)),
    "a match without end": "match x:\n" + "".join(f"    case {place}:\n        pass\n" for place in range(8_000)),
    "an await where none is": "await x\nyield y\nreturn z\nbreak\nlambda: (yield)\n",
    "form feeds and tabs": "\x0cif x:\n\ty = 1\n        z = 2\n\x0c\x0b",
}  # fmt: skip

PAPERS: dict[str, dict[str, Content]] = {
    "a README of opening marks": {"README.md": "[" * 200_000},
    "a README of stars": {"README.md": "*a " * 200_000},
    "a README of lists in lists": {"README.md": "".join(" " * depth + "- x\n" for depth in range(900)) + "> " * 5000},
    "a README of links": {"README.md": "[a](" * 50_000 + "![](x" * 50_000},
    "a README of quotes": {"README.md": "`" * 100_000 + "\n" + "```" * 50_000},
    "a README of tables": {"README.md": "|" * 100_000 + "\n" + "|-" * 50_000 + "\n"},
    "a README of references": {"README.md": "".join(f"[{place}]: <x\n" for place in range(30_000)) + "[0]" * 50_000},
    "a README of entities": {"README.md": "&#x1f4a9;" * 60_000 + "&" * 100_000},
    "a README of HTML": {"README.md": "<a " * 100_000 + "<!--" * 50_000 + "<![CDATA[" * 20_000},
    "a README of ten megabytes": {"README.md": "word " * 2_000_000},
    "a README of no text": {"README.md": bytes(range(256)) * 2_000},
    "a report of headings": {"REPORT.md": "# a\n" * 100_000, "README.md": "## Limitations\n" * 50_000},
    "a report of numbers": {"REPORT.md": "average precision 0.9" * 40_000},
    "a key of twenty thousand parts": {"pyproject.toml": "a" + ".a" * 24_000 + " = 1\n"},
    "lists in lists in settings": {"pyproject.toml": "a = " + "[" * 60_000},
    "aliases of aliases": {"environment.yml": "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(f"{chr(98 + n)}: &{chr(98 + n)} [{','.join(['*' + chr(97 + n)] * 9)}]\n" for n in range(9))},
    "an object in settings": {"environment.yml": "!!python/object/apply:os.system ['touch /tmp/never']\n"},
    "a hundred thousand requirements": {"requirements.txt": "".join(f"package-{place}==1.0\n" for place in range(50_000))},
    "requirements that include each other": {"requirements.txt": "-r requirements.txt\n-r /etc/passwd\n--index-url http://127.0.0.1:1/\n"},
    "entities of entities": {"coverage.xml": '<!DOCTYPE a [<!ENTITY a "x">' + "".join(f'<!ENTITY b{n} "{f"&b{n - 1};" * 10 if n else "&a;"}">' for n in range(9)) + "]><a>&b8;</a>"},
    "a database that is none": {".coverage": b"SQLite format 3\0" + b"\xff" * 4096},
    "a model to be loaded": {"model.pkl": b"cos\nsystem\n(S'touch /tmp/never'\ntR.", "model.joblib": b"\x80\x04cos\nsystem\n"},
    "two thousand little modules": {f"m{place:04d}.py": f"import m{(place + 1) % 2000:04d}\n\n\ndef f():\n    return {place}\n" for place in range(2_000)},
    "two hundred notebooks": {f"n{place:03d}.ipynb": notebook_of(f"x = {place}", "print(x)") for place in range(200)},
}  # fmt: skip

DECLARATIONS: dict[str, Content] = {
    "nested without end": "[" * 60_000,
    "keys that are there twice": '{"pack": "small", "pack": "other"}',
    "a number of a thousand digits": '{"minutes_spent": ' + "9" * 1_000 + "}",
    "a number that is none": '{"declared": {"metric": "ap", "value": NaN}}',
    "halves of surrogate pairs": '{"ai_use": "\\ud800", "entry": {"kind": "command", "predict": "python \\udfff.py"}}',
    "more than is read": '{"ai_use": "' + "x" * 100_000 + '"}',
    "a command with a NUL": '{"entry": {"kind": "command", "predict": "python predict.py \\u0000"}}',
    "a list": "[1, 2]",
    "fields that nobody knows": '{"__class__": "x", "limits": {"wall_s": 9999}, "sandbox": "none", "network": true, "checks": []}',
    "a notebook outside": '{"entry": {"kind": "notebook", "path": "../../../etc/passwd", "writes": "../../../../etc/never"}}',
    "a function that is code": '{"entry": {"kind": "function", "call": "os:system(\'touch /tmp/never\')"}}',
    "bytes that are no text": b'{"ai_use": "\xff\xfe"}',
    "nothing": "",
}  # fmt: skip
