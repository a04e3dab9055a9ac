"""Who may import whom. The rooms stay rooms, and nothing goes round in circles."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ("harness", "checks", "sandbox", "reports")
INSIDE = ROOT / "sandbox" / "inside"
TALLEST = 350


def modules() -> dict[str, Path]:
    """Every module of ours by its dotted name. What runs inside a sandbox is a room of its own and imports nothing of ours."""
    found = {}
    for room in ROOMS:
        for path in (ROOT / room).rglob("*.py"):
            parts = path.relative_to(ROOT).with_suffix("").parts
            found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def imports(path: Path, *, when_loaded: bool) -> Iterator[str]:
    """Modules of ours that a file names in imports; `when_loaded` leaves out those inside functions and for types only."""
    for node in _nodes(ast.parse(path.read_text("utf-8")), when_loaded):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name.split(".")[0] in ROOMS)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and (node.module or "").split(".")[0] in ROOMS:
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                yield whole if whole in ALL else str(node.module)


def _nodes(tree: ast.AST, when_loaded: bool) -> Iterator[ast.AST]:
    for child in ast.iter_child_nodes(tree):
        if when_loaded and isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        if when_loaded and isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test):
            continue
        yield child
        yield from _nodes(child, when_loaded)


ALL = modules()


@cache
def imports_of(name: str) -> list[str]:
    """Wherever in the module they stand."""
    return sorted(set(imports(ALL[name], when_loaded=False)))


def graph() -> dict[str, list[str]]:
    """What each module imports when it is loaded."""
    return {name: sorted(set(imports(path, when_loaded=True)) - {name}) for name, path in ALL.items()}


def within(name: str, *places: str) -> bool:
    return any(name == place or name.startswith(place + ".") for place in places)


def strangers(of: str, *allowed: str) -> list[str]:
    return [
        f"{name} imports {one}" for name in ALL if within(name, of) for one in imports_of(name) if not within(one, *allowed)
    ]


def test_the_words_import_nothing_of_ours_but_each_other() -> None:
    """harness.model and harness.errors are leaves: everybody may speak them."""
    assert strangers("harness.model", "harness.model") == []
    assert strangers("harness.errors", "harness.errors") == []
    assert imports_of("harness") == []


@pytest.mark.parametrize("room", ["checks", "sandbox", "reports"])
def test_a_room_imports_only_the_words_and_itself(room: str) -> None:
    """Rooms never know each other."""
    assert strangers(room, "harness.model", "harness.errors", room) == []


@pytest.mark.parametrize("room", ["checks", "sandbox", "reports"])
def test_no_file_of_a_room_imports_the_rooms_own_door(room: str) -> None:
    """A front door that its own rooms walk through is how loops begin."""
    assert [name for name in ALL if within(name, room) and room in imports_of(name)] == []


def test_each_stage_opens_exactly_one_room() -> None:
    """running opens sandbox, checking opens checks, publishing opens reports; nobody else opens any."""
    doors = {"sandbox": "harness.running", "checks": "harness.checking", "reports": "harness.publishing"}
    wrong = [
        f"{name} imports {one}"
        for name in ALL
        if within(name, "harness")
        for one in imports_of(name)
        if one.split(".")[0] in doors and not within(name, doors[one.split(".")[0]])
    ]

    assert wrong == []


def test_nothing_knows_the_commands_but_the_door() -> None:
    knowing = [name for name in ALL if any(within(one, "harness.commands") for one in imports_of(name))]

    assert [name for name in knowing if not within(name, "harness.commands", "harness.cli")] == []


def test_what_runs_inside_a_sandbox_imports_nothing_of_ours_by_name() -> None:
    """The programs inside are started as files, with the environment's interpreter, where none of our packages exist."""
    for path in INSIDE.glob("*.py"):
        assert not list(imports(path, when_loaded=False)), path.name


def test_there_is_no_import_loop() -> None:
    loaded = graph()
    state: dict[str, int] = {}
    loops: list[list[str]] = []

    def visit(name: str, path: list[str]) -> None:
        state[name] = 1
        for one in loaded.get(name, []):
            if state.get(one) == 1:
                loops.append([*path[path.index(one) :], one] if one in path else [name, one])
            elif one in loaded and one not in state:
                visit(one, [*path, one])
        state[name] = 2

    for name in loaded:
        if name not in state:
            visit(name, [name])

    assert loops == []


def test_files_stay_small_enough_to_be_read() -> None:
    tall = {name: len(path.read_text("utf-8").splitlines()) for name, path in ALL.items()}

    assert {name: lines for name, lines in tall.items() if lines > TALLEST} == {}


def test_the_pipeline_reads_as_its_stages() -> None:
    """The path of a submission is five names, in order."""
    from harness.pipeline import STAGES

    assert [name for name, _, _ in STAGES] == ["take", "run", "check", "score", "tell"]
