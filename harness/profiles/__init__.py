"""Role profiles and presets that come with the harness: for any pack, beside those of its own rubric."""

from functools import cache
from pathlib import Path

from harness.documents import read_yaml
from harness.errors import UsageError
from harness.model.rubric import Preset, Presets, Profile, RoleProfiles, Rubric

FOLDER = Path(__file__).resolve().parent


@cache
def roles() -> dict[str, Profile]:
    """The shipped role profiles, over the eleven standard criteria."""
    return dict(read_yaml(FOLDER / "roles.yaml", RoleProfiles).profiles)


@cache
def presets() -> dict[str, Preset]:
    return dict(read_yaml(FOLDER / "presets.yaml", Presets).presets)


def names(rubric: Rubric) -> tuple[str, ...]:
    """Every name that `--profile` takes for this rubric."""
    return tuple(dict.fromkeys((*rubric.profiles, *(name for name in roles() if not _unknown(rubric)), *presets())))


def with_profile(rubric: Rubric, name: str) -> Rubric:
    """The rubric with this profile in it: its own, else a shipped role, else a preset."""
    if name in rubric.profiles:
        return rubric
    preset = presets().get(name)
    if preset is None:
        return _having(rubric, name, _suited(rubric, name))
    base = _base(rubric, preset)
    whole = with_profile(rubric, base)
    return _having(whole, name, whole.profiles[base].changed(raters=preset.raters))


def _base(rubric: Rubric, preset: Preset) -> str:
    """The profile a preset weighs by; the pack's own where the preset names one that this pack cannot be weighed by."""
    return preset.profile if preset.profile and preset.profile in names(rubric) else rubric.default_profile


def _suited(rubric: Rubric, name: str) -> Profile:
    """A shipped role, its weights shared out over the criteria that this rubric has."""
    if name not in roles():
        known = names(rubric)
        raise UsageError(
            f"there is no profile called {name!r}",
            where="--profile",
            expected=", ".join(sorted(known)),
            next_step="harness pack profiles PACK",
        )
    unknown = _unknown(rubric)
    if unknown:
        raise UsageError(
            f"the role {name!r} has no weight for {', '.join(unknown)}, which this pack judges by",
            where="--profile",
            expected=f"a profile of the pack's own: {', '.join(sorted(rubric.profiles))}",
            next_step=f"add {name} to profiles in the pack's rubric.yaml",
        )
    role = roles()[name]
    kept = {one.id: role.weights[one.id] for one in rubric.criteria}
    floors = tuple(floor for floor in role.floors if floor in kept)
    return Profile(weights=_to_a_hundred(kept), floors=floors)


def _to_a_hundred(weights: dict[str, float]) -> dict[str, float]:
    """The same proportions; the largest takes what rounding leaves."""
    whole = sum(weights.values())
    shared = {name: round(100 * weight / whole, 2) for name, weight in weights.items()}
    largest = max(shared, key=lambda name: shared[name])
    shared[largest] = round(shared[largest] + 100 - sum(shared.values()), 6)
    return shared


def _unknown(rubric: Rubric) -> list[str]:
    known = next(iter(roles().values())).weights
    return [one.id for one in rubric.criteria if one.id not in known]


def _having(rubric: Rubric, name: str, profile: Profile) -> Rubric:
    having: Rubric = rubric.changed(profiles={**rubric.profiles, name: profile})
    return having
