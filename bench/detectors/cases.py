"""Every trial, generated: the same for the same seed."""

import random
from collections.abc import Iterator
from itertools import product

from bench.detectors import document_faults, leaks, leaks_in_judging, residue_faults, secret_faults
from bench.detectors.code_faults import BY_RULE, BY_STRUCTURE, CLEAN_MODULE, INNOCENT
from bench.detectors.leaks import Leaky
from bench.detectors.leaks_in_judging import known_for
from bench.detectors.practice import ALONE, DECOYS, DEFECTS, EVIDENCE, IMPORTS, TEXTS, Evidence, Planted
from bench.detectors.programs import PROGRAMS, Program
from bench.detectors.styles import STYLES, laid_out
from bench.detectors.trials import Group, Known, Trial
from bench.detectors.words import Words, words_of
from harness.model.facts import Facts
from tests.checks.practice.rewrites import ATTACKS, REWRITES

LEAKS: tuple[Leaky, ...] = (
    *leaks.PREPROCESSING,
    *leaks.SUBTLER,
    *leaks.RESAMPLING,
    *leaks_in_judging.JUDGING,
    *leaks_in_judging.FEATURES,
    *leaks_in_judging.TOLD,
)
LEAK_RULES = tuple(sorted({f"leakage:{one.rule}" for one in LEAKS}))
PRACTICE_RULES = tuple(sorted({watched for one in DEFECTS for watched in one.watched}))
CODE_RULES = tuple(f"lint:{rule}" for rule in (*BY_RULE, *BY_STRUCTURE))
DOCUMENT_RULES = tuple(sorted({f"docs:{one.rule}" for one in document_faults.FAULTS}))
SECRET_RULES = ("secrets:secret",)
RESIDUE_RULES = tuple(sorted({watched for one in (*residue_faults.FAULTS, *residue_faults.SEVERAL) for watched in one.watched}))
CLEAN_RULES = (*LEAK_RULES, *PRACTICE_RULES, *CODE_RULES, *SECRET_RULES, *RESIDUE_RULES)
_OPPOSITES = {"explanation:absent": "explanation:explained", "limitations:absent": "limitations:stated"}
HIDDEN_LEAKS = (
    ("leakage:preprocess_before_split", "X = (X - X.mean()) / X.std()\n", ""),
    ("leakage:oversample_before_split", "X, y = SMOTE().fit_resample(X, y)\n", "from imblearn.over_sampling import SMOTE\n"),
    ("leakage:target_encoding", 'X = X.assign(rate=df.groupby("$level")["$target"].transform("mean"))\n', ""),
    (
        "leakage:train_as_test",
        "early = DecisionTreeClassifier().fit(X, y)\nprint(roc_auc_score(y, early.predict(X)))\n",
        "from sklearn.tree import DecisionTreeClassifier\n",
    ),
)
_TOO_GOOD = ("ROC AUC: 0.9991", "accuracy = 1.000", "F1 score 0.995", "R2: 0.9973")
_USUAL = ("ROC AUC: 0.8991", "accuracy = 0.912", "mean of loss 0.0099", "rows 1.000 of 1.000", "version 1.0.0")
_STYLES_OF_EVIDENCE = ("one statement a cell", "main function", "package", "class", "helper module", "steps as functions")
SEEDS_OF_CLEAN = 2
REWRITTEN = ("a flat script", "a pipeline that is searched", "several models compared")
"""Programs whose defects are also planted in every other way of saying the same."""


def all_trials(seed: int = 0) -> Iterator[Trial]:
    """All of them, in an order that never changes."""
    yield from clean_work(seed)
    yield from planted_leaks(seed)
    yield from planted_practice(seed)
    yield from hidden_evidence(seed)
    yield from hidden_leaks(seed)
    yield from decoys(seed)
    yield from rewritten(seed)
    yield from faults_of_code()
    yield from faults_of_documents()
    yield from faults_of_secrets(seed)
    yield from faults_of_residue(seed)
    yield from claims_of_outputs()


def clean_work(seed: int) -> Iterator[Trial]:
    """Every program in every style: nothing that tells of a defect may be raised."""
    for number, program in enumerate(PROGRAMS):
        for style in STYLES:
            for turn in range(SEEDS_OF_CLEAN):
                words = words_of(seed + 31 * number + turn)
                watched = tuple(rule for rule in CLEAN_RULES if _applies(rule, program))
                yield Trial(
                    f"{program.name}, {style}, {turn}", "clean", watched, laid_out(program, words, style), _columns(words)
                )


def _applies(rule: str, program: Program) -> bool:
    """Whether clean work of this kind has nothing of the sort: a forecast has no classes, some work compares with nothing."""
    return (program.imbalanced or not rule.startswith("imbalance:")) and (
        program.name not in ALONE or rule != "iteration:no_baseline"
    )


