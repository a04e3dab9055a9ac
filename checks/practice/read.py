"""The door of this folder: evidence in, facts out."""

from threading import Lock

from checks.practice.decisions import decisions, explained
from checks.practice.documents import readme, seeds, tests_found
from checks.practice.events import Evaluation
from checks.practice.facets import exploration, target_names
from checks.practice.families import families, is_baseline, judged_fits
from checks.practice.feature_leaks import honest_evaluations, parted_by
from checks.practice.gaps import missing_values
from checks.practice.imbalance_facts import imbalance
from checks.practice.leaks import cross_validation, leaks_of
from checks.practice.limits_facts import limitations
from checks.practice.placing import where
from checks.practice.prose import Passage, passages
from checks.practice.reader import Reading, read_submission
from harness.model.evidence import Evidence
from harness.model.finding import Where
from harness.model.practice import Practice, Seen

KEPT = 8
_lock = Lock()
_kept: dict[tuple[object, ...], tuple[Practice, Reading, tuple[Passage, ...]]] = {}


def read_practice(evidence: Evidence) -> Practice:
    """The static facts of a submission. Read once per snapshot and pack; runs nothing and imports nothing of it."""
    return _read(evidence)[0]


def read_details(evidence: Evidence) -> tuple[Practice, Reading, tuple[Passage, ...]]:
    """The facts with what they were made from, for checks that look closer."""
    return _read(evidence)


def _read(evidence: Evidence) -> tuple[Practice, Reading, tuple[Passage, ...]]:
    pack = (evidence.pack.id, evidence.pack.version) if evidence.pack is not None else None
    facts = evidence.facts.model_dump_json() if evidence.facts is not None else ""
    key = (evidence.snapshot.digest, pack, evidence.brief, facts)
    with _lock:
        found = _kept.get(key)
    if found is None:
        found = _made(evidence)
        with _lock:
            while len(_kept) >= KEPT:
                _kept.pop(next(iter(_kept)))
            _kept[key] = found
    return found


def _made(evidence: Evidence) -> tuple[Practice, Reading, tuple[Passage, ...]]:
    reading = read_submission(evidence)
    prose = tuple(passages(evidence, reading))
    declared = (evidence.pack.data.target,) if evidence.pack is not None else ()
    targets = target_names(reading, declared)
    prevalence = sum(evidence.facts.prevalence_train) / 2 if evidence.facts is not None else None
    missing, missing_places = missing_values(reading)
    found_families, family_places = families(reading)
    fits = [fit for fit in reading.log.fits if fit.task]
    leaks = leaks_of(reading, targets, evidence)
    judged = judged_fits(reading)
    balance = imbalance(reading, targets, list(prose), prevalence)
    level, taken, told, told_places = explained(reading, decisions(reading, balance.places), list(prose))
    limits, limit_places = limitations(list(prose))
    readme_level, readme_facets = readme(evidence, list(prose))
    honest = honest_evaluations(reading)
    seeded, seed_places = seeds(reading)
    practice = Practice(
        files=tuple(unit.path for unit in reading.sources.units),
        live=tuple(sorted(reading.live)),
        unreadable=_unreadable(reading),
        copies=tuple(Seen(what=f"copy of {of}", where=Where(path=path)) for path, of in reading.sources.copies),
        eda=exploration(reading, targets),
        missing_values=missing,
        missing_places=missing_places,
        imbalance=balance,
        leakage=leaks,
        cross_validation=cross_validation(reading, leaks),
        families=found_families,
        family_places=family_places,
        models_fitted=len(fits),
        models_evaluated=sum(fit.number in judged for fit in fits),
        honest_evaluations=len(honest),
        dropped=tuple(
            Seen(what=note.what, where=where(note.place))
            for note in reading.log.notes
            if note.kind == "drop_columns" and note.task
        )[:60],
        baseline=any(is_baseline(fit) for fit in fits),
        tuned=any(fit.tuned for fit in fits),
        split=any(one.task for one in reading.log.splits) or bool(honest),
        split_places=_splits(reading, honest),
        metrics=tuple(
            sorted({name for one in reading.log.evaluations if one.how != "predict" for name in one.metric.split(",")})
        ),
        explanation=level,
        explanation_places=told_places,
        decisions=taken,
        decisions_explained=told,
        limitations=limits,
        limitation_places=limit_places,
        tests=tests_found(reading),
        readme=readme_level,
        readme_facets=readme_facets,
        seeded=seeded,
        seed_places=seed_places,
        target=tuple(sorted(targets))[:10],
    )
    return practice, reading, prose


def _splits(reading: Reading, honest: list[Evaluation]) -> tuple[Seen, ...]:
    """The splits that keep judged rows apart; every split where nothing is judged."""
    used = parted_by(reading, honest)
    kept = [one for one in reading.log.splits if one.key in used or (one.kind == "fold" and any(each.cv for each in honest))]
    found = [Seen(what=one.kind, where=where(one.place)) for one in (kept or ([] if honest else reading.log.splits))]
    by_condition = sorted({side for side in used if side.startswith(("cmp:", "isin:", "all:"))})
    if not found and by_condition:
        found = [Seen(what="condition", where=where(honest[0].place))]
    return tuple(found[:20])


def _unreadable(reading: Reading) -> tuple[Seen, ...]:
    files = [Seen(what=one.reason, where=Where(path=one.path, cell=one.cell)) for one in reading.sources.unreadable]
    return (*files, *(Seen(what=one) for one in reading.trouble))[:50]
