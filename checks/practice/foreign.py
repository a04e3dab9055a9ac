"""Traces of other work: columns that are not there, results typed in, techniques only claimed, contradictions."""

import ast
import re
from collections.abc import Iterator

from checks.practice.lexicon import FIRST_PERSON
from checks.practice.placing import where
from checks.practice.prose import Passage, sentences
from checks.practice.reader import Reading
from checks.practice.values import Place
from harness.model.evidence import Evidence
from harness.model.practice import Practice, Seen

_TECHNIQUES = {
    "SMOTE": (r"\bSMOTE\b", "SMOTE"),
    "XGBoost": (r"\bxgboost\b|\bXGB", "XGB xgboost"),
    "LightGBM": (r"\blight ?gbm\b", "LGBM lightgbm"),
    "CatBoost": (r"\bcatboost\b", "CatBoost"), "random forest": (r"\brandom forests?\b", "RandomForest"),
    "SVM": (r"\bSVM\b|support vector", "SVC SVR SVM"), "PCA": (r"\bPCA\b", "PCA"),
    "KNN": (r"\bKNN\b|nearest neighbou?r", "KNeighbors"),
    "grid search": (r"\bgrid ?search\b", "GridSearchCV"), "neural network": (r"\bneural net", "Sequential MLP Module keras"),
    "cross-validation": (r"cross.?validat", "cross_val KFold ShuffleSplit SearchCV TimeSeriesSplit cv"),
}  # fmt: skip
_CLAIM = re.compile(
    r"\b(used|applied|trained|tried|fitted|built|compared|tuned|performed|employed|usamos|aplicamos|utilis|verwendet)\b", re.I
)
_DENIAL = re.compile(r"\b(not|never|without|instead of|rather than|could|would|might|future|next|no need)\b|n't", re.I)
_SCORE_WORDS = re.compile(r"accura|auc|f1|precision|recall|score|rmse", re.I)


def residues(
    evidence: Evidence, practice: Practice, reading: Reading, prose: tuple[Passage, ...]
) -> tuple[tuple[str, Seen], ...]:
    found: list[tuple[str, Seen]] = []
    found += [("foreign_column", seen) for seen in _foreign_columns(evidence, reading)]
    found += [("typed_results", seen) for seen in _typed_results(reading)]
    found += [("claimed_technique", seen) for seen in _claims(practice, reading, prose)]
    found += [("wrong_class_metric", seen) for seen in _wrong_class(reading)]
    found += [("docstring_contradiction", seen) for seen in _contradictions(reading)]
    return tuple(found[:40])


def _foreign_columns(evidence: Evidence, reading: Reading) -> Iterator[Seen]:
    """Columns looked at or dropped that the data does not have and the code does not make."""
    if not evidence.public_columns or evidence.facts is None:
        return
    known = {
        *evidence.public_columns,
        *evidence.facts.library_names,
        *evidence.facts.categorical_columns,
        *evidence.facts.numeric_columns,
    }
    made = _made_names(reading)
    seen: set[str] = set()
    for look in reading.log.looks:
        if not look.task or look.columns is None:
            continue
        for name in sorted(look.columns - known - made - seen):
            if name.isidentifier() and len(name) > 2 and not any(name.startswith(f"{one}_") for one in known):
                seen.add(name)
                yield Seen(what=f"column `{name}`, which this data does not have", where=where(look.place))


def _made_names(reading: Reading) -> set[str]:
    """Every string that the live code writes as a key, assigns, renames to or aggregates into."""
    names: set[str] = set()
    for unit in reading.sources.units:
        if unit.path not in reading.live:
            continue
        for block in unit.blocks:
            for node in ast.walk(block.tree):
                if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store):
                    names |= {
                        one.value
                        for one in ast.walk(node.slice)
                        if isinstance(one, ast.Constant) and isinstance(one.value, str)
                    }
                elif isinstance(node, ast.keyword) and node.arg:
                    names.add(node.arg)
                elif isinstance(node, ast.Dict):
                    parts = [*node.keys, *node.values]
                    names |= {one.value for one in parts if isinstance(one, ast.Constant) and isinstance(one.value, str)}
                elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
                    names.add(node.attr)
    return names