def planted_leaks(seed: int) -> Iterator[Trial]:
    """Each leak in each program that it fits, and its corrected twin."""
    for number, leaky in enumerate(LEAKS):
        for place, program in enumerate(PROGRAMS):
            words = words_of(seed + 7 * number + place)
            style = STYLES[(number + place) % len(STYLES)]
            rule = f"leakage:{leaky.rule}"
            known = known_for(leaky.rule, words)
            changed = leaky.leak(program)
            if changed is not None:
                yield Trial(
                    f"{leaky.name} in {program.name}, {style}", "planted", (rule,), laid_out(changed, words, style), known
                )
            corrected = leaky.twin(program) if leaky.twin is not None else None
            if corrected is not None:
                watched = (rule,) if known.facts is not None else LEAK_RULES
                yield Trial(
                    f"twin of {leaky.name} in {program.name}, {style}",
                    "twin",
                    watched,
                    laid_out(corrected, words, style),
                    known,
                )


def planted_practice(seed: int) -> Iterator[Trial]:
    for number, defect in enumerate((*DEFECTS, *TEXTS)):
        for place, program in enumerate(PROGRAMS):
            changed = defect.change(program)
            if changed is not None:
                words, style = words_of(seed + 11 * number + place), STYLES[(number + place) % len(STYLES)]
                praise = tuple(_OPPOSITES[one] for one in defect.watched if one in _OPPOSITES)
                if praise:
                    yield Trial(f"no praise for {defect.name} in {program.name}", "clean", praise, laid_out(changed, words))
                yield Trial(
                    f"{defect.name} in {program.name}, {style}", "planted", defect.watched, laid_out(changed, words, style)
                )


def hidden_evidence(seed: int) -> Iterator[Trial]:
    """Good practice where it runs, and the same lines in every place where they do not."""
    for number, evidence in enumerate(EVIDENCE):
        words = words_of(seed + number)
        before, after = around(evidence, words)
        known = known_for(evidence.watched.split(":")[1], words)
        lines = words.fill(evidence.lines)
        for style, turn in product(_STYLES_OF_EVIDENCE, range(3)):
            told = words_of(seed + 17 * number + turn)
            first, last = around(evidence, told)
            source = f"{first}{told.fill(evidence.lines)}{last}"
            yield Trial(
                f"{evidence.name}, {style}, {turn}", "planted", (evidence.watched,), dict(REWRITES[style](source)), known
            )
        for name, attack in ATTACKS.items():
            yield Trial(f"{evidence.name}, hidden: {name}", "attack", (evidence.watched,), attack(before, lines, after), known)


def hidden_leaks(seed: int) -> Iterator[Trial]:
    """Leaks in code that never runs: they leak nothing."""
    program = next(one for one in PROGRAMS if one.name == "a flat script")
    for number, (rule, code, imports) in enumerate(HIDDEN_LEAKS):
        words = words_of(seed + 3 * number)
        parts = dict(program.after("imports", imports).parts)
        before = words.fill("".join(parts[slot] for slot in ("imports", "read", "look", "fill", "target")))
        after = words.fill("".join(parts[slot] for slot in ("split", "model", "fit", "judge")))
        lines = words.fill(code)
        yield Trial(f"{rule}, where it runs", "planted", (rule,), {"main.py": f"{before}{lines}{after}"})
        for name, attack in ATTACKS.items():
            yield Trial(f"{rule}, hidden: {name}", "attack", (rule,), attack(before, lines, after))


def decoys(seed: int) -> Iterator[Trial]:
    """Lines that look like good practice and are none."""
    for number, decoy in enumerate(DECOYS):
        words = words_of(seed + number)
        before, after = around(decoy, words)
        yield Trial(decoy.name, "clean", (decoy.watched,), {"main.py": f"{before}{words.fill(decoy.lines)}{after}"})


def around(evidence: Evidence, words: Words) -> tuple[str, str]:
    """A flat script without any such evidence, cut where the lines would stand."""
    program = next(one for one in PROGRAMS if one.name == "a flat script")
    bare = program.put("look", "").put("fill", "").put("model", "model = LogisticRegression(max_iter=500)\n")
    bare = bare.after("imports", IMPORTS[evidence.imports])
    for slot in evidence.cleared:
        bare = bare.put(slot, "")
    slots = [name for name, _ in bare.parts]
    cut = slots.index(evidence.slot) + 1
    first, last = dict(bare.parts[:cut]), dict(bare.parts[cut:])
    return words.fill("".join(first.values())), words.fill("".join(last.values()))


