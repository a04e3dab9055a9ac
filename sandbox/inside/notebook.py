"""Inside the sandbox: execute a notebook from top to bottom in a fresh kernel, and say how it went.

Only the text of the cells is taken from the file. Stored outputs, tags (which could let errors pass), and the kernel that
the file asks for are left behind; the kernel is always the environment's own Python. What the kernel says is collected
with caps. Written: /out/executed.ipynb, /out/notebook.json and, when asked for, the file that the notebook makes.
"""

import asyncio
import json
import math
import os
import re
import shutil
import stat
import sys
import tempfile
import time
from importlib.util import find_spec, module_from_spec, spec_from_file_location
from types import ModuleType
from typing import Any

NOTEBOOK_FAILED, NOT_A_NOTEBOOK, TOOL_MISSING = 1, 2, 78
CELL_OUTPUT_BYTES, ALL_OUTPUT_BYTES, OUTPUTS_PER_CELL = 2_000_000, 12_000_000, 300
MAX_FILE_BYTES = 50_000_000
_ANSI = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
_PLACE = re.compile(r"(?:Cell In\s?\[\d+\]|<ipython-input-[^>]{1,80}>), line (\d{1,7})|^-{3,}> ?(\d{1,7})", re.MULTILINE)


class NotANotebookError(Exception):
    """The file cannot be read as a notebook."""


def main(root: str = "") -> int:
    with open(f"{root}/in/request.json", encoding="utf-8") as file:
        request = json.load(file)
    missing = [name for name in ("nbclient", "nbformat", "ipykernel") if not installed(name)]
    if missing:
        print(f"the environment has no {', '.join(missing)}", file=sys.stderr)
        return TOOL_MISSING
    path = os.path.join(f"{root}/work", request["notebook"])
    try:
        cells = read_cells(path)
    except NotANotebookError as problem:
        print(f"{request['notebook']} is not a notebook: {problem}", file=sys.stderr)
        return NOT_A_NOTEBOOK
    alone = sibling("alone")
    alone.step_out_of_reach()
    folder = os.path.dirname(path)
    prepare(root, folder, request)
    run = Run(cells, folder, float(request["cell_s"]), f"{root}/out")
    try:
        asyncio.run(run.execute())
    finally:
        alone.end_all_others()
        run.save()
        bring_out(root, folder, request)
    if run.state != "done":
        print(run.sentence(), file=sys.stderr)
        return NOTEBOOK_FAILED
    return 0


def sibling(name: str) -> ModuleType:
    """A program beside this one, under a name that no submission uses."""
    spec = spec_from_file_location(f"_harness_{name}", os.path.join(os.path.dirname(os.path.abspath(__file__)), f"{name}.py"))
    if spec is None or spec.loader is None:
        raise ImportError(name)
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def installed(name: str) -> bool:
    return find_spec(name) is not None


def read_cells(path: str) -> list[tuple[str, str]]:
    """Kind and text of every cell, formats 3 and 4."""
    try:
        if os.path.getsize(path) > MAX_FILE_BYTES:
            raise NotANotebookError("it is too large")
        with open(path, encoding="utf-8", errors="backslashreplace") as file:
            document = json.load(file)
    except OSError as problem:
        raise NotANotebookError(f"it cannot be opened ({problem.strerror})") from None
    except (ValueError, RecursionError) as problem:
        raise NotANotebookError(f"it is not JSON ({str(problem)[:80]})") from None
    raw = document.get("cells") if isinstance(document, dict) else None
    if raw is None and isinstance(document, dict) and isinstance(document.get("worksheets"), list):
        raw = [cell for sheet in document["worksheets"] if isinstance(sheet, dict) for cell in sheet.get("cells") or []]
    if not isinstance(raw, list):
        raise NotANotebookError("it has no list of cells")
    return [read_cell(cell) for cell in raw]


def read_cell(cell: Any) -> tuple[str, str]:
    if not isinstance(cell, dict):
        return "raw", ""
    source = cell.get("source", cell.get("input", ""))
    if isinstance(source, list):
        source = "".join(part for part in source if isinstance(part, str))
    kind = cell.get("cell_type")
    return (kind if kind in ("code", "markdown") else "raw"), source if isinstance(source, str) else ""


def prepare(root: str, folder: str, request: dict[str, Any]) -> None:
    """Data beside the notebook as well, and no predictions from before."""
    if os.path.isdir(f"{root}/data") and not os.path.lexists(f"{folder}/data"):
        os.symlink(f"{root}/data", f"{folder}/data")
    for place in places(root, folder, request):
        if os.path.isfile(place) or os.path.islink(place):
            os.unlink(place)


def places(root: str, folder: str, request: dict[str, Any]) -> list[str]:
    """Where a notebook may write what it was asked for: beside itself, or in the top folder."""
    writes = request.get("writes")
    if not writes or os.path.isabs(writes) or ".." in writes.split("/"):
        return []
    return list(dict.fromkeys(os.path.normpath(os.path.join(base, writes)) for base in (folder, f"{root}/work")))


def bring_out(root: str, folder: str, request: dict[str, Any]) -> None:
    target = request.get("copy_to")
    if not target or os.path.lexists(root + target):
        return
    for place in places(root, folder, request):
        if os.path.lexists(place) and stat.S_ISREG(os.lstat(place).st_mode):
            shutil.copyfile(place, root + target, follow_symlinks=False)
            return


