"""The fake obeys the contract, so that tests that use it test something."""

from pathlib import Path

import pytest

from harness.errors import SandboxError
from harness.model.run import Exited, TimedOut
from harness.model.sandbox import Limits
from sandbox import owners
from sandbox.base import Job
from sandbox.fake import Answer, Fake

OWNER = owners.new_owner("r")


def job(label: str, collect: tuple[str, ...] = ("*.csv",)) -> Job:
    return Job(label=label, argv=("x",), limits=Limits(), collect=collect)


def test_it_answers_by_label_and_brings_out_only_what_was_asked_for(tmp_path: Path) -> None:
    fake = Fake({"predict": Answer(stdout="hi", files={"p.csv": b"1", "other.bin": b"2"})})

    with fake.open(OWNER) as sandbox:
        execution = sandbox.run(job("predict"))
        artifacts, refused = sandbox.fetch(tmp_path / "out")

    assert execution.outcome == Exited(code=0)
    assert execution.stdout.text() == "hi"
    assert [(one.path, one.size) for one in artifacts] == [("predict/p.csv", 1)]
    assert (tmp_path / "out" / "p.csv").read_bytes() == b"1"
    assert refused == ()


def test_a_numbered_label_is_answered_by_its_name() -> None:
    fake = Fake({"execute": Answer(outcome=TimedOut(after_s=1))})

    with fake.open(OWNER) as sandbox:
        assert sandbox.run(job("execute-2")).outcome == TimedOut(after_s=1)


def test_an_answer_may_depend_on_what_was_put() -> None:
    fake = Fake({"x": lambda _, put: Answer(stdout=put["a"].decode())})

    with fake.open(OWNER) as sandbox:
        sandbox.put("a", b"told")
        assert sandbox.run(job("x")).stdout.text() == "told"
    assert [(ran.job.label, ran.put) for ran in fake.ran] == [("x", {"a": b"told"})]


def test_a_job_without_an_answer_is_an_error() -> None:
    with Fake().open(OWNER) as sandbox, pytest.raises(SandboxError, match="no answer"):
        sandbox.run(job("surprise"))


def test_it_keeps_the_rules_of_the_contract(tmp_path: Path) -> None:
    with Fake({"x": Answer()}).open(OWNER) as sandbox:
        with pytest.raises(SandboxError, match="nothing to fetch"):
            sandbox.fetch(tmp_path / "early")
        sandbox.run(job("x"))
        with pytest.raises(SandboxError, match="runs one job"):
            sandbox.run(job("x"))
        with pytest.raises(SandboxError, match="after the job had run"):
            sandbox.put("late", b"")
