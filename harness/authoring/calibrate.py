"""pack calibrate: every exemplar, mutant and stock cheat is graded on several seeds, and the rules of a fair pack are applied.

Each grade is a process of its own and lies in a run folder of its own, so that a calibration that was cut off goes on
where it stopped when the same command is given again.
"""

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from itertools import product
from pathlib import Path

from harness import __version__, intake
from harness.authoring.exemplars import all_exemplars, base_of, materialise, stock_cheats
from harness.authoring.rules import rulings
from harness.documents import read_json
from harness.errors import DamagedRunError
from harness.footing import prepare
from harness.model.authoring import Calibration, Cell
from harness.model.report import Report
from harness.packs import OpenPack, tree_digest
from harness.running import find_or_make_data, open_session
from harness.settings import Settings

HEAVY = ("blocker", "major", "minor")


@dataclass(frozen=True)
class Plan:
    """What is graded, where, and how many at once."""

    opened: OpenPack
    settings: Settings
    seeds: tuple[int, ...]
    whole: tuple[str, ...]
    """Exemplars that are submissions of their own, graded on every seed."""
    tricks: tuple[str, ...]
    """Mutants and stock cheats, each held against a submission on the same seed."""
    trick_seeds: int
    root: Path
    jobs: int
    say: Callable[[str], None]

    @property
    def names(self) -> tuple[str, ...]:
        return (*self.whole, *self.tricks)

    @property
    def grades(self) -> tuple[tuple[str, int], ...]:
        on_every, on_few = product(self.whole, self.seeds), product(self.tricks, self.seeds[: self.trick_seeds])
        return tuple((name, seed) for name, seed in (*on_every, *on_few))


def make_plan(
    opened: OpenPack,
    settings: Settings,
    seeds: Sequence[int],
    trick_seeds: int,
    root: Path,
    jobs: int,
    only: Sequence[str],
    say: Callable[[str], None],
) -> Plan:
    """One seed is enough for a trick: what it shows does not come from the draw of the data, and its twin is beside it."""
    kept = [name for name in all_exemplars(opened) if not only or name in only]
    whole = tuple(name for name in kept if base_of(opened, name) is None)
    cheats = tuple(name for name in stock_cheats(opened) if not only or name in only)
    tricks = (*(name for name in kept if name not in whole), *cheats)
    return Plan(opened, settings, tuple(seeds), whole, tricks, trick_seeds, root, jobs, say)


def calibrate(plan: Plan) -> Calibration:
    """Grade what has not been graded yet, then rule."""
    places = _materialised(plan)
    cells: dict[tuple[str, int], Cell] = {}
    with ThreadPoolExecutor(plan.jobs) as pool:
        waiting = {pool.submit(_cell, plan, name, seed, place): (name, seed) for (name, seed), place in places.items()}
        for done in as_completed(waiting):
            cell = done.result()
            cells[cell.exemplar, cell.seed] = cell
            plan.say(f"{len(cells)}/{len(waiting)}  {cell.exemplar} on seed {cell.seed}: {_told(cell)}")
    ordered = tuple(cells[grade] for grade in plan.grades)
    return Calibration(
        pack=plan.opened.pack.id,
        version=plan.opened.pack.version,
        grading_digest=plan.opened.grading_digest,
        harness_version=__version__,
        backend=plan.settings.sandbox,
        host=plan.settings.host,
        created=plan.settings.now.isoformat(timespec="seconds"),
        seeds=plan.seeds,
        cells=ordered,
        rulings=rulings(plan.opened, ordered, plan.names),
    )


def _materialised(plan: Plan) -> dict[tuple[str, int], Path]:
    """Every exemplar as a folder; the data of every seed made once, before several processes would make it at the same time."""
    opened, places = plan.opened, {}
    with open_session(plan.settings, opened.lock, "calibrate", plan.say) as session:
        for seed in plan.seeds:
            prepare(opened, seed, session)
        for name, seed in plan.grades:
            data = find_or_make_data(opened.pack, opened.root, opened.data_digest, seed, session)
            place = plan.root / "submissions" / str(seed) / name
            shutil.rmtree(place, ignore_errors=True)
            places[name, seed] = materialise(opened, name, place, data.root)
    return places


