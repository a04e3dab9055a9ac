"""How much of a submission is taken in before intake says stop."""

from dataclasses import dataclass

MB = 1_000_000


@dataclass(frozen=True, slots=True)
class IntakeLimits:
    """Sizes are apparent sizes: a sparse file and every hard link count in full."""

    total_bytes: int = 200 * MB
    file_bytes: int = 50 * MB
    entries: int = 20_000
    depth: int = 40
    name_bytes: int = 255
    path_bytes: int = 3_072
    """Below the kernel's 4096, so that a path still opens when it stands behind a folder of ours."""
    refusals_listed: int = 500
    fetch_bytes: int = 500 * MB
    fetch_seconds: float = 300.0

    @property
    def entries_in_archive(self) -> int:
        """What an archive may list at all: more than is kept, because caches and environments are left out later."""
        return 10 * self.entries

    @property
    def unpacked_bytes(self) -> int:
        """What a compressed tar may inflate to, with everything in it that is left out later."""
        return 5 * self.total_bytes


DEFAULT_LIMITS = IntakeLimits()
