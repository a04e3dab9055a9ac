"""From runs, files and the lock to rows: how it ran, the map of the work, how numbers are made."""

from pathlib import PurePosixPath

from harness.model.report import Report
from harness.model.rubric import LEVEL_POINTS
from harness.model.run import RunSet, StepResult
from harness.model.submission import CommandEntry, FileEntry, FunctionEntry, NotebookEntry, ServiceEntry
from reports import numbers, wording
from reports.escape import Caps
from reports.rows import KindRow, MethodBlock, Pair, RunBlock, StepRow, TimingRow, WorkBlock

_ENDINGS = {
    "Notebooks": (".ipynb",),
    "Python": (".py", ".pyi"),
    "Documents": (".md", ".rst", ".txt", ".pdf", ".docx", ".html", ".tex"),
    "Data": (".csv", ".tsv", ".parquet", ".jsonl", ".feather", ".npy", ".npz", ".pkl", ".joblib", ".db"),
    "Settings": (".toml", ".yaml", ".yml", ".cfg", ".ini", ".json", ".lock", ".in"),
    "Pictures": (".png", ".jpg", ".jpeg", ".svg", ".gif"),
}


def run_block(report: Report) -> RunBlock:
    ran = {step.name for step in report.runs.steps}
    sandbox = report.sandbox
    version = f" {sandbox.version}" if sandbox.version else ""
    return RunBlock(
        entry=entry_sentence(report.runs),
        steps=tuple(_step(step) for step in report.runs.steps),
        skipped=tuple(Pair(one.name, f"{one.reason} ({wording.SKIPPED_BY[one.fault]})") for one in report.runs.skipped),
        stages=tuple(
            TimingRow(
                one.step, one.wall_s, numbers.seconds(one.wall_s), numbers.seconds(one.cpu_s), numbers.megabytes(one.peak_mb)
            )
            for one in report.timings
            if one.step not in ran
        ),
        sandbox=f"{sandbox.backend}{version}",
        controls=tuple((one.name, wording.CONTROL[one.state], one.detail) for one in sandbox.hardening),
        gaps=tuple(Pair(gap.behaviour, gap.reason) for gap in sandbox.gaps),
    )


def entry_sentence(runs: RunSet) -> str:
    """How predictions were asked for."""
    found = f" ({runs.entry_found_by})" if runs.entry_found_by else ""
    match runs.entry:
        case CommandEntry(train=train, predict=predict):
            both = f"trained with {train}, then predicted with {predict}" if train else f"predicted with {predict}"
            return f"{both}{found}"
        case FunctionEntry(call=call):
            return f"called as the function {call}{found}"
        case NotebookEntry(path=path):
            return f"predictions written by the notebook {path}{found}"
        case ServiceEntry(train=train, start=start, predict=predict):
            trained = f"trained with {train}, then " if train else ""
            return f"{trained}started as a service with {start}, and asked at {predict}{found}"
        case _:
            return ""


def entry_in_short(runs: RunSet) -> str:
    match runs.entry:
        case CommandEntry():
            return "run from its command line"
        case FunctionEntry(call=call):
            return f"called as the function {call}"
        case NotebookEntry(path=path):
            return f"run as the notebook {path}"
        case ServiceEntry():
            return "asked as a service"
        case _:
            return "no entry point was run"


def work_block(report: Report, caps: Caps) -> WorkBlock:
    total = sum(entry.size for entry in report.files)
    files = report.files[: caps.rows]
    refusals = sorted(report.refusals, key=lambda refusal: refusal.harmless)[: caps.rows]
    source = wording.SOURCE.get(report.submission.source_kind, report.submission.source_kind)
    return WorkBlock(
        summary=f"{numbers.many(len(report.files), 'file')}, {numbers.size(total)}, from {source}",
        kinds=_kinds(report.files, total),
        files=tuple(Pair(entry.path, numbers.size(entry.size)) for entry in files),
        files_not_listed=_more(len(report.files) - len(files), "file"),
        refusals=tuple((one.path, one.reason, "ordinary clutter" if one.harmless else "worth a look") for one in refusals),
        refusals_not_listed=_more(len(report.refusals) - len(refusals), "entry", "entries"),
    )


