"""Running a submission: Pack + Snapshot + one back end -> RunSet. The only part of the harness that opens the sandbox room."""

from harness.running.data import DataSet, find_or_make_data, seed_for
from harness.running.entry import EntryChoice, choose_entry
from harness.running.examine import examine
from harness.running.exchange import Exchange, exchange_key
from harness.running.kinds import kind_of, take_kinds
from harness.running.session import Session, open_session, sweep_leftovers, take_backends
from harness.running.steps import run_answer_only, run_steps
from harness.running.work import Running

__all__ = [
    "DataSet",
    "EntryChoice",
    "Exchange",
    "Running",
    "Session",
    "choose_entry",
    "examine",
    "exchange_key",
    "find_or_make_data",
    "kind_of",
    "open_session",
    "run_answer_only",
    "run_steps",
    "seed_for",
    "sweep_leftovers",
    "take_backends",
    "take_kinds",
]
