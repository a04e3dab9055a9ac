"""Probes of a pack's data: declared facts recomputed, and leaks looked for. pandas is loaded only here."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from harness.model.authoring import Probe
from harness.model.facts import Facts
from harness.model.pack import Pack

if TYPE_CHECKING:
    import pandas as pd

MOST_SINGLE_AUC = 0.93
MOST_ORDER = 0.03
BROKEN = ("with a gap", "too short", "with an extra row", "with an id twice", "not finite")


def facts(pack: Pack, declared: Facts, data: Path) -> Iterator[Probe]:
    """Prevalence, gaps, traps and columns, as the data itself has them."""
    train, score, labels = _tables(pack, data)
    target = train[pack.data.target]
    for name, values, (low, high) in (
        ("train", target, declared.prevalence_train),
        ("holdout", labels[pack.data.target], declared.prevalence_holdout),
    ):
        share = _positive_share(values)
        if share is not None:
            yield Probe(
                name=f"prevalence in {name}",
                ok=low <= share <= high,
                seen=f"{share:.4f}",
                expected=f"{low:g} to {high:g}, as declared",
            )
    for gap in declared.gaps:
        yield _gap(gap.column, gap.rate, train)
    for column in [trap.column for trap in declared.traps] + list(declared.entity_columns) + [declared.time_column or ""]:
        if column and column not in train.columns:
            yield Probe(
                name=f"column {column}",
                ok=False,
                seen="is not in the training table",
                expected="a column that facts.yaml may speak of",
            )
    for trap in declared.traps:
        if trap.strength == "loud" and trap.column in train.columns:
            yield from _loud(trap.column, train, target, score)
    duplicates = next((dirt for dirt in declared.dirt if dirt.kind == "duplicates"), None)
    if duplicates is not None and duplicates.rate is not None:
        rate = float(train.drop(columns=[pack.data.id_column], errors="ignore").duplicated().mean())
        near = duplicates.rate / 3 <= rate <= duplicates.rate * 3
        yield Probe(name="duplicated rows", ok=near, seen=f"{rate:.4f}", expected=f"about {duplicates.rate:g}, as declared")


def leaks(pack: Pack, declared: Facts, data: Path) -> Iterator[Probe]:
    """Ways in which an answer could be read off without modelling."""
    train, score, labels = _tables(pack, data)
    answer = labels.set_index(pack.data.id_column)[pack.data.target]
    truth = answer.loc[score[pack.data.id_column]].to_numpy(dtype=float)
    telling = {trap.column for trap in declared.traps}
    strong = {
        column: auc
        for column in score.columns
        if column not in (pack.data.id_column, *telling)
        and (auc := _auc(score[column], truth)) is not None
        and auc > MOST_SINGLE_AUC
    }
    yield Probe(
        name="no single column tells the answer",
        ok=not strong,
        seen=", ".join(f"{column} {auc:.3f}" for column, auc in strong.items()) or f"none above {MOST_SINGLE_AUC:g}",
        expected="AUC of any column of the holdout at most that, but for declared traps",
    )
    yield _order("row order", list(range(len(truth))), truth)
    numbers = score[pack.data.id_column].astype(str).str.extract(r"(\d+)", expand=False)
    yield _order("row ids", numbers.fillna("0").astype(float).tolist(), truth)
    shared = [column for column in train.columns if column in score.columns and column != pack.data.id_column]
    both = train[shared].drop_duplicates().merge(score[shared].drop_duplicates(), how="inner")
    yield Probe(
        name="no row stands in both tables",
        ok=len(both) == 0,
        seen=f"{len(both)} rows",
        expected="holdout rows that were never shown with their answer",
    )
    if declared.time_column and declared.time_column in train.columns and declared.time_column in score.columns:
        import pandas as pd

        written = [table[declared.time_column] for table in (train, score)]
        spans = [(_times(written[0], first).max(), _times(written[1], first).min()) for first in (False, True)]
        end, begin = next((span for span in spans if span[1] >= span[0] - pd.Timedelta(days=1)), spans[0])
        yield Probe(
            name="the holdout lies later",
            ok=bool(begin >= end - pd.Timedelta(days=1)),
            seen=f"train ends {end}, holdout begins {begin}",
            expected="no overlap in time",
        )


def _times(written: "pd.Series", day_first: bool) -> "pd.Series":
    """Times as written. 03/04/2025 may be either, and a pack may have planted it; what is ISO is never turned round."""
    import pandas as pd

    if not day_first:
        return pd.to_datetime(written, errors="coerce", format="mixed")
    iso = pd.to_datetime(written, errors="coerce", format="ISO8601", utc=True)
    return iso.fillna(pd.to_datetime(written, errors="coerce", format="mixed", dayfirst=True, utc=True)).dt.tz_localize(None)


def prediction_tables(pack: Pack, labels_file: Path) -> dict[str, bytes]:
    """Predictions files that a sound scorer must tell apart."""
    import numpy as np
    import pandas as pd

    labels = pd.read_csv(labels_file, dtype={pack.data.id_column: str})
    ids, truth = labels[pack.data.id_column], labels[pack.data.target].astype(float)
    low = truth.min()
    source = np.random.default_rng(0)

    def table(of_ids: Any, values: Any) -> bytes:
        frame = pd.DataFrame({pack.predictions.id_column: of_ids, pack.predictions.value_column: values})
        return bytes(frame.to_csv(index=False).encode())

    constant = np.full(len(ids), float(truth.mean()))
    return {
        "perfect": table(ids, truth),
        "constant": table(ids, constant),
        "shuffled": table(ids, source.permutation(truth)),
        "with a gap": table(ids, truth.mask(truth.index == 0)),
        "too short": table(ids[1:], truth[1:]),
        "with an extra row": table([*ids, "unknown-row"], [*truth, low]),
        "with an id twice": table([*ids[1:], ids.iloc[1]], truth),
        "not finite": table(ids, truth.astype(object).mask(truth.index == 0, "inf")),
    }


def _tables(pack: Pack, data: Path) -> "tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]":
    import pandas as pd

    as_text = {pack.data.id_column: str}
    return (
        pd.read_csv(data / "public" / pack.data.train, dtype=as_text, low_memory=False),
        pd.read_csv(data / "public" / pack.data.score, dtype=as_text, low_memory=False),
        pd.read_csv(data / "private" / pack.data.labels, dtype=as_text, low_memory=False),
    )


def _positive_share(values: "pd.Series") -> float | None:
    """The share of ones of a two-valued target; None for any other target."""
    found = set(values.dropna().unique())
    return float((values == 1).mean()) if found <= {0, 1} else None


def _gap(column: str, rate: float, train: "pd.DataFrame") -> Probe:
    if column not in train.columns:
        return Probe(name=f"gaps in {column}", ok=False, seen="there is no such column", expected=f"{rate:g} missing")
    seen = float(train[column].isna().mean())
    return Probe(
        name=f"gaps in {column}",
        ok=abs(seen - rate) <= max(0.02, 0.25 * rate),
        seen=f"{seen:.3f}",
        expected=f"about {rate:g}, as declared",
    )


def _loud(column: str, train: "pd.DataFrame", target: "pd.Series", score: "pd.DataFrame") -> Iterator[Probe]:
    """A loud trap must be worth falling into, and empty where predictions are asked for."""
    auc = _auc(train[column], target.to_numpy(dtype=float))
    if auc is not None:
        ok, seen = auc > 0.8, f"AUC {auc:.3f} in the training table"
    else:
        together = _rank_correlation(train[column], target)
        ok = together is not None and abs(together) > 0.8
        seen = "nothing to rank by" if together is None else f"rank correlation {together:+.3f} in the training table"
    yield Probe(name=f"trap {column} tempts", ok=ok, seen=seen, expected="above 0.8")
    if column in score.columns:
        values = score[column].dropna().nunique()
        yield Probe(
            name=f"trap {column} is neutral in the holdout", ok=values <= 1, seen=f"{values} values", expected="one value"
        )


def _rank_correlation(values: "pd.Series", target: "pd.Series") -> float | None:
    """How far a column and a target that is an amount rise together; None where either has nothing to rank by."""
    import pandas as pd

    pairs = pd.DataFrame({"values": pd.to_numeric(values, errors="coerce"), "target": target}).dropna().rank()
    return float(pairs["values"].corr(pairs["target"])) if (pairs.nunique() > 1).all() else None


def _auc(values: "pd.Series", truth: Any) -> float | None:
    """How well one column alone ranks the positives, whichever way round; None where that makes no sense."""
    import numpy as np
    import pandas as pd

    if set(np.unique(truth)) != {0.0, 1.0}:
        return None
    numbers = pd.to_numeric(values, errors="coerce")
    if numbers.isna().mean() > 0.5:
        numbers = pd.Series(pd.factorize(values)[0], index=values.index)
        if numbers.nunique() > 0.2 * len(numbers):
            return None
        means = pd.Series(truth, index=values.index).groupby(values.fillna("")).transform("mean")
        numbers = means if values.nunique() < 50 else numbers
    ranks = numbers.fillna(numbers.median()).rank().to_numpy()
    positives = truth == 1
    count = positives.sum()
    area = (ranks[positives].sum() - count * (count + 1) / 2) / (count * (~positives).sum())
    return float(max(area, 1 - area))


def _order(name: str, values: list[float], truth: Any) -> Probe:
    import numpy as np

    together = np.corrcoef(values, truth)[0, 1] if len(set(values)) > 1 and len(set(truth)) > 1 else 0.0
    limit = max(MOST_ORDER, 4 / np.sqrt(len(truth)))
    return Probe(
        name=f"{name} tells nothing",
        ok=bool(abs(together) <= limit),
        seen=f"correlation {together:+.3f}",
        expected=f"within {limit:.3f} of none",
    )
