"""Reports for tests: one believable submission, in the states a reader meets."""

from typing import Any

from harness.model.finding import CheckResult, Fault
from harness.model.grade import CriterionScore, OpenGate, RaisedFlag, Totals
from harness.model.report import DetectorRates, Lock, PackRef, Report, SandboxRef, SubmissionRef
from harness.model.rubric import LEVEL_POINTS, Criterion
from harness.model.run import Captured, RunSet, SandboxLost, TimedOut
from harness.model.submission import DeclaredResult
from tests.reports import parts

LEVELS = {"FRAME": 3, "DATA": 3, "VALID": 2, "MODEL": 3, "HARD": 2, "CODE": 3, "TEST": 3, "DOC": 3, "OPS": 2}
PACK = {"id": "card_fraud", "version": "1.0.0", "public_digest": "a1" * 32, "grading_digest": "b2" * 32}


RATES = DetectorRates(
    planted=40, hits=38, hit_interval=(0.8350, 0.9862), clean=120, false_alarms=1, alarm_interval=(0.0015, 0.0457)
)


def make_report(**changes: Any) -> Report:
    """A provisional report: checks have run, nobody has rated yet. Any field can be replaced."""
    made = Report(
        run_id="card_fraud-amber-heron-20260114",
        created="2026-01-14T09:30:00Z",
        harness_version="0.1.0",
        status="provisional",
        reasons=("9 of 11 criteria wait for a person's rating.", "One check could not be measured, and that was our doing."),
        profile="applied",
        pack=PackRef(
            **PACK,
            title="Rank card transactions for the dispute team",
            kind="predict",
            summary="Rank next month's card transactions so that twelve analysts look at the right 0.5 %. "
            "Returned are a score for each transaction, code that makes it, tests and a short report.",
        ),
        submission=SubmissionRef(
            digest=parts.DIGEST,
            source="submission-07",
            source_kind="git",
            commit="4be1d09c77aa02f1c5b6a3f0e1d2c3b4a5968778",
            candidate="amber-heron-42",
            declared=DeclaredResult(metric="average_precision", value=0.91),
            minutes_spent=190,
            ai_use="Used an assistant for the tests and for one plot.",
        ),
        sandbox=SandboxRef(backend="docker", version="27.5.1", hardening=parts.CONTROLS, gaps=parts.GAPS),
        totals=totals(UNRATED),
        criteria=UNRATED,
        checks=parts.CHECKS,
        measurements=parts.MEASUREMENTS,
        ladder=parts.LADDER,
        red_flags=(
            RaisedFlag(
                id="not_available",
                title="Result rests on a column not available at decision time",
                innocent="The data dictionary may have been read as allowing it.",
                finding=parts.QUEUE,
            ),
            RaisedFlag(
                id="declared",
                title="Declared result not reproduced",
                innocent="A different seed or split, or a typing error.",
                finding=parts.DECLARED,
            ),
        ),
        strengths=(parts.TIMED, parts.UNITS, parts.TESTED),
        concerns=(parts.QUEUE, parts.DECLARED, parts.LABELS),
        check_yourself=(parts.LABELS, parts.FITTED, parts.QUEUE),
        questions=parts.QUESTIONS,
        detector_rates={"preprocessing_order:fit_before_split": RATES},
        timings=parts.TIMINGS,
        files=parts.FILES,
        refusals=parts.REFUSALS,
        runs=parts.RUNS,
        lock=make_lock(),
        rubric=parts.RUBRIC,
        lines=parts.LINES,
        floors=parts.FLOORS,
    )
    return made.model_copy(update=changes)


def graded_report(**changes: Any) -> Report:
    """People have rated every criterion: there is a final total and a band."""
    band = "Mixed evidence: read together before the interview"
    changes = {"status": "graded", "reasons": (), "criteria": RATED, "totals": totals(RATED, band), **changes}
    return make_report(**changes)


def not_gradable_report(**changes: Any) -> Report:
    """Training was stopped at its limit and the sandbox was lost: hardly anything could be measured."""
    stopped = parts.STEPS[2].model_copy(
        update={"outcome": TimedOut(after_s=600), "wall_s": 600.0, "stdout": Captured(tail="epoch 3 of 900\n")}
    )
    lost = parts.STEPS[3].model_copy(update={"outcome": SandboxLost(reason="the engine did not answer"), "wall_s": 0.0})
    runs = RunSet(hardening=parts.HARDENING, entry=parts.ENTRY, steps=(parts.STEPS[1], stopped, lost))
    absent = tuple(
        parts.unmeasured(one.check, one.title, Fault.SUBMISSION, "There are no predictions to look at.") for one in parts.CHECKS
    )
    gate = OpenGate(
        id="G-RUN",
        say="The entry command did not finish after the standard setup.",
        withholds_total=True,
        because="Step train was stopped at its time limit of 600 s.",
    )
    return make_report(
        **{
            "status": "not_gradable",
            "reasons": ("The entry command did not finish: one repair by a person is allowed, and is logged.",),
            "totals": Totals(automatic=None, low=0, high=100, coverage=0, automatic_coverage=0),
            "criteria": tuple(criterion_score(one, {}, measured=False) for one in parts.RUBRIC),
            "checks": absent,
            "measurements": {},
            "ladder": parts.LADDER.model_copy(
                update=dict.fromkeys(("value", "low", "high", "position", "position_low", "position_high"))
            ),
            "gates": (gate,),
            "red_flags": (),
            "strengths": (),
            "concerns": (),
            "check_yourself": (),
            "questions": (),
            "runs": runs,
            **changes,
        }
    )


