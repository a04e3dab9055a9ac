"""One small piece of code for each rule of the linter that is judged, and for each fault of structure."""

# ruff: noqa: E501  (candidate code is easier to read as it would stand)

CLEAN_MODULE = '''"""Features of one row and of its past."""

from collections.abc import Sequence


def velocity(times: Sequence[float], window: float) -> list[int]:
    """How many earlier events lie within the window before each."""
    counts = []
    start = 0
    for place, now in enumerate(times):
        while times[start] < now - window:
            start += 1
        counts.append(place - start)
    return counts


def ratio(part: float, whole: float) -> float:
    """Part of the whole, and nothing of nothing."""
    if whole == 0:
        return 0.0
    return part / whole


def total(amounts: Sequence[float]) -> float:
    """Sum, refunds included."""
    result = 0.0
    for amount in amounts:
        result += amount
    return result
'''

BY_RULE: dict[str, str] = {
    "E711": "def gone(row):\n    return row == None\n",
    "E712": "def on(row):\n    return row == True\n",
    "E713": "def absent(row, rows):\n    return not row in rows\n",
    "E714": "def other(row, rows):\n    return not row is rows\n",
    "E721": "def same(left, right):\n    return type(left) == type(right)\n",
    "E722": "def safe(row):\n    try:\n        return row[0]\n    except:\n        return None\n",
    "E731": "double = lambda amount: 2 * amount\n",
    "E741": "def long(rows):\n    l = len(rows)\n    return l\n",
    "E401": "import json, math\n\nprint(json, math)\n",
    "E402": "VALUE = 3\nimport math\n\nprint(math.pi * VALUE)\n",
    "E701": "def sign(amount):\n    if amount < 0: return -1\n    return 1\n",
    "E702": "def pair(amount):\n    left = amount; right = -amount\n    return left, right\n",
    "F401": "import statistics\n",
    "F402": "import math\n\nfor math in range(3):\n    print(math)\n",
    "F403": "from math import *\n",
    "F405": "from math import *\n\nprint(floor(2.5))\n",
    "F502": "print('%(amount)s' % ('a',))\n",
    "F507": "print('%s and %s' % ('a',))\n",
    "F541": "print(f'done')\n",
    "F601": "LEVELS = {'a': 1, 'a': 2}\n",
    "F631": "def check(amount):\n    assert (amount > 0, 'positive')\n",
    "F632": "def named(level):\n    return level is 'gold'\n",
    "F634": "def check(amount):\n    if (amount, 1):\n        return 1\n    return 0\n",
    "F701": "def first(rows):\n    return rows\n\n\nbreak\n",
    "F702": "def first(rows):\n    return rows\n\n\ncontinue\n",
    "F706": "VALUE = 1\nreturn VALUE\n",
    "F811": "def ratio(part, whole):\n    return part\n\n\ndef ratio(part, whole):\n    return whole\n",
    "F821": "def fee(amount):\n    return amount * unknown_rate\n",
    "F822": "__all__ = ['nothing_of_the_kind']\n",
    "F823": "import math\n\n\ndef area(radius):\n    result = math.pi * radius\n    math = result\n    return math\n",
    "F841": "def fee(amount):\n    rate = 0.2\n    return amount\n",
    "F842": "def fee(amount):\n    rate: float\n    return amount\n",
    "B002": "def climb(amount):\n    return ++amount\n",
    "B006": "def gather(row, rows=[]):\n    rows.append(row)\n    return rows\n",
    "B008": "import datetime\n\n\ndef stamp(now=datetime.datetime.now()):\n    return now\n",
    "B009": "def name(row):\n    return getattr(row, 'name')\n",
    "B010": "def rename(row):\n    setattr(row, 'name', 'a')\n",
    "B011": "def never():\n    assert False\n",
    "B012": "def last(row):\n    try:\n        return row[0]\n    finally:\n        return None\n",
    "B013": "def safe(row):\n    try:\n        return row[0]\n    except (IndexError,):\n        return None\n",
    "B014": "def safe(row):\n    try:\n        return row[0]\n    except (IndexError, IndexError):\n        return None\n",
    "B015": "def check(amount):\n    amount == 3\n    return amount\n",
    "B016": "def stop():\n    raise 'no'\n",
    "B017": "import pytest\n\n\ndef try_it():\n    with pytest.raises(Exception):\n        print(1)\n",
    "B018": "def look(rows):\n    rows\n    return rows\n",
    "B020": "def walk(rows):\n    for rows in rows:\n        print(rows)\n",
    "B021": "def fee(amount):\n    f'''Fee of {amount}.'''\n    return amount\n",
    "B022": "import contextlib\n\n\ndef safe(row):\n    with contextlib.suppress():\n        print(row)\n",
    "B023": "def waiting(rows):\n    calls = []\n    for row in rows:\n        calls.append(lambda: row)\n    return calls\n",
    "B025": "def safe(row):\n    try:\n        return row[0]\n    except IndexError:\n        return 1\n    except IndexError:\n        return 2\n",
    "B026": "def call(function, *rows, **named):\n    return function(key=1, *rows)\n",
    "B029": "def safe(row):\n    try:\n        return row[0]\n    except ():\n        return None\n",
    "B030": "def safe(row):\n    try:\n        return row[0]\n    except 1:\n        return None\n",
    "B031": "import itertools\n\n\ndef twice(rows):\n    for _, group in itertools.groupby(rows):\n        for _ in range(2):\n            print(list(group))\n",
    "B032": "LEVELS = {}\nLEVELS['a']: 1\n",
    "B033": "LEVELS = {'a', 'b', 'a'}\n",
    "B039": "import contextvars\n\nROWS = contextvars.ContextVar('rows', default=[])\n",
    "B904": "def safe(row):\n    try:\n        return row[0]\n    except IndexError:\n        raise ValueError('empty')\n",
    "BLE001": "def safe(row):\n    try:\n        return row[0]\n    except Exception:\n        return None\n",
    "PLE0100": "class Row:\n    def __init__(self):\n        yield 1\n",
    "PLE0101": "class Row:\n    def __init__(self):\n        return 1\n",
    "PLE0117": "def outer():\n    nonlocal unknown\n    unknown = 1\n",
    "PLE1142": "def wait(row):\n    await row\n",
    "PLR0124": "def same(amount):\n    return amount == amount\n",
    "PLR0133": "def never():\n    return 1 == 2\n",
    "PLR1704": "def walk(row, rows):\n    for row in rows:\n        print(row)\n",
    "PLW0127": "def keep(amount):\n    amount = amount\n    return amount\n",
    "PLW0128": "left, left = 1, 2\n",
    "PLW0129": "def check():\n    assert 'text'\n",
    "PLW0603": "COUNT = 0\n\n\ndef more():\n    global COUNT\n    COUNT = COUNT + 1\n",
    "PLW0711": "def safe(row):\n    try:\n        return row[0]\n    except ValueError or IndexError:\n        return None\n",
    "PLW2901": "def walk(rows):\n    for row in rows:\n        row = row + 1\n        print(row)\n",
    "T100": "def look(row):\n    breakpoint()\n    return row\n",
    "S102": "def run(text):\n    exec(text)\n",
    "S110": "def safe(row):\n    try:\n        print(row[0])\n    except IndexError:\n        pass\n    except Exception:\n        pass\n",
    "S112": "def walk(rows):\n    for row in rows:\n        try:\n            print(row[0])\n        except Exception:\n            continue\n",
    "S307": "def value(text):\n    return eval(text)\n",
    "S602": "import subprocess\n\n\ndef run(text):\n    subprocess.run(text, shell=True)\n",
    "S605": "import os\n\n\ndef run(text):\n    os.system(text)\n",
    "A001": "list = [1, 2]\n",
    "A002": "def walk(list):\n    return list\n",
    "N801": "class row_of_table:\n    value = 1\n",
    "NPY001": "import numpy as np\n\nROW = np.zeros(3, dtype=np.int)\n",
    "W605": "PATTERN = '\\d+'\n",
    "ERA001": "def fee(amount):\n    # rate = amount * 2\n    return amount\n",
    "F704": "yield 1\n",
    "F707": "def safe(row):\n    try:\n        return row[0]\n    except:\n        return None\n    except IndexError:\n        return 1\n",
    "F406": "def inside():\n    from math import *\n",
    "invalid-syntax": "def broken(:\n    return 1\n",
    "absolute_path": "SOURCE = '/home/mira/cards/train.csv'\n",
}  # fmt: skip

