"""The parts of a believable report: a solid submission to a fraud-ranking task that trusts one column it should not."""

from harness.model.finding import CheckResult, Fault, Finding, Level, Measurement, Severity, Verdict, Where
from harness.model.report import Asked, LadderPlace, Rung, Timing
from harness.model.rubric import Anchors, CheckShare, Criterion, Line
from harness.model.run import Artifact, Captured, Exited, RunSet, SkippedStep, StepResult
from harness.model.sandbox import Control, Environment, Gap, Hardening, Limits
from harness.model.submission import CommandEntry, FileEntry, Refusal

DIGEST = "9f2c" * 16

QUEUE = Finding(
    check="trap_scramble",
    rule="rests_on_trap",
    severity=Severity.MAJOR,
    message="The ranking rests on queue_min, a column that is filled after the outcome is known.",
    where=Where(path="fraudrank/features.py", line=41),
    seen='numeric = ["amount", "device_age", "queue_min", "hour"]',
    expected="features that are known when a transaction is ranked",
    fix="leave queue_min out, or ask when it is filled",
    confidence=0.97,
    level=Level.BEHAVIOUR,
    innocent="The data dictionary may have been read as allowing it.",
)
DECLARED = Finding(
    check="declared_result",
    rule="declared_not_reproduced",
    severity=Severity.MAJOR,
    message="The declared result is far above what the same predictions reach on hidden data.",
    where=Where(path="REPORT.md", line=18),
    seen="declared 0.91, measured 0.58",
    expected="a declared value within the measured interval",
    confidence=0.99,
    level=Level.BEHAVIOUR,
    innocent="A different seed or split, or a typing error.",
)
FITTED = Finding(
    check="preprocessing_order",
    rule="fit_before_split",
    severity=Severity.MINOR,
    message="A scaler is fitted on all rows before the split.",
    where=Where(path="notebooks/explore.ipynb", cell=11, line=3),
    seen="scaled = StandardScaler().fit_transform(frame[numeric])",
    expected="fitting on training rows only, inside the validation loop",
    fix="put the scaler into a Pipeline and fit it inside each fold",
    confidence=0.72,
    level=Level.LIVE_CALL,
)
LABELS = Finding(
    check="label_delay",
    rule="recent_labels_unused",
    severity=Severity.MINOR,
    message="Rows of the last three weeks are used as if their labels were complete.",
    where=Where(path="fraudrank/train.py", line=27),
    seen='train = frame[frame["charged_back"].notna()]',
    expected="a decision about rows whose chargebacks have not arrived yet",
    confidence=0.61,
    level=Level.CONSEQUENCE,
)
TIMED = Finding(
    check="time_split",
    rule="time_ordered",
    severity=Severity.PRAISE,
    message="Validation is ordered by time and reaches the model that is handed in.",
    where=Where(path="fraudrank/validate.py", line=14),
    confidence=0.95,
    level=Level.CONSEQUENCE,
)
UNITS = Finding(
    check="planted_dirt",
    rule="units_repaired",
    severity=Severity.PRAISE,
    message="The acquirer that sends cents after day 90 was found, repaired, and its effect measured.",
    where=Where(path="notebooks/explore.ipynb", cell=7, line=1),
    confidence=0.93,
    level=Level.EXECUTED,
)
TESTED = Finding(
    check="test_strength",
    rule="faults_caught",
    severity=Severity.PRAISE,
    message="The tests catch 7 of 9 faults put into the feature code.",
    where=Where(path="tests/test_features.py", line=1),
    confidence=0.9,
    level=Level.EXECUTED,
)
HONEST = Finding(
    check="documentation",
    rule="negative_result",
    severity=Severity.PRAISE,
    message="A model that did not help is reported with its numbers.",
    where=Where(path="REPORT.md", line=44),
    confidence=0.7,
    level=Level.LIVE_CALL,
)