def _cell(plan: Plan, name: str, seed: int, submission: Path) -> Cell:
    run, basis = plan.root / "runs" / str(seed) / name, _basis(plan.opened)
    kept = _kept(run, basis, submission)
    if kept is not None:
        return _read(name, seed, kept, run)
    command = [
        sys.executable,
        "-P",
        "-m",
        "harness",
        "grade",
        str(submission),
        "--pack",
        str(plan.opened.root),
        "--out",
        str(run),
    ]
    command += [
        "--seed",
        str(seed),
        "--candidate",
        name,
        "--sandbox",
        plan.settings.sandbox,
        "--format",
        "json,html",
        "--quiet",
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode not in (0, 1):
        return Cell(exemplar=name, seed=seed, status="failed", error=done.stderr.strip()[-800:])
    _basis_file(run).write_text(basis, "ascii")
    return _read(name, seed, read_json(run / "report.json", Report, error=DamagedRunError), run)


def _kept(run: Path, basis: str, submission: Path) -> Report | None:
    """A finished grade of an earlier calibration that still means the same."""
    try:
        report = read_json(run / "report.json", Report, error=DamagedRunError)
        same = _basis_file(run).read_text("ascii") == basis and report.harness_version == __version__
    except (DamagedRunError, FileNotFoundError):
        return None
    return report if same and not (run / ".running").exists() and _is_of(report, submission) else None


def _basis(opened: OpenPack) -> str:
    """All of a pack that could change a mark. A changed band, or another exemplar, asks for no new grade of this one."""
    rules = tree_digest(opened.root, ("pack.yaml", "rubric.yaml", "interview.yaml", "facts.yaml", "candidate"))
    return f"{rules} {opened.data_digest}"


def _basis_file(run: Path) -> Path:
    return run.with_name(f"{run.name}.basis")


def _is_of(report: Report, submission: Path) -> bool:
    """Whether the exemplar is still what was graded."""
    with tempfile.TemporaryDirectory() as scratch:
        return intake.take(submission, Path(scratch) / "submission").digest == report.submission.digest


def _elapsed(run: Path) -> float:
    lines = (run / "events.jsonl").read_text("utf-8").splitlines()
    return float(json.loads(lines[-1])["after_s"]) if lines else 0.0


def _read(name: str, seed: int, report: Report, run: Path) -> Cell:
    worst, share = "", 0.0
    for step in report.runs.steps:
        used = max(step.wall_s / step.limits.wall_s, (step.peak_mb or 0.0) / step.limits.memory_mb)
        if used > share:
            worst, share = step.name, used
    rules = {
        f"{one.check}:{one.rule}"
        for check in report.checks
        for one in check.findings
        if one.severity.value in HEAVY and one.rule
    }
    return Cell(
        exemplar=name,
        seed=seed,
        status=report.status,
        automatic=report.totals.automatic,
        ladder=report.ladder.position if report.ladder else None,
        rungs=tuple(rung.value for rung in report.ladder.rungs) if report.ladder else (),
        criteria={one.id: one.automatic for one in report.criteria},
        checks={one.check: one.score for one in report.checks},
        findings=tuple(sorted(rules)),
        step_share=round(share, 4),
        step_worst=worst,
        seconds=round(sum(step.wall_s for step in report.runs.steps), 2),
        elapsed_s=_elapsed(run),
    )


def _told(cell: Cell) -> str:
    if cell.error:
        return f"failed: {cell.error.splitlines()[0] if cell.error else ''}"
    ladder = "" if cell.ladder is None else f", ladder {cell.ladder:.2f}"
    return f"{'not measured' if cell.automatic is None else f'{cell.automatic:.1f}'}{ladder}"


def as_json(calibration: Calibration) -> str:
    return json.dumps(calibration.model_dump(mode="json"), indent=1, sort_keys=True) + "\n"
