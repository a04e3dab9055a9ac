"""The small pack with a service among its entry points, and services that play it well, badly, and foul."""

import json
from pathlib import Path
from typing import Any

from harness.model.finding import CheckResult
from harness.model.report import Report
from harness.packs import read_pack
from harness.pipeline import Order, grade
from harness.settings import resolve
from tests.builders import write_tree, write_yaml
from tests.sandbox.inside.services import SOUND, with_post
from tests.small_pack import write_small_pack

CHECKS = ("predictions_valid", "holdout_score", "runs_clean", "service", "behaviour", "reproducibility")
SERVICE = {"kind": "service", "start": "python serve.py {port}"}
GOOD = SOUND.replace('2 * (row["x"] or 0.0)', '2 * (row["x1"] or 0.0) + (row["x2"] or 0.0)')
FOUL = {
    "ends the program that asks": (
        "import os, signal\nfor pid in os.listdir('/proc'):\n"
        "    if pid.isdigit() and int(pid) not in (1, os.getpid()): os.kill(int(pid), signal.SIGKILL)\n" + GOOD
    ),
    "reads the program that asks, and writes to its files": (
        "import os\nparent = os.getppid()\nprint('tried', parent, flush=True)\n"
        "for name in ('mem', 'environ', 'maps'):\n"
        "    try: open(f'/proc/{parent}/{name}', 'rb').read(1); print('reached', name, flush=True)\n"
        "    except OSError: pass\n"
        "for n in range(20):\n"
        "    try: open(f'/proc/{parent}/fd/{n}', 'w').write('forged'); print('reached fd', n, flush=True)\n"
        "    except OSError: pass\n" + GOOD.replace("return [2", "return [-2")
    ),
    "leaves a process that writes predictions when it is dead": (
        "import os, time\nif os.fork() == 0:\n    os.setsid()\n    end = time.time() + 30\n    while time.time() < end:\n"
        "        try: open('/out/predictions.csv', 'w').write('row_id,score\\n')\n"
        "        except OSError: pass\n" + GOOD
    ),
    "forks without end at the first question": with_post(
        "import os",
        "self.wfile.write(b'HTTP/1.1 200 OK\\r\\n')",
        "while True:",
        "    try: os.fork()",
        "    except OSError: pass",
    ),
    "takes all memory at the first question": with_post("kept = []", "while True: kept.append(bytearray(1 << 24))"),
    "sends whoever asks elsewhere": with_post(
        "self.send_response(307)", "self.send_header('Location', 'http://127.0.0.1:8000/health')", "self.end_headers()"
    ),
    "trickles": with_post("import time", "while True:", "    self.wfile.write(b'H')", "    time.sleep(0.2)"),
}


def write_service_pack(root: Path, *, probes: bool = False, **use: Any) -> Path:
    """A small pack outside the repository that may be answered by a service."""
    pack = write_small_pack(root)
    opened = read_pack(pack)
    document = opened.pack.model_dump(mode="json", exclude_none=True)
    offer = {"kind": "service", "needs_file": "serve.py", "entry": SERVICE, "use": use}
    document["entry_points"] = [offer, *document["entry_points"]]
    document["steps"] = {"predict": {"wall_s": 60, "memory_mb": 384, "pids": 64}}
    if probes:
        document["steps"]["probes"] = {"kinds": ["repeat", "row_order", "extra_column", "batch", "single_row"]}
    document["checks"] = [{"check": name} for name in CHECKS]
    write_yaml(pack / "pack.yaml", document)
    rubric = opened.rubric.model_dump(mode="json")
    for criterion in rubric["criteria"]:
        criterion["checks"] = [{"check": "holdout_score"}]
    write_yaml(pack / "rubric.yaml", rubric)
    return pack


def report_of(pack: Path, root: Path, sandbox: str, code: str, *, declared: bool = True) -> Report:
    """This service, graded."""
    told = {"submission.json": json.dumps({"pack": "small", "entry": SERVICE})} if declared else {}
    submission = write_tree(root / "submission", {"README.md": "# Work\n", "serve.py": code, **told})
    return grade(Order(str(submission), read_pack(pack), resolve(sandbox), formats=("json",)), root / "run", lambda _: None)


def result(report: Report, check: str) -> CheckResult:
    return next(one for one in report.checks if one.check == check)


def measured(report: Report) -> dict[str, float]:
    return {one.name: one.value for one in result(report, "service").measurements}
