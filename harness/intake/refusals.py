"""What was left out: raised as Refused where it is met, listed once, and capped without losing a kind."""

from collections import Counter

from harness.model.submission import Refusal, RefusalKind

_SURE_OF_EACH_KIND = 20


class Refused(Exception):  # noqa: N818 - not an error: one entry is left out and the walk goes on
    """One entry of a submission is left out. Never leaves intake: the walk lists it and goes on."""

    def __init__(self, kind: RefusalKind, reason: str, *, harmless: bool = False) -> None:
        super().__init__(reason)
        self.kind = kind
        self.reason = reason
        self.harmless = harmless


class RefusalList:
    """Holds so many refusals and counts the rest, so that a flood of one kind can't hide another."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._held: list[Refusal] = []
        self._held_of_kind: Counter[RefusalKind] = Counter()
        self._met = 0

    def add(self, shown_path: str, refused: Refused) -> None:
        self._met += 1
        if self._held_of_kind[refused.kind] >= self._most:
            return
        self._held_of_kind[refused.kind] += 1
        self._held.append(
            Refusal(path=shown_path, kind=refused.kind, reason=refused.reason, harmless=refused.harmless),
        )

    def listed(self) -> tuple[Refusal, ...]:
        """The first few of each kind for certain, then what is not harmless, then the rest; in the order met."""
        if len(self._held) <= self._most:
            return tuple(self._held)
        met: Counter[RefusalKind] = Counter()
        ranked = []
        for position, refusal in enumerate(self._held):
            met[refusal.kind] += 1
            ranked.append((met[refusal.kind] > _SURE_OF_EACH_KIND, refusal.harmless, position))
        chosen = sorted(position for *_, position in sorted(ranked)[: self._most])
        return tuple(self._held[position] for position in chosen)

    @property
    def not_listed(self) -> int:
        return max(0, self._met - self._most)
