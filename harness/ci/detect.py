"""Which build this is: GitHub Actions, GitLab CI, another CI, or somebody's own machine."""

from collections.abc import Mapping
from dataclasses import replace

from harness.ci import github, gitlab
from harness.ci.build import Build

_OTHERS = ("CI", "BUILD_NUMBER", "BUILDKITE", "TF_BUILD", "TEAMCITY_VERSION", "JENKINS_URL", "BITBUCKET_BUILD_NUMBER")
_SECRETS = ("HARNESS_SECRET", "HARNESS_KEY")
_FALSE = frozenset({"", "0", "false", "no"})


def detect(environ: Mapping[str, str]) -> Build:
    """The build that this environment belongs to, with a note on anything in it that should not be there."""
    build = _read(environ)
    found = [name for name in _SECRETS if environ.get(name)]
    told = tuple(f"{name} is set in this build. It is not used, and whoever may push can read it: remove it." for name in found)
    return replace(build, notes=(*build.notes, *told))


def _read(environ: Mapping[str, str]) -> Build:
    if github.is_here(environ):
        return github.read(environ)
    if gitlab.is_here(environ):
        return gitlab.read(environ)
    is_other = any(environ.get(name, "").lower() not in _FALSE for name in _OTHERS)
    return Build(system="generic" if is_other else "none")
