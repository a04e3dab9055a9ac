"""Realistic scripts are read as a careful reader would read them."""

import pytest

from tests.checks.practice.corpus import Case, cases
from tests.checks.practice.submissions import read_files

CASES = cases()


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_a_realistic_script_is_read_as_a_careful_reader_would(case: Case) -> None:
    found = read_files(dict(case.files))
    assert found.unreadable == ()
    assert any(leak.group == "preprocessing" for leak in found.leakage) == case.preprocessing
    assert {leak.kind for leak in found.leakage if leak.tier == "material"} == case.material
    assert found.families == case.families
    assert found.imbalance.level == case.imbalance
    assert found.missing_values == case.missing
    assert found.eda.level == case.eda
