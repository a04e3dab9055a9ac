"""How a submission's service behaves: ready in time, the same answers alone as in a batch, and how fast."""

from pydantic import Field

from checks.base import check, judged, not_measured
from checks.predicted import STEP
from checks.service_account import ServiceAccount, read_service_account
from harness.model.evidence import Evidence
from harness.model.finding import CheckResult, Fault, Finding, Level, Measurement, Severity, Where
from harness.model.record import Record
from harness.model.submission import ServiceEntry

ID = "service"
FEW_TIMES = 20
"""From fewer single requests no tail of the times is told."""


class Settings(Record):
    """Times are information, unless a limit is set here that candidates were told."""

    p95_ms: float | None = Field(default=None, gt=0, description="For single rows: 95 of 100 answers come within this.")
    ready_s: float | None = Field(default=None, gt=0, description="Ready within this, where that is weighed.")
    rows_stand_alone: bool | None = Field(
        default=None, description="Whether a row's answer may not depend on others; by default, unless time matters here."
    )


@check("The service", group="run", needs=("predict",), settings=Settings)
def service(evidence: Evidence, settings: Settings) -> CheckResult:
    """A service answers every row, gives a row the same answer alone as in a batch, and names its answers JSON.

    It is started in the sandbox and asked from beside it, over its own loopback. How long it takes to be ready and the
    median, the 95th and the 99th of 100 answers are told, and weighed only where the pack sets a limit. Times are those
    of our machine, with whatever else runs there. It cannot see how the service does under many callers at once.
    """
    runs = evidence.runs
    if runs is None or not isinstance(runs.entry, ServiceEntry):
        return not_measured(ID, Fault.UNSUPPORTED, "The submission is not asked as a service.")
    step = runs.step(STEP)
    account = read_service_account(evidence, STEP)
    if step is None or account is None:
        fault = Fault.HARNESS if step is None or step.outcome.kind == "sandbox_lost" else Fault.SUBMISSION
        return not_measured(ID, fault, "There is no account of how the service was asked.")
    if account.state == "starved":
        return not_measured(ID, Fault.HARNESS, f"The service {account.told}.")
    if account.state != "answered":
        finding = _finding("no_answers", Severity.MAJOR, f"The service {account.told}.", expected="an answer for every row")
        return judged(ID, 0.0, finding.message, (finding,), _measurements(account))
    findings = [*_alone(evidence, account, settings), *_content(account), *_slow(account, settings)]
    score = max(0.0, 1.0 - sum(_COSTS[finding.rule] for finding in findings))
    return judged(ID, score, _summary(account, findings), tuple(findings), _measurements(account))


_COSTS = {
    "single_differs": 0.5,
    "single_fails": 0.5,
    "content_type": 0.1,
    "slow_answers": 0.3,
    "slow_start": 0.2,
    "single_follows_history": 0.0,
}


def _alone(evidence: Evidence, account: ServiceAccount, settings: Settings) -> list[Finding]:
    asked = len(account.single_ms)
    if account.singles_told:
        message = f"Asked for one row alone, the service {account.singles_told}."
        return [_finding("single_fails", Severity.MAJOR, message, expected="the answer that the row has in a batch")]
    if not account.differing:
        return []
    place, before, now = account.differing[0]
    seen = f"{len(account.differing)} of {asked} rows; row {place + 1} of the holdout: {before} in its batch, {now} alone"
    timed = evidence.facts is not None and evidence.facts.time_column is not None
    if settings.rows_stand_alone if settings.rows_stand_alone is not None else not timed:
        message = "A row that is asked for alone gets another answer than in a batch."
        fix = "fit transformers when training, and only apply them when predicting"
        innocent = "Scores are ranks within a batch by design."
        return [_finding("single_differs", Severity.MAJOR, message, seen, "the same answer", fix, innocent)]
    message = "Answers for single rows differ from those in a batch, which is right where earlier rows are history."
    return [_finding("single_follows_history", Severity.INFO, message, seen)]


def _content(account: ServiceAccount) -> list[Finding]:
    if account.content_type.split(";")[0].strip().lower() in ("application/json", "text/json"):
        return []
    message = "Answers are JSON and do not say so."
    seen = f"Content-Type: {account.content_type or 'none'}"
    return [_finding("content_type", Severity.MINOR, message, seen, "Content-Type: application/json")]


def _slow(account: ServiceAccount, settings: Settings) -> list[Finding]:
    found = []
    at_95 = share_of(account.single_ms, 0.95)
    if settings.p95_ms is not None and len(account.single_ms) >= FEW_TIMES and at_95 > settings.p95_ms:
        message = "Answers for single rows come later than the task asks."
        seen = f"95 of 100 within {at_95:.0f} ms"
        found.append(_finding("slow_answers", Severity.MINOR, message, seen, f"within {settings.p95_ms:g} ms"))
    if settings.ready_s is not None and account.ready_s is not None and account.ready_s > settings.ready_s:
        message = "The service is ready later than the task asks."
        found.append(
            _finding("slow_start", Severity.MINOR, message, f"{account.ready_s:.1f} s", f"within {settings.ready_s:g} s")
        )
    return found


def share_of(times: tuple[float, ...], share: float) -> float:
    """The time within which this share of the answers came; the smallest that was measured and is enough."""
    ordered = sorted(times)
    return ordered[max(0, min(len(ordered) - 1, -(-int(share * 1000) * len(ordered) // 1000) - 1))] if ordered else 0.0


def _measurements(account: ServiceAccount) -> tuple[Measurement, ...]:
    named = [("service_ready_s", account.ready_s)] if account.ready_s is not None else []
    for kind, times in (("single", account.single_ms), ("batch", account.batch_ms)):
        shares = ((50, 0.5), (95, 0.95), (99, 0.99)) if len(times) >= FEW_TIMES else ((50, 0.5),) if times else ()
        named += [(f"service_{kind}_p{number}_ms", share_of(times, share)) for number, share in shares]
    return tuple(Measurement(name=name, value=round(value or 0.0, 3)) for name, value in named)


def _summary(account: ServiceAccount, findings: list[Finding]) -> str:
    text = f"All {account.rows:,} rows were answered in batches of {account.batch_rows}"
    text += f", ready after {account.ready_s:.1f} s" if account.ready_s is not None else ""
    if account.single_ms:
        median, late = share_of(account.single_ms, 0.5), share_of(account.single_ms, 0.95)
        text += f"; {len(account.single_ms)} rows alone, half of them within {median:.0f} ms"
        text += f" and 95 of 100 within {late:.0f} ms" if len(account.single_ms) >= FEW_TIMES else ""
    return f"{text}; {findings[0].message}" if findings else f"{text}."


def _finding(
    rule: str, severity: Severity, message: str, seen: str = "", expected: str = "", fix: str = "", innocent: str = ""
) -> Finding:
    return Finding(
        check=ID,
        severity=severity,
        rule=rule,
        message=message,
        where=Where(step=STEP),
        seen=seen,
        expected=expected,
        fix=fix,
        confidence=0.9,
        level=Level.BEHAVIOUR,
        innocent=innocent,
    )