def _typed_results(reading: Reading) -> Iterator[Seen]:
    """A table of scores written out as numbers: three or more shares under names of metrics or models."""
    for unit in reading.sources.units:
        if unit.path not in reading.live:
            continue
        for block in unit.blocks:
            for node in ast.walk(block.tree):
                if isinstance(node, ast.Dict) and _is_score_table(node):
                    yield Seen(what="results typed in as numbers", where=where(Place(unit.path, block.cell, node.lineno)))


def _is_score_table(node: ast.Dict) -> bool:
    keys = [one.value for one in node.keys if isinstance(one, ast.Constant) and isinstance(one.value, str)]
    for key, value in zip(node.keys, node.values, strict=True):
        named = key.value if isinstance(key, ast.Constant) and isinstance(key.value, str) else ""
        if _SCORE_WORDS.search(named) and isinstance(value, ast.List) and len(_shares(value.elts)) >= 3:
            return True
    return len([key for key in keys if _SCORE_WORDS.search(key)]) >= 3 and len(_shares(node.values)) >= 3


def _shares(nodes: list[ast.expr]) -> list[float]:
    values = [one.value for one in nodes if isinstance(one, ast.Constant)]
    return [value for value in values if isinstance(value, float) and 0.3 < value < 100 and len(repr(value)) >= 4]


def _claims(practice: Practice, reading: Reading, prose: tuple[Passage, ...]) -> Iterator[Seen]:
    """Techniques that the text says were used and that stand nowhere in live code."""
    live = "\n".join(unit.source for unit in reading.sources.units if unit.path in reading.live)
    code = re.sub(r"#[^\n]*", "", live)
    if not code or practice.unreadable:
        return
    for passage in prose:
        if passage.kind == "comment":
            continue
        for sentence in sentences(passage.text):
            if not _CLAIM.search(sentence) or _DENIAL.search(sentence) or not FIRST_PERSON.search(sentence):
                continue
            for name, (words, signs) in _TECHNIQUES.items():
                if re.search(words, sentence, re.I) and not any(sign.lower() in code.lower() for sign in signs.split()):
                    yield Seen(
                        what=f"the text says that {name} was used, and the live code does not", where=where(passage.place)
                    )


def _wrong_class(reading: Reading) -> Iterator[Seen]:
    for one in reading.log.evaluations:
        if one.positive == "negative class":
            yield Seen(what=f"{one.metric} of the negative class", where=where(one.place))


_NUMBERED = re.compile(r"(\w+)\s*(?:=|of|is)\s*(\d+(?:\.\d+)?)")


def _contradictions(reading: Reading) -> Iterator[Seen]:
    """A docstring that names a parameter's default and gets it wrong."""
    for unit in reading.sources.units:
        if unit.path not in reading.live:
            continue
        for block in unit.blocks:
            for node in ast.walk(block.tree):
                if isinstance(node, ast.FunctionDef):
                    yield from _wrong_defaults(node, unit.path, block.cell)


def _wrong_defaults(node: ast.FunctionDef, path: str, cell: int | None) -> Iterator[Seen]:
    text = ast.get_docstring(node) or ""
    positional = [*node.args.posonlyargs, *node.args.args]
    defaults = dict(
        zip([one.arg for one in positional[len(positional) - len(node.args.defaults) :]], node.args.defaults, strict=True)
    )
    for name, said in _NUMBERED.findall(text):
        node_value = defaults.get(name)
        value = node_value.value if isinstance(node_value, ast.Constant) else None
        if isinstance(value, (int, float)) and not isinstance(value, bool) and float(said) != float(value):
            what = f"the docstring of {node.name} says {name} is {said}, the code says {value}"
            yield Seen(what=what, where=where(Place(path, cell, node.lineno)))
