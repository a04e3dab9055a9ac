"""A README's facets: each is a claim that can be compared with the submission's files."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from checks.commands import Command, Commands
from checks.given import Given
from checks.markdown import code_pieces, paragraphs, words_of
from harness.model.evidence import Evidence

FACETS = ("purpose", "how to run", "data", "results or decisions", "structure")
MIN_PURPOSE_WORDS, MIN_OWN_WORDS = 15, 30
_PATH = re.compile(r"(?<![\w/.:@-])((?:\.{1,2}/)?[\w.-]{1,80}(?:/[\w.-]{1,80}){0,8}/?)")
_OWN_ENDINGS = (".py", ".ipynb", ".md", ".sh", ".toml", ".yaml", ".yml", ".sql", ".r", ".jsonl", ".cfg", ".ini")
_MADE = re.compile(r"^(?:data|out|outputs?|results?|figures?|models?|artifacts?|logs?|reports?|dist|build|tmp)/", re.IGNORECASE)
_METRIC = (
    r"(?:roc[ -]?auc|pr[ -]?auc|auc|auprc|average precision|precision|recall|f1|f-?score|accuracy|brier|log[ -]?loss|"
    r"rmse|mae|mape|wape|r2|mse|lift|gain|cost|savings|\bap\b)"
)
_RESULT = re.compile(
    rf"(?i){_METRIC}[^\n]{{0,60}}?(?<![\w.])\d+(?:[.,]\d+)?\s*%?|(?<![\w.])\d+[.,]\d+\s*%?[^\n]{{0,40}}?{_METRIC}"
)
_REASON = re.compile(
    r"(?i)\b(?:because|since|so that|in order to|instead of|rather than|therefore|chose|decided|trade-?off|preferred)\b"
)
_FAMILIES = {
    "xgboost": ("xgboost", "xgb"),
    "lightgbm": ("lightgbm", "lgbm", "lgb"),
    "catboost": ("catboost",),
    "random forest": ("random forest", "randomforest"),
    "logistic regression": ("logistic regression", "logisticregression"),
    "gradient boosting": ("gradient boosting", "gradientboosting"),
    "neural network": ("neural network", "tensorflow", "keras", "torch", "mlpclassifier", "mlpregressor"),
    "naive bayes": ("naive bayes", "naivebayes", "gaussiannb", "multinomialnb"),
    "support vector machine": ("support vector", "svc(", "svm", "linearsvc"),
    "nearest neighbours": ("nearest neighbo", "kneighbors"),
}


@dataclass(frozen=True)
class Readme:
    """What a README says that holds, and what in it does not."""

    path: str
    facets: tuple[str, ...]
    broken_commands: tuple[Command, ...]
    missing_paths: tuple[tuple[int, str], ...]
    other_models: tuple[str, ...]
    own_words: int


def find_readme(evidence: Evidence) -> str | None:
    """The README nearest to the top."""
    named = [
        path for path in evidence.snapshot.paths() if re.fullmatch(r"readme(?:\.(?:md|rst|txt|markdown))?", _name(path).lower())
    ]
    return min(named, key=lambda path: (path.count("/"), path), default=None)


def read_readme(evidence: Evidence, path: str, code: str) -> Readme:
    """Read what is the candidate's own: paragraphs of the brief and the starter are left out."""
    given = Given(evidence.brief)
    text = evidence.read_text(path, 400_000) or ""
    own = given.without(text)
    known = Commands(evidence)
    # the task may prescribe the very command: in a README that is otherwise their own it counts, whoever wrote it first
    shown = text if len(words_of(own)) >= MIN_OWN_WORDS else own
    commands = [command for line, code_text in code_pieces(shown) if (command := known.read(line, code_text)) is not None]
    running = [command for command in commands if command.runs and command.target == "there"]
    broken = tuple(command for command in commands if command.target == "missing")
    there, missing = _named_paths(own, known, evidence)
    models = _other_models(own, code)
    facets = [
        ("purpose", any(len(words_of(one)) >= MIN_PURPOSE_WORDS for one in paragraphs(own))),
        ("how to run", (bool(running) or _opens_notebook(own, known)) and len(broken) <= len(running)),
        ("data", _says_where_data_is(own, evidence)),
        ("results or decisions", not models and _says_results_or_reasons(own)),
        ("structure", len(there) >= 2 and 3 * len(missing) <= len(there) + len(missing)),
    ]
    met = tuple(name for name, holds in facets if holds)
    return Readme(path, met, broken, tuple(missing), models, len(words_of(own)))


def _named_paths(text: str, known: Commands, evidence: Evidence) -> tuple[set[str], list[tuple[int, str]]]:
    there: set[str] = set()
    missing: dict[str, int] = {}
    for number, line in enumerate(text.split("\n")[:5000], start=1):
        for match in _PATH.finditer(line[:1000]):
            path = match.group(1)
            if not _is_path(path) or "://" in line[max(0, match.start() - 60) : match.start()]:
                continue
            if known.has(path):
                there.add(path)
            elif _is_expected(path, evidence):
                missing.setdefault(path, number)
    return there, [(number, path) for path, number in missing.items()]


def _is_path(path: str) -> bool:
    return "/" in path.strip("/") or path.endswith("/") or path.lower().endswith(_OWN_ENDINGS)


def _is_expected(path: str, evidence: Evidence) -> bool:
    """A file of the submission's own kind; what runs make, what the task gives and what lies elsewhere need not be there."""
    if not path.lower().endswith(_OWN_ENDINGS) or _MADE.match(path) or path.startswith(("../", "/")):
        return False
    return path not in evidence.brief and _name(path) not in evidence.brief


def _opens_notebook(text: str, known: Commands) -> bool:
    lines = [line[:400] for line in text.split("\n")[:5000]]
    asking = [line for line in lines if re.search(r"(?i)\b(?:open|run|execute|start|launch)\b", line)]
    return any(known.has(name) for line in asking for name in re.findall(r"[\w./-]{1,120}\.ipynb", line))


def _says_where_data_is(text: str, evidence: Evidence) -> bool:
    names = {evidence.pack.data.train, evidence.pack.data.score} if evidence.pack else set()
    named = any(re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", text) for name in names)
    return (
        named
        or re.search(r"(?<![\w-])data/|HARNESS_DATA|\{data\}|(?<![\w/-])[\w./-]{1,80}\.(?:csv|parquet)\b", text) is not None
    )


def _says_results_or_reasons(text: str) -> bool:
    reasons = sum(bool(_REASON.search(one)) for one in _sentences(text) if len(words_of(one)) >= 8)
    return _RESULT.search(text) is not None or reasons >= 2


def _sentences(text: str) -> Iterator[str]:
    for paragraph in text.split("\n\n"):
        yield from re.split(r"(?<=[.!?])\s", paragraph[:20_000])


def _other_models(text: str, code: str) -> tuple[str, ...]:
    """Models that the README speaks of when the code has models, and none of those."""
    said, used = _families_in(text), _families_in(code)
    return tuple(sorted(said)) if said and used and not said & used else ()


def _families_in(text: str) -> set[str]:
    lowered = text.lower()
    return {family for family, words in _FAMILIES.items() if any(word in lowered for word in words)}


def _name(path: str) -> str:
    return path.rstrip("/").rsplit("/", 1)[-1]


def facets_sentence(met: Sequence[str]) -> str:
    missing = [name for name in FACETS if name not in met]
    return f"{len(met)} of {len(FACETS)} facets" + (f" (not: {', '.join(missing)})" if missing else "")