def result(check: str, title: str, score: float, summary: str, *findings: Finding, **more: object) -> CheckResult:
    verdict = Verdict.MET if score >= 0.75 else Verdict.PARTIAL if score > 0.25 else Verdict.NOT_MET
    return CheckResult(check=check, title=title, verdict=verdict, score=score, summary=summary, findings=findings, **more)  # type: ignore[arg-type]


def unmeasured(check: str, title: str, fault: Fault, summary: str) -> CheckResult:
    return CheckResult(check=check, title=title, verdict=Verdict.NOT_MEASURED, fault=fault, summary=summary)


CHECKS = (
    result(
        "planted_dirt", "Faults of the data that were dealt with", 0.75, "3 of 4 planted faults were found and acted on.", UNITS
    ),
    result("exploration", "Exploration that leads to decisions", 0.8, "9 of 11 exploration cells are followed by a statement."),
    result(
        "time_split", "Validation follows the order of time", 1.0, "The split used for the model is ordered by time.", TIMED
    ),
    result(
        "trap_scramble", "Columns not available when deciding", 0.1, "Scrambling queue_min lowers the result by 0.41.", QUEUE
    ),
    result("preprocessing_order", "Preparation is fitted inside the split", 0.6, "1 of 3 fits sees validation rows.", FITTED),
    result("declared_result", "Declared against measured", 0.2, "Declared 0.91, measured 0.58.", DECLARED),
    result("model_choice", "Baseline and reasons", 0.85, "Two baselines and one search are recorded."),
    result("label_delay", "Labels that arrive late", 0.4, "The delay is named and not acted on.", LABELS),
    unmeasured("null_probe", "Behaviour with missing values", Fault.HARNESS, "The probe's sandbox was lost twice."),
    result(
        "holdout_score",
        "Result on hidden data",
        0.58,
        "Average precision 0.58 on the hidden month, between naive and reference.",
        measurements=(Measurement(name="average_precision", value=0.5804, low=0.5211, high=0.6397),),
    ),
    result("code_quality", "Readable and simple", 0.82, "4 lint findings in 612 lines; the longest function has 48 lines."),
    result("test_strength", "Tests that can catch something", 0.78, "14 tests; 7 of 9 injected faults are caught.", TESTED),
    result("clean_run", "Runs as written, twice the same", 1.0, "Two runs gave the same predictions in 41 s each."),
    result("documentation", "Report with substance", 0.7, "5 of 7 sections the brief asks for are there.", HONEST),
    unmeasured(
        "type_hints", "Type hints hold", Fault.UNSUPPORTED, "Stub packages for one library are not part of this version."
    ),
)

_ANCHORS = {
    "FRAME": (
        "restates the brief, metric unexplained",
        "names a goal and a metric, assumptions implicit",
        "assumptions listed, metric tied to the decision, one gap in the brief noticed",
        "alternatives weighed, cost of errors quantified, says when not to use a model",
    ),
    "VALID": (
        "training-set or leaking estimate",
        "split exists but ignores time, group or preprocessing order",
        "split matches use, pipeline fitted inside, estimate close to the hidden result",
        "uncertainty shown, leak hunt described, one-shot final check",
    ),
}
_PLAIN_ANCHORS = ("not shown", "partly shown", "solid: what we would accept from a colleague", "strong, with effects measured")


def criterion(code: str, title: str, plain: str, family: str, share: int, *checks: str) -> Criterion:
    one, two, three, four = _ANCHORS.get(code, _PLAIN_ANCHORS)
    return Criterion(
        id=code,
        title=title,
        plain=plain,
        family=family,  # type: ignore[arg-type]
        automatic_share=share,
        checks=tuple(CheckShare(check=check) for check in checks),
        anchors=Anchors(one=one, two=two, three=three, four=four),
    )


