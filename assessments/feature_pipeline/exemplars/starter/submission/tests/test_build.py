from pathlib import Path

from features.build import read_pairs


def test_pairs_are_read(tmp_path: Path) -> None:
    (tmp_path / "pairs.csv").write_text("pair_id,customer,as_of\np1,c1,2025-06-01 12:00:00\n")
    assert read_pairs(tmp_path / "pairs.csv")[0]["customer"] == "c1"
