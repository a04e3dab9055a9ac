"""Role profiles and presets that come with the harness, for any pack; and what a must-have is for."""

from pathlib import Path
from typing import get_args

import pytest

from harness.commands.shared import formats_for
from harness.errors import UsageError
from harness.model.grade import Grade
from harness.model.pack import Role
from harness.model.rubric import Rating, Ratings, Rubric
from harness.packs import BUILT_IN, read_pack
from harness.profiles import names, presets, roles, with_profile
from harness.scoring import score
from harness.settings import ALL_FORMATS
from tests.builders import make_criterion, make_result, make_rubric
from tests.small_pack import write_small_pack

SHARES = {
    "FRAME": 0, "DATA": 40, "VALID": 50, "MODEL": 20, "HARD": 50, "SCORE": 100, "CODE": 40, "TEST": 50, "REPRO": 100, "DOC": 30,
    "OPS": 10,
}  # fmt: skip
ENGINEERING = {"CODE", "TEST", "REPRO"}


def standard_rubric() -> Rubric:
    """The eleven criteria of the standard rubric, each fed by a check of its own name, and one profile of its own."""
    criteria = [
        make_criterion(name, automatic_share=share, checks=[{"check": name.lower()}] if share else [])
        for name, share in SHARES.items()
    ]
    own = {"own": roles()["applied"].model_dump(mode="json")}
    return make_rubric(*criteria, profiles=own, default_profile="own")


def graded(profile: str, *, low: set[str] = frozenset(), raters: tuple[str, ...] = ("r1", "r2")) -> Grade:  # type: ignore[assignment]
    """Everything at its best, but for these criteria, in which nothing was shown."""
    rubric = with_profile(standard_rubric(), profile)
    results = [make_result(name.lower(), 0.0 if name in low else 1.0) for name, share in SHARES.items() if share]
    ratings = tuple(
        Rating(criterion=name, level=1 if name in low else 4, rater=rater)
        for name, share in SHARES.items()
        if share < 100
        for rater in raters
    )
    return score(results, rubric, Ratings(ratings=ratings), profile)


def test_there_is_a_shipped_profile_for_every_role() -> None:
    assert set(roles()) == set(get_args(Role))
    for role in roles().values():
        assert set(role.weights) == set(SHARES)
        assert 1 <= len(role.floors) <= 4


@pytest.mark.parametrize("pack", sorted(path.name for path in BUILT_IN.iterdir() if (path / "pack.yaml").is_file()))
def test_every_built_in_pack_can_be_weighed_for_every_role_and_preset(pack: str) -> None:
    rubric = read_pack(BUILT_IN / pack).rubric

    for name in (*get_args(Role), *presets()):
        profile = with_profile(rubric, name).profiles[name]
        assert set(profile.weights) == {one.id for one in rubric.criteria}


def test_a_pack_with_fewer_criteria_shares_out_the_weights_in_proportion(tmp_path: Path) -> None:
    rubric = read_pack(write_small_pack(tmp_path)).rubric

    profile = with_profile(rubric, "platform").profiles["platform"]

    assert profile.weights == pytest.approx({"CODE": 100 * 16 / 36, "SCORE": 100 * 8 / 36, "REPRO": 100 * 12 / 36}, abs=0.02)
    assert sum(profile.weights.values()) == pytest.approx(100, abs=1e-9)
    assert profile.floors == ("CODE", "REPRO")


def test_a_packs_own_profile_comes_before_the_shipped_one() -> None:
    rubric = make_rubric(make_criterion("CODE"), make_criterion("TEST"))

    assert with_profile(rubric, "applied") is rubric
    assert rubric.profiles["applied"].weights == {"CODE": 50, "TEST": 50}


def test_a_role_that_cannot_weigh_a_packs_criterion_is_refused_with_its_name() -> None:
    rubric = make_rubric(make_criterion("CODE"), make_criterion("TASTE"))

    with pytest.raises(UsageError, match="has no weight for TASTE"):
        with_profile(rubric, "platform")
    assert names(rubric) == ("applied", "startup", "growth", "enterprise")


def test_an_unknown_profile_is_refused_with_the_nearest_name() -> None:
    with pytest.raises(UsageError, match="enterprise"):
        with_profile(standard_rubric(), "enterprize")


def test_presets_weigh_by_a_role_or_by_the_packs_own_default() -> None:
    rubric = standard_rubric()

    assert with_profile(rubric, "startup").profiles["startup"].weights == roles()["generalist"].weights
    assert with_profile(rubric, "growth").profiles["growth"].weights == rubric.profiles["own"].weights
    odd = make_rubric(make_criterion("TASTE"))
    assert with_profile(odd, "startup").profiles["startup"].weights == {"TASTE": 100}


def test_what_is_written_of_a_run_follows_the_preset_unless_it_is_asked_for() -> None:
    assert formats_for(None, "startup") == ("html", "json")
    assert formats_for("md", "startup") == ("md",)
    assert formats_for(None, "applied") == formats_for(None, None) == ALL_FORMATS


def test_enterprise_names_no_band_before_two_people_have_rated() -> None:
    one, two = graded("enterprise", raters=("r1",)), graded("enterprise", raters=("r1", "r2"))

    assert (one.totals.final, one.totals.band, one.status) == (100.0, None, "provisional")
    assert "2 people rate before a band is named" in one.reasons[0]
    assert (two.totals.band, two.status) == ("High", "graded")


def test_the_same_person_rating_twice_is_one_person() -> None:
    assert graded("enterprise", raters=("r1", "r1")).totals.band is None


@pytest.mark.parametrize("preset", ["startup", "growth"])
def test_elsewhere_one_person_is_enough(preset: str) -> None:
    assert graded(preset, raters=("r1",)).totals.band == "High"


@pytest.mark.parametrize("role", sorted(set(get_args(Role)) | {"startup", "growth", "enterprise"}))
def test_the_best_result_cannot_buy_weak_engineering(role: str) -> None:
    """Every profile has a must-have in engineering; without it the highest band is out of reach, whatever the rest."""
    floors = set(with_profile(standard_rubric(), role).profiles[role].floors) & ENGINEERING
    assert floors

    for floor in floors:
        weak = graded(role, low={floor})
        assert weak.totals.final is not None
        assert weak.totals.final > 70
        assert weak.floors_missed == (floor,)
        assert weak.totals.band == "Middle"
    assert graded(role).totals.band == "High"


@pytest.mark.parametrize("role", sorted(get_args(Role)))
def test_a_result_alone_stays_below_the_middle(role: str) -> None:
    """The best place on the ladder and nothing else: what a competition entry is worth here."""
    everything_else = set(SHARES) - {"SCORE"}

    assert graded(role, low=everything_else).totals.band == "Low"
