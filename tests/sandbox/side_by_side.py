"""The list of behaviours in a third of the time: most of them wait, and none knows of another."""

from concurrent.futures import ThreadPoolExecutor

from sandbox.base import Backend
from sandbox.conformance import BEHAVIOURS, BehaviourResult, run_conformance

THREADS = 3


def run_side_by_side(backend: Backend) -> dict[str, BehaviourResult]:
    names = [one.__name__ for one in BEHAVIOURS]
    with ThreadPoolExecutor(THREADS) as pool:
        parts = pool.map(lambda first: run_conformance(backend, tuple(names[first::THREADS])), range(THREADS))
        return {result.name: result for part in parts for result in part}
