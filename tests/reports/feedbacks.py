"""Feedback records with sane defaults, and one in which every text is hostile."""

from typing import Any

from harness.model.feedback import (
    Feedback,
    ShownCheck,
    ShownFinding,
    ShownPack,
    ShownSkip,
    ShownSource,
    ShownStep,
    ShownValidation,
)
from harness.model.finding import Fault, Severity, Verdict

COMMIT = "0123456789abcdef0123456789abcdef01234567"
HOSTILE = (
    "::error file=a.py::owned",
    "  ::set-output name=x::owned",
    "x\n::stop-commands::token\n::add-mask::a",
    "x\r::error::owned",
    "##[error]owned",
    "x ##[group]owned ##vso[task.setvariable variable=a]b",
    "x\n##teamcity[buildStatus status='SUCCESS']",
    "\x1b[0Ksection_start:1700000000:owned[collapsed=true]\r\x1b[0KOwned",
    "section_end:1700000000:owned\r",
    "\x1b]8;;https://evil.example\x07link\x1b]8;;\x07",
    "\x1b[2J\x1b[1;1Hcleared",
    "a\u2028::error::owned\u2029::error::owned\x85::error::owned\x0b::error::owned\x0c::error::owned\x1c::error::owned",
    "\u202egnp.exe\u202c \u200b\ufeff",
    "%0A::error::owned%0D%0A",
    "a,line=1,title=x::owned",
    "# Heading\n\n<script>alert(1)</script> <!-- --> </details> @everyone #1 [x](https://evil.example) ![x](https://evil.example/x.png)",
    "```\n# out of the fence\n````",
    "| a | b |\n|---|---|",
    "\ud800 lone",
)


def make_finding(**values: Any) -> ShownFinding:
    return ShownFinding(
        **{
            "check": "lint",
            "rule": "unused_import",
            "severity": Severity.MINOR,
            "message": "An import is not used.",
            "path": "work.py",
            "line": 3,
            "fingerprint": "ab" * 12 + ":1",
            **values,
        }
    )


def make_feedback(**values: Any) -> Feedback:
    return Feedback(
        **{
            "created": "2026-01-02T03:04:05+00:00",
            "harness_version": "0.1.0",
            "pack": ShownPack(id="small", version="1.0.0", title="A small pack"),
            "source": ShownSource(digest="ab" * 32, files=4, commit=COMMIT, system="github", event="push", ref="main"),
            "score": 62.5,
            "checks": (
                ShownCheck(check="lint", title="Code quality", verdict=Verdict.PARTIAL, score=0.625, summary="One rule."),
                ShownCheck(
                    check="own_tests", title="Own tests", verdict=Verdict.NOT_MEASURED, fault=Fault.HARNESS, summary="Lost."
                ),
            ),
            **values,
        }
    )


def hostile_feedback(text: str) -> Feedback:
    """A record in which every free text is this one."""
    finding = {"rule": text, "message": text, "seen": text, "expected": text, "fix": text, "innocent": text}
    return make_feedback(
        pack=ShownPack(id="small", version=text, title=text),
        source=ShownSource(digest=text, files=1, commit=COMMIT, system="github", event=text, ref=text),
        below=text,
        bar=50,
        checks=(
            ShownCheck(check="lint", title=text, verdict=Verdict.NOT_MET, score=0.0, summary=text),
            ShownCheck(check="docs", title=text, verdict=Verdict.NOT_MEASURED, fault=Fault.SUBMISSION, summary=text),
        ),
        findings=(
            make_finding(**finding, path=text, severity=Severity.BLOCKER),
            make_finding(**finding, path=text, cell=2, severity=Severity.MAJOR),
            make_finding(**finding, path=None, line=None),
        ),
        steps=(ShownStep(name=text, target=text, ended=text, succeeded=False, wall_s=1.0, last_words=(text, text)),),
        skipped=(ShownSkip(name=text, reason=text, fault="submission"),),
        validation=ShownValidation(metric=text, value=None, how=text),
        sandbox="bubblewrap",
        notes=(text,),
    )
