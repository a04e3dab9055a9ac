"""The first process inside every sandbox: starts the job, streams what it prints, stops it in time, brings its files out.

    python -I -S /harness/runner.py /job.json

It speaks the frames of `wire.py` on its standard output. Best started as process 1 of its namespace (`bwrap --as-pid-1`,
a container without another init): then nothing inside can signal it. It makes itself non-dumpable, so that no process
of the same user reaches its pipes or its memory.
"""

import json
import os
import sys

if __name__ == "__main__":
    sys.path.append("/")
    __package__ = "harness"  # started as a file, it finds its siblings in the folder /harness

from .collection import Collection
from .job_process import CANNOT_START, shield_self
from .supervision import Supervision
from .wire import ENDED, FINISHED, STARTED, STDERR, Channel
from .workplace import prepare_work


def main() -> None:
    with open(sys.argv[1], encoding="utf-8") as file:
        job = json.load(file)
    if job["as_init"] and os.getpid() != 1:
        raise SystemExit("the sandbox has no process-id namespace of its own")
    os.closerange(3, 65_536)
    channel = Channel()
    shield_self()
    try:
        prepare_work(job)
    except OSError as error:
        channel.send(STARTED)
        channel.send(STDERR, f"The submission cannot be copied to the working folder: {error.strerror}.\n".encode())
        channel.send_json(ENDED, {"status": CANNOT_START, "timed_out": False, "starved": False, "cpu_s": 0.0, "peak_kb": 0})
        channel.send(FINISHED)
        return
    supervision = Supervision(job, channel)
    supervision.run()
    channel.send_json(ENDED, supervision.ending())
    Collection(job, channel).run("/out")
    channel.send(FINISHED)


if __name__ == "__main__":
    main()
