"""Whether unusable input rows were found, and only those."""

from dataclasses import dataclass

from pydantic import Field

from checks.base import check, judged, not_measured
from checks.predicted import STEP, NoPredictions, find_predictions, without_predictions
from checks.returned_tables import read_columns
from checks.tables import Problem
from harness.model.answers import FlaggedRows, TableAnswer
from harness.model.evidence import Evidence
from harness.model.finding import CheckResult, Fault, Finding, Level, Measurement, Severity, Where
from harness.model.record import Record, Share

ID = "quarantine"
MAX_MB = 20
_LISTED = 3

Rows = dict[tuple[str, str], str]


class Settings(Record):
    """What is asked of the list."""

    good: Share = Field(default=0.95, description="Recall, precision and right reasons from which nothing is remarked.")
    reason_weight: Share = Field(default=0.3, description="What right reasons are worth beside the right rows.")


@dataclass(frozen=True)
class _Compared:
    """Planted rows against listed ones."""

    planted: Rows
    listed: Rows

    @property
    def hit(self) -> set[tuple[str, str]]:
        return self.planted.keys() & self.listed.keys()

    @property
    def recall(self) -> float:
        return len(self.hit) / len(self.planted) if self.planted else 1.0

    @property
    def precision(self) -> float:
        return len(self.hit) / len(self.listed) if self.listed else 0.0

    @property
    def reasons(self) -> float:
        return sum(self.planted[key] == self.listed[key] for key in self.hit) / len(self.hit) if self.hit else 0.0

    @property
    def balance(self) -> float:
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


@check("Unusable rows are set aside", group="result", settings=Settings)
def quarantine(evidence: Evidence, settings: Settings) -> CheckResult:
    """Input rows that cannot be used are listed with a reason, all of them and no others.

    The list is compared with the rows that were planted: how many of them are in it, how many others are, and whether
    the reasons are right. Both kinds of error weigh alike. It cannot see what the submission does with rows it lists.
    """
    pack, reference = evidence.pack, evidence.reference
    contract = pack.answer.flagged if pack is not None and isinstance(pack.answer, TableAnswer) else None
    if pack is None or reference is None or contract is None:
        return not_measured(ID, Fault.UNSUPPORTED, "No list of unusable rows is asked for here.")
    answer = find_predictions(evidence, pack)
    if isinstance(answer, NoPredictions):
        return without_predictions(ID, answer)
    place = reference.labels.with_name(contract.planted)
    if not place.is_file():
        return not_measured(ID, Fault.PACK, "The list of planted rows is not there.")
    planted = _read(place.read_bytes(), contract)
    data = evidence.read_artifact(STEP, contract.file, MAX_MB * 1_000_000)
    if isinstance(planted, Problem):
        return not_measured(ID, Fault.PACK, f"The list of planted rows cannot be read: {planted.message}.")
    if data is None:
        message = f"The build left no {contract.file}."
        return judged(ID, 0.0, message, (_finding("absent", Severity.MAJOR, message, "", f"{contract.file} beside the table"),))
    listed = _read(data, contract)
    if isinstance(listed, Problem):
        message = f"{contract.file} cannot be read: {listed.message}."
        return judged(ID, 0.0, message, (_finding("unreadable", Severity.MAJOR, message, listed.seen, listed.expected),))
    return _result(_Compared(planted, listed), settings)


def _read(data: bytes, contract: FlaggedRows) -> Rows | Problem:
    """Rows by file and number. A file may be named with its folder; numbers are compared as numbers."""
    wanted = (contract.file_column, contract.row_column, contract.reason_column)
    table = read_columns(data, wanted, MAX_MB)
    if isinstance(table, Problem):
        return table
    rows: Rows = {}
    for cells in table:
        if cells:
            file, row, reason = (cell.strip() for cell in cells)
            number = row.removesuffix(".0")
            rows[file.rsplit("/", 1)[-1], str(int(number)) if number.isascii() and number.isdigit() else row] = reason
    return rows


def _result(compared: _Compared, settings: Settings) -> CheckResult:
    score = compared.balance * (1 - settings.reason_weight + settings.reason_weight * compared.reasons)
    summary = (
        f"Of {len(compared.planted)} unusable rows {len(compared.hit)} are listed, among {len(compared.listed):,} in all; "
        f"{compared.reasons:.0%} of them with the right reason."
    )
    measurements = (
        Measurement(name="quarantine_recall", value=compared.recall),
        Measurement(name="quarantine_precision", value=compared.precision),
        Measurement(name="quarantine_reasons", value=compared.reasons),
    )
    return judged(ID, score, summary, tuple(_findings(compared, settings)), measurements)


def _findings(compared: _Compared, settings: Settings) -> list[Finding]:
    found = []
    missed = sorted(compared.planted.keys() - compared.hit)
    if compared.recall < settings.good:
        lacking = sorted({compared.planted[key] for key in missed})
        message = f"{len(missed)} of {len(compared.planted)} unusable rows are not listed, of the kinds {', '.join(lacking)}."
        found.append(_finding("missed", _severity(compared.recall), message, _told(missed), "every unusable row"))
    strange = sorted(compared.listed.keys() - compared.hit)
    if strange and compared.precision < settings.good:
        message = f"{len(strange):,} rows are listed that can be used."
        found.append(_finding("false_alarms", _severity(compared.precision), message, _told(strange), "no usable row"))
    wrong = sorted(key for key in compared.hit if compared.planted[key] != compared.listed[key])
    if compared.hit and compared.reasons < settings.good:
        pairs = sorted({f"{compared.listed[key][:40]!r} for {compared.planted[key]}" for key in wrong})
        message = f"{len(wrong)} rows are listed with another reason."
        found.append(_finding("wrong_reason", Severity.MINOR, message, "; ".join(pairs[:_LISTED]), "the codes of the brief"))
    return found


def _told(keys: list[tuple[str, str]]) -> str:
    more = f", and {len(keys) - _LISTED:,} more" if len(keys) > _LISTED else ""
    return ", ".join(f"{file[:60]} row {row[:12]}" for file, row in keys[:_LISTED]) + more


def _severity(share: float) -> Severity:
    return Severity.MAJOR if share < 0.5 else Severity.MINOR


def _finding(rule: str, severity: Severity, message: str, seen: str, expected: str) -> Finding:
    return Finding(
        check=ID,
        severity=severity,
        rule=rule,
        message=message,
        where=Where(step=STEP),
        seen=seen,
        expected=expected,
        level=Level.BEHAVIOUR,
    )