class Run:
    """One execution, with what is known of it at any moment."""

    def __init__(self, cells: list[tuple[str, str]], folder: str, seconds: float, out: str) -> None:
        from nbformat import v4

        make: Any = v4

        makers = {"code": make.new_code_cell, "markdown": make.new_markdown_cell, "raw": make.new_raw_cell}
        # ids are drawn at random unless given; the same run is to write the same file
        made = [makers[kind](source, id=f"cell-{place}") for place, (kind, source) in enumerate(cells)]
        self.notebook = make.new_notebook(cells=made)
        self.folder, self.seconds, self.out = folder, seconds, out
        self.deadline = time.monotonic() + 0.95 * seconds
        self.state = "not_run"
        self.error: dict[str, Any] | None = None
        self.cells: list[dict[str, Any]] = [
            {"index": place, "seconds": 0.0, "state": "not_run"} for place, (kind, _) in enumerate(cells) if kind == "code"
        ]

    async def execute(self) -> None:
        from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

        client = capped_client(self.notebook, self.left)
        self.save()
        async with client.async_setup_kernel(cwd=self.folder, env=kernel_environment()):
            for cell in self.cells:
                started = time.monotonic()
                try:
                    await client.async_execute_cell(self.notebook.cells[cell["index"]], cell["index"])
                    cell["state"] = "done"
                except CellExecutionError as problem:
                    cell["state"] = "error"
                    self.fail("error", cell["index"], problem.ename, problem.evalue)
                except CellTimeoutError:
                    cell["state"] = "timed_out"
                    self.fail("timed_out", cell["index"], "TimeoutError", f"the cell ran longer than {self.seconds:g} s")
                except DeadKernelError:
                    cell["state"] = "kernel_died"
                    self.fail("kernel_died", cell["index"], "DeadKernelError", "the kernel died while the cell ran")
                cell["seconds"] = round(time.monotonic() - started, 3)
                if cell["state"] != "done":
                    return
                self.save_report()
        self.state = "done"

    def left(self, _cell: Any) -> int:
        return max(1, math.ceil(min(self.seconds, self.deadline - time.monotonic())))

    def fail(self, state: str, index: int, kind: object, message: object) -> None:
        self.state = state
        self.error = {
            "cell": index,
            "line": error_line(self.notebook.cells[index]),
            "type": str(kind)[:200],
            "message": str(message)[:2000],
        }

    def sentence(self) -> str:
        if self.error is None:
            return f"the notebook was not executed to its end ({self.state})"
        line = f", line {self.error['line']}" if self.error["line"] else ""
        return f"cell {self.error['cell']}{line}: {self.error['type']}: {self.error['message'][:500]}"

    def save(self) -> None:
        self.save_report()
        write_whole(f"{self.out}/executed.ipynb", self.notebook)

    def save_report(self) -> None:
        write_whole(f"{self.out}/notebook.json", {"state": self.state, "cells": self.cells, "error": self.error})


def kernel_environment() -> dict[str, str]:
    environment = dict(os.environ)
    environment.pop("MPLBACKEND", None)  # the kernel's own: figures become outputs
    return environment


def write_whole(path: str, document: Any) -> None:
    with open(f"{path}.part", "w", encoding="ascii") as file:
        json.dump(document, file, ensure_ascii=True)
    os.replace(f"{path}.part", path)


def error_line(cell: Any) -> int | None:
    """Line in the cell at which the error arose, from the kernel's own traceback."""
    for output in cell.get("outputs", []):
        if output.get("output_type") == "error":
            text = _ANSI.sub("", "\n".join(map(str, output.get("traceback", [])[:50])))[:100_000]
            match = _PLACE.search(text)
            if match:
                return int(match.group(1) or match.group(2))
    return None


def capped_client(notebook: Any, left: Any) -> Any:
    """A client whose kernel is this very interpreter, talked to over sockets in the file system, with capped outputs."""
    from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
    from jupyter_client.manager import AsyncKernelManager
    from nbclient import NotebookClient

    class OnlyThisPython(KernelSpecManager):
        def get_kernel_spec(self, kernel_name: str) -> KernelSpec:  # noqa: ARG002 - whatever name is asked for
            argv = [
                sys.executable,
                "-P",
                "-m",
                "ipykernel_launcher",
                "-f",
                "{connection_file}",
                "--HistoryManager.enabled=False",
            ]
            return KernelSpec(argv=argv, display_name="Python", language="python")

    class Capped(NotebookClient):
        written = 0
        in_cell: dict[int, int] = {}  # noqa: RUF012 - replaced, never changed

        def output(self, outs: list[Any], msg: dict[str, Any], display_id: str | None, cell_index: int) -> Any:
            content = msg.get("content", {})
            room = min(ALL_OUTPUT_BYTES - self.written, CELL_OUTPUT_BYTES - self.in_cell.get(cell_index, 0))
            if len(outs) >= OUTPUTS_PER_CELL:
                room = 0
            if msg["msg_type"] == "error":
                content["traceback"] = [str(line)[:20_000] for line in content.get("traceback", [])[-50:]]
                room = ALL_OUTPUT_BYTES
            elif isinstance(content.get("text"), str):
                content["text"] = content["text"][: max(0, room)]
            size = len(json.dumps(content, default=str))
            if room <= 0 or size > 2 * room:
                return None
            self.written += size
            self.in_cell = {**self.in_cell, cell_index: self.in_cell.get(cell_index, 0) + size}
            return super().output(outs, msg, display_id, cell_index)

    sockets = os.path.join(tempfile.mkdtemp(prefix="kernel"), "socket")
    manager = AsyncKernelManager(kernel_name="python3", kernel_spec_manager=OnlyThisPython(), transport="ipc", ip=sockets)
    return Capped(notebook, km=manager, timeout_func=left, force_raise_errors=True, iopub_timeout=10, record_timing=False)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:2]))
