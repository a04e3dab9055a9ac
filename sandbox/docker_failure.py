"""Whether what ended a run was the job's own doing or the engine's failure.

Narrow on purpose, in one direction: a submission is blamed only for what *we* saw. What we see ourselves is the
conversation with the runner (it finished, it flooded, it broke the rules, it was late). What the engine says is used for
two things only: its flag that the kernel killed something for memory, and whether the container still runs.

- The runner finished its report: whatever the engine does afterwards changes nothing.
- It flooded us, or broke the rules: we saw it, the engine is not needed to know it.
- The conversation ended early and the kernel killed something for memory: the job's doing, by the engine's own flag.
- The conversation ended early and the container *still runs*: the engine let go of us (it was restarted, or lost the
  connection). A job cannot do that: nothing inside reaches the engine. Ours.
- The conversation ended early and the container ended without that flag: our runner died, or was killed from outside.
  Nothing inside can signal process 1. Ours.
- It is late, and the container still runs in an engine that answers: the job's doing, it was out of time.
- It is late, and the engine does not answer, or says that the container ended long ago: the engine hangs. Ours.
- The engine cannot be asked at all: ours, whatever else it looks like.

No text of an engine's message is ever read to decide: texts change between versions, and a job can print anything.
"""

from sandbox.docker_container import State
from sandbox.process import Conversation


def engine_failure(talk: Conversation, state: State | None) -> str | None:
    """The reason why this run was lost; None when its outcome is the job's own."""
    if talk.why in ("finished", "flooded", "broken", "not_started"):
        return None
    if state is None:
        return "the Docker engine no longer answers, or no longer knows the container"
    if talk.why == "late":
        return None if state.running else "the Docker engine did not tell in time that the container had ended"
    if state.running:
        return "the Docker engine ended the conversation while the container went on"
    return None


def last_words(state: State | None, errors: str) -> str:
    """What is known about a runner that fell silent, for the person who reads of it."""
    told = errors.strip().splitlines()[-3:]
    said = [state.error] if state and state.error else []
    ended = [f"its first process ended with {state.exit_code}"] if state and not state.running else []
    return "; ".join([*said, *ended, *told])[:600]