def method_block(report: Report) -> MethodBlock:
    lock = report.lock
    calibrated = "Lines were set by borderline pilots." if report.lines_calibrated else "Uncalibrated lines: placeholders."
    levels = ", ".join(f"level {level} = {points:.2f}" for level, points in LEVEL_POINTS.items())
    seed = {"demo": "demo seed", "candidate": "this submission's own seed", "given": "seed given by hand"}[lock.data_seed_kind]
    pairs = (
        ("Report", f"schema {report.schema_version}, run {report.run_id}, made {report.created}"),
        ("Harness", lock.harness_version),
        ("Task pack", f"{lock.pack} {lock.pack_version}"),
        ("Public digest", lock.public_digest),
        ("Grading digest", lock.grading_digest),
        ("Submission digest", lock.submission_digest),
        ("Commit", lock.commit or "none"),
        ("Sandbox", f"{lock.backend} {lock.backend_version}".strip()),
        ("Environment", " ".join(part for part in (lock.environment_digest, lock.environment_reference) if part) or "none"),
        ("Python", lock.python_version or "not recorded"),
        ("Data", f"seed {lock.data_seed} ({seed}), digest {lock.data_digest or 'none'}"),
        ("Re-keyed holdout", lock.exchange_digest or "none"),
        ("Tools", ", ".join(f"{name} {version}" for name, version in sorted(lock.tools.items())) or "none"),
        ("Plug-ins", ", ".join(f"{one.name} of {one.distribution} {one.version}" for one in lock.plugins) or "none"),
    )
    return MethodBlock(
        formula=wording.FORMULA.format(levels=levels),
        weights=tuple(
            (f"{one.id} {one.title}", numbers.weight(one.weight), f"{one.automatic_share} %", f"{100 - one.automatic_share} %")
            for one in report.criteria
        ),
        lines=tuple(Pair(f"{line.at_least:g} and up", line.words) for line in report.lines),
        calibration=calibrated,
        versions=tuple(Pair(label, text) for label, text in pairs),
        check_versions=", ".join(f"{check} {version}" for check, version in sorted(lock.check_versions.items())),
    )


def kinds_in_words(files: tuple[FileEntry, ...]) -> str:
    named = {"Notebooks": "notebook", "Python": "Python file", "Tests": "test file"}
    counts = {row.kind: row.count for row in _kinds(files, 1)}
    return ", ".join(numbers.many(counts[kind], word) for kind, word in named.items() if counts.get(kind))


def _step(step: StepResult) -> StepRow:
    notes = [f"left behind: {refused}" for refused in step.refused_outputs[:10]]
    if step.memory_kill_seen:
        notes.append("some process was stopped for memory, though the step went on")
    logs = (("standard output", step.stdout), ("standard error", step.stderr))
    return StepRow(
        name=step.name,
        target=step.target or "",
        outcome=step.sentence(),
        normal=step.outcome.succeeded,
        wall_s=step.wall_s,
        wall=numbers.seconds(step.wall_s),
        cpu=numbers.seconds(step.cpu_s),
        peak=numbers.megabytes(step.peak_mb),
        limits=f"{numbers.seconds(step.limits.wall_s)}, {numbers.megabytes(step.limits.memory_mb)}, {step.limits.cpus:g} cores",
        notes=tuple(notes),
        logs=tuple(Pair(_log_label(name, kept.dropped_bytes), kept.tail) for name, kept in logs if kept.tail.strip()),
    )


def _log_label(stream: str, left_out: int) -> str:
    return f"end of {stream} ({left_out} bytes before it left out)" if left_out else stream


def _kinds(files: tuple[FileEntry, ...], total: int) -> tuple[KindRow, ...]:
    groups: dict[str, list[int]] = {}
    for entry in files:
        groups.setdefault(_kind(PurePosixPath(entry.path)), []).append(entry.size)
    order = [*_ENDINGS, "Tests", "Other"]
    rows = (
        KindRow(kind, len(sizes), numbers.size(sum(sizes)), sum(sizes) / total if total else 0.0)
        for kind, sizes in groups.items()
    )
    return tuple(sorted(rows, key=lambda row: order.index(row.kind)))


def _kind(path: PurePosixPath) -> str:
    if path.suffix == ".py" and (path.name.startswith("test_") or path.stem.endswith("_test") or "tests" in path.parts[:-1]):
        return "Tests"
    return next((kind for kind, endings in _ENDINGS.items() if path.suffix.lower() in endings), "Other")


def _more(count: int, one: str, several: str = "") -> str:
    return f"{numbers.many(count, one, several)} more, in report.json" if count > 0 else ""
