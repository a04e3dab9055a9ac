"""Which notebook cells ran in our own re-execution."""

from checks.practice.cells import UnreadableNotebookError, cells_of
from harness.model.evidence import MAX_NOTEBOOK_BYTES, Evidence


def executed_cells(evidence: Evidence) -> frozenset[tuple[str, int]] | None:
    """(notebook path, cell) of every cell that ran without an error; None when no notebook was re-executed."""
    if evidence.runs is None:
        return None
    found: set[tuple[str, int]] = set()
    any_read = False
    for step in evidence.runs.steps:
        if not step.name.startswith("execute") or step.target is None:
            continue
        for artifact in step.artifacts:
            if not artifact.name.endswith(".ipynb"):
                continue
            content = evidence.read_artifact(step.name, artifact.name, MAX_NOTEBOOK_BYTES)
            if content is None:
                continue
            try:
                cells = cells_of(content.decode("utf-8", errors="backslashreplace"))
            except UnreadableNotebookError:
                continue
            any_read = True
            found |= {(step.target, cell.index) for cell in cells if cell.executed and "error" not in cell.outputs}
    return frozenset(found) if any_read else None
