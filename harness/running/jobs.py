"""Every job the harness starts, as data. The words in argv are constants; a candidate's strings travel in /in/request.json."""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from harness.model.answers import TableAnswer
from harness.model.pack import Pack, SqlPart
from harness.model.sandbox import Environment, Limits
from harness.model.submission import CommandEntry, Entry, FunctionEntry, NotebookEntry, ServiceEntry
from harness.running.service_request import service_request
from sandbox.base import DATA, IN, INSIDE, MODEL, OUT, SUBMISSION, Job, Mount

TRACE = "trace.jsonl"
"""What the tracer of sandbox/inside/tracer noted."""

SERVICE, SERVICE_PORT = "service.json", 8000
"""What sandbox/inside/ask_service.py wrote down; and where services listen, in a network namespace of their own."""

ANSWERS = "answers.json"
"""What sandbox/inside/call_server.py wrote down."""

_THREAD_VARIABLES = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_MAX_THREADS", "LOKY_MAX_CPU_COUNT")


@dataclass(frozen=True)
class Order:
    """A job with the small files that go into /in."""

    job: Job
    put: dict[str, bytes] = field(default_factory=dict)


@dataclass(frozen=True)
class Place:
    """Where a step runs: the same for all steps of one submission."""

    environment: Environment
    snapshot: Path
    threads: int


def execute_notebook(place: Place, notebook: str, limits: Limits, data: Path) -> Order:
    request = {"notebook": notebook, "cell_s": limits.wall_s}
    return _order(
        place, "execute", "notebook.py", request, limits, data, collect=("executed.ipynb", "notebook.json"), traced=True
    )


def run_tests(place: Place, limits: Limits, data: Path) -> Order:
    return _order(place, "tests", "own_tests.py", {}, limits, data, collect=("tests.json",))


def train(place: Place, command: str, limits: Limits, data: Path) -> Order:
    request = {
        "command": command,
        "places": {"data": DATA, "model": f"{OUT}/model", "out": f"{OUT}/predictions.csv"},
        "make": [f"{OUT}/model"],
    }
    return _order(place, "train", "run_command.py", request, limits, data, collect=("model/**",), traced=True)


def try_mutants(place: Place, limits: Limits, data: Path) -> Order:
    """The submission's tests against small faults in the code they cover."""
    return _order(place, "mutants", "mutate_tests.py", {"wall_s": limits.wall_s}, limits, data, collect=("mutants.json",))


def predict(place: Place, entry: Entry, pack: Pack, limits: Limits, data: Path, model: Path | None) -> Order:
    """Ask the submission for predictions on a holdout it has not met under these ids and in this order."""
    file = pack.predictions.file
    collect: tuple[str, ...] = (file,)
    mounts = (Mount(model, MODEL),) if model else ()
    if isinstance(entry, ServiceEntry):
        return _ask_service(place, entry, pack, limits, data, mounts)
    if isinstance(entry, CommandEntry):
        program = "run_command.py"
        request: dict[str, Any] = {"command": entry.predict, "places": {"data": DATA, "model": MODEL, "out": f"{OUT}/{file}"}}
    elif isinstance(entry, FunctionEntry):
        program = "call_function.py"
        request = {
            "call": entry.call,
            "train": f"{DATA}/{pack.data.train}",
            "score": f"{DATA}/{pack.data.score}",
            "out": f"{OUT}/{file}",
            "id_column": pack.predictions.id_column,
            "value_column": pack.predictions.value_column,
        }
    elif isinstance(entry, NotebookEntry):
        program, collect = "notebook.py", (file, "executed.ipynb", "notebook.json")
        request = {"notebook": entry.path, "cell_s": limits.wall_s, "writes": entry.writes, "copy_to": f"{OUT}/{file}"}
    return _order(place, "predict", program, request, limits, data, collect=collect, mounts=mounts, traced=True)


def _ask_service(place: Place, entry: ServiceEntry, pack: Pack, limits: Limits, data: Path, mounts: tuple[Mount, ...]) -> Order:
    """Start a service and ask it for every row. Only the service is traced: the program that asks is ours."""
    request = {
        **service_request(entry, pack, limits, data),
        "port": SERVICE_PORT,
        "places": {"data": DATA, "model": MODEL},
        "score": f"{DATA}/{pack.data.score}",
        "train": f"{DATA}/{pack.data.train}",
        "out": f"{OUT}/{pack.predictions.file}",
        "env": _tracing(),
    }
    collect = (pack.predictions.file, SERVICE, TRACE)
    return _order(place, "predict", "ask_service.py", request, limits, data, collect=collect, mounts=mounts)


def call(place: Place, requests: dict[str, Any], limits: Limits, data: Path) -> Order:
    """Functions that an author named, called with the author's values. What is expected of them stays outside."""
    return _order(place, "calls", "call_server.py", requests, limits, data, collect=(ANSWERS,))


