"""The job's time: its output is streamed while it runs, and it is ended when its limit is reached."""

import os
import resource
import select
import signal
import time
from typing import Any

from .job_process import Child, kill_all_others
from .patience import Load, Patience
from .wire import MAX_PAYLOAD, STARTED, STDERR, STDOUT, Channel

KILL_PATIENCE_S = 5.0


class Supervision:
    """Streams the child's output until it has ended, and ends it when its time is up."""

    def __init__(self, job: dict[str, Any], channel: Channel) -> None:
        self.channel = channel
        self.wakeup, wakeup_end = os.pipe()
        os.set_blocking(self.wakeup, False)
        os.set_blocking(wakeup_end, False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(wakeup_end, warn_on_full_buffer=False)
        self.child = Child(job)
        channel.send(STARTED)
        self.term_at: float = time.monotonic() + job["wall_s"]
        self.kill_at: float = self.term_at + job["grace_s"]
        self.load = Load(job["processors"])
        self.given = Patience(job["wall_s"], self.load, stretch=1.0)
        self.timed_out = self.starved = False
        self.streams = {self.child.stdout: STDOUT, self.child.stderr: STDERR}
        self.poll = select.poll()
        for descriptor in (self.wakeup, *self.streams):
            self.poll.register(descriptor, select.POLLIN)

    def run(self) -> None:
        while self.child.status is None:
            self.keep_time()
            self.load.totals()
            self.pump(max(0.01, self.next_deadline() - time.monotonic()))
            self.child.reap()
        self.end_everything_else()
        drained_by = time.monotonic() + KILL_PATIENCE_S
        while self.streams and time.monotonic() < drained_by:
            self.pump(drained_by - time.monotonic())

    def next_deadline(self) -> float:
        return self.kill_at if self.timed_out else self.term_at

    def keep_time(self) -> None:
        now = time.monotonic()
        if now >= self.kill_at:
            self.child.signal_group(signal.SIGKILL)
            kill_all_others()
        elif now >= self.term_at and not self.timed_out:
            self.timed_out, self.starved = True, self.given.deprived()
            self.child.signal_group(signal.SIGTERM)

    def pump(self, seconds: float) -> None:
        for descriptor, _ in self.poll.poll(max(0.0, min(seconds, 1.0)) * 1000):
            if descriptor == self.wakeup:
                os.read(self.wakeup, 512)
                continue
            piece = os.read(descriptor, MAX_PAYLOAD)
            if piece:
                self.channel.send(self.streams[descriptor], piece)
            else:
                self.poll.unregister(descriptor)
                del self.streams[descriptor]

    def end_everything_else(self) -> None:
        """Daemons, orphans, holders of pipes: none of them may live while outputs are read."""
        patience = time.monotonic() + KILL_PATIENCE_S
        kill_all_others()
        while self.child.reap():
            if time.monotonic() > patience:
                message = "processes of the job could not be ended"
                raise SystemExit(message)
            kill_all_others()
            time.sleep(0.002)

    def ending(self) -> dict[str, Any]:
        usage = resource.getrusage(resource.RUSAGE_CHILDREN)
        return {
            "status": self.child.status,
            "timed_out": self.timed_out,
            "starved": self.starved,
            "cpu_s": round(usage.ru_utime + usage.ru_stime, 3),
            "peak_kb": usage.ru_maxrss,
        }