RUBRIC = (
    criterion("FRAME", "Framing and fit", "Was the right question answered, and was it said what was assumed?", "thinking", 0),
    criterion(
        "DATA", "Data quality", "Were faults of the data found and dealt with?", "data", 40, "planted_dirt", "exploration"
    ),
    criterion(
        "VALID",
        "Validation and leakage",
        "Would the estimate hold in real use?",
        "modelling",
        50,
        "time_split",
        "trap_scramble",
        "preprocessing_order",
        "declared_result",
    ),
    criterion("MODEL", "Modelling choices", "Was the model chosen for reasons?", "modelling", 20, "model_choice"),
    criterion(
        "HARD",
        "Hard conditions",
        "Does it cope with rare, missing and drifting data?",
        "modelling",
        50,
        "label_delay",
        "null_probe",
    ),
    criterion(
        "SCORE", "Result on hidden data", "How well does it do on data it has never seen?", "result", 100, "holdout_score"
    ),
    criterion("CODE", "Code quality", "Could a colleague change it safely?", "engineering", 40, "code_quality"),
    criterion("TEST", "Tests", "Would a mistake be noticed?", "engineering", 50, "test_strength"),
    criterion(
        "REPRO", "Runs and repeats", "Does it run as written, with the same result twice?", "engineering", 100, "clean_run"
    ),
    criterion("DOC", "Communication", "Can others follow and use it?", "communication", 30, "documentation"),
    criterion("OPS", "Operations and risk", "What happens after launch?", "communication", 0),
)
WEIGHTS = dict(zip((one.id for one in RUBRIC), (8, 12, 14, 10, 8, 14, 10, 8, 6, 6, 4), strict=True))
FLOORS = ("VALID", "CODE", "REPRO")
LINES = (
    Line(at_least=70, words="Evidence supports going on to the interview"),
    Line(at_least=50, words="Mixed evidence: read together before the interview"),
    Line(at_least=0, words="Evidence does not reach the level asked in this exercise"),
)

LADDER = LadderPlace(
    metric="average_precision",
    title="Average precision on the hidden month",
    higher_is_better=True,
    rungs=(
        Rung(name="dummy", position=0.0, value=0.0271),
        Rung(name="naive", position=0.25, value=0.2604),
        Rung(name="reference", position=0.75, value=0.7552),
        Rung(name="strong", position=1.0, value=0.7816),
    ),
    value=0.5804,
    low=0.5211,
    high=0.6397,
    position=0.573,
    position_low=0.513,
    position_high=0.633,
    declared=0.91,
)

QUESTIONS = (
    Asked(
        id="queue",
        ask="Your features include queue_min. When in a dispute's life is that number written?",
        why="The ranking loses 0.41 when this column is scrambled.",
        strong_sign="sees that it is filled later, and says how they would have found out",
        weak_sign="defends it because the model liked it",
        criterion="VALID",
        minutes=6,
        about="fraudrank/features.py, line 41",
    ),
    Asked(
        id="gap",
        ask="Your report says 0.91. What would you expect next month, and why?",
        why="Declared 0.91, measured 0.58.",
        strong_sign="reasons from validation to use, names what could differ",
        weak_sign="repeats the number",
        criterion="SCORE",
        minutes=5,
        about="REPORT.md, line 18",
    ),
    Asked(
        id="cents",
        ask="The acquirer repairs its feed tomorrow and sends units again. Change the code so that nothing breaks.",
        why="Change request, asked of everybody.",
        strong_sign="one place to change, a test first",
        weak_sign="a second special case beside the first",
        criterion="CODE",
        minutes=7,
        about="fraudrank/clean.py, line 22",
    ),
    Asked(
        id="latency",
        ask="The latency budget becomes 50 ms. Which features survive?",
        why="New constraint, asked of everybody.",
        strong_sign="knows which features need history and what a cache would cost",
        weak_sign="proposes a faster library",
        criterion="OPS",
        minutes=4,
    ),
    Asked(
        id="learned",
        ask="What would you do differently with the same three hours?",
        why="Learning question, last.",
        strong_sign="names a decision and what they know now",
        weak_sign="more models, more tuning",
        criterion="FRAME",
        minutes=3,
    ),
)

