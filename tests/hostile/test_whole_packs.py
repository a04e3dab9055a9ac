"""Packs of a third party: their code is confined like a candidate's, their documents are read like a stranger's."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from harness.packs import read_pack
from harness.settings import cache_folder
from tests.hostile.attacks import explorer, packs
from tests.hostile.attacks.arena import Arena, new_canary, write_files
from tests.hostile.attacks.host import planted, quiet_for
from tests.hostile.attacks.pack import honest_files, write_pack

NOT_FOR_GENERATORS = {
    "the_snapshot_can_be_changed": "there is no submission",
    "mode_bits_can_open_the_snapshot": "there is no submission",
    "the_data_can_be_changed": "it makes the data",
    "secrets_of_the_run_by_name": "it makes the labels",
}


def cached(pack: Path) -> Path:
    opened = read_pack(pack)
    return cache_folder() / "data" / f"{opened.pack.id}-{opened.data_digest[:16]}-{opened.pack.data.demo_seed}"


@pytest.fixture(scope="module")
def generator_found(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    root, secret = tmp_path_factory.mktemp("generator"), new_canary()
    pack = write_pack(root / "packs")
    arena = Arena(root, pack=pack, environment={"HARNESS_SECRET": secret.text, "API_TOKEN": secret.text})
    with planted(root / "host", secret.text, "folder-of-this-run") as host:
        ears = host.pop("ears")
        targets = {
            **host,
            "labels": [str(pack / "facts.yaml")],
            "pack": str(pack),
            "other_run": str(root),
            "run_word": "folder-of-this-run",
            "host_words": [str(pack), "folder-of-this-run"],
            "not_searched": ["/proc", "/sys", "/usr", "/opt"],
            "process": 1,
        }
        generator = pack / "generate.py"
        generator.write_text(packs.exploring_generator(generator.read_text("utf-8"), targets), "utf-8")
        place = cached(pack)
        try:
            told = arena.submit(honest_files(), name="folder-of-this-run")
            found: dict[str, str] = json.loads((place / "public" / "explored.json").read_text())
            assert told.check("predictions_valid")["verdict"] == "met"
            assert all(secret.where_found(data) is None for _, data in told.everything())
            yield {**found, "ears": "silent" if quiet_for(ears) else "heard"}
        finally:
            shutil.rmtree(place, ignore_errors=True)


@pytest.mark.bubblewrap
@pytest.mark.parametrize("name", [*(name for name in explorer.ATTEMPTS if name not in NOT_FOR_GENERATORS)])
def test_a_generator_is_confined_like_a_submission(name: str, generator_found: dict[str, str]) -> None:
    assert generator_found[name].startswith("refused: "), generator_found[name]


@pytest.mark.bubblewrap
def test_nothing_on_the_host_heard_the_generator(generator_found: dict[str, str]) -> None:
    assert generator_found["ears"] == "silent"


@pytest.mark.bubblewrap
@pytest.mark.parametrize("name", packs.GENERATORS)
def test_a_generator_that_makes_no_data_is_the_pack_s_fault(name: str, tmp_path: Path) -> None:
    pack = write_pack(tmp_path / "packs")
    generator = pack / "generate.py"
    before = packs.GENERATORS[name] if "before anything" in name else ""
    generator.write_text(before + generator.read_text("utf-8") + packs.GENERATORS[name], "utf-8")
    try:
        told = Arena(tmp_path, pack=pack).grade_into(tmp_path / "out", write_files(tmp_path / "given", honest_files()))
    finally:
        shutil.rmtree(cached(pack), ignore_errors=True)

    assert told.code == 3, (told.code, told.stderr)
    assert "root:" not in told.stderr


@pytest.mark.parametrize("name", packs.DOCUMENTS)
@pytest.mark.parametrize("file", ["pack.yaml", "rubric.yaml"])
def test_a_hostile_document_of_a_pack_is_told_as_one(file: str, name: str, tmp_path: Path) -> None:
    pack, canary = write_pack(tmp_path / "packs"), tmp_path / "canary"
    content = packs.DOCUMENTS[name]
    write_files(pack, {file: content if isinstance(content, bytes) else content.replace("CANARY", str(canary))})

    told = Arena(tmp_path).harness("pack", "lint", pack)

    assert told.code in (1, 3), (told.code, told.stderr)
    assert not canary.exists()
    assert len(told.stdout + told.stderr) < 200_000


@pytest.mark.parametrize("name", packs.PATHS)
def test_a_pack_that_names_places_outside_itself_is_refused(name: str, tmp_path: Path) -> None:
    pack = write_pack(tmp_path / "packs")
    packs.with_fields(pack, packs.PATHS[name])

    told = Arena(tmp_path).harness("inspect", write_files(tmp_path / "given", honest_files()), "--pack", pack)

    assert told.code == 3, (told.code, told.stdout[-300:])
    assert "root:" not in told.stdout + told.stderr


LINKED = (
    "generate.py",
    "requirements.lock",
    "candidate/BRIEF.md",
    "candidate/extra.md",
    "exemplars/strong/submission/predict.py",
    "facts.yaml",
)


@pytest.mark.parametrize("name", LINKED)
def test_a_pack_with_a_link_in_it_is_refused(name: str, tmp_path: Path) -> None:
    pack, secret = write_pack(tmp_path / "packs"), new_canary()
    hidden = tmp_path / "secret.txt"
    hidden.write_text(secret.text)
    place = pack / name
    place.unlink(missing_ok=True)
    place.symlink_to(hidden)

    told = Arena(tmp_path).harness("inspect", write_files(tmp_path / "given", honest_files()), "--pack", pack)

    assert told.code == 3, (told.code, told.stdout[-300:])
    assert secret.where_found(told.stdout.encode(), told.stderr.encode()) is None


def test_a_second_pack_of_one_name_does_not_hide_the_first(tmp_path: Path) -> None:
    pack = write_pack(tmp_path / "packs")
    shutil.copytree(pack, tmp_path / "more" / "card_fraud")

    told = Arena(tmp_path).harness("pack", "list", "--packs", tmp_path / "more")

    assert told.code == 3, told.stdout
