"""Which planted faults a review's patches have repaired, by the hidden probes."""

from pathlib import Path

from checks.probe_answers import ANSWERS, STEP, Held, NoAnswers, judge, read_answers
from harness.errors import PackError
from harness.model.calls import CallProbes
from harness.model.pack import Pack
from harness.model.review import Planted


def proved(planted: Planted, held: dict[str, Held]) -> tuple[str, ...]:
    """Faults all of whose probes hold. A fault without a probe cannot be proved repaired."""
    return tuple(bug.id for bug in planted.bugs if bug.probes and all(name in held and held[name].ok for name in bug.probes))


def proved_on_disk(pack: Pack, planted: Planted, private: Path, artifacts: Path | None) -> tuple[str, ...]:
    """For an exemplar whose answers lie in a folder; nothing where it has no patch."""
    file = artifacts / STEP / ANSWERS if artifacts is not None else None
    if pack.steps.calls is None or file is None or not file.is_file():
        return ()
    answers = read_answers(file.read_bytes())
    if isinstance(answers, NoAnswers):
        raise PackError(f"an exemplar's patches cannot be judged: {answers.reason}", where=pack.id)
    probes = CallProbes.model_validate_json((private / pack.steps.calls.file).read_bytes())
    return proved(planted, judge(probes, answers))
