"""What lies on a rater's desk: runs, what of them waits for a person, and saving what the person decides."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from harness.documents import read_json
from harness.erasing.places import holders
from harness.errors import DamagedRunError, HarnessError, UsageError
from harness.model.rating_log import Level, LoggedRating, ReviewPage, RunRow
from harness.model.report import Report
from harness.model.text import one_line
from harness.review.log import apart, append, as_ratings, latest, read_log
from harness.settings import Settings, resolve
from harness.store import RECORDS, RunFolder, is_finished

_LONGEST = 600
NOT_APPLICABLE = "na"


@dataclass(frozen=True)
class Entry:
    """What a rater put into the form for one criterion."""

    criterion: str
    level: Level | None
    evidence: str


class Desk:
    """The runs below one folder, for one rater."""

    def __init__(self, root: Path, rater: str, settings: Settings, token: str) -> None:
        self.rater = rater
        self._settings = settings
        self._token = token
        self.runs = tuple(_runs(root))
        if not self.runs:
            raise UsageError("holds no finished run", where=str(root), expected="a folder that grade, batch or watch wrote")

    def rows(self) -> tuple[RunRow, ...]:
        return tuple(self._row(number, run) for number, run in enumerate(self.runs, start=1))

    def page(self, number: int, said: str = "") -> ReviewPage:
        run = self.runs[number - 1]
        report, entries = _report(run), read_log(run)
        standing = latest(entries)
        mine = {criterion: one for (rater, criterion), one in standing.items() if rater == self.rater}
        to_rate = _for_people(report)
        is_open = all(name in mine for name in to_rate)
        others: dict[str, tuple[str, ...]] = {}
        for (rater, criterion), one in standing.items():
            if rater != self.rater and is_open:
                told = f"{rater}: {'not applicable' if one.level is None else f'level {one.level}'}"
                others[criterion] = (*others.get(criterion, ()), told)
        return ReviewPage(number, report, self.rater, mine, to_rate, others, is_open, self._token, said)

    def save(self, number: int, form: Mapping[str, str]) -> str:
        """Put the form's ratings on record, weigh the run again, and say what was done."""
        run, page = self.runs[number - 1], self.page(number)
        changed = [one for one in _entered(form, page.to_rate) if _differs(one, page.mine.get(one.criterion))]
        reason = one_line(form.get("reason", ""), _LONGEST)
        rated_before = [one.criterion for one in changed if one.criterion in page.mine]
        if rated_before and not reason:
            raise UsageError(f"{', '.join(rated_before)} had a rating already", expected="a reason for changing it")
        computed = {one.id: one.automatic for one in page.report.criteria}
        for one in changed:
            append(
                run,
                now=resolve().now,
                rater=self.rater,
                criterion=one.criterion,
                level=one.level,
                evidence=one.evidence,
                reason=reason if one.criterion in rated_before else "",
                totals_open=page.open,
                automatic=computed.get(one.criterion),
            )
        if changed:
            apply(run, self._settings)
        return f"{len(changed)} saved" if changed else "nothing was changed"

    def report_file(self, number: int) -> bytes | None:
        """The whole report, once this rater has rated."""
        place = self.runs[number - 1] / "report.html"
        return place.read_bytes() if self.page(number).open and place.is_file() else None

    def _row(self, number: int, run: Path) -> RunRow:
        try:
            page = self.page(number)
        except HarnessError as error:
            return RunRow(number, run.name, "", (), (), (), one_line(error.seen))
        waiting = tuple(name for name in page.to_rate if name not in page.mine)
        gates = tuple(gate.say for gate in page.report.gates)
        wide = apart(read_log(run)) if page.open else ()
        return RunRow(number, page.report.submission.candidate, page.report.pack.title, waiting, gates, wide)


def apply(run: Path, settings: Settings) -> None:
    """Write ratings.json as the log has it, and weigh the run again. No candidate code runs."""
    from harness.model.rubric import Ratings
    from harness.packs import open_pack
    from harness.pipeline import Order, regrade

    folder, report = RunFolder(run), _report(run)
    ratings = as_ratings(read_log(run))
    folder.write(RECORDS[Ratings], ratings.to_json())
    order = Order(
        submission=str(run),
        pack=open_pack(report.pack.id, settings.packs),
        settings=settings,
        candidate=report.submission.candidate,
        profile=report.profile,
        ratings=ratings,
    )
    regrade(order, run, "score", lambda _sentence: None)


def moved_toward(entries: tuple[LoggedRating, ...]) -> tuple[int, int]:
    """Of the changes made after totals were seen: how many went toward the computed value, and how many there were."""
    from harness.model.rubric import LEVEL_POINTS

    before: dict[tuple[str, str], LoggedRating] = {}
    toward = changes = 0
    for one in entries:
        last = before.get((one.rater, one.criterion))
        if last is not None and one.totals_open and None not in (last.level, one.level, one.automatic):
            old, new = (LEVEL_POINTS[cast("int", each.level)] for each in (last, one))
            aim = cast("float", one.automatic)
            changes += old != new
            toward += abs(new - aim) < abs(old - aim)
        before[(one.rater, one.criterion)] = one
    return toward, changes


def _runs(root: Path) -> list[Path]:
    """Finished runs, also those inside batches and watches."""
    if not root.is_dir():
        raise UsageError("is not a folder", where=str(root), expected="a folder that grade, batch or watch wrote")
    found: list[Path] = []
    for folder in holders(root.resolve(), 5):
        inner = folder / "runs"
        found += (
            [run for run in _inside(inner) if is_finished(run)] if inner.is_dir() else [folder] if is_finished(folder) else []
        )
    return sorted(set(found))


def _inside(runs: Path) -> list[Path]:
    return [path.parent for path in sorted([*runs.glob("*/report.json"), *runs.glob("*/*/report.json")])]


def _report(run: Path) -> Report:
    return read_json(run / RECORDS[Report], Report, error=DamagedRunError)


def _for_people(report: Report) -> tuple[str, ...]:
    """Criteria of which a person decides a part, where they have weight."""
    return tuple(one.id for one in report.criteria if one.automatic_share < 100 and one.weight > 0)


def _entered(form: Mapping[str, str], to_rate: tuple[str, ...]) -> list[Entry]:
    entries = []
    for criterion in to_rate:
        chosen = form.get(f"level-{criterion}", "")
        evidence = one_line(form.get(f"evidence-{criterion}", ""), _LONGEST)
        if not chosen:
            continue
        if chosen not in ("1", "2", "3", "4", NOT_APPLICABLE):
            raise UsageError(f"{one_line(chosen, 20)!r} is no level", where=criterion, expected="1, 2, 3, 4 or not applicable")
        if not evidence:
            raise UsageError("a level without evidence", where=criterion, expected="one sentence that says what it rests on")
        entries.append(Entry(criterion, None if chosen == NOT_APPLICABLE else cast("Level", int(chosen)), evidence))
    return entries


def _differs(one: Entry, before: LoggedRating | None) -> bool:
    return before is None or (before.level, before.evidence) != (one.level, one.evidence)