_BRANCHES = "".join(f"    if amount > {number}:\n        found += {number}\n" for number in range(12))
_STEPS = "".join(f"    found = found + {number}\n    print(found, amount)\n" for number in range(31))
_BLOCK = "".join(f"    step_{number} = left + {number}\n" for number in range(12))

BY_STRUCTURE: dict[str, str] = {
    "C901": f"def tangled(amount):\n    found = 0\n{_BRANCHES}    return found\n",
    "long_function": f"def endless(amount):\n    found = 0\n{_STEPS}    return found\n",
    "duplicated_block": f"def one(left):\n{_BLOCK}    return step_1\n\n\ndef two(left):\n{_BLOCK}    return step_2\n",
}

INNOCENT: dict[str, str] = {
    "a comparison with None by identity": "def gone(row):\n    return row is None\n",
    "a default that is None": "def gather(row, rows=None):\n    rows = rows or []\n    rows.append(row)\n    return rows\n",
    "an error that is named": "def safe(row):\n    try:\n        return row[0]\n    except IndexError:\n        return None\n",
    "an error that is passed on": "def safe(row):\n    try:\n        return row[0]\n    except IndexError as error:\n        raise ValueError('empty') from error\n",
    "a relative path": "SOURCE = 'data/train.csv'\n",
    "a path in text for readers": "def text():\n    '''Nothing of /home/mira is read.'''\n    return 'data'\n",
    "a loop that binds its row": "def waiting(rows):\n    return [lambda row=row: row for row in rows]\n",
    "a comment that is prose": "def fee(amount):\n    # the rate is agreed each year\n    return amount * 0.2\n",
}  # fmt: skip
