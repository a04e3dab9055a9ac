"""Tricky cases of stored outputs and typed results, numbered as in the reference on ML practice."""

from pathlib import Path

import pytest

from checks.base import NoSettings
from checks.eda import EdaSettings, eda
from checks.leakage import leakage
from checks.reproducibility import Settings, reproducibility
from checks.residue import residue
from checks.validation import validation
from harness.model.evidence import Evidence
from harness.model.finding import Verdict
from tests.checks.builders import Step, evidence_of, notebook_of, only, pack_of, rules
from tests.checks.practice.pieces import CLEAN, EDA, FIT, IMPORTS, JUDGE, LOGISTIC, READ, SPLIT, START, XY
from tests.checks.practice.submissions import notebook, read_files, read_script, submission

WORK = (IMPORTS + READ + EDA, XY + SPLIT + LOGISTIC, FIT + JUDGE)


def shown(text: str) -> list[dict[str, str]]:
    return [{"output_type": "stream", "name": "stdout", "text": text}]


def rerun(tmp_path: Path, cells: tuple[str, ...], stored: dict[int, str], again: dict[int, str]) -> Evidence:
    """A notebook handed in with some outputs, and what our execution of it put out."""
    book = notebook_of(*cells, outputs={cell: shown(text) for cell, text in stored.items()})
    ran = notebook_of(*cells, outputs={cell: shown(text) for cell, text in again.items()})
    step = Step("execute", files={"executed.ipynb": ran}, target="work.ipynb")
    return evidence_of(
        tmp_path, {"work.ipynb": book}, steps=[step], pack=pack_of(steps={"execute": {}, "tests": {}, "predict": None})
    )


def test_59_stripped_outputs_change_nothing_of_what_the_code_does() -> None:
    """Neither clean work nor a leak can be hidden, or lost, by clearing the outputs."""
    smote = "from imblearn.over_sampling import SMOTE\nX, y = SMOTE().fit_resample(X, y)\n"
    spoilt = (IMPORTS + READ + XY, smote + SPLIT, LOGISTIC + FIT + JUDGE)
    for cells, expected in ((WORK, set()), (spoilt, {"oversample_before_split"})):
        found = [read_files({"a.ipynb": notebook(*cells, outputs=kept)}) for kept in (True, False)]
        assert [{leak.kind for leak in one.leakage} for one in found] == [expected, expected]
        assert found[0].honest_evaluations == found[1].honest_evaluations


def test_59_stripped_outputs_are_settled_by_our_own_execution(tmp_path: Path) -> None:
    """Cells that did run show their looks; the same notebook, of which nothing ran, is confirmed by nothing."""
    (tmp_path / "a").mkdir()
    assert eda(rerun(tmp_path / "a", WORK, {}, {0: "rows 1200", 1: "", 2: "0.81"}), EdaSettings()).verdict is Verdict.MET
    (tmp_path / "b").mkdir()
    unread = evidence_of(tmp_path / "b", {"work.ipynb": notebook_of(*WORK)}, steps=[], pack=pack_of())
    assert eda(unread, EdaSettings()).verdict is not Verdict.NOT_MET


@pytest.mark.parametrize(("stored", "told"), [("AUC 0.9712", True), ("AUC 0.8101", False)])
def test_60_an_output_edited_by_hand_contradicts_the_execution(tmp_path: Path, stored: str, told: bool) -> None:
    result = reproducibility(rerun(tmp_path, WORK, {2: stored}, {2: "AUC 0.8101"}), Settings())
    assert ("stored_output_differs" in rules(result)) is told
    assert (result.verdict is Verdict.MET) is not told


def test_60_an_output_edited_to_a_score_too_good_is_a_question_for_a_person(tmp_path: Path) -> None:
    found = only(leakage(rerun(tmp_path, WORK, {2: "ROC AUC: 0.9998"}, {2: "ROC AUC: 0.8101"}), NoSettings()), "too_good")
    assert (found.where.cell, found.where.path) == (2, "work.ipynb")


TYPED = (
    "names = ['logistic', 'forest', 'boosting']\nscores = [0.913, 0.874, 0.852]\n"
    "plt.bar(names, scores)\nplt.savefig('scores.png')\nprint('AUC on held-out rows: 0.913')\n"
)


def test_72_results_typed_into_a_plot_are_no_judgement_of_any_model() -> None:
    """The models are fitted, the split is there, and the numbers come from nowhere."""
    found = read_script(START + SPLIT + LOGISTIC + FIT + TYPED)
    assert (found.honest_evaluations, found.models_evaluated, found.metrics) == (0, 0, ())
    result = validation(submission({"main.py": START + SPLIT + LOGISTIC + FIT + TYPED}), NoSettings())
    assert (result.verdict, result.score) == (Verdict.NOT_MET, 0.0)


def test_72_results_typed_beside_computed_ones_add_nothing_and_are_named() -> None:
    plain, typed = read_script(CLEAN), read_script(CLEAN + TYPED)
    assert (typed.honest_evaluations, typed.families) == (plain.honest_evaluations, plain.families)
    table = "scores = {'model': ['a', 'b', 'c'], 'accuracy': [0.913, 0.874, 0.852]}\nprint(pd.DataFrame(scores))\n"
    assert "typed_results" in rules(residue(submission({"main.py": CLEAN + table}), NoSettings()))
