"""The result of a calibration on disk: its record and its page."""

from pathlib import Path

from harness.model.authoring import Calibration
from harness.packs import OpenPack
from harness.publishing import calibration_page
from harness.store import write_whole

KEPT = "calibration"


def publish_calibration(opened: OpenPack, calibration: Calibration, root: Path, *, into_pack: bool) -> Path:
    """Write calibration.json and calibration.html; also into the pack itself when asked."""
    page, record = calibration_page(calibration).encode(), calibration.to_json().encode()
    for folder in (root, opened.root / KEPT) if into_pack else (root,):
        write_whole(folder / "calibration.json", record)
        write_whole(folder / "calibration.html", page)
    return root / "calibration.html"
