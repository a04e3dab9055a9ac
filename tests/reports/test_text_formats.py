"""Markdown and console lines, with the whole expected text in view."""
# ruff: noqa: E501  (lines of the expected texts are as long as they are)

import io

from rich.console import Console

from harness.model.finding import Finding, Severity
from reports import as_console, as_markdown
from tests.reports import parts
from tests.reports.builders import make_report, small_report

MARKDOWN = """\
# Rank card transactions for the dispute team

**Provisional.** Advice to people, not a decision.

- Task pack: `card_fraud 1.0.0`
- Role profile: `applied`
- Submission: `amber-heron-42`
- Commit: `4be1d09c77aa`
- Date: `2026-01-14`
- Why: One criterion waits for a person's rating.

1 of 2 checks measured, 0 of 1 criteria rated by people, 1 check not measured.

| What | Value |
| --- | --- |
| Measured by checks | 40.0 of 100; checks cover 50 % of the automatic weight |
| Total still reachable | 0.8 to 98.8; 2 % of all weight is known |
| Total with people's ratings | no total and no band before people have rated |

## In four sentences

- **The task:** Rank next month's card transactions so that twelve analysts look at the right 0.5 %. Returned are a score for each transaction, code that makes it, tests and a short report.
- **What came back:** 2 files, no entry point was run; its one step ended normally.
- **Best evidence:** No check has found its condition met so far.
- **Largest doubt:** Rows of the last three weeks are used as if their labels were complete.

## Profile

| Criterion | Weight | Checks | People | Floor |
| --- | --- | --- | --- | --- |
| HARD Hard conditions | 8 | 40 % (50 % measured) | not rated yet |  |

## Check this yourself

No place was singled out.

## Strengths

None could be shown by a check.

## Concerns

- Rows of the last three weeks are used as if their labels were complete. (`fraudrank/train.py, line 27`; minor, confidence 61 %, reached the model or the report)

## Ask these questions (3 minutes in all)

1. **What would you do differently with the same three hours?** (FRAME, 3 min) Learning question, last.
   - Strong: names a decision and what they know now
   - Weak: more models, more tuning

## Result on hidden data

Average precision on the hidden month (higher is better). Measured 0.58, declared 0.91; the declared value lies outside the measured interval.

| What | Value | Place |
| --- | --- | --- |
| dummy | 0.0271 | 0.00 on the ladder |
| naive | 0.26 | 0.25 on the ladder |
| reference | 0.755 | 0.75 on the ladder |
| strong | 0.782 | 1.00 on the ladder |
| this submission | 0.58 | 0.57 on the ladder, between naive and reference; interval 0.521 to 0.64 |
| declared by the submission | 0.91 | self-reported, beyond the ladder |

## Gates

No gate asks for a person.

## Red flags (no points; ask before concluding)

None was raised.

## Positive notes

None was noted by a check.

## Evidence per criterion

### HARD · Hard conditions

Checks: 40 % (50 % measured); people: not rated yet (null\\_probe: The probe's sandbox was lost twice).

**Labels that arrive late**: partly met, 40 %. The delay is named and not acted on.

- Rows of the last three weeks are used as if their labels were complete. (`fraudrank/train.py, line 27`; minor, confidence 61 %, reached the model or the report)
  Seen: `train = frame[frame["charged_back"].notna()]`

**Behaviour with missing values**: not measured. The probe's sandbox was lost twice. Not measured: the harness's doing, not the submission's.

## How it ran

| Step | Outcome | Wall | Processor | Peak |
| --- | --- | --- | --- | --- |
| tests | ended normally | 8.4 s | 13.4 s | 435 MB |

tests, standard output:

```text
14 of 14 tests ended as they should in 6.91 s
```

### Sandbox docker 27.5.1

| Protection | State | Detail |
| --- | --- | --- |
| network | enforced | no interfaces but loopback |

## Map of the work

2 files, 10.1 kB, from a git commit.

Left out:

- `data/latest`: A link that leaves the submission; only regular files are read. (worth a look)

## How numbers are made

Total = sum over criteria of weight times (automatic share times automatic points, plus human share times the mean of human points). A person's level gives points: level 1 = 0.00, level 2 = 0.40, level 3 = 0.75, level 4 = 1.00. What is not measured never counts as zero: it widens the reachable range. Uncalibrated lines: placeholders.

- Report: `schema 1, run card_fraud-amber-heron-20260114, made 2026-01-14T09:30:00Z`
- Harness: `0.1.0`
- Task pack: `card_fraud 1.0.0`
- Public digest: `a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1`
- Grading digest: `b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2`
- Submission digest: `9f2c9f2c9f2c9f2c9f2c9f2c9f2c9f2c9f2c9f2c9f2c9f2c9f2c9f2c9f2c9f2c`
- Commit: `4be1d09c77aa02f1c5b6a3f0e1d2c3b4a5968778`
- Sandbox: `docker 27.5.1`
- Environment: `c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3 sha256:11aa22bb`
- Python: `3.11.9`
- Data: `seed 20260101 (demo seed), digest d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4`
- Re-keyed holdout: `e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5`
- Tools: `ruff 0.17.5`
- Plug-ins: `none`

## Rights and contact

- This report is advice to people. A named person decides, can change every rating, and writes down the reason.
- Whoever was assessed may ask for a copy, ask for a person to look again, and contest a fact in it: through the contact in the invitation to the exercise.
- Comments and ratings written by raters can be read by the person they are about.
- How long this is kept is set by the organisation that invited the work; no retention date is recorded in this report.
"""

