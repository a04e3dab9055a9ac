"""card_fraud as a whole: its documents agree with each other, with the checks, and with what candidates are told."""

import json
import re
from itertools import pairwise
from pathlib import Path

import pytest

from checks import catalog
from checks.base import spec_of
from harness.authoring.linting import lint_pack
from harness.model.rubric import Rubric
from harness.packs import BUILT_IN, OpenPack, read_expected, read_pack

ROOT = BUILT_IN / "card_fraud"
CANDIDATE = ROOT / "candidate"
PUBLISHED = {  # automatic points of 100, by profile
    "applied": 48, "platform": 47, "research": 46, "data_eng": 51, "safety": 46, "foundation": 47, "generalist": 47,
}  # fmt: skip


@pytest.fixture(scope="module")
def opened() -> OpenPack:
    return read_pack(ROOT)


def text_of(*names: str) -> str:
    return "\n".join((CANDIDATE / name).read_text("utf-8") for name in names)


def candidate_files() -> list[Path]:
    return [path for path in sorted(CANDIDATE.rglob("*")) if path.is_file() and "__pycache__" not in path.parts]


def test_the_pack_has_nothing_to_correct() -> None:
    assert [str(problem) for problem in lint_pack(ROOT) if problem.level == "error"] == []


def test_automatic_points_are_those_of_the_published_table(opened: OpenPack) -> None:
    rubric: Rubric = opened.rubric
    points = {
        name: sum(profile.weights[one.id] * one.automatic_share / 100 for one in rubric.criteria)
        for name, profile in rubric.profiles.items()
    }
    assert {name: round(points[name]) for name in PUBLISHED} == PUBLISHED
    assert max(points.values()) <= 55


def test_every_rule_that_a_flag_gate_or_question_waits_for_is_one_that_its_check_can_raise(opened: OpenPack) -> None:
    """A rule is a word in the source of its check, or of a sibling that the check imports: a typing error would never fire."""
    room = Path(catalog.__file__).parent
    known = {path.stem: path.read_text("utf-8") for path in room.rglob("*.py")}
    waits = [(flag.when_check, flag.when_rule) for flag in opened.rubric.red_flags]
    waits += [(gate.when_check, gate.when_rule) for gate in opened.rubric.gates if gate.when_rule]
    waits += [(asked.when_check, asked.when_rule) for asked in opened.interview.questions if asked.when_rule]
    unknown = []
    for check, rule in waits:
        own = known[str(check)]
        siblings = [known[name] for name in known if re.search(rf"\b{name}\b", own)]
        if not any(f'"{rule}"' in source for source in (own, *siblings)):
            unknown.append(f"{check}:{rule}")
    assert len(waits) > 15
    assert unknown == []


def test_every_check_of_the_pack_is_in_the_catalogue_and_feeds_something(opened: OpenPack) -> None:
    listed = {spec.id for spec in map(spec_of, catalog.CHECKS) if spec is not None}
    used = {use.check for use in opened.pack.checks}
    assert used <= listed
    feeding = {share.check for criterion in opened.rubric.criteria for share in criterion.checks}
    flagged = {flag.when_check for flag in opened.rubric.red_flags}
    assert used - feeding - flagged == set()


def test_the_first_questions_are_the_same_for_everyone(opened: OpenPack) -> None:
    kinds = [question.kind for question in opened.interview.questions if question.always]
    assert sorted(kinds) == ["change_request", "core", "core", "learning", "new_constraint"]
    assert len(opened.interview.questions) >= 10
    assert all(question.strong_sign != question.weak_sign for question in opened.interview.questions)


def test_no_candidate_file_holds_a_private_word(opened: OpenPack) -> None:
    private = [opened.pack.canary, "facts.yaml", "rubric.yaml", "exemplar", "planted", "the trap", "loud", "quiet"]
    found = [
        f"{path.relative_to(ROOT)}: {word}"
        for path in candidate_files()
        for word in private
        if word in path.read_text("utf-8").lower()
    ]
    assert found == []


def test_every_private_text_of_the_pack_holds_the_canary(opened: OpenPack) -> None:
    texts = [*ROOT.glob("*.yaml"), *ROOT.glob("exemplars/*/expected.yaml"), ROOT / "generate.py", ROOT / "CHANGELOG.md"]
    assert [path.name for path in texts if opened.pack.canary not in path.read_text("utf-8")] == []
    assert len(texts) > 10


def test_the_papers_name_every_file_entry_and_limit(opened: OpenPack) -> None:
    pack, told = opened.pack, text_of("BRIEF.md", "SUBMISSION.md")
    names = [*pack.required_files, pack.data.train, pack.data.score, pack.predictions.file, pack.predictions.id_column]
    assert [name for name in names if name not in told] == []
    for line, step in (("training", "train"), ("predicting", "predict"), ("your tests", "tests"), ("a notebook", "execute")):
        limits = getattr(pack.steps, step)
        row = next(row for row in told.splitlines() if row.startswith(f"| {line}"))
        assert row.split("|")[2:4] == [f" {limits.wall_s / 60:g} minutes ", f" {limits.memory_mb // 1024} GB "]


def test_the_dictionary_explains_every_column_and_holds_the_sentence_that_gives_each_trap_away(opened: OpenPack) -> None:
    dictionary = text_of("data_dictionary.md")
    facts = opened.facts
    columns = {*facts.entity_columns, *facts.categorical_columns, *facts.numeric_columns, str(facts.time_column)}
    assert [column for column in sorted(columns) if f"| `{column}` |" not in dictionary] == []
    assert [trap.column for trap in facts.traps if trap.sentence not in dictionary] == []


def test_the_examples_of_the_contract_are_json() -> None:
    blocks = re.findall(r"```json\n(.*?)```", text_of("SUBMISSION.md"), re.DOTALL)
    assert blocks
    for block in blocks:
        assert isinstance(json.loads(block), dict)


def test_the_starter_exemplar_is_what_candidates_get() -> None:
    def contents(folder: Path) -> dict[Path, bytes]:
        files = (path for path in folder.rglob("*") if path.is_file() and path.suffix != ".pyc")
        return {path.relative_to(folder): path.read_bytes() for path in files}

    given = contents(CANDIDATE / "starter")
    assert contents(ROOT / "exemplars" / "starter" / "submission") == given
    assert len(given) >= 7


def test_the_bands_of_the_exemplars_ascend_without_overlap(opened: OpenPack) -> None:
    order = ("blank", "dummy", "naive", "reference")
    bands = [read_expected(opened.root, name).automatic for name in order]
    assert all(lower[1] < upper[0] for lower, upper in pairwise(bands))
    strong, reference = read_expected(opened.root, "strong").automatic, bands[-1]
    assert strong[0] >= reference[0]
    assert strong[1] >= reference[1]
