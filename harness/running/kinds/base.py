"""The contract of a kind of task: what its generator makes, what is exchanged, how the answer is asked for."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from harness.model.pack import Pack
from harness.running.exchange import Exchange
from harness.running.work import Stage


def leave_as_it_is(_pack: Pack, _exemplar: Path, _public: Path) -> None:
    """For kinds whose exemplars work on any seed as they are."""


@dataclass(frozen=True)
class Kind:
    """One variant. Judging the answer is the checks' affair (`checks/answers/`)."""

    public: Callable[[Pack], tuple[str, ...]]
    """Files that the generator has to write to public/."""
    private: Callable[[Pack], tuple[str, ...]]
    make_exchange: Callable[[Pack, Path, bytes, Path], Exchange]
    """(pack, data of one seed, key, destination): what enters sandboxes, and what the answer is compared with."""
    stages: tuple[Stage, ...]
    """The first gets the answer; the others ask again in other ways. All run after notebooks and tests."""
    answer_of: Callable[[Pack, Path, Path], Path]
    """(pack, artifacts, files of the submission): where the answer lies, once the first stage has run."""
    complete: Callable[[Pack, Path, Path], None] = leave_as_it_is
    """(pack, an exemplar's files, public data): fills in what an exemplar can only say once it sees this seed's data."""
