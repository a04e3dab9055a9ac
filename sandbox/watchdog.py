"""Watching memory where it cannot be limited: the processes of one process-id namespace, summed ten times a second.

The quick sum counts pages that processes share more than once, so it only raises suspicion; before anything is ended,
the exact sum (each shared page divided among its users) has to confirm it.
"""

from pathlib import Path

PROC = Path("/proc")


class MemoryWatch:
    """Told the process-id namespace once it is known; `over()` says whether its processes hold too much."""

    def __init__(self, limit_mb: int, proc: Path = PROC) -> None:
        self._limit_kb = limit_mb * 1024
        self._proc = proc
        self.namespace: int | None = None
        self.peak_mb = 0.0
        self.tripped = False

    def over(self) -> bool:
        if self.namespace is None:
            return False
        members = self._members()
        quick = sum(_field(member / "status", "RssAnon") + _field(member / "status", "RssShmem") for member in members)
        if quick > self._limit_kb:
            exact = sum(
                _field(member / "smaps_rollup", "Pss_Anon") + _field(member / "smaps_rollup", "Pss_Shmem") for member in members
            )
            self.peak_mb = max(self.peak_mb, round(exact / 1024, 1))
            self.tripped = exact > self._limit_kb
        else:
            self.peak_mb = max(self.peak_mb, round(quick / 1024, 1))
        return self.tripped

    def _members(self) -> list[Path]:
        found = []
        for folder in self._proc.iterdir():
            try:
                if folder.name.isdecimal() and (folder / "ns" / "pid").stat().st_ino == self.namespace:
                    found.append(folder)
            except OSError:
                continue  # ended meanwhile, or another user's
        return found


def _field(file: Path, name: str) -> int:
    """A number of kB; 0 when the process has ended meanwhile."""
    try:
        for line in file.read_text(encoding="ascii", errors="replace").splitlines():
            key, _, rest = line.partition(":")
            if key == name:
                return int(rest.split()[0])
    except OSError:
        return 0
    return 0
