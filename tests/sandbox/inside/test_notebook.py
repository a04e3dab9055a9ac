"""Executing a notebook: its cells' text alone counts, and what happened is written down."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.checks.builders import notebook_of
from tests.sandbox.inside.place import Ran, run_inside

pytestmark = pytest.mark.slow


def _execute(tmp_path: Path, text: str, name: str = "analysis.ipynb", cell_s: float = 60, **more: Any) -> Ran:
    return run_inside(
        tmp_path, "notebook.py", {"notebook": name, "cell_s": cell_s, **more}, {name: text}, {"train.csv": "a\n5\n"}
    )


def test_cells_run_in_order_in_this_python_whatever_kernel_the_file_asks_for(tmp_path: Path) -> None:
    text = notebook_of(("markdown", "# Title"), "x = 20", "print(x + 1)", kernelspec={"name": "julia", "language": "julia"})
    ran = _execute(tmp_path, text)
    assert ran.code == 0, ran.stderr
    report = ran.document("notebook.json")
    assert (report["state"], report["error"]) == ("done", None)
    assert [(cell["index"], cell["state"]) for cell in report["cells"]] == [(1, "done"), (2, "done")]
    assert ran.document("executed.ipynb")["cells"][2]["outputs"][0]["text"] == "21\n"


def test_data_lies_beside_a_notebook_in_a_folder(tmp_path: Path) -> None:
    text = notebook_of("print(open('data/train.csv').read(), open('../data/train.csv').read() if 0 else '')")
    assert _execute(tmp_path, text, "notebooks/eda.ipynb").code == 0


def test_an_error_is_reported_with_its_cell_and_line(tmp_path: Path) -> None:
    ran = _execute(tmp_path, notebook_of("def f():\n    return 1 / 0", ("markdown", "next"), "x = 1\n\nf()", "y = 2"))
    assert ran.code == 1
    report = ran.document("notebook.json")
    assert report["state"] == "error"
    assert report["error"] == {"cell": 2, "line": 3, "type": "ZeroDivisionError", "message": "division by zero"}
    assert [cell["state"] for cell in report["cells"]] == ["done", "error", "not_run"]


def test_a_tag_does_not_let_an_error_pass(tmp_path: Path) -> None:
    document = json.loads(notebook_of("1 / 0", "x = 1"))
    document["cells"][0]["metadata"]["tags"] = ["raises-exception", "skip-execution"]
    ran = _execute(tmp_path, json.dumps(document))
    assert (ran.code, ran.document("notebook.json")["state"]) == (1, "error")


def test_stored_outputs_are_left_behind(tmp_path: Path) -> None:
    lie = {"output_type": "stream", "name": "stdout", "text": "AUC 0.99"}
    ran = _execute(tmp_path, notebook_of("x = 1", outputs={0: [lie]}))
    assert "0.99" not in (ran.out / "executed.ipynb").read_text()


def test_a_cell_that_never_ends_is_stopped_and_named(tmp_path: Path) -> None:
    ran = _execute(tmp_path, notebook_of("x = 1", "while True: pass"), cell_s=3)
    report = ran.document("notebook.json")
    assert (ran.code, report["state"], report["error"]["cell"]) == (1, "timed_out", 1)


def test_a_kernel_that_dies_is_named_with_its_cell(tmp_path: Path) -> None:
    ran = _execute(tmp_path, notebook_of("x = 1", "import os\nos._exit(0)"))
    report = ran.document("notebook.json")
    assert (ran.code, report["state"], report["error"]["cell"]) == (1, "kernel_died", 1)


def test_a_flood_of_output_is_cut(tmp_path: Path) -> None:
    ran = _execute(tmp_path, notebook_of("print('x' * 9_000_000)", "for i in range(3000): print(i, flush=True)"))
    assert ran.code == 0, ran.stderr
    assert (ran.out / "executed.ipynb").stat().st_size < 3_000_000


def test_the_file_it_makes_is_brought_out(tmp_path: Path) -> None:
    text = notebook_of("from pathlib import Path\nPath('predictions.csv').write_text('id,score\\n')")
    ran = _execute(tmp_path, text, "deep/one.ipynb", writes="predictions.csv", copy_to="/out/p.csv")
    assert (ran.out / "p.csv").read_text() == "id,score\n"


def test_predictions_that_were_shipped_are_not_taken_for_its_own(tmp_path: Path) -> None:
    request = {"notebook": "a.ipynb", "cell_s": 60, "writes": "predictions.csv", "copy_to": "/out/p.csv"}
    ran = run_inside(tmp_path, "notebook.py", request, {"a.ipynb": notebook_of("x = 1"), "predictions.csv": "id,score\n1,1\n"})
    assert ran.code == 0
    assert not (ran.out / "p.csv").exists()


def test_a_link_in_place_of_the_file_is_not_followed(tmp_path: Path) -> None:
    text = notebook_of("import os\nos.symlink('/etc/hostname', 'predictions.csv')")
    ran = _execute(tmp_path, text, writes="predictions.csv", copy_to="/out/p.csv")
    assert not (ran.out / "p.csv").exists()


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"cells": 3}', "[" * 50_000, '{"cells": ' + "9" * 5000 + "}"])
def test_what_is_no_notebook_is_said_so(tmp_path: Path, text: str) -> None:
    ran = _execute(tmp_path, text)
    assert ran.code == 2
    assert "is not a notebook" in ran.stderr


def test_a_notebook_that_is_not_there_is_said_so(tmp_path: Path) -> None:
    ran = run_inside(tmp_path, "notebook.py", {"notebook": "gone.ipynb", "cell_s": 9}, {})
    assert (ran.code, "cannot be opened" in ran.stderr) == (2, True)


def test_cells_of_wrong_types_are_passed_over(tmp_path: Path) -> None:
    cells = [
        7,
        {"cell_type": "code", "source": 5},
        {"cell_type": ["x"]},
        {"cell_type": "code", "source": ["print(", 4, "'ok')"]},
    ]
    ran = _execute(tmp_path, json.dumps({"cells": cells}))
    assert ran.code == 0, ran.stderr
    assert ran.document("executed.ipynb")["cells"][3]["outputs"][0]["text"] == "ok\n"


def test_a_notebook_of_format_3_runs(tmp_path: Path) -> None:
    old = {"nbformat": 3, "worksheets": [{"cells": [{"cell_type": "code", "input": ["print(6 * 7)"]}]}]}
    ran = _execute(tmp_path, json.dumps(old))
    assert ran.document("executed.ipynb")["cells"][0]["outputs"][0]["text"] == "42\n"
