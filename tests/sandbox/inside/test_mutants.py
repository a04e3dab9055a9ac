"""Which faults are put into code, and where."""

import ast

import pytest

from sandbox.inside.mutants import Mutant, faults_in, sample

BODY = "def f(a, b):\n    {line}\n"


def faults(line: str) -> list[tuple[str, str, str]]:
    return [(one.kind, one.before, one.after) for one in faults_in("m.py", BODY.replace("{line}", line).encode())]


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("return a < b", ("comparison", "a < b", "(a <= b)")),
        ("return a == b", ("comparison", "a == b", "(a != b)")),
        ("x = a in b", ("comparison", "a in b", "(a not in b)")),
        ("x = a and b", ("boolean", "a and b", "(a or b)")),
        ("x = not a", ("boolean", "not a", "(a)")),
        ("x = a + b", ("arithmetic", "a + b", "(a - b)")),
        ("a += b", ("arithmetic", "a += b", "a -= b")),
        ("x = a // b", ("arithmetic", "a // b", "(a * b)")),
        ("x = 3", ("constant", "3", "4")),
        ("x = True", ("constant", "True", "False")),
        ("return a", ("return_none", "return a", "return None")),
        ("a.append(b)", ("dropped_call", "a.append(b)", "pass")),
    ],
)
def test_each_kind_of_fault(line: str, fault: tuple[str, str, str]) -> None:
    assert fault in faults(line)


@pytest.mark.parametrize(
    "line",
    [
        "print(a, 3)",
        "logger.info('done %d', 3)",
        "raise ValueError(a + 'x' * 3)",
        "assert a > 3",
        "return None",
        "'''A docstring with 3 words.'''",
        "x: 'list[3]'",
        "return f'{a + 1}'[:0] if False else None",
        "x = 'a' + 'b'",
        "x = '%d' % a",
        "x = Forest(n_estimators=100)",
        "x = numpy.random.default_rng(0)",
        "def g(c=3): pass",
    ],
)
def test_what_no_test_is_asked_to_notice_is_left_alone(line: str) -> None:
    """Messages, annotations, defaults, joined texts, settings of models, seeds; a changed f-string has no known place."""
    kinds = {kind for kind, before, _ in faults(line) if "False" not in before and not before.startswith("return f")}

    assert kinds - {"constant"} == set() or line.startswith("return f")
    assert not any("3" in before or "100" in before for _, before, _ in faults(line))


def test_only_function_bodies_are_changed() -> None:
    source = b"LIMIT = 3\n@cached(4)\ndef f(a=5):\n    return a + 6\nclass C:\n    size = 7\n"

    assert {one.line for one in faults_in("m.py", source)} == {4}


def test_a_fault_replaces_its_place_and_nothing_else() -> None:
    """Columns are counted in bytes, and texts before it may hold more than one for a letter."""
    source = 'def f(a):\n    name = "żółć"; return a * (2 + a)  # größer\n'.encode()
    times = next(one for one in faults_in("m.py", source) if one.before.startswith("a * "))

    assert times.applied(source).decode() == 'def f(a):\n    name = "żółć"; return (a / (2 + a))  # größer\n'


def test_every_fault_leaves_code_that_can_be_read_and_differs() -> None:
    source = b"""
def f(rows, limit=3):
    total = 0
    for row in rows:
        if row and not (row.size < limit or row.kind == "x") and row.a + row.b * 2 >= -1:
            total += row.size ** 2
        elif row is None:
            continue
        keep(row)
    return total / max(1, len(rows)), [one for one in rows if one > 0]
"""
    found = faults_in("m.py", source)

    assert len(found) > 15
    for one in found:
        assert ast.dump(ast.parse(one.applied(source))) != ast.dump(ast.parse(source)), one


def test_the_sample_is_drawn_alike_and_from_covered_lines_only() -> None:
    sources = {"a.py": b"def f(a):\n    b = a + 1\n    return b - 2\n", "b.py": b"def g(a):\n    return a * 3\n"}
    covered = {"a.py": [2], "b.py": [2]}

    drawn = sample(sources, covered, 40)

    assert drawn == sample(dict(reversed(sources.items())), covered, 40)
    assert {(one.file, one.line) for one in drawn} == {("a.py", 2), ("b.py", 2)}
    assert sample(sources, covered, 2) == drawn[:2]


def test_no_line_takes_more_than_two_faults() -> None:
    source = b"def f(a):\n    return (a + 1) * (a - 2) / (a + 3) > 4\n"

    assert len(sample({"a.py": source}, {"a.py": [2]}, 40)) == 2


@pytest.mark.parametrize(
    "source",
    [b"def f(:\n", b"\x00", b"def f():\n" + b" " * 4 + b"x = " + b"(" * 3000 + b"1" + b")" * 3000, b"x = 1\r\n" * 3, b"\xff"],
)
def test_code_that_cannot_be_read_has_no_faults(source: bytes) -> None:
    assert faults_in("m.py", source) == []


def test_a_fault_knows_its_place() -> None:
    (one,) = faults_in("m.py", b"def f(a):\n\n    return a\n")

    assert one == Mutant("m.py", 3, "return_none", 15, 23, "return a", "return None")
