"""Plug-ins: a real package is installed and takes part; broken ones are refused at the start, by name."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.builders import pack_document, write_tree, write_yaml
from tests.small_pack import submission_files, write_small_pack

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "harness-plugin-example"
NAME = "harness-plugin-example"


def harness(
    *arguments: str | Path, plugins: Path | None = None, cwd: Path | None = None, **environment: str
) -> subprocess.CompletedProcess[str]:
    """The command as installed, where the working folder is no source of modules."""
    path = {"PYTHONPATH": str(plugins)} if plugins else {}
    program = Path(sys.executable).with_name("harness")
    return subprocess.run(
        [program, *map(str, arguments)],
        capture_output=True, text=True, timeout=300, check=False, cwd=cwd, env={**os.environ, **path, **environment},
    )  # fmt: skip


def distribution(folder: Path, name: str, entries: str, source: str = "", version: str = "1.0") -> Path:
    """A distribution as an installer leaves it: a module and its metadata."""
    module = name.replace("-", "_")
    info = f"{module}-{version}.dist-info"
    metadata = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
    write_tree(folder, {f"{module}.py": source, f"{info}/METADATA": metadata, f"{info}/entry_points.txt": entries})
    return folder


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example package, installed by pip into a folder of its own, without a network."""
    target = tmp_path_factory.mktemp("plugins")
    command = [
        sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-index", "--no-deps",
        "--no-build-isolation", "--no-cache-dir", "--target", str(target), str(EXAMPLE),
    ]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    return target


def test_checks_say_which_distribution_brought_them(example: Path) -> None:
    row = next(line for line in harness("checks", plugins=example).stdout.splitlines() if line.startswith("signatures"))

    assert row.endswith("Functions say what they take and what they return.  [harness-plugin-example 1.0.0]")
    assert f"plug-in: {NAME} 1.0.0" in harness("checks", "signatures", plugins=example).stdout


def test_doctor_lists_plugins_with_their_versions(example: Path) -> None:
    answer = harness("doctor", "--json", plugins=example)

    rows = {(one["group"], one["name"], one["distribution"], one["version"]) for one in json.loads(answer.stdout)["plugins"]}
    assert rows == {
        (group, name, NAME, "1.0.0")
        for group, name in (
            ("checks", "signatures"), ("metrics", "hits_at_top"), ("kinds", "example.plain"),
            ("renderers", "csv"), ("backends", "frugal"),
        )
    }  # fmt: skip


@pytest.mark.bubblewrap
def test_a_plugin_of_every_group_takes_part_and_is_named_in_the_report(example: Path, tmp_path: Path) -> None:
    pack = write_small_pack(tmp_path / "packs")
    feeding = [{"check": name} for name in ("lint", "docs", "runs_clean", "predictions_valid", "holdout_score", "signatures")]
    document = pack_document(checks=feeding)
    write_yaml(pack / "pack.yaml", {**document, "kind": "example.plain", "also_shown": [{"name": "hits_at_top"}]})
    submission = write_tree(tmp_path / "submission", submission_files("x1"))

    answer = harness(
        "grade", submission, "--pack", pack, "--sandbox", "frugal", "--format", "html,csv", "--out", tmp_path / "run", "--json",
        plugins=example,
    )  # fmt: skip

    assert answer.returncode == 0, answer.stderr
    report = json.loads(answer.stdout)
    assert {(one["group"], one["name"], one["version"]) for one in report["lock"]["plugins"]} == {
        ("checks", "signatures", "1.0.0"), ("metrics", "hits_at_top", "1.0.0"), ("kinds", "example.plain", "1.0.0"),
        ("renderers", "csv", "1.0.0"), ("backends", "frugal", "1.0.0"),
    }  # fmt: skip
    judged = next(check for check in report["checks"] if check["check"] == "signatures")
    assert (judged["verdict"], judged["score"]) == ("not_met", 0.0)
    assert 0.5 < report["measurements"]["hits_at_top"]["value"] <= 1
    assert report["sandbox"]["backend"] == "frugal"
    assert (tmp_path / "run" / "report.csv").read_text().startswith("criterion,title,weight,automatic\nCODE,")
    assert f"signatures of {NAME} 1.0.0" in (tmp_path / "run" / "report.html").read_text()


def test_a_pack_that_needs_a_plugin_says_so_where_it_is_not_installed(example: Path, tmp_path: Path) -> None:
    pack = write_small_pack(tmp_path / "packs")
    write_yaml(pack / "pack.yaml", pack_document(checks=[{"check": "signatures"}]))

    assert "there is no check called 'signatures'" in harness("grade", tmp_path, "--pack", pack).stderr


