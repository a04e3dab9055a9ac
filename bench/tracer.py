"""What the tracer costs a run, and whether it changes anything: the same steps in turn with it and without it."""

import statistics
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

from clock import told

from harness import intake
from harness.footing import stand
from harness.model.submission import train_command
from harness.packs import open_pack
from harness.running import Session, choose_entry, jobs, open_session
from harness.running.jobs import Order, Place
from harness.settings import resolve

EXEMPLARS = ("naive", "reference", "strong")
TRACING = ("HARNESS_TRACE", "PYTHONPATH")
RUNS = 7


def main(pack: str) -> None:
    settings = resolve()
    opened = open_pack(pack, settings.packs)
    with tempfile.TemporaryDirectory() as scratch, open_session(settings, opened.lock, "bench", lambda _: None) as session:
        for exemplar in EXEMPLARS:
            files = Path(scratch) / exemplar
            snapshot = intake.take(str(opened.exemplar(exemplar)), files)
            footing = stand(opened, opened.pack.data.demo_seed, session, snapshot, Path(scratch) / f"{exemplar}-data")
            declaration, problem = intake.read_declaration(files, snapshot)
            entry = choose_entry(declaration, problem, snapshot, files, opened.pack.entry_points).entry
            command, limits = train_command(entry) if entry else None, opened.pack.steps.predict
            if entry is None or limits is None:
                sys.exit(f"{exemplar} has no way to be asked for predictions")
            place, model = Place(session.environment, files, session.threads), None
            if command:
                model = Path(scratch) / f"{exemplar}-model"
                trained = jobs.train(place, command, limits, footing.public)
                compare(session, f"{exemplar}: train", trained, model)
                model /= "0-without/model"
            predicted = jobs.predict(place, entry, opened.pack, limits, footing.exchange.public, model)
            compare(session, f"{exemplar}: predict", predicted, Path(scratch) / f"{exemplar}-out")


def compare(session: Session, name: str, order: Order, out: Path) -> None:
    """Run it in turn with and without; the same host is then as busy for one as for the other."""
    bare = replace(order, job=replace(order.job, env={key: said for key, said in order.job.env.items() if key not in TRACING}))
    taken: dict[str, list[float]] = {"with": [], "without": []}
    contents = set()
    for number in range(RUNS):
        for how, one in (("with", order), ("without", bare)):
            place = out / f"{number}-{how}"
            execution, artifacts, _ = session.run(one.job, one.put, place)
            if not execution.outcome.succeeded:
                sys.exit(f"{name} {how} the tracer {execution.outcome.sentence()}: {execution.stderr.text()[-400:]}")
            taken[how].append(execution.wall_s)
            contents.add(tuple(sorted((one.name, one.sha256) for one in artifacts if one.name != jobs.TRACE)))
    for how, seconds in taken.items():
        print(told(f"{name}, {how} the tracer", seconds))
    ratio = statistics.median(taken["with"]) / statistics.median(taken["without"])
    print(f"{name}: {ratio:.3f} times as long with it; results {'the same' if len(contents) == 1 else 'DIFFER'}")


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "card_fraud")
