"""Keys, passwords and personal data that should not have been handed in."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from checks.base import NoSettings, check, judged
from checks.given import Given
from checks.notebooks import Notebook, read_notebook
from checks.secret_scanning import LIKELY, POSSIBLE, Hit, scan
from harness.model.evidence import Evidence
from harness.model.finding import CheckResult, Finding, Measurement, Severity, Where

ID = "secrets"
MAX_FILES, MAX_TOTAL = 600, 12_000_000
_TEXT = (
    ".py", ".md", ".txt", ".rst", ".yaml", ".yml", ".toml", ".cfg", ".ini", ".conf", ".env", ".json", ".jsonl", ".sh", ".sql",
    ".r", ".pem", ".key", ".properties", ".xml", ".tf", ".ps1", ".bat",
)  # fmt: skip
_NAMES = ("dockerfile", "makefile", ".env", ".netrc", ".npmrc", ".pypirc", "credentials", "id_rsa", "id_ed25519")
_LOCKS = re.compile(r"(?:^|/)(?:[\w.-]*\.lock|package-lock\.json|pnpm-lock\.yaml|conda-lock\.yml|requirements[\w.-]*\.lock)$")
_FIXTURE = re.compile(r"(?i)(?:^|/)(?:tests?|fixtures?|examples?|mocks?|testdata)(?:/|_|$)|(?:^|/)test_")
_EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@(?:[\w-]{1,63}\.){1,4}[A-Za-z]{2,12}(?![\w-])")
_NOBODY = re.compile(
    r"(?i)@(?:[\w.-]*\.)?(?:example|test|localhost|users\.noreply|sentry|noreply)\b|^(?:no-?reply|git|info|support)@"
)
_PHONE = re.compile(
    r"(?<![\w.])(?:\+\d{1,3}[ -]\(?\d{2,4}\)?(?:[ -]\d{2,4}){2,4}|\(\d{3}\) \d{3}-\d{4}|\d{3}-\d{3}-\d{4})(?![\w.])"
)


@dataclass(frozen=True)
class _Text:
    """A stretch of the candidate's text and where it stands."""

    where: Where
    lines: tuple[str, ...]


@check("Secrets and personal data", group="static", version="2")
def secrets(evidence: Evidence, settings: NoSettings) -> CheckResult:
    """No key, password or token is in the code, and no personal data is in what notebooks show.

    Text files and the sources of cells are scanned, line by line, for the shapes of known keys, for values beside names
    such as password, and for long disordered strings, which alone count for nothing. Nothing is sent anywhere to be
    verified, and no value is ever printed. Test fixtures count for less. It cannot tell a live key from a dead one.
    """
    texts = list(_texts(evidence))
    hits = [(text, hit) for text in texts for hit in scan(text.where.path or "", text.lines)]
    findings = [_about_hit(text, hit) for text, hit in hits]
    findings += _personal(evidence)
    strongest = max((finding.confidence for finding in findings if finding.rule == "secret"), default=0.0)
    score = 0.0 if strongest >= POSSIBLE else 0.7 if strongest > POSSIBLE / 2 else 1.0
    likely = sum(finding.confidence >= POSSIBLE for finding in findings if finding.rule == "secret")
    measurements = (Measurement(name="likely_secrets", value=likely),)
    return judged(ID, score, _summary(findings, likely, len(texts)), tuple(findings), measurements)


def _texts(evidence: Evidence) -> Iterator[_Text]:
    given = Given(evidence.brief)
    room = MAX_TOTAL
    for path in [one for one in evidence.snapshot.paths() if _is_text(one)][:MAX_FILES]:
        for text in _of_notebook(evidence, path) if path.lower().endswith(".ipynb") else _of_file(evidence, path):
            room -= sum(map(len, text.lines))
            if room < 0:
                return
            if given.containment("\n".join(text.lines)) < 0.9:
                yield text


def _is_text(path: str) -> bool:
    name = path.rsplit("/", 1)[-1].lower()
    known = name.endswith((*_TEXT, ".ipynb")) or name.startswith(_NAMES)
    return known and not _LOCKS.search(path.lower())


def _of_file(evidence: Evidence, path: str) -> Iterator[_Text]:
    text = evidence.read_text(path)
    if text:
        yield _Text(Where(path=path), tuple(text.split("\n")))


def _of_notebook(evidence: Evidence, path: str) -> Iterator[_Text]:
    notebook = read_notebook(evidence, path)
    for cell in notebook.cells if isinstance(notebook, Notebook) else ():
        yield _Text(Where(path=path, cell=cell.index), tuple(cell.source.split("\n")))


def _about_hit(text: _Text, hit: Hit) -> Finding:
    fixture = bool(_FIXTURE.search(text.where.path or ""))
    confidence = round(hit.confidence * (0.5 if fixture else 1.0), 2)
    severity = Severity.MAJOR if confidence >= LIKELY else Severity.MINOR if confidence >= POSSIBLE else Severity.INFO
    strong = hit.confidence >= POSSIBLE
    return Finding(
        check=ID,
        severity=severity,
        rule="secret" if strong else "disordered_string",
        message=f"This line holds what looks like a secret ({hit.kind})." if strong else "A long string looks random.",
        where=Where(path=text.where.path, cell=text.where.cell, line=hit.line),
        seen=f"{hit.length} characters, not shown",
        fix="revoke it, take it out of the history, and read it from the environment" if strong else "",
        confidence=confidence,
        innocent="A planted sample, a test fixture, or a value that has long been revoked.",
    )


def _personal(evidence: Evidence) -> Iterator[Finding]:
    """Addresses and numbers of people in stored outputs."""
    for path in evidence.named(".ipynb"):
        notebook = read_notebook(evidence, path)
        for cell in notebook.code() if isinstance(notebook, Notebook) else ():
            emails = {found for found in _EMAIL.findall(cell.output_text) if not _NOBODY.search(found)}
            phones = set(_PHONE.findall(cell.output_text))
            for kind, values in (("e-mail addresses", emails), ("telephone numbers", phones)):
                if values:
                    yield Finding(
                        check=ID,
                        severity=Severity.INFO,
                        rule="personal_data",
                        message=f"The stored output of a cell shows what look like {kind}.",
                        where=Where(path=path, cell=cell.index),
                        seen=f"{len(values)} different values, not shown",
                        fix="clear such outputs before handing in",
                        confidence=0.5,
                        innocent="Made-up people of the task's own data.",
                    )


def _summary(findings: list[Finding], likely: int, texts: int) -> str:
    personal = sum(finding.rule == "personal_data" for finding in findings)
    people = f"; {personal} stored outputs may show personal data" if personal else ""
    if likely:
        return f"{likely} lines hold what looks like a secret{people}."
    return f"No likely secret in {texts:,} files and cells{people}."
