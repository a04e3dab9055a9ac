"""Write the reference pages from the code: `python -m docs.generate`. Pages that are not in step fail a test."""

import inspect
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import typer

from checks.base import CheckSpec, Group, Need
from docs.generate_sandbox import sandbox_page
from docs.generate_schemas import files_page, limits_table, results_page, type_of
from harness import errors
from harness.checking import catalogue
from harness.cli import app
from harness.errors import ExitCode, HarnessError

FOLDER = Path(__file__).resolve().parent / "reference"
MADE = "<!-- Made by `python -m docs.generate`; do not edit by hand. -->"

GROUPS: dict[Group, str] = {
    "static": "Reading alone",
    "practice": "ML practice",
    "run": "What happened when it ran",
    "result": "Held against what only we know",
}
EVIDENCE: dict[Need, str] = {
    "files": "the submission's files, read and never imported",
    "execute": "notebooks as they ran in the sandbox",
    "tests": "the submission's own tests as they ran",
    "predict": "how its train and predict steps ran",
    "predictions": "the answer it returned",
    "labels": "what is right, which never enters a sandbox",
    "ladder": "the rungs measured on the same data",
}
MEANINGS: dict[ExitCode, str] = {
    ExitCode.GRADED: "Done. For a grade: graded, and at or above the bar if one was asked for.",
    ExitCode.BELOW_BAR: "Below the bar of `--fail-under`, or a gate is open that a person has to look at. "
    "For `verify`: not signed by a trusted key. For `erase`: somebody is still named somewhere.",
    ExitCode.USAGE: "The command line was wrong, or asks for something that is refused.",
    ExitCode.BAD_PACK: "A pack, rubric, plug-in or configuration is not valid, or a run folder is damaged.",
    ExitCode.BAD_SUBMISSION: "There is nothing that can be used at the place that was named as the submission.",
    ExitCode.INFRASTRUCTURE: "The sandbox, the host or the network failed. Trying again makes sense.",
    ExitCode.SOME_UNGRADED: "A batch or a watch finished, and some of its submissions could not be graded.",
    ExitCode.OUR_BUG: "A fault of the harness itself. `HARNESS_DEBUG=1` shows where.",
    ExitCode.INTERRUPTED: "Interrupted. What was finished is kept, and the same command goes on from there.",
    ExitCode.TERMINATED: "Ended by a signal. What was finished is kept, and the same command goes on from there.",
}


def pages() -> dict[str, str]:
    """Every generated page by its file name."""
    return {
        "commands.md": commands_page(),
        "checks.md": checks_page(),
        "files.md": files_page(MADE),
        "results.md": results_page(MADE),
        "exit-codes.md": exit_codes_page(),
        "sandbox.md": sandbox_page(MADE, limits_table()),
    }


def commands_page() -> str:
    parts = [
        "# Commands and options",
        MADE,
        "Data goes to standard output, everything else to standard error. Options win over `HARNESS_*` variables "
        "([settings](settings.md)). [Exit codes](exit-codes.md) mean the same everywhere.",
    ]
    return _joined(parts + list(_commands(typer.main.get_command(app), "harness")))


def _commands(command: Any, name: str) -> Iterator[str]:
    subcommands = getattr(command, "commands", None)
    if subcommands is not None:
        for word, one in subcommands.items():
            yield from _commands(one, f"{name} {word}")
        return
    context = typer.Context(command, info_name=name)
    yield f"## {name}"
    yield inspect.cleandoc(command.help or "").replace("\f", "")
    yield f"```text\n{' '.join([name, *command.collect_usage_pieces(context)])}\n```"
    records = [one.get_help_record(context) for one in command.params]
    rows = [f"| `{shown}` | {_cell(told)} |" for shown, told in filter(None, records)]
    if rows:
        yield "\n".join(["| argument or option | meaning |", "|---|---|", *rows])


def checks_page() -> str:
    parts = [
        "# Checks",
        MADE,
        "What each check looks at, what its evidence is, and what it cannot see, from the checks themselves; "
        "`harness checks ID` prints the same. A pack chooses its checks and sets them. How often each detector was right "
        "on generated cases stands in [detectors](../detectors.md).",
    ]
    specs = list(catalogue().values())
    for group in get_args(Group):
        parts.append(f"## {GROUPS[group]}")
        for spec in specs:
            parts += _check(spec) if spec.group == group else []
    return _joined(parts)


def _check(spec: CheckSpec) -> list[str]:
    first, _, rest = spec.explanation.partition("\n")
    looks, limits = split_limits(rest)
    evidence = "; ".join(EVIDENCE[need] for need in spec.needs)
    rows = [_setting(name, value) for name, value in _settings(spec).items()]
    table = "\n".join(["| setting | value | default | meaning |", "|---|---|---|---|", *rows]) if rows else ""
    return [
        f"### {spec.id}",
        f"**{first}**",
        looks,
        f"**What it cannot see.** {limits}",
        f"Evidence: {evidence}. Version {spec.version}.",
        table,
    ]


def _setting(name: str, value: dict[str, Any]) -> str:
    default, meaning = value.get("default", "needed"), value.get("description", "")
    return f"| `{name}` | {_cell(type_of(value))} | {_cell(default)} | {_cell(meaning)} |"


def _settings(spec: CheckSpec) -> dict[str, Any]:
    schema = spec.settings.model_json_schema()
    return {name: value for name, value in schema.get("properties", {}).items() if "$ref" not in value}


def split_limits(text: str) -> tuple[str, str]:
    """An explanation, and its sentences about what the check cannot do."""
    sentences = re.split(r"(?<=[.:;])\s+(?=[A-Z])", " ".join(text.split()))
    limits = [one for one in sentences if re.search(r"\bcannot (see|tell|know)\b|\bsays nothing of\b", one)]
    return " ".join(one for one in sentences if one not in limits), " ".join(limits)


def exit_codes_page() -> str:
    codes = "\n".join(["| code | meaning |", "|---|---|", *(f"| {code.value} | {MEANINGS[code]} |" for code in ExitCode)])
    kinds = [one for one in vars(errors).values() if inspect.isclass(one) and issubclass(one, HarnessError)]
    rows = [f"| {one.exit_code.value} | `{one.__name__}` | {inspect.cleandoc(one.__doc__ or '')} |" for one in kinds]
    named = "\n".join(["| code | error | when |", "|---|---|---|", *rows])
    return _joined(
        [
            "# Exit codes",
            MADE,
            "A candidate's own exit code never becomes ours, and a low score is never an error.",
            codes,
            "## Errors",
            "Each says what was seen, where, what was expected and what to do next, without a traceback.",
            named,
        ]
    )


def _cell(value: object) -> str:
    return " ".join(str(value).split()).replace("|", "\\|")


def _joined(parts: list[str]) -> str:
    return "\n\n".join(part for part in parts if part) + "\n"


def main() -> None:
    for name, text in pages().items():
        (FOLDER / name).write_text(text, "utf-8")


if __name__ == "__main__":
    main()