def criterion_score(criterion: Criterion, levels: dict[str, int], *, measured: bool = True) -> CriterionScore:
    """What scoring would say of this criterion, given the checks of the believable submission."""
    scores = [_check(use.check).score for use in criterion.checks] if measured else []
    known = [score for score in scores if score is not None]
    share = criterion.automatic_share / 100
    automatic = sum(known) / len(known) if known else None
    level = levels.get(criterion.id)
    manual = LEVEL_POINTS[level] if level else None
    complete = (share == 0 or automatic is not None) and (share == 1 or manual is not None)
    points = share * (automatic or 0) + (1 - share) * (manual or 0) if complete else None
    state = "scored" if complete else "not_measured" if share and automatic is None else "pending_human"
    floor = None if criterion.id not in parts.FLOORS else "open" if points is None else "met" if points >= 0.4 else "missed"
    return CriterionScore(
        id=criterion.id,
        title=criterion.title,
        weight=parts.WEIGHTS[criterion.id],
        state=state,  # type: ignore[arg-type]
        score=points,
        automatic=automatic,
        automatic_share=criterion.automatic_share,
        measured=len(known) / len(criterion.checks) if criterion.checks else 1.0,
        manual=manual,
        levels=(level,) if level else (),
        checks=tuple(use.check for use in criterion.checks),
        reason=_reason(criterion, state),
        floor=floor,  # type: ignore[arg-type]
    )


def totals(criteria: tuple[CriterionScore, ...], band: str | None = None) -> Totals:
    """The sum over these criteria, so that the bars and the numbers of a test report agree."""
    automatic_weight = sum(one.weight * one.automatic_share / 100 for one in criteria)
    automatic_known = sum(
        one.weight * one.automatic_share / 100 * one.measured for one in criteria if one.automatic is not None
    )
    earned = sum(one.weight * one.automatic_share / 100 * one.measured * (one.automatic or 0) for one in criteria)
    rated = [one for one in criteria if one.manual is not None]
    rated_weight = sum(one.weight * (1 - one.automatic_share / 100) for one in rated)
    low = earned + sum(one.weight * (1 - one.automatic_share / 100) * (one.manual or 0) for one in rated)
    known = automatic_known + rated_weight
    return Totals(
        automatic=round(100 * earned / automatic_known, 1) if automatic_known else None,
        low=round(low, 1),
        high=round(low + 100 - known, 1),
        coverage=known / 100,
        automatic_coverage=automatic_known / automatic_weight,
        final=round(sum(one.weight * (one.score or 0) for one in criteria), 1) if band else None,
        band=band,
    )


def make_lock(**changes: Any) -> Lock:
    made = Lock(
        run_id="card_fraud-amber-heron-20260114",
        harness_version="0.1.0",
        pack=PACK["id"],
        pack_version=PACK["version"],
        public_digest=PACK["public_digest"],
        grading_digest=PACK["grading_digest"],
        submission_digest=parts.DIGEST,
        commit="4be1d09c77aa02f1c5b6a3f0e1d2c3b4a5968778",
        backend="docker",
        backend_version="27.5.1",
        environment_digest="c3" * 32,
        environment_reference="sha256:11aa22bb",
        python_version="3.11.9",
        data_seed=20_260_101,
        data_seed_kind="demo",
        data_digest="d4" * 32,
        exchange_digest="e5" * 32,
        controls=parts.CONTROLS,
        gaps=parts.GAPS,
        check_versions={"trap_scramble": "1", "time_split": "2"},
        tools={"ruff": "0.17.5"},
        created="2026-01-14T09:30:00Z",
    )
    return made.model_copy(update=changes)


def _check(name: str) -> CheckResult:
    return next(one for one in parts.CHECKS if one.check == name)


def _reason(criterion: Criterion, state: str) -> str:
    """As scoring words it: which checks are missing and why, else what the criterion waits for."""
    if state == "not_measured":
        return "there are no predictions"
    missing = [one for one in map(_check, (use.check for use in criterion.checks)) if one.score is None]
    if missing:
        return "; ".join(f"{one.check}: {one.summary}" for one in missing)
    return "a person has not rated it yet" if state == "pending_human" else ""


UNRATED = tuple(criterion_score(one, {}) for one in parts.RUBRIC)
RATED = tuple(criterion_score(one, LEVELS) for one in parts.RUBRIC)


def small_report(**changes: Any) -> Report:
    """One criterion, one check, one step: small enough to hold its whole text in view."""
    changes = {
        "reasons": ("One criterion waits for a person's rating.",),
        "criteria": (UNRATED[4],),
        "rubric": (parts.RUBRIC[4],),
        "checks": tuple(_check(name) for name in ("label_delay", "null_probe")),
        "totals": totals((UNRATED[4],)),
        "measurements": {},
        "red_flags": (),
        "strengths": (),
        "concerns": (parts.LABELS,),
        "check_yourself": (),
        "questions": parts.QUESTIONS[4:],
        "timings": (),
        "files": parts.FILES[:2],
        "refusals": parts.REFUSALS[:1],
        "runs": RunSet(hardening=parts.HARDENING, steps=parts.STEPS[1:2]),
        "sandbox": SandboxRef(backend="docker", version="27.5.1", hardening=parts.CONTROLS[:1]),
        "lock": make_lock(check_versions={}),
        **changes,
    }
    return make_report(**changes)
