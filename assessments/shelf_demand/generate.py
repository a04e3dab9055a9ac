"""Make the data of one copy of the exercise.

    python generate.py --seed 7 --profile profile.json --out DIR

writes DIR/public (what the candidate gets) and DIR/private (the demand of the hidden four weeks). The same seed and
profile give the same bytes: no clock, no network, no environment is read.

The file follows the way the data comes to be: an assortment, the demand for it, shelves that run empty, and only then the
recording of what was sold, with its gaps and faults.
Canary: 0c4f7be2a96d41d38f5be17a60d2934e
"""

import argparse
import json
from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np
import pandas as pd

START = np.datetime64("2024-01-15", "D")  # a Monday
CATEGORIES = {  # name: (usual price, how much more is bought at the weekend, height of the yearly wave, its best day)
    "bakery": (2.4, 0.30, 0.08, 340),
    "dairy": (1.9, 0.12, 0.05, 20),
    "produce": (2.9, 0.20, 0.22, 190),
    "drinks": (1.6, 0.38, 0.30, 205),
    "snacks": (2.2, 0.34, 0.12, 350),
    "household": (5.5, -0.06, 0.04, 90),
}
NEW_CATEGORY = "meal_kits"
NEW_CATEGORY_HABITS = (6.5, 0.15, 0.05, 20)
HOLIDAYS = {  # public holidays, and how much more is bought on the day before and the day itself
    "2024-03-29": 0.45, "2024-04-01": 0.35, "2024-05-01": 0.30, "2024-05-09": 0.35, "2024-08-15": 0.35, "2024-11-01": 0.35,
    "2024-12-24": 0.75, "2024-12-25": 0.30, "2024-12-31": 0.55, "2025-01-01": 0.20, "2025-04-18": 0.45, "2025-04-21": 0.35,
    "2025-05-01": 0.30, "2025-05-29": 0.35, "2025-08-15": 0.35,
}  # fmt: skip
DEPTHS = (0.1, 0.2, 0.3, 0.4)
GOLDEN = (5**0.5 - 1) / 2  # the step that leaves no part of a range out
NOVELTY, NOVELTY_DAYS = 1.7, 15.0
LONG_AGO = -400  # listed before the extract begins
OVERSTATED = (6, 45)  # units that a till error adds to a day


@dataclass(frozen=True)
class Profile:
    """Sizes and dates. Everything else is part of the story, not of the size."""

    stores: int = 8
    products: int = 20
    days: int = 588
    holdout_days: int = 28

    @property
    def cutoff(self) -> int:
        """The day on which the extract was made: history before it, the hidden weeks from it on."""
        return self.days - self.holdout_days


@dataclass(frozen=True)
class World:
    """What is sold where, from when on, at what price, and how people respond. Arrays are (store, product)."""

    products: pd.DataFrame
    store_level: np.ndarray
    taste: np.ndarray
    listed: np.ndarray


def evenly(rng: np.random.Generator, low: float, high: float, count: int) -> np.ndarray:
    """Values that cover a range alike on every seed, in a random order."""
    return rng.permutation(np.linspace(low, high, count))


def beside(rng: np.random.Generator, others: np.ndarray, low: float, high: float) -> np.ndarray:
    """Values that cover a range alike on every seed, among the small and among the large of `others`."""
    places = (np.argsort(np.argsort(others)) * GOLDEN + rng.random()) % 1
    return np.linspace(low, high, len(others))[np.argsort(np.argsort(places))]


def make_world(rng: np.random.Generator, profile: Profile) -> World:
    count = profile.products
    names = list(CATEGORIES)
    category = np.array([names[place % len(names)] for place in range(count)], dtype=object)
    category[-1] = NEW_CATEGORY
    habits = [CATEGORIES.get(name, NEW_CATEGORY_HABITS) for name in category]
    price = np.array([habit[0] for habit in habits]) * np.exp(evenly(rng, -0.35, 0.35, count))
    level = np.log(10) - 0.45 * np.log(price / 2.5) + evenly(rng, -0.75, 0.75, count)
    level[count - launches(profile) :] = np.log(9) - 0.45 * np.log(price[count - launches(profile) :] / 2.5)
    level[count - launches(profile) :] += evenly(rng, -0.35, 0.35, launches(profile))
    products = pd.DataFrame(
        {
            "code": [f"P{101 + place}" for place in range(count)],
            "category": category,
            "price": (np.round(price * 10) / 10 - 0.01).round(2),
            "level": level,
            "response": np.log1p(beside(rng, level, 0.02, 3.0)) / 0.3,
            "weekend": [habit[1] for habit in habits] + rng.normal(0, 0.06, count),
            "wave": [habit[2] for habit in habits],
            "best_day": [habit[3] for habit in habits] + rng.normal(0, 8, count),
            "novelty": NOVELTY * np.exp(rng.normal(0, 0.12, count)),
        }
    )
    return World(
        products=products,
        store_level=evenly(rng, -0.5, 0.5, profile.stores),
        taste=rng.normal(0, 0.22, (profile.stores, count)),
        listed=listings(rng, profile),
    )