def build(place: Place, entry: CommandEntry | NotebookEntry, pack: Pack, limits: Limits, data: Path) -> Order:
    """Ask the submission for a table, and for what is returned beside it."""
    answer = _table(pack)
    if isinstance(entry, CommandEntry):
        request: dict[str, Any] = {"command": entry.predict, "places": {"data": DATA, "out": f"{OUT}/{answer.file}"}}
        return _order(place, "predict", "run_command.py", request, limits, data, collect=_files_of(answer), traced=True)
    request = {"notebook": entry.path, "cell_s": limits.wall_s, "writes": entry.writes, "copy_to": f"{OUT}/{answer.file}"}
    collect = (*_files_of(answer), "executed.ipynb", "notebook.json")
    return _order(place, "predict", "notebook.py", request, limits, data, collect=collect, traced=True)


def build_again(place: Place, entry: CommandEntry, pack: Pack, limits: Limits, data: Path, first_ends_s: float | None) -> Order:
    """Two builds in one place, the first of which may be killed half-way."""
    answer = _table(pack)
    request = {
        "command": entry.predict,
        "places": {"data": DATA, "out": f"{OUT}/{answer.file}"},
        "kill_first_after_s": first_ends_s,
    }
    return _order(place, "rebuild", "run_twice.py", request, limits, data, collect=(answer.file,))


def ask_sql(place: Place, part: SqlPart, data: Path) -> Order:
    """Put the submission's SELECT statements to a database made of the tables in `data`."""
    request = {
        "folder": DATA,
        "tables": [one.model_dump(mode="json") for one in part.tables],
        "questions": [{"file": one.file, "most_steps": one.most_steps} for one in part.questions],
    }
    collect = ("sql.json", *(f"sql-{number}.csv" for number in range(1, len(part.questions) + 1)))
    return _order(place, "sql", "run_sql.py", request, part.limits, data, collect=collect)


def _table(pack: Pack) -> TableAnswer:
    if not isinstance(pack.answer, TableAnswer):
        message = f"a pack of the kind {pack.kind} returns no table"
        raise TypeError(message)
    return pack.answer


def _files_of(answer: TableAnswer) -> tuple[str, ...]:
    flagged = (answer.flagged.file,) if answer.flagged else ()
    return (answer.file, *flagged, *answer.also_returned)


def generate(environment: Environment, pack: Pack, generator: Path, seed: int) -> Order:
    """Make the pack's data. Pack code is confined like a candidate's: a pack may come from anywhere."""
    job = Job(
        label="generate",
        argv=(
            environment.python,
            "-B",
            f"{IN}/generate.py",
            "--seed",
            str(seed),
            "--profile",
            f"{IN}/profile.json",
            "--out",
            f"{OUT}/data",
        ),
        limits=pack.steps.generate,
        environment=environment,
        env=base_env(environment, threads=1),
        collect=("data/public/**", "data/private/**"),
        copy_submission=False,
        link_data=None,
    )
    put = {"profile.json": json.dumps(pack.data.profile).encode(), "generate.py": generator.read_bytes()}
    if pack.data.material is not None:
        beside = generator.parent / pack.data.material
        put |= {path.name: path.read_bytes() for path in sorted(beside.iterdir()) if path.is_file()}
    return Order(job, put)


def base_env(environment: Environment, threads: int) -> dict[str, str]:
    """The whole environment of a step; nothing of the host's is passed on."""
    tools = environment.python.rsplit("/", 1)[0]
    return {
        "PATH": f"{tools}:/usr/local/bin:/usr/bin:/bin",
        "HOME": "/tmp",  # noqa: S108 - the sandbox's own
        "LANG": "C.UTF-8",
        "TZ": "UTC",
        "PYTHONHASHSEED": "0",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONUNBUFFERED": "1",
        "MPLBACKEND": "Agg",
        "HARNESS_DATA": DATA,
        "HARNESS_OUT": OUT,
        **dict.fromkeys(_THREAD_VARIABLES, str(threads)),
    }


def _order(
    place: Place,
    label: str,
    program: str,
    request: dict[str, Any],
    limits: Limits,
    data: Path,
    *,
    collect: tuple[str, ...],
    mounts: tuple[Mount, ...] = (),
    traced: bool = False,
) -> Order:
    tracing = _tracing() if traced else {}
    job = Job(
        label=label,
        argv=(place.environment.python, "-P", f"{INSIDE}/{program}"),
        limits=limits,
        environment=place.environment,
        mounts=(Mount(place.snapshot, SUBMISSION), Mount(data, DATA), *mounts),
        env={**base_env(place.environment, place.threads), **tracing},
        collect=(*collect, TRACE) if traced else collect,
        threads=place.threads,
    )
    return Order(job, {"request.json": json.dumps(request).encode()})


def _tracing() -> dict[str, str]:
    return {"HARNESS_TRACE": f"{OUT}/{TRACE}", "PYTHONPATH": f"{INSIDE}/tracer"}
