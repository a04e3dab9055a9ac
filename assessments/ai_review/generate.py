"""The repository under review for one seed: names, order, variants and decoys differ, difficulty does not.

Private to graders. Canary: 6d6b0688dc26d5d51d3062cc9ecf0f01
"""

import argparse
import json
import random
import sys
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
MATERIAL = HERE / "material" if (HERE / "material").is_dir() else HERE
sys.path.insert(0, str(MATERIAL))

from hidden_probes import hidden_probes  # noqa: E402
from planted import ALWAYS, BUGS, DECOYS, DRAWN, SOMETIMES  # noqa: E402
from templating import Draw, Filled, fill  # noqa: E402

CANARY = "6d6b0688dc26d5d51d3062cc9ecf0f01"
NAMES = {
    "pkg": ("keepwell", "stayline", "tenure", "anchorage"),
    "id": ("customer_id", "account_id", "client_id"),
    "target": ("churned", "left", "cancelled"),
    "minutes": ("minutes", "call_time", "usage_min"),
    "tickets": ("tickets", "complaints", "contacts"),
}
MODULES = ("sample", "data", "features", "split", "folds", "training", "ensemble", "evaluate", "offers", "serving", "store")
TESTS = ("test_data", "test_training", "test_serving")


def draw_for(seed: int) -> Draw:
    source = random.Random(seed)
    names = {key: source.choice(choices) for key, choices in NAMES.items()}
    shown = {*ALWAYS, *source.sample(SOMETIMES, DRAWN)}
    options = {decoy: "on" if decoy in shown else "off" for decoy in SOMETIMES}
    return Draw(names, options, source)


def repository(draw: Draw) -> dict[str, Filled]:
    """Every file of the repository by its path."""
    package = draw.names["pkg"]
    paths = {f"{name}.py.tmpl": f"{package}/{name}.py" for name in MODULES}
    paths |= {"main.py.tmpl": f"{package}/__main__.py", "README.md.tmpl": "README.md", "pyproject.toml.tmpl": "pyproject.toml"}
    paths |= {f"{name}.py.tmpl": f"tests/{name}.py" for name in TESTS}
    files = {path: fill((MATERIAL / name).read_text("utf-8"), draw) for name, path in paths.items()}
    files[f"{package}/__init__.py"] = Filled(f'"""{package}: who will leave next."""\n')
    files["tests/__init__.py"] = Filled("")
    return dict(sorted(files.items()))


def places(files: dict[str, Filled], kind: str, name: str) -> list[dict[str, Any]]:
    found = [
        (number, {"file": path, "first": lines[0], "last": lines[1]})
        for path, file in files.items()
        for (of, which, number), lines in file.marked.items()
        if (of, which) == (kind, name)
    ]
    return [place for _, place in sorted(found, key=lambda one: one[0])]


def planted(files: dict[str, Filled]) -> dict[str, Any]:
    bugs = [
        {
            "id": name, "title": title, "places": places(files, "bug", name), "mechanism": mechanism,
            "equivalents": list(equivalents), "severity": severity, "area": area, "probes": [name],
        }
        for name, (title, mechanism, equivalents, severity, area) in BUGS.items()
    ]  # fmt: skip
    decoys = [
        {"id": name, "title": title, "places": where, "tempts": list(tempts), "why_right": why}
        for name, (title, tempts, why) in DECOYS.items()
        if (where := places(files, "decoy", name))
    ]
    return {"format": 1, "canary": CANARY, "bugs": bugs, "decoys": decoys}


def write(out: Path, seed: int) -> None:
    draw = draw_for(seed)
    files = repository(draw)
    for path, file in files.items():
        place = out / "public" / "repo" / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(file.text, "utf-8")
    (out / "private").mkdir(parents=True, exist_ok=True)
    probes = {"canary": CANARY, **hidden_probes(draw.names, draw.source)}
    for name, document in (("planted.json", planted(files)), ("probes.json", probes)):
        (out / "private" / name).write_text(json.dumps(document) + "\n", "utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--profile", type=Path, help="JSON; this pack has no sizes to set, so it must be empty")
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    if options.profile and json.loads(options.profile.read_text("utf-8")):
        raise SystemExit("this generator has no profile fields")
    write(options.out, options.seed)


if __name__ == "__main__":
    main()