FILES = tuple(
    FileEntry(path=path, size=size, sha256=DIGEST)
    for path, size in (
        ("README.md", 2_140),
        ("REPORT.md", 7_912),
        ("fraudrank/__init__.py", 0),
        ("fraudrank/__main__.py", 1_804),
        ("fraudrank/clean.py", 3_377),
        ("fraudrank/features.py", 5_216),
        ("fraudrank/train.py", 2_950),
        ("fraudrank/validate.py", 2_231),
        ("notebooks/explore.ipynb", 418_220),
        ("requirements.txt", 91),
        ("submission.json", 312),
        ("tests/test_clean.py", 2_008),
        ("tests/test_features.py", 3_190),
        ("threshold.json", 64),
    )
)
REFUSALS = (
    Refusal(path="data/latest", kind="link", reason="A link that leaves the submission; only regular files are read."),
    Refusal(path=".git", kind="metadata", reason="Version control data is not part of the work.", harmless=True),
    Refusal(path="fraudrank/__pycache__", kind="cache", reason="Caches are not part of the work.", harmless=True),
)

CONTROLS = (
    Control(name="network", state="enforced", detail="no interfaces but loopback"),
    Control(name="memory", state="enforced", detail="with no swap"),
    Control(name="processes", state="enforced"),
    Control(name="read-only root", state="enforced"),
    Control(name="system calls", state="enforced", detail="allow-list"),
    Control(name="file system size", state="polled", detail="every 0.5 s"),
    Control(name="disk bandwidth", state="not_available", detail="needs a cgroup controller this host does not give"),
)
GAPS = (Gap(behaviour="a full disk is told from a size limit", reason="polled, so a short burst can go unseen"),)
HARDENING = Hardening(backend="docker", version="27.5.1", controls=CONTROLS, gaps=GAPS)

LOG = """epoch 40 of 40: training loss 0.0213
validation (days 181 to 210): average precision 0.905
wrote 7920 scores to /work/out/predictions.csv
"""


def step(name: str, wall_s: float, target: str | None = None, log: str = "", warning: str = "") -> StepResult:
    return StepResult(
        name=name,
        target=target,
        outcome=Exited(code=0),
        wall_s=wall_s,
        cpu_s=wall_s * 1.6,
        peak_mb=410 + wall_s * 3,
        limits=Limits(wall_s=600, memory_mb=4096),
        stdout=Captured(tail=log),
        stderr=Captured(tail=warning),
        artifacts=(Artifact(step=name, name="predictions.csv", size=188_000, sha256=DIGEST),) if name == "predict" else (),
    )


STEPS = (
    step("execute", 63.2, "notebooks/explore.ipynb"),
    step("tests", 8.4, log="14 of 14 tests ended as they should in 6.91 s\n"),
    step("train", 41.3, log=LOG, warning="ConvergenceWarning: lbfgs stopped after 100 iterations\n"),
    step("predict", 2.7),
)
ENTRY = CommandEntry(
    train="python -m fraudrank train --data {data} --model {model}",
    predict="python -m fraudrank predict --data {data} --model {model} --out {out}",
)
RUNS = RunSet(
    hardening=HARDENING,
    environment=Environment(
        backend="docker", digest=DIGEST, reference="sha256:11aa22bb", python="/env/bin/python", python_version="3.11.9"
    ),
    entry=ENTRY,
    entry_found_by="named in submission.json",
    steps=STEPS,
    skipped=(SkippedStep(name="execute-2", reason="the pack runs at most one notebook", fault="pack"),),
)
TIMINGS = (
    Timing(step="take", wall_s=0.3, cpu_s=0.2),
    Timing(step="check", wall_s=9.8, cpu_s=9.1, peak_mb=540),
    Timing(step="score", wall_s=0.1),
)
MEASUREMENTS = {
    "average_precision": Measurement(name="average_precision", value=0.5804, low=0.5211, high=0.6397),
    "precision_at_capacity": Measurement(name="precision_at_capacity", value=0.71, low=0.64, high=0.77),
    "cost_at_capacity_eur": Measurement(name="cost_at_capacity_eur", value=18_420, low=16_900, high=20_150),
    "brier_score": Measurement(name="brier_score", value=0.0168, low=0.0159, high=0.0178),
}
