"""The tracer: it notes what happens to which rows, and disturbs nothing."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from checks.traced_rows import (
    metrics,
    preparation_fitted_on_scored_rows,
    refitted_on_scored_rows,
    resampled_before_split,
    scored_on_fitted_rows,
    scored_on_held_out_rows,
    share_within,
)
from tests.checks.builders import notebook_of
from tests.sandbox.inside.traced import TABLE, TRACER, read_lines, run_script, trace_of

IMPORTS = """
from sklearn.linear_model import LogisticRegression
from sklearn.ensemble import RandomForestClassifier
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import cross_val_score, train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
"""
CLEAN = (
    TABLE
    + IMPORTS
    + """
train, test, y_train, y_test = train_test_split(X, y, stratify=y, random_state=1)
model = make_pipeline(StandardScaler(), RandomForestClassifier(20, random_state=3))
model.fit(train, y_train)
scores = model.predict_proba(test)[:, 1]
print(repr(scores.tolist()), roc_auc_score(y_test, scores), cross_val_score(model, train, y_train, cv=3).tolist())
"""
)
SCALED_FIRST = (
    TABLE
    + IMPORTS
    + """
scaled = StandardScaler().fit_transform(X)
train, test, y_train, y_test = train_test_split(scaled, y, random_state=1)
model = LogisticRegression().fit(train, y_train)
print(roc_auc_score(y_test, model.predict_proba(test)[:, 1]))
"""
)


def test_predictions_are_the_same_with_and_without_the_tracer(tmp_path: Path) -> None:
    with_it, without = run_script(tmp_path / "a", CLEAN), run_script(tmp_path / "b", CLEAN, traced=False)

    assert with_it.stdout == without.stdout != ""
    assert with_it.lines
    assert not without.lines


def test_a_clean_evaluation_is_told_as_held_out_and_its_folds_as_folds(tmp_path: Path) -> None:
    trace = trace_of(tmp_path, CLEAN)

    assert [one.rows for one in metrics(trace)] == ["held_out", "folds"]
    assert preparation_fitted_on_scored_rows(trace) == ()
    assert scored_on_fitted_rows(trace) == ()


def test_what_a_library_calls_within_a_call_is_counted_and_not_listed(tmp_path: Path) -> None:
    """Five pipelines' scalers are fitted within cross-validation and one within fit; none is a call of the submission."""
    trace = trace_of(tmp_path, CLEAN)

    assert [call.cls for call in trace.of_kind("fit")] == ["Pipeline"]
    (folds,) = trace.of_kind("validate")
    assert folds.nested["fit:StandardScaler"] >= 3
    assert folds.parts == ("StandardScaler", "RandomForestClassifier")
    assert len(folds.values) == 3


def test_a_scaler_fitted_on_all_rows_is_traced_through_its_own_transformation(tmp_path: Path) -> None:
    """The rows that are scored are arrays of other numbers than those that the scaler was fitted on."""
    trace = trace_of(tmp_path, SCALED_FIRST)
    (pair,) = {pair.fitted.cls: pair for pair in preparation_fitted_on_scored_rows(trace)}.values()

    assert pair.fitted.cls == "StandardScaler"
    assert pair.share == 1.0
    assert trace.where(pair.fitted).path == "main.py"
    assert trace.where(pair.fitted).line == SCALED_FIRST.splitlines().index("scaled = StandardScaler().fit_transform(X)") + 1


def test_some_columns_scaled_on_all_rows_are_found_by_index_label(tmp_path: Path) -> None:
    script = (
        TABLE
        + IMPORTS
        + """
scaler = StandardScaler().fit(X[["a", "b"]])
train, test, y_train, y_test = train_test_split(X, y, random_state=1)
model = LogisticRegression().fit(train, y_train)
model.predict(test)
"""
    )
    trace = trace_of(tmp_path, script)

    assert [pair.fitted.cls for pair in preparation_fitted_on_scored_rows(trace)] == ["StandardScaler"]


def test_two_files_whose_rows_are_both_counted_from_zero_are_not_taken_for_each_other(tmp_path: Path) -> None:
    script = (
        TABLE
        + IMPORTS
        + """
other = pd.DataFrame(source.normal(size=(400, 5)), columns=list("abcde"))
scaler = StandardScaler().fit(X)
model = LogisticRegression().fit(scaler.transform(X), y)
model.predict(scaler.transform(other))
"""
    )
    trace = trace_of(tmp_path, script)

    assert preparation_fitted_on_scored_rows(trace) == ()
    assert len(scored_on_held_out_rows(trace)) == 1


