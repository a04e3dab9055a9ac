"""Predictions that are asked for once: like the built-in kind, without running again on altered copies."""

from dataclasses import replace

from harness.running.kinds.predict import PREDICT

PLAIN = replace(PREDICT, stages=PREDICT.stages[:1])
