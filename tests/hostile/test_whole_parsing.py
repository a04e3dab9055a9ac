"""What is read outside the sandbox: no file can hang, crash or fool a reader, and our faults stay ours."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from harness.checking import judge
from harness.footing import evidence_of, find_footing
from harness.model.evidence import Evidence
from harness.model.pack import CheckUse
from harness.model.report import Lock
from harness.model.run import RunSet
from harness.model.submission import Snapshot
from harness.packs import OpenPack, read_pack
from harness.settings import resolve
from harness.store import RunFolder
from tests.hostile.attacks import nasty
from tests.hostile.attacks.arena import Arena, Told, strict_json, write_files
from tests.hostile.attacks.pack import honest_files

pytestmark = pytest.mark.bubblewrap
NEVER = ("/tmp/never", "/tmp/never.py", "/etc/never")


@pytest.fixture(scope="module")
def opened(arena: Arena) -> OpenPack:
    assert arena.pack is not None
    return read_pack(arena.pack)


@pytest.fixture(scope="module")
def evidence(honest: Told, opened: OpenPack, tmp_path_factory: pytest.TempPathFactory) -> Evidence:
    """Of a real run, as the check stage puts it together."""
    assert honest.run is not None
    folder, scratch = RunFolder(honest.run), tmp_path_factory.mktemp("scratch")
    snapshot, lock, runs = folder.load(Snapshot), folder.load(Lock), folder.load(RunSet)
    footing = find_footing(opened, lock, snapshot, resolve(), scratch, lambda _: None)
    return evidence_of(opened, snapshot, folder, runs, footing)


def asked_for(evidence: Evidence) -> list[str]:
    assert evidence.reference is not None
    return [line.split(",")[0] for line in evidence.reference.labels.read_text().splitlines()[1:]]


NAMES = tuple(nasty.predictions(["R000001", "R000002"]))


@pytest.fixture(scope="module")
def odd_predictions(evidence: Evidence) -> Mapping[str, tuple[bytes, bool]]:
    return nasty.predictions(asked_for(evidence))


@pytest.mark.parametrize("name", NAMES)
def test_predictions_are_valid_or_refused_with_a_reason_and_never_our_fault(
    name: str, evidence: Evidence, odd_predictions: Mapping[str, tuple[bytes, bool]], tmp_path: Path
) -> None:
    data, valid = odd_predictions[name]

    found = {one.check: one for one in judge(came_out(evidence, data, tmp_path), USES).results}

    assert {one.fault for one in found.values() if one.fault is not None} <= {"submission"}
    assert (found["predictions_valid"].score == 1.0) is valid, found["predictions_valid"].summary
    assert (found["holdout_score"].score is not None) is valid
    for finding in found["predictions_valid"].findings:
        assert f"{finding.message}{finding.seen}".isprintable()
        assert len(finding.seen) < 400


USES = [CheckUse(check="predictions_valid"), CheckUse(check="holdout_score")]


def came_out(evidence: Evidence, data: bytes, place: Path) -> Evidence:
    """The same run, as it would be recorded had these predictions come out of the sandbox."""
    import hashlib
    from dataclasses import replace

    assert evidence.runs is not None
    write_files(place, {"predict/predictions.csv": data})
    steps = []
    for step in evidence.runs.steps:
        artifacts = tuple(
            one.changed(size=len(data), sha256=hashlib.sha256(data).hexdigest()) if one.name == "predictions.csv" else one
            for one in step.artifacts
        )
        steps.append(step.changed(artifacts=artifacts))
    return replace(evidence, runs=evidence.runs.changed(steps=tuple(steps)), artifacts=place)


def read_all(arena: Arena, submissions: Mapping[str, Mapping[str, nasty.Content]]) -> dict[str, dict[str, Any]]:
    """`harness inspect --jsonl` of all of them at once: one that breaks would take the rest along."""
    given = arena.root / f"inspected-{len(submissions)}-{len(next(iter(submissions)))}"
    places = {name: write_files(given / f"{number:03d}", files) for number, (name, files) in enumerate(submissions.items())}
    told = arena.harness("inspect", *places.values(), "--pack", arena.pack or "", "--jsonl")
    assert told.code == 0, told.stderr[-2000:]
    lines = [strict_json(line) for line in told.stdout.splitlines()]
    by_path = {line["path"]: line for line in lines}
    return {name: by_path[str(place)] for name, place in places.items()}


def expect_fair_reading(document: dict[str, Any]) -> None:
    """Every check answered, none of them by a fault of ours, in words that can be printed."""
    assert "error" not in document, document
    for check in document["checks"]:
        assert check["fault"] not in ("harness", "pack"), check
        json.dumps(check, ensure_ascii=False).encode("utf-8")
        assert check["summary"].isprintable()
    for path in NEVER:
        assert not Path(path).exists()


@pytest.fixture(scope="module")
def notebooks(arena: Arena) -> dict[str, dict[str, Any]]:
    return read_all(arena, {name: {"a.ipynb": content, "README.md": "# X\n"} for name, content in nasty.NOTEBOOKS.items()})


@pytest.mark.parametrize("name", nasty.NOTEBOOKS)
def test_a_hostile_notebook_is_read_or_told_unreadable(name: str, notebooks: dict[str, dict[str, Any]]) -> None:
    expect_fair_reading(notebooks[name])


@pytest.fixture(scope="module")
def sources(arena: Arena) -> dict[str, dict[str, Any]]:
    return read_all(arena, {name: {"code.py": content, "README.md": "# X\n"} for name, content in nasty.SOURCES.items()})


@pytest.mark.parametrize("name", nasty.SOURCES)
def test_a_hostile_source_is_read_or_told_unreadable(name: str, sources: dict[str, dict[str, Any]]) -> None:
    expect_fair_reading(sources[name])


@pytest.fixture(scope="module")
def papers(arena: Arena) -> dict[str, dict[str, Any]]:
    return read_all(arena, {name: {"code.py": "x = 1\n", **files} for name, files in nasty.PAPERS.items()})


@pytest.mark.parametrize("name", nasty.PAPERS)
def test_a_hostile_paper_is_read_or_told_unreadable(name: str, papers: dict[str, dict[str, Any]]) -> None:
    expect_fair_reading(papers[name])


@pytest.fixture(scope="module")
def declarations(arena: Arena) -> dict[str, dict[str, Any]]:
    given = {name: {**honest_files(), "submission.json": content} for name, content in nasty.DECLARATIONS.items()}
    return {name: told.document for name, told in arena.submit_all(given).items()}


@pytest.mark.parametrize("name", nasty.DECLARATIONS)
def test_a_hostile_declaration_costs_what_it_declares_and_nothing_else(
    name: str, declarations: dict[str, dict[str, Any]]
) -> None:
    document = declarations[name]

    assert "harness" not in {check["fault"] for check in document["checks"]}
    assert document["runs"]["steps"][0]["limits"]["wall_s"] == 40
    for path in NEVER:
        assert not Path(path).exists()
