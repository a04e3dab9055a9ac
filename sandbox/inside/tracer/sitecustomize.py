"""Starts the tracer when a step asks for it, and then leaves no trace of this folder on the module search path."""

import os
import sys

if os.environ.get("HARNESS_TRACE") and sys.version_info >= (3, 10):
    try:
        import harness_tracer  # type: ignore[import-not-found]

        harness_tracer.start(os.environ["HARNESS_TRACE"])
    except Exception as problem:  # a run without a trace is better than no run
        print(f"the tracer did not start: {type(problem).__name__}", file=sys.stderr)
sys.path[:] = [place for place in sys.path if place != os.path.dirname(os.path.abspath(__file__))]