def test_a_model_scored_on_its_own_training_rows_is_told(tmp_path: Path) -> None:
    script = (
        TABLE
        + IMPORTS
        + """
model = RandomForestClassifier(10, random_state=0).fit(X, y)
roc_auc_score(y, model.predict_proba(X.to_numpy())[:, 1])
"""
    )
    trace = trace_of(tmp_path, script)

    assert [pair.share for pair in scored_on_fitted_rows(trace)] == [1.0]
    assert [one.rows for one in metrics(trace)] == ["fitted"]


def test_a_scaler_fitted_again_on_the_test_rows_is_told_apart_from_one_fitted_on_all(tmp_path: Path) -> None:
    """Both see the rows that are scored; only one of them learned the training rows as well."""
    script = (
        TABLE
        + IMPORTS
        + """
train, test, y_train, y_test = train_test_split(X, y, random_state=1)
model = LogisticRegression().fit(StandardScaler().fit_transform(train), y_train)
roc_auc_score(y_test, model.predict_proba(StandardScaler().fit_transform(test))[:, 1])
"""
    )
    trace = trace_of(tmp_path, script)

    assert [pair.fitted.rows.rows for pair in refitted_on_scored_rows(trace) if pair.fitted.rows] == [300]
    assert preparation_fitted_on_scored_rows(trace) == ()


def test_resampling_before_the_split_is_told_and_after_it_is_not(tmp_path: Path) -> None:
    """With a stand-in for imbalanced-learn, which this project's own environment does not have."""
    sampler = """
import numpy as np
class RandomOverSampler:
    def fit_resample(self, X, y):
        extra = np.flatnonzero(np.asarray(y) == 1)
        places = np.concatenate([np.arange(len(y)), np.repeat(extra, 3)])
        return X.iloc[places].reset_index(drop=True), y.iloc[places].reset_index(drop=True)
"""
    modules = {"imblearn/__init__.py": "", "imblearn/over_sampling.py": sampler}
    head = TABLE + IMPORTS + "from imblearn.over_sampling import RandomOverSampler\n"
    before = trace_of(
        tmp_path / "before",
        head + "big, big_y = RandomOverSampler().fit_resample(X, y)\ntrain_test_split(big, big_y, random_state=0)\n",
        modules=modules,
    )
    after = trace_of(
        tmp_path / "after",
        head + "a, b, c, d = train_test_split(X, y, random_state=0)\nRandomOverSampler().fit_resample(a, c)\n",
        modules=modules,
    )

    (pair,) = resampled_before_split(before)
    assert pair.scored.function == "train_test_split"
    assert pair.fitted.balance_after["1"] == 4 * pair.fitted.balance["1"]
    assert resampled_before_split(after) == ()


def test_large_tables_are_sampled_and_still_compared(tmp_path: Path) -> None:
    script = (
        IMPORTS
        + """
import numpy as np, pandas as pd
big = pd.DataFrame(np.random.default_rng(0).normal(size=(60_000, 8)))
scaler = StandardScaler().fit(big)
train, test = train_test_split(big, random_state=0)
StandardScaler().fit(train)
StandardScaler().fit(test.to_numpy())
"""
    )
    trace = trace_of(tmp_path, script)
    everything, train, test = (call.rows for call in trace.of_kind("fit"))

    assert everything is not None
    assert len(everything.content or ()) < 1000
    assert share_within(test, everything) == 1.0
    assert share_within(test, train) == 0.0


def test_a_long_loop_is_left_alone_after_some_dozens_of_calls(tmp_path: Path) -> None:
    script = TABLE + IMPORTS + "for turn in range(400):\n    StandardScaler().fit(X)\n"
    trace = trace_of(tmp_path, script)

    assert len(trace.of_kind("fit")) == 60
    assert [(call.function, call.file) for call in trace.loops] == [("fit", "main.py")]


def test_an_error_of_the_submission_comes_through_as_it_is(tmp_path: Path) -> None:
    script = TABLE + IMPORTS + "try:\n    StandardScaler().fit('nonsense')\nexcept ValueError as problem:\n    print(problem)\n"
    with_it, without = run_script(tmp_path / "a", script), run_script(tmp_path / "b", script, traced=False)

    assert with_it.stdout == without.stdout != ""


