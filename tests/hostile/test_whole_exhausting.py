"""Resources: one submission costs at most its limits, ends when its time is up, and leaves nothing that lives on."""

from pathlib import Path

import pytest

from tests.builders import write_yaml
from tests.hostile.attacks import exhausting
from tests.hostile.attacks.arena import Arena, Told, gone, strict_json
from tests.hostile.attacks.pack import honest_files, read_yaml, write_pack
from tests.sandbox.engines import BACK_ENDS

PEAK_MB = 900
"""The grader's own memory, whatever a submission sends."""
LEFT_BEHIND = "word-of-a-daemon-left-behind"


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Only predictions are asked for, under small limits."""
    pack = write_pack(tmp_path_factory.mktemp("packs"), limits=exhausting.SMALL)
    document = read_yaml(pack / "pack.yaml")
    document["steps"] = {"predict": exhausting.SMALL, "generate": {"wall_s": 60}}
    write_yaml(pack / "pack.yaml", document)
    return pack


@pytest.fixture(scope="module")
def arena(pack: Path, tmp_path_factory: pytest.TempPathFactory) -> Arena:
    return Arena(tmp_path_factory.mktemp("arena"), pack=pack)


@pytest.fixture(scope="module", params=BACK_ENDS)
def on(request: pytest.FixtureRequest, arena: Arena) -> Arena:
    return Arena(arena.root, request.param, arena.pack)


@pytest.fixture(scope="module")
def ended(arena: Arena) -> dict[str, Told]:
    return arena.submit_all({name: exhausting.program(text) for name, (text, _) in exhausting.ENDLESS.items()})


@pytest.mark.bubblewrap
@pytest.mark.parametrize("name", exhausting.ENDLESS)
def test_a_program_without_end_is_ended_and_graded(name: str, ended: dict[str, Told]) -> None:
    told = ended[name]
    step = told.step("predict")

    assert step["outcome"]["kind"] in exhausting.ENDLESS[name][1]
    assert told.check("predictions_valid")["verdict"] == "not_met"
    assert told.check("holdout_score")["fault"] == "submission"


@pytest.mark.bubblewrap
@pytest.mark.parametrize("name", exhausting.ENDLESS)
def test_the_grader_itself_stays_small(name: str, ended: dict[str, Told]) -> None:
    assert ended[name].peak_mb < PEAK_MB
    for stream in ("stdout", "stderr"):
        assert len(ended[name].printed("predict", stream).encode()) <= 5 * exhausting.SMALL["stream_kb"] << 10


FEW = (
    "a loop that ignores being asked to end",
    "a flood on standard output",
    "memory in steps",
    "processes without end",
    "a hold on the runner",
)


@pytest.mark.docker
@pytest.mark.parametrize("name", FEW)
def test_a_program_without_end_is_ended_in_a_container_too(name: str, arena: Arena) -> None:
    told = Arena(arena.root, "docker", arena.pack).submit(exhausting.program(exhausting.ENDLESS[name][0]))

    assert told.step("predict")["outcome"]["kind"] in exhausting.ENDLESS[name][1]
    assert told.check("holdout_score")["fault"] == "submission"


@pytest.fixture(scope="module")
def brought(arena: Arena) -> dict[str, Told]:
    return arena.submit_all({name: exhausting.program(text) for name, (text, _) in exhausting.OUTPUTS.items()})


@pytest.mark.bubblewrap
@pytest.mark.parametrize("name", exhausting.OUTPUTS)
def test_only_a_plain_file_is_brought_out(name: str, brought: dict[str, Told]) -> None:
    told, valid = brought[name], exhausting.OUTPUTS[name][1]

    found = told.check("predictions_valid")["verdict"] == "met"
    assert valid is None or found is valid
    assert set(told.artifacts("predict")) <= {"predictions.csv", "trace.jsonl"}
    assert all(reason.isprintable() for reason in told.step("predict")["refused_outputs"])


@pytest.mark.bubblewrap
@pytest.mark.parametrize("name", [name for name, (_, valid) in exhausting.OUTPUTS.items() if valid is False])
def test_what_was_left_behind_is_told_with_its_reason(name: str, brought: dict[str, Told]) -> None:
    step = brought[name].step("predict")

    assert step["refused_outputs"] or step["outcome"].get("code") != 0 or name == "a folder"
    assert brought[name].check("predictions_valid")["findings"]


@pytest.fixture(scope="module")
def filled(on: Arena) -> dict[str, str]:
    told = on.submit(exhausting.filling())
    assert told.check("predictions_valid")["verdict"] == "met"
    found: dict[str, str] = strict_json(told.printed("predict").strip().splitlines()[-1])["found"]
    return found


@pytest.mark.parametrize(
    ("what", "most"),
    [("fill /work", 24), ("fill /tmp", 8), ("fill /dev/shm", 8), ("fill /out", 24), ("descriptors", 96), ("processes", 48)],
)
def test_everything_that_can_be_filled_has_an_end(what: str, most: int, filled: dict[str, str]) -> None:
    used, _, why = filled[what].partition(", then ")

    assert int(used.split()[0]) <= most
    assert why in ("No space left on device", "Too many open files", "Resource temporarily unavailable")


def test_one_file_cannot_be_larger_than_its_limit(filled: dict[str, str]) -> None:
    assert filled["one_file /work"] == "File too large"


def test_a_process_left_behind_dies_before_the_predictions_are_read(on: Arena) -> None:
    """It keeps the output pipes open, ignores every signal, and would improve the predictions later."""
    daemon = f"""
if os.fork() == 0:
    os.setsid()
    if os.fork():
        os._exit(0)
    import signal, time
    for number in range(1, 32):
        try:
            signal.signal(number, signal.SIG_IGN)
        except OSError:
            pass
    word = "{LEFT_BEHIND}"
    while True:
        time.sleep(0.2)
        out.write_text("row_id,score\\n" + "".join(f"{{key}},{{place}}\\n" for place, key in enumerate(ids)))
        os.system(f"sleep 300 # {{word}}")
out.write_text(rows)
"""
    told = on.submit(exhausting.program(daemon))

    assert gone(LEFT_BEHIND)
    assert told.check("predictions_valid")["verdict"] == "met"
    assert "constant" in told.rules("predictions_valid")


@pytest.mark.bubblewrap
def test_an_honest_submission_is_well_under_the_same_limits(arena: Arena) -> None:
    told = arena.submit(honest_files())

    assert told.check("predictions_valid")["verdict"] == "met"
    assert told.document["ladder"]["position"] == pytest.approx(0.75, abs=1e-6)


@pytest.mark.bubblewrap
def test_logs_of_escapes_in_every_step_do_not_make_the_records_unreadable(tmp_path: Path) -> None:
    """Each byte of a full log may become six in a record; the run was once taken for damaged."""
    flood = "import os\\nfor stream in (1, 2):\\n    os.write(stream, b'\\\\0' * 1_200_000)\\n"
    arena = Arena(tmp_path, pack=write_pack(tmp_path / "packs", limits={"wall_s": 40, "memory_mb": 1024, "stream_kb": 2048}))

    told = arena.submit({**honest_files(), "predict.py": flood.replace("\\n", "\n") + honest_files()["predict.py"]})

    assert (told.run or tmp_path).joinpath("runs.json").stat().st_size > 4_000_000
    assert told.check("predictions_valid")["verdict"] == "met"
    assert arena.harness("regrade", told.run or "", "--packs", tmp_path / "packs", "--from", "check").code == 0
