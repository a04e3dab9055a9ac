"""The table as it is shipped, and as people read it."""

from collections.abc import Iterator, Mapping

from bench.detectors.rates import Tally
from bench.detectors.trials import Group
from checks.registry import load
from harness.model.report import DetectorRates, DetectorTable

_GROUPS: dict[Group, tuple[str, str]] = {
    "planted": ("one planted defect, or planted good practice", "spoke"),
    "rewrite": ("the same defect said in another way", "spoke"),
    "clean": ("clean work in every style, and what only looks like a defect", "said nothing"),
    "attack": ("good practice in code that never runs", "said nothing"),
    "twin": ("the same work with the leak corrected", "said nothing"),
}
_HEAD = """# How often each detector is right

Made by `python -m bench.detectors`; do not edit by hand. Reports quote these numbers beside each finding.

Every case is generated from clean programs of several styles (a flat script, a notebook with figures, a searched pipeline,
boosting with early stopping, a network, several models compared, a forecast) and words of six made-up tasks. A detector is
*hit* when it speaks at a case in which its defect, or the good practice that it looks for, was planted. A *false alarm* is a
word at a case where it must say nothing: clean work, lines that never run, a corrected twin. Intervals are Wilson's at 95 %.

**What the numbers are not.** Generated cases are more alike than people's work is, and were written by those who wrote the
detectors. Read a rate as the best that can be expected, and a miss or an alarm here as a known weakness. A check with a version
other than the one below has no known rates, and reports then say so.

**On people's work.** In November 2026 the reader of ML practice was tried on 106 public notebooks and scripts, 44 of them with
leaking preparation, that nobody here had written; one person labelled each of them before the reader saw it. Preprocessing
leakage: precision 1.00, recall 0.86 (38 found, 6 missed). Four findings of other kinds of leakage were wrong. The level of
exploration was the label's in 66 of 71 files where it could be told, of missing values in 49 of 51, of imbalance in 82 of 86,
and the families of models in 81 of 88. What was wrong was then repaired, so these are the numbers before the repairs. The
files belong to their authors and are not kept here, so nobody can run this again.
"""


def as_record(tally: Tally, seed: int) -> DetectorTable:
    versions = {spec.id: spec.version for spec in load().values()}
    rates = tally.rates
    tried = {key.split(":")[0] for key in rates}
    return DetectorTable(
        seed=seed,
        cases=sum(total for _, total in tally.groups.values()),
        check_versions={check: versions[check] for check in sorted(tried)},
        groups={group: (tally.groups[group][0], tally.groups[group][1]) for group in _GROUPS if group in tally.groups},
        detectors=rates,
    )


def as_markdown(table: DetectorTable, tally: Tally) -> str:
    return "\n".join([_HEAD, *_groups(table), *_checks(table), *_weak(tally)]) + "\n"


def _groups(table: DetectorTable) -> Iterator[str]:
    yield f"## {table.cases:,} cases, seed {table.seed}\n"
    yield "| group | cases | as it should be | |\n|---|---|---|---|"
    for group, (words, answer) in _GROUPS.items():
        if group in table.groups:
            right, total = table.groups[group]
            yield f"| {group} | {words} | {answer} at {right:,} of {total:,} | {100 * right / total:.1f} % |"
    yield ""


def _checks(table: DetectorTable) -> Iterator[str]:
    yield "## Detectors\n"
    for check, version in table.check_versions.items():
        yield f"### {check}, version {version}\n"
        yield "| detector | hits | of planted | 95 % | false alarms | of clean | 95 % |\n|---|---|---|---|---|---|---|"
        own = {key: rates for key, rates in table.detectors.items() if key.split(":")[0] == check}
        yield from _rows(own)
        yield ""


def _rows(detectors: Mapping[str, DetectorRates]) -> Iterator[str]:
    for key, rates in detectors.items():
        name = f"`{key.split(':', 1)[1]}`" if ":" in key else "all together"
        yield (
            f"| {name} | {rates.hits} | {rates.planted} | {_interval(rates.hit_interval)} "
            f"| {rates.false_alarms} | {rates.clean} | {_interval(rates.alarm_interval)} |"
        )


def _interval(ends: tuple[float, float]) -> str:
    return f"{100 * ends[0]:.1f} to {100 * ends[1]:.1f}"


def _weak(tally: Tally) -> Iterator[str]:
    """Every case that was answered wrongly, by name: known weaknesses, for whoever reads a finding."""
    yield "## Known misses and false alarms\n"
    if not tally.wrong:
        yield "None of these cases was answered wrongly."
    for tried in tally.wrong:
        told = "missed" if tried.trial.true else "false alarm"
        yield f"- {told} {', '.join(f'`{one}`' for one in sorted(tried.wrong))}: {tried.trial.name}"