CONSOLE = """\
Provisional: Rank card transactions for the dispute team
task pack card_fraud 1.0.0, role profile applied, submission amber-heron-42, commit
  4be1d09c77aa, date 2026-01-14
- One criterion waits for a person's rating.
1 of 2 checks measured, 0 of 1 criteria rated by people, 1 check not measured. Advice to
  people, not a decision.

Measured by checks    40.0 of 100 (checks cover 50 % of the automatic weight)
Total still reachable 0.8 to 98.8 (2 % of all weight is known)
With people's ratings not given: no total and no band before people have rated

In four sentences
  The task: Rank next month's card transactions so that twelve analysts look at the
    right 0.5 %. Returned are a score for each transaction, code that makes it, tests
    and a short report.
  What came back: 2 files, no entry point was run; its one step ended normally.
  Best evidence: No check has found its condition met so far.
  Largest doubt: Rows of the last three weeks are used as if their labels were complete.

Profile
  HARD   [##???????????????...] weight  8, Checks: 40 % (50 % measured); people: not
    rated yet

Concerns
  - Rows of the last three weeks are used as if their labels were complete.
    [fraudrank/train.py, line 27]

Ask
  1. What would you do differently with the same three hours? (FRAME, 3 min)

Hidden data
  Average precision on the hidden month: 0.57 on the ladder, between naive and reference
  Measured 0.58, declared 0.91; the declared value lies outside the measured interval.

Ran
  tests: ended normally, 8.4 s, 435 MB
"""


def test_a_whole_report_as_markdown() -> None:
    assert as_markdown.render(small_report()) == MARKDOWN


def test_a_whole_report_as_console_lines() -> None:
    assert as_console.render(small_report(), width=90) == CONSOLE


def test_blocks_that_do_not_fit_a_comment_are_counted_and_the_verdict_stays() -> None:
    finding = Finding(check="noisy", severity=Severity.MINOR, message="word " * 70, seen="line\n" * 200)
    noisy = tuple(parts.result(f"noisy_{number}", "Noisy", 0.5, "Many.", *[finding] * 5) for number in range(60))

    text = as_markdown.render(make_report(checks=(*parts.CHECKS, *noisy)))

    assert 50_000 < len(text) < as_markdown.MAX_CHARACTERS
    assert text.splitlines()[2] == "**Provisional.** Advice to people, not a decision."
    assert text.rstrip().splitlines()[-1].endswith("more blocks are in report.html._")
    assert text.count("```") % 2 == 0


def test_a_long_excerpt_stands_in_a_fence_under_its_finding() -> None:
    finding = parts.QUEUE.changed(seen="first = 1\n```\nlast = 2")
    check = parts.result("trap_scramble", "Columns", 0.1, "One.", finding)

    text = as_markdown.render(small_report(checks=(check,)))

    assert "\n\n  ````text\n  first = 1\n  ```\n  last = 2\n  ````\n" in text


def test_console_lines_fold_to_the_width_asked_for() -> None:
    for width in (40, 60, 100):
        assert max(len(line) for line in as_console.render(make_report(), width).splitlines()) <= width


def test_a_console_without_colour_gets_the_plain_lines() -> None:
    stream = io.StringIO()

    as_console.print_report(make_report(), Console(file=stream, width=100, color_system=None))

    assert stream.getvalue() == as_console.render(make_report(), 100)


def test_a_console_with_colour_sets_off_headings_and_reads_nothing_as_markup() -> None:
    stream = io.StringIO()
    report = make_report(reasons=("[red]not markup[/red] :smile:",))

    as_console.print_report(report, Console(file=stream, width=100, force_terminal=True, color_system="standard"))

    assert "\x1b[1mIn four sentences\x1b[0m" in stream.getvalue()
    assert "[red]not markup[/red] :smile:" in stream.getvalue()