def launches(profile: Profile) -> int:
    """How many products are new in the year; the last of them is of a new category."""
    return max(4, profile.products * 9 // 20)


def listings(rng: np.random.Generator, profile: Profile) -> np.ndarray:
    """The day on which each store lists each product: four launches in the past, four around the extract, one after it."""
    listed = np.full((profile.stores, profile.products), LONG_AGO)
    total = launches(profile)
    early = evenly(rng, 0.14, 0.8, total - 5 if total > 5 else 1)
    places = list(range(profile.products - total, profile.products))
    for place, share in zip(places, early, strict=False):
        listed[:, place] = round(share * profile.cutoff) + rng.integers(0, 22, profile.stores)
    recent, coming = places[len(early) : -1], places[-1]
    for place, first in zip(recent, evenly(rng, -24, -12, len(recent)), strict=True):
        listed[:, place] = profile.cutoff + np.round(evenly(rng, first, 14, profile.stores)).astype(int)
    listed[:, coming] = profile.cutoff + rng.integers(0, 8, profile.stores)
    return listed


@dataclass(frozen=True)
class Promotions:
    """Planned discounts as (store, product, day), and whether they took place."""

    depth: np.ndarray
    cancelled: np.ndarray

    @property
    def run(self) -> np.ndarray:
        return np.where(self.cancelled, 0.0, self.depth)


def plan_promotions(rng: np.random.Generator, response: np.ndarray, profile: Profile) -> Promotions:
    """Every week a quarter of the products is promoted in all stores; some stores cancel.

    Each product has its turn in every four weeks, at every depth in turn, and products that respond alike have different
    depths at a time: how much is sold on promotion before and in the hidden weeks is much the same on every seed.
    """
    weeks = -(-profile.days // 7)
    shape = (profile.stores, profile.products, weeks)
    depth, cancelled = np.zeros(shape), np.zeros(shape, dtype=bool)
    each = max(1, profile.products // 4)
    depths = np.array(DEPTHS)[(np.argsort(np.argsort(response))[:, None] + np.arange(len(DEPTHS))) % len(DEPTHS)]
    turns = np.concatenate([rng.permutation(profile.products) for _ in range(weeks)])
    for week in range(weeks):
        chosen = turns[week * each : (week + 1) * each]
        depth[:, chosen, week] = depths[chosen, week * each // profile.products % len(DEPTHS)]
        cancelled[:, chosen, week] = rng.random((profile.stores, len(chosen))) < 0.14
    days = np.arange(profile.days) // 7
    return Promotions(depth[:, :, days], cancelled[:, :, days])


def wander(rng: np.random.Generator, shape: tuple[int, ...], days: int, memory: float, spread: float) -> np.ndarray:
    """Slow drift: each day remembers the one before."""
    steps = rng.normal(0, spread * np.sqrt(1 - memory**2), (days, *shape))
    path = np.empty((days, *shape))
    path[0] = rng.normal(0, spread, shape)
    for day in range(1, days):
        path[day] = memory * path[day - 1] + steps[day]
    return np.moveaxis(path, 0, -1)


def holiday_pull(profile: Profile) -> np.ndarray:
    pull = np.zeros(profile.days)
    for date, strength in HOLIDAYS.items():
        day = int((np.datetime64(date, "D") - START).astype(int))
        for near, part in ((day - 1, 1.0), (day, 0.5)):
            if 0 <= near < profile.days:
                pull[near] = max(pull[near], strength * part)
    return pull


def expected_demand(rng: np.random.Generator, world: World, promotions: Promotions, profile: Profile) -> np.ndarray:
    """Mean demand as (store, product, day); zero before a product is listed."""
    day = np.arange(profile.days)
    products = world.products
    level = products["level"].to_numpy()[None, :] + world.store_level[:, None] + world.taste
    weekday = np.array([-0.35, -0.30, -0.15, 0.0, 0.45, 1.0, -0.2])[day % 7]
    week = products["weekend"].to_numpy()[:, None] * 1.6 * weekday
    season = products["wave"].to_numpy()[:, None] * np.cos(
        2 * np.pi * (day[None, :] + 14 - products["best_day"].to_numpy()[:, None]) / 365.25
    )
    uplift = products["response"].to_numpy()[None, :, None] * promotions.run
    drift = wander(rng, (profile.products,), profile.days, 0.985, 0.12)[None] + wander(
        rng, (profile.stores, profile.products), profile.days, 0.96, 0.14
    )
    log_mean = level[:, :, None] + (week + season)[None] + holiday_pull(profile) + uplift + drift + 0.05 * day / 365
    age = day[None, None, :] - world.listed[:, :, None]
    novelty = 1 + products["novelty"].to_numpy()[None, :, None] * np.exp(-np.maximum(age, 0) / NOVELTY_DAYS)
    return np.where(age >= 0, np.exp(log_mean) * novelty, 0.0)


def draw_demand(rng: np.random.Generator, mean: np.ndarray) -> np.ndarray:
    """Negative-binomial demand: more spread than chance alone would give."""
    calm = 12.0
    return rng.poisson(mean * rng.gamma(calm, 1 / calm, mean.shape))


@dataclass(frozen=True)
class Shelves:
    """What demand became in the stores, as (store, product, day)."""

    sold: np.ndarray
    closing: np.ndarray
    ordered: np.ndarray


def supply(rng: np.random.Generator, shape: tuple[int, int, int]) -> np.ndarray:
    """The share of what is missing on a shelf that the night's delivery brings: now and then, for days on end, very little."""
    stores, products, days = shape
    blocks = np.arange(days) // 28
    rate = 0.032 * np.exp(rng.normal(-0.5, 1.0, (stores, products, blocks[-1] + 1)))[:, :, blocks]
    begins, ends = rng.random(shape) < rate, rng.random(shape) < 0.09
    brought = rng.beta(0.9, 4.5, shape)
    share = np.ones(shape)
    trouble = np.zeros((stores, products), dtype=bool)
    for day in range(days):
        trouble = np.where(trouble, ~ends[:, :, day], begins[:, :, day])
        share[:, :, day] = np.where(trouble, brought[:, :, day], 1.0)
    return share


def run_shelves(rng: np.random.Generator, mean: np.ndarray, demand: np.ndarray, promotions: Promotions) -> Shelves:
    """Shelves are filled at night up to what the store plans to need; it learns slowly and knows little of promotions."""
    sold, closing, ordered = (np.zeros(demand.shape, dtype=int) for _ in range(3))
    share = supply(rng, demand.shape)
    plan, stock = mean[:, :, 0].copy(), np.zeros(mean.shape[:2])
    for day in range(demand.shape[2]):
        today = demand[:, :, day]
        plan = np.where(plan > 0, plan, mean[:, :, day])
        wanted = np.ceil(plan * (1.5 + 2.0 * promotions.run[:, :, day]) + 1)
        stock += np.floor(np.maximum(wanted - stock, 0) * share[:, :, day])
        sold[:, :, day] = np.minimum(today, stock)
        stock = stock - sold[:, :, day]
        closing[:, :, day] = stock
        typed = rng.random(stock.shape) < 0.94
        ordered[:, :, day] = np.where(typed, sold[:, :, day], rng.poisson(plan))
        plan = 0.95 * plan + 0.05 * today
    return Shelves(sold, closing, ordered)


def tabulate(world: World, promotions: Promotions, shelves: Shelves, demand: np.ndarray, profile: Profile) -> pd.DataFrame:
    """One row for each product that a store lists on a day, as it truly was."""
    store, product, day = np.nonzero(np.arange(profile.days)[None, None, :] >= world.listed[:, :, None])
    at = (store, product, day)
    depth, off = promotions.depth[at], promotions.cancelled[at]
    dates = START + day
    rise = 1 + 0.04 * (day >= 245)
    table = pd.DataFrame(
        {
            "day": day,
            "date": dates.astype(str),
            "store": np.char.add("S", (store + 1).astype(str)),
            "product": world.products["code"].to_numpy()[product],
            "category": world.products["category"].to_numpy()[product],
            "listed_on": (START + world.listed[store, product]).astype(str),
            "price": (world.products["price"].to_numpy()[product] * rise).round(2),
            "promo_depth": depth,
            "promo_status": np.where(depth == 0, "none", np.where(off, "cancelled", "planned")),
            "closing_stock": shelves.closing[at].astype(float),
            "replen": shelves.ordered[at],
            "units": shelves.sold[at],
            "demand": demand[at],
            "age": day - world.listed[store, product],
            "series": store * profile.products + product,
        }
    )
    table["holiday"] = table["date"].isin(list(HOLIDAYS)).astype(int)
    return table


def record(seed: int, table: pd.DataFrame, profile: Profile) -> pd.DataFrame:
    """What the company's systems kept of the past: absent days, a closed store, two codes, gaps, and corrections."""
    rng = np.random.default_rng([seed, 30])
    past = table[table["day"] < profile.cutoff].copy()
    past = two_codes(rng, past, profile)
    past = past[~never_sent(rng, past, profile)].reset_index(drop=True)
    past["closing_stock"] = counted(rng, past, profile)
    wrong = past.sample(frac=0.004, random_state=int(rng.integers(2**31)))
    extra = rng.integers(*OVERSTATED, len(wrong))
    past.loc[wrong.index, "units"] += extra
    later = wrong.assign(units=-extra, day=wrong["day"] + rng.integers(1, 4, len(wrong)), closing_stock=np.nan, replen=0)
    later["date"] = (START + later["day"].to_numpy()).astype(str)
    later["promo_depth"], later["promo_status"] = 0.0, "none"
    both = pd.concat([past, later[later["day"] < profile.cutoff]], ignore_index=True)
    return both.sort_values(["day", "store", "product", "units"], ascending=[True, True, True, False], kind="stable")


def two_codes(rng: np.random.Generator, past: pd.DataFrame, profile: Profile) -> pd.DataFrame:
    """Until the middle of the year one product is rung up under two codes, in two rows; then they are merged."""
    double = (past["product"] == "P101") & (past["day"] < merge_day(profile))
    second = past[double].copy()
    second["product"] = "P901"
    for column in ("units", "replen"):
        second[column] = rng.binomial(second[column], 0.45)
    past.loc[double, ["units", "replen"]] -= second[["units", "replen"]]
    return pd.concat([past, second], ignore_index=True)


def merge_day(profile: Profile) -> int:
    return profile.cutoff // 2 // 7 * 7


def never_sent(rng: np.random.Generator, past: pd.DataFrame, profile: Profile) -> np.ndarray:
    """Rows that never arrived: a store's whole day, single rows, and five weeks of a store that was being refitted."""
    place = past["store"].str[1:].astype(int).to_numpy()
    lost_days = rng.random((profile.stores + 1, profile.days)) < 0.008
    first = round(profile.cutoff * 0.35)
    refit = (place == 5) & (past["day"] >= first) & (past["day"] < first + 35)
    return (lost_days[place, past["day"]] | (rng.random(len(past)) < 0.006) | refit).to_numpy()


def counted(rng: np.random.Generator, past: pd.DataFrame, profile: Profile) -> pd.Series:
    """Closing stock as far as it was counted: one store began late, and empty shelves are forgotten more often."""
    began_late = (past["store"] == "S3") & (past["day"] < round(profile.cutoff * 0.25))
    forgotten = rng.random(len(past)) < np.where(past["closing_stock"] == 0, 0.05, 0.02)
    return past["closing_stock"].where(~(began_late | forgotten))


def write(seed: int, history: pd.DataFrame, future: pd.DataFrame, out: Path) -> None:
    rng = np.random.default_rng([seed, 40])
    known = [
        "row_id", "date", "store", "product", "category", "listed_on", "price", "promo_depth", "promo_status", "holiday",
        "replen",
    ]  # fmt: skip
    numbers = rng.choice(9_000_000, len(history) + len(future), replace=False) + 1_000_000
    ids = np.char.add("r", numbers.astype(str))
    history = history.assign(row_id=ids[: len(history)])
    future = future.assign(row_id=ids[len(history) :], replen=0)
    for table in (history, future):
        table["price"] = table["price"].where(rng.random(len(table)) >= 0.02)
    future = future.sample(frac=1, random_state=int(rng.integers(2**31)))
    for folder in ("public", "private"):
        (out / folder).mkdir(parents=True, exist_ok=True)
    history["closing_stock"] = history["closing_stock"].astype("Int64")
    history[[*known, "closing_stock", "units"]].to_csv(out / "public" / "train.csv", index=False)
    future[known].to_csv(out / "public" / "score.csv", index=False)
    labels = future[["row_id", "demand", "series"]].rename(columns={"demand": "units"})
    labels["promoted"] = (future["promo_status"] == "planned").astype(int)
    labels["launched"] = (future["age"] < 60).astype(int)
    labels.to_csv(out / "private" / "labels.csv", index=False)


def read_profile(text: str) -> Profile:
    values = json.loads(text)
    unknown = sorted(set(values) - {field.name for field in fields(Profile)})
    if unknown:
        raise SystemExit(f"the profile has fields that this generator does not know: {', '.join(unknown)}")
    return Profile(**values)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--profile", type=Path, help="JSON with sizes that differ from the usual ones")
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    profile = read_profile(options.profile.read_text(encoding="utf-8")) if options.profile else Profile()
    streams = [np.random.default_rng([options.seed, part]) for part in range(1, 6)]
    world = make_world(streams[0], profile)
    promotions = plan_promotions(streams[1], world.products["response"].to_numpy(), profile)
    mean = expected_demand(streams[2], world, promotions, profile)
    demand = draw_demand(streams[3], mean)
    shelves = run_shelves(streams[4], mean, demand, promotions)
    table = tabulate(world, promotions, shelves, demand, profile)
    write(options.seed, record(options.seed, table, profile), table[table["day"] >= profile.cutoff], options.out)


if __name__ == "__main__":
    main()