def test_what_cannot_be_noted_does_not_stop_the_submission(tmp_path: Path) -> None:
    """An estimator that breaks when it is looked at, a table without a length, a trace that cannot be written."""
    script = (
        TABLE
        + IMPORTS
        + """
import os
from sklearn.base import BaseEstimator, TransformerMixin
class Odd(BaseEstimator, TransformerMixin):
    def fit(self, X, y=None): return self
    def transform(self, X): return 7
    def __getattr__(self, name): raise RuntimeError(name) if name.startswith("best") else AttributeError(name)
print(Odd().fit_transform(iter([1])))
path = os.environ["HARNESS_TRACE"]
os.unlink(path)
os.mkdir(path)
StandardScaler().fit(X)
os.rmdir(path)
print("done")
"""
    )
    ran = run_script(tmp_path, script)

    assert (ran.stdout, ran.code, ran.stderr) == ("7\ndone\n", 0, "")


def test_pools_of_processes_are_not_traced(tmp_path: Path) -> None:
    """Their work belongs to the call that started them."""
    script = """
import multiprocessing
import numpy as np
def work(turn):
    from sklearn.preprocessing import StandardScaler
    return float(StandardScaler().fit(np.eye(3)).scale_[0])
if __name__ == "__main__":
    for way in ("fork", "spawn"):
        with multiprocessing.get_context(way).Pool(1) as pool:
            print(pool.map(work, [1, 2]))
"""
    ran = run_script(tmp_path, script)

    assert ran.code == 0, ran.stderr
    assert '"kind":"fit"' not in ran.lines


def test_a_cell_is_told_by_its_index_among_all_cells(tmp_path: Path) -> None:
    notebook = notebook_of(("markdown", "# Title"), "", "a = 1", "fit(a)")
    line = json.dumps({"kind": "fit", "number": 1, "function": "fit", "cell_run": 2, "line": 1})
    trace = read_lines(tmp_path, line + "\n", notebook)

    assert trace.where(trace.calls[0]).cell == 3


def test_a_forged_trace_is_read_as_far_as_it_makes_sense(tmp_path: Path) -> None:
    lines = b"\n".join(
        [
            b"not json",
            b"[1,2]",
            b'{"kind":"table","table":1,"rows":1e99,"columns":-4,"content":"zz","labels":[1]}',
            b'{"kind":"fit","number":"x","class":"\\u001b[31mred","rows":1,"nested":{"a":"b"},"parts":7,"line":-3}',
            b'{"kind":"metric","number":2,"value":NaN,"values":[Infinity,1],"of":true}',
            b'{"kind":"eval","number":3}',
            b'{"a":' * 2000,
            b"\xff\xfe",
        ]
    )
    trace = read_lines(tmp_path, lines)

    assert [call.kind for call in trace.calls] == ["fit", "metric"]
    assert "\x1b" not in trace.calls[0].cls
    assert trace.calls[0].rows is not None
    assert trace.calls[0].rows.content is None
    assert trace.calls[1].value is None
    assert trace.calls[1].values == (1.0,)


def test_a_trace_above_its_cap_is_as_good_as_absent(tmp_path: Path) -> None:
    from checks.trace import MAX_BYTES, read_trace
    from tests.checks.builders import Step, evidence_of

    evidence = evidence_of(tmp_path, steps=[Step(files={"trace.jsonl": b"x" * (MAX_BYTES + 1)})])

    assert read_trace(evidence, "predict") is None


@pytest.mark.parametrize(("program", "traced"), [("/harness/run_command.py", False), ("/submission/run_command.py", True)])
def test_a_program_of_ours_that_only_starts_the_submissions_is_not_traced(
    tmp_path: Path, program: str, *, traced: bool
) -> None:
    tracing = {"PYTHONPATH": str(TRACER), "HARNESS_TRACE": str(tmp_path / "trace.jsonl")}
    asked = [sys.executable, "-c", "import sys; print('harness_tracer.hooks' in sys.modules)", program]

    told = subprocess.run(asked, env={**os.environ, **tracing}, capture_output=True, text=True, check=True)

    assert told.stdout.strip() == str(traced)