def rewritten(seed: int) -> Iterator[Trial]:
    """The same leak said in another way is still a leak."""
    programs = [one for one in PROGRAMS if one.name in REWRITTEN]
    for number, leaky in enumerate(LEAKS):
        program = programs[number % len(programs)]
        changed = leaky.leak(program) or leaky.leak(programs[0])
        if changed is None:
            continue
        words, rule = words_of(seed + 13 * number), f"leakage:{leaky.rule}"
        known, source = known_for(leaky.rule, words), changed.source(words)
        plain = f"{leaky.name}, plainly"
        yield Trial(plain, "planted", (rule,), {"main.py": source}, known)
        for name, rewrite in REWRITES.items():
            yield Trial(f"{leaky.name} as {name}", "rewrite", (rule,), dict(rewrite(source)), known, plain)


def faults_of_code() -> Iterator[Trial]:
    for rule, code in {**BY_RULE, **BY_STRUCTURE}.items():
        yield Trial(f"{rule} at the end", "planted", (f"lint:{rule}",), {"features.py": f"{CLEAN_MODULE}\n\n{code}"})
        yield Trial(f"{rule} in another file", "planted", (f"lint:{rule}",), {"features.py": CLEAN_MODULE, "src/more.py": code})
    for lines, group in ((1_801, "planted"), (2_600, "planted"), (1_790, "clean"), (900, "clean")):
        long = "\n".join(f"VALUE_{number} = {number}" for number in range(lines))
        made: Group = "planted" if group == "planted" else "clean"
        yield Trial(f"{lines} lines", made, ("lint:over_built",), {"values.py": long}, Known(required=("README.md",)))
    for name, code in INNOCENT.items():
        yield Trial(name, "clean", CODE_RULES, {"features.py": f"{CLEAN_MODULE}\n\n{code}"})


def faults_of_documents() -> Iterator[Trial]:
    for fault in document_faults.FAULTS:
        yield Trial(fault.name, "planted", (f"docs:{fault.rule}",), fault.files(), document_faults.TASK)
    for fault in document_faults.INNOCENT:
        yield Trial(fault.name, "clean", DOCUMENT_RULES, fault.files(), document_faults.TASK)


def faults_of_secrets(seed: int) -> Iterator[Trial]:
    chance = random.Random(seed)
    for kind, shapes, group in (("secret", secret_faults.SHAPES, "planted"), ("no secret", secret_faults.INNOCENT, "clean")):
        for name, draw in shapes.items():
            for place, files in secret_faults.PLACES.items():
                made: Group = "planted" if group == "planted" else "clean"
                yield Trial(f"{kind}: {name} in {place}", made, SECRET_RULES, files(draw(chance)))
    for turn in range(5):
        yield Trial(f"people shown, {turn}", "planted", ("secrets:personal_data",), secret_faults.shown_people(chance))
        yield Trial(f"numbers shown, {turn}", "clean", ("secrets:personal_data",), secret_faults.shown_numbers(chance))


def claims_of_outputs() -> Iterator[Trial]:
    """Stored outputs that claim nearly everything, and others; text that speaks of another tool, and other text."""
    known = (("leakage:too_good", _TOO_GOOD, "planted"), ("leakage:too_good", _USUAL, "clean"))
    for rule, texts, group in known:
        for text in texts:
            made: Group = "planted" if group == "planted" else "clean"
            yield Trial(f"stored output {text!r}", made, (rule,), {"look.ipynb": secret_faults.shown(text)})
    for text in (
        "The figures were made in Tableau.",
        "See the Power BI file for the distributions.",
        "Explored in Excel first.",
    ):
        yield Trial(text, "planted", ("eda:elsewhere",), {"main.py": "print(1)\n", "REPORT.md": f"# Report\n\n{text}\n"})
    for text in ("The figures excel at nothing.", "We looked at the table of rows.", "All plots are in the notebook."):
        yield Trial(text, "clean", ("eda:elsewhere",), {"main.py": "print(1)\n", "REPORT.md": f"# Report\n\n{text}\n"})


def faults_of_residue(seed: int) -> Iterator[Trial]:
    for planted, faults in (("planted", (*residue_faults.FAULTS, *residue_faults.SEVERAL)), ("clean", residue_faults.INNOCENT)):
        for number, fault in enumerate(faults):
            for place, program in enumerate(PROGRAMS):
                yield from _residue(
                    "planted" if planted == "planted" else "clean", fault, program, words_of(seed + 5 * number + place)
                )


def _residue(group: Group, fault: Planted, program: Program, words: Words) -> Iterator[Trial]:
    changed = fault.change(program)
    if changed is not None:
        watched = fault.watched if group == "planted" else RESIDUE_RULES
        yield Trial(f"{fault.name} in {program.name}", group, watched, laid_out(changed, words), _columns(words))


def _columns(words: Words) -> Known:
    """A task whose columns are known."""
    columns = (words.target, words.first, words.second, words.level, words.entity, words.moment)
    return Known(Facts(prevalence_train=(0.04, 0.1)), columns)