@pytest.mark.parametrize(
    ("entries", "source", "said"),
    [
        ("[takehome_harness.checks]\nacme = acme_checks:acme\n", "import does_not_exist", "ModuleNotFoundError"),
        ("[takehome_harness.checks]\nacme = acme_checks:acme\n", "raise SystemError('boom')", "SystemError: boom"),
        ("[takehome_harness.checks]\nacme = acme_checks:acme\n", "", "AttributeError"),
        ("[takehome_harness.checks]\nacme = acme_checks:acme\n", "def acme(): ...", "it is not marked"),
        ("[takehome_harness.checks]\nacme = acme_checks:acme\n", "acme = 3", "it is 3"),
        ("[takehome_harness.checks]\nlint = acme_checks:lint\n", "from checks.lint import lint", "cannot be used"),
        ("[takehome_harness.metrics]\nacme = acme_checks:acme\n", "acme = 3", "it is 3"),
        (
            "[takehome_harness.metrics]\naverage_precision = acme_checks:acme\n",
            "from checks.metrics.registry import METRICS\nfrom dataclasses import replace\n"
            "acme = replace(METRICS['average_precision'], title='mine')",
            "there is a metric of this name already",
        ),
        ("[takehome_harness.kinds]\npredict = acme_checks:acme\n", "acme = 3", "a name with a dot"),
        ("[takehome_harness.renderers]\nhtml = acme_checks:acme\n",
         "from reports.base import Renderer\nacme = Renderer('html', 'report.acme', '', str)", "there is a format"),
        ("[takehome_harness.renderers]\nacme = acme_checks:acme\n",
         "from reports.base import Renderer\nacme = Renderer('acme', '../lock.json', '', str)", "it writes '../lock.json'"),
        ("[takehome_harness.backends]\ndocker = acme_checks:acme\n", "class acme: name = 'docker'", "back end of this name"),
        ("[takehome_harness.backends]\nacme = acme_checks:acme\n", "class acme: name = 'acme'", "it has no doctor"),
        ("[takehome_harness.nonsense]\nacme = acme_checks:acme\n", "", "cannot be understood"),
    ],
)  # fmt: skip
def test_a_plugin_that_breaks_its_contract_is_refused_by_name(tmp_path: Path, entries: str, source: str, said: str) -> None:
    plugins = distribution(tmp_path / "plugins", "acme-checks", entries, source)

    answer = harness("doctor", "--sandbox", "bubblewrap", plugins=plugins)

    assert answer.returncode == 3
    assert said in answer.stderr
    assert "acme-checks 1.0" in answer.stderr
    assert "Traceback" not in answer.stderr


def test_a_broken_plugin_stops_a_grading_before_anything_runs(tmp_path: Path) -> None:
    plugins = distribution(
        tmp_path / "plugins", "acme-checks", "[takehome_harness.renderers]\nacme = acme_checks:acme\n", "acme = 3"
    )
    pack = write_small_pack(tmp_path / "packs")
    submission = write_tree(tmp_path / "submission", submission_files("x1"))

    answer = harness("grade", submission, "--pack", pack, "--out", tmp_path / "run", plugins=plugins)

    assert answer.returncode == 3
    assert "acme-checks 1.0" in answer.stderr
    assert not (tmp_path / "run").exists()


def test_two_plugins_of_one_name_are_refused_and_both_named(tmp_path: Path) -> None:
    entries = "[takehome_harness.checks]\nacme = {module}:acme\n"
    for name in ("acme-checks", "other-checks"):
        distribution(tmp_path / "plugins", name, entries.format(module=name.replace("-", "_")))

    answer = harness("checks", plugins=tmp_path / "plugins")

    assert answer.returncode == 3
    assert "acme-checks 1.0 brings one of the same name" in answer.stderr
    assert "other-checks 1.0" in answer.stderr


SPY = "import pathlib\npathlib.Path({place!r}).write_text('was here')\n"
ACME = "[takehome_harness.checks]\nacme = acme_checks:acme\n"


@pytest.mark.parametrize("path", ["", ".", "{here}", "lib:", "{here}/../submission"])
def test_nothing_of_the_working_folder_is_taken_for_a_plugin(tmp_path: Path, path: str) -> None:
    """A submission that holds a distribution's metadata, with the command given inside it."""
    submission = tmp_path / "submission"
    distribution(submission, "acme-checks", ACME, SPY.format(place=str(tmp_path / "spied")))
    distribution(submission / "lib", "acme-checks", ACME, SPY.format(place=str(tmp_path / "spied")))

    answers = [
        harness("checks", cwd=submission, PYTHONPATH=path.format(here=submission)),
        subprocess.run(
            [sys.executable, "-m", "harness", "checks"], cwd=submission, capture_output=True, text=True, check=False, timeout=60
        ),
    ]

    assert [answer.returncode for answer in answers] == [0, 0]
    assert not [answer for answer in answers if "acme" in answer.stdout]
    assert not (tmp_path / "spied").exists()


def test_a_plugin_inside_the_submission_is_refused_even_where_python_is_told_of_it(tmp_path: Path) -> None:
    pack = write_small_pack(tmp_path / "packs")
    submission = write_tree(tmp_path / "submission", submission_files("x1"))
    plugins = distribution(submission / "lib", "acme-checks", ACME, SPY.format(place=str(tmp_path / "spied")))

    answer = harness("grade", submission, "--pack", pack, "--out", tmp_path / "run", plugins=plugins)

    assert answer.returncode == 3
    assert "it lies inside the submission" in answer.stderr
    assert not (tmp_path / "spied").exists()


def test_the_setting_narrows_plugins_down_and_pins_them(example: Path) -> None:
    def listed(named: str) -> subprocess.CompletedProcess[str]:
        return harness("checks", plugins=example, HARNESS_PLUGINS=named)

    assert "signatures" not in listed("none").stdout
    assert "signatures" in listed("Harness_Plugin.Example==1.0.0").stdout
    assert "version 1.0.0 is installed" in listed(f"{NAME}==2.0").stderr
    assert "no such plug-in is installed" in listed("acme").stderr


def test_looking_for_plugins_imports_none_of_them(example: Path) -> None:
    code = (
        "import sys\nfrom harness.plugins import names\n"
        "assert names('checks') == ('signatures',), names('checks')\n"
        "assert 'example_plugin' not in sys.modules\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONPATH": str(example)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr
