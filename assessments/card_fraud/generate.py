"""Make the data of one copy of the exercise.

    python generate.py --seed 7 --profile profile.json --out DIR

writes DIR/public (what the candidate gets) and DIR/private (the outcome of the hidden month). The same seed and profile
give the same bytes: no clock, no network, no environment is read.

The file follows the way the data comes to be: a world of cards and merchants, honest spending, four kinds of fraud, and
only then the recording of it all, with its delays and faults.
Canary: 73c7a32c55fe8cdbf27a48b17db9e72a
"""

import argparse
import json
from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np
import pandas as pd

START = np.datetime64("2025-03-03T00:00:00", "s")
DAY = 86_400
ZONES = 12
ACQUIRERS = ("north", "east", "south", "west")
CENTS_ACQUIRER, DAY_FIRST_ACQUIRER = "east", "south"
CATEGORIES = {  # name: (usual amount, share of merchants, share that sells online)
    "groceries": (34.0, 0.18, 0.10),
    "fuel": (46.0, 0.08, 0.00),
    "restaurants": (27.0, 0.16, 0.10),
    "fashion": (58.0, 0.13, 0.55),
    "electronics": (130.0, 0.08, 0.60),
    "travel": (190.0, 0.06, 0.80),
    "pharmacy": (17.0, 0.09, 0.15),
    "home": (64.0, 0.11, 0.40),
    "digital_goods": (7.0, 0.11, 1.00),
}
RESALE = {
    "electronics": 4.0,
    "fashion": 2.0,
    "travel": 2.0,
    "groceries": 0.5,
    "restaurants": 0.4,
    "digital_goods": 0.5,
    "gift_cards": 3.0,
}
CHARGEBACK_FEE = 15.0  # euros, on top of the amount
BREACHES = (0.2, 0.52, 0.8)  # when shops are breached, as shares of the whole period
NEW_CATEGORY, NEW_PROGRAMME = "gift_cards", "partner"
LABEL_DELAY = {"stolen": 14.0, "breach": 19.0, "dispute": 26.0, "testing": 22.0}  # mean days until a chargeback is known


@dataclass(frozen=True)
class Profile:
    """Sizes and dates. Everything else is part of the story, not of the size."""

    cards: int = 2_500
    merchants: int = 400
    days: int = 210
    holdout_days: int = 30
    purchases_per_card: float = 21.0
    testing_from: int = 140
    cents_from: int = 90

    @property
    def cutoff(self) -> int:
        """The day on which the extract was made: train before it, the hidden month from it on."""
        return self.days - self.holdout_days

    @property
    def size(self) -> float:
        return self.cards / 2_500


@dataclass(frozen=True)
class World:
    """Who can buy, and where."""

    cards: pd.DataFrame
    merchants: pd.DataFrame


def make_world(rng: np.random.Generator, profile: Profile) -> World:
    """Cards with habits and merchants with trades; a partner programme and a new trade join in the hidden month."""
    joining = max(4, profile.cards // 16)
    total = profile.cards + joining
    cards = pd.DataFrame(
        {
            "spend": rng.normal(0, 0.55, total),
            "rate": rng.gamma(1.6, 1 / 1.6, total),
            "home_zone": rng.integers(1, ZONES + 1, total),
            "online": rng.beta(2, 3.2, total),
            "wander": rng.beta(1.2, 14, total),
            "device_days": rng.gamma(5, 100, total),
            "since": rng.integers(30, 2_500, total),
            "programme": rng.choice(["standard", "student", "business"], total, p=[0.72, 0.16, 0.12]),
            "from_day": 0.0,
        }
    )
    cards.loc[profile.cards :, "programme"] = NEW_PROGRAMME
    cards.loc[profile.cards :, "since"] = 0
    cards.loc[profile.cards :, "from_day"] = profile.cutoff + rng.uniform(0, 10, joining)
    names = list(CATEGORIES)
    trade = rng.choice(names, profile.merchants, p=[CATEGORIES[name][1] for name in names])
    merchants = pd.DataFrame(
        {
            "category": trade,
            "online": rng.random(profile.merchants) < [CATEGORIES[name][2] for name in trade],
            "merchant_zone": rng.integers(1, ZONES + 1, profile.merchants),
            "acquirer": rng.choice(ACQUIRERS, profile.merchants, p=[0.34, 0.26, 0.18, 0.22]),
            "popularity": rng.pareto(1.6, profile.merchants) + 0.3,
            "level": rng.normal(0, 0.3, profile.merchants),
            "from_day": 0.0,
        }
    )
    new = pd.DataFrame({"category": [NEW_CATEGORY] * max(3, profile.merchants // 40), "online": True})
    new["merchant_zone"] = rng.integers(1, ZONES + 1, len(new))
    new["acquirer"] = rng.choice(ACQUIRERS, len(new))
    new["popularity"] = 2.5
    new["level"] = rng.normal(0, 0.2, len(new))
    new["from_day"] = float(profile.cutoff + 2)
    return World(cards, pd.concat([merchants, new], ignore_index=True))


def usual_amount(world: World, merchant: np.ndarray) -> np.ndarray:
    prices = {name: row[0] for name, row in CATEGORIES.items()} | {NEW_CATEGORY: 40.0}
    shop = world.merchants.iloc[merchant]
    return shop["category"].map(prices).to_numpy() * np.exp(shop["level"].to_numpy())


def choose_merchants(
    rng: np.random.Generator, world: World, day: np.ndarray, online: np.ndarray, zone: np.ndarray, taste: dict[str, float]
) -> np.ndarray:
    """A shop that is open on the day: any online one, or one of the zone; some trades to a taste."""
    shops = world.merchants
    appeal = shops["popularity"] * shops["category"].map(taste).fillna(1.0)
    chosen = np.zeros(len(day), dtype=int)
    late = day >= shops["from_day"].max()
    for is_late in (False, True):
        open_now = (shops["from_day"] <= 0) | is_late
        for place in range(ZONES + 1):
            here = (late == is_late) & (online if place == 0 else ~online & (zone == place))
            fits = open_now & (shops["online"] if place == 0 else ~shops["online"] & (shops["merchant_zone"] == place))
            if not fits.any():
                fits = open_now & (shops["online"] if place == 0 else ~shops["online"])
            weight = appeal.where(fits, 0.0).to_numpy()
            chosen[here] = rng.choice(len(shops), int(here.sum()), p=weight / weight.sum())
    return chosen


def purchases(card: np.ndarray, second: np.ndarray, merchant: np.ndarray, amount: np.ndarray, kind: str) -> pd.DataFrame:
    return pd.DataFrame({"card": card, "second": second.astype(np.int64), "merchant": merchant, "amount": amount, "kind": kind})


def time_of_day(rng: np.random.Generator, size: int) -> np.ndarray:
    hours = np.where(rng.random(size) < 0.55, rng.normal(18, 2.6, size), rng.normal(11.5, 2.8, size))
    return (hours % 24) * 3_600


def honest_spending(rng: np.random.Generator, world: World, profile: Profile) -> pd.DataFrame:
    """Everyday purchases, with shopping trips, travel, treats and small digital buys: all that fraud can be mistaken for."""
    cards = world.cards
    span = profile.days - cards["from_day"].to_numpy()
    count = rng.poisson(cards["rate"].to_numpy() * profile.purchases_per_card * span / profile.days * 0.82)
    card = np.repeat(np.arange(len(cards)), count)
    day = np.floor(cards["from_day"].to_numpy()[card] + rng.random(len(card)) * span[card])
    second = np.minimum(day, profile.days - 1) * DAY + time_of_day(rng, len(card))
    trips = rng.choice(len(card), int(0.13 * len(card)), replace=False)
    extra = np.repeat(trips, rng.integers(1, 4, len(trips)))
    card = np.concatenate([card, card[extra]])
    second = np.concatenate([second, second[extra] + rng.uniform(60, 5_400, len(extra))])
    day = second // DAY
    online = rng.random(len(card)) < cards["online"].to_numpy()[card]
    away = rng.random(len(card)) < cards["wander"].to_numpy()[card]
    zone = np.where(away, rng.integers(1, ZONES + 1, len(card)), cards["home_zone"].to_numpy()[card])
    merchant = choose_merchants(rng, world, day, online, zone, {})
    treat = rng.random(len(card)) < 0.04
    spread = rng.normal(0, 0.5, len(card)) + treat * rng.uniform(0.6, 1.9, len(card))
    amount = usual_amount(world, merchant) * np.exp(cards["spend"].to_numpy()[card] + spread)
    return purchases(card, second, merchant, amount, "honest")


def spread_evenly(rng: np.random.Generator, per_day: np.ndarray, count: int) -> np.ndarray:
    """Moments, in days, that follow the rate without clumping: each seed gets the same amount in each period."""
    reached = np.concatenate([[0], np.cumsum(per_day) / per_day.sum()])
    return np.interp((np.arange(count) + rng.random(count)) / count, reached, np.arange(len(reached)))


def victims(rng: np.random.Generator, world: World, profile: Profile, second: np.ndarray) -> np.ndarray:
    """A card for each moment, among those that exist by then."""
    drawn = rng.integers(0, len(world.cards), len(second))
    exists = world.cards["from_day"].to_numpy()[drawn] * DAY <= second
    return np.where(exists, drawn, drawn % profile.cards)


def stolen_cards(rng: np.random.Generator, world: World, profile: Profile) -> pd.DataFrame:
    """A stolen card is emptied within minutes: two to eight purchases, larger than its owner's."""
    bursts = round(0.36 * profile.days * profile.size)
    begin = spread_evenly(rng, np.ones(profile.days), bursts) * DAY
    victim = victims(rng, world, profile, begin)
    number = rng.permutation(np.resize(np.arange(2, 9), bursts))
    card = np.repeat(victim, number)
    steps = rng.exponential(240, len(card))
    first = np.concatenate([[0], np.cumsum(number)[:-1]]).astype(int)
    elapsed = np.cumsum(steps) - np.repeat(np.cumsum(steps)[first], number)
    second = np.repeat(begin, number) + elapsed
    online = np.repeat(rng.random(bursts) < 0.6, number)
    zone = np.repeat(rng.integers(1, ZONES + 1, bursts), number)
    merchant = choose_merchants(rng, world, second // DAY, online, zone, RESALE)
    greed = rng.normal(0.75, 0.55, len(card))
    amount = usual_amount(world, merchant) * np.exp(world.cards["spend"].to_numpy()[card] + greed)
    return purchases(card, second, merchant, amount, "stolen")


def breached_merchants(rng: np.random.Generator, world: World, profile: Profile, seen: pd.DataFrame) -> pd.DataFrame:
    """Cards that paid at a breached shop in two bad weeks are misused online over the following ones."""
    opened = world.merchants[world.merchants["from_day"] <= 0]
    popular = opened.nlargest(max(6, profile.merchants // 25), "popularity").index.to_numpy()
    spend, parts = world.cards["spend"].to_numpy(), []
    for share, shop in zip(BREACHES, rng.choice(popular, len(BREACHES), replace=False), strict=True):
        begin = share * profile.days + rng.uniform(-6, 6)
        paid = seen[(seen["merchant"] == shop) & seen["second"].between(begin * DAY, (begin + 14) * DAY)]
        exposed = paid.drop_duplicates("card")
        wanted = min(len(exposed), round(20 * profile.size) + 1)
        hit = exposed.sample(n=wanted, random_state=int(rng.integers(2**31)))
        number = rng.integers(1, 4, len(hit))
        card = np.repeat(hit["card"].to_numpy(), number)
        misused = hit["second"].to_numpy() + rng.uniform(1, 16, len(hit)) * DAY
        second = np.repeat(misused, number) + rng.uniform(0, 1.5 * DAY, len(card))
        everywhere = np.ones(len(card), dtype=int)
        merchant = choose_merchants(rng, world, second // DAY, everywhere == 1, everywhere, RESALE)
        amount = usual_amount(world, merchant) * np.exp(spend[card] + rng.normal(1.0, 0.5, len(card)))
        parts.append(purchases(card, second, merchant, amount, "breach"))
    return pd.concat(parts, ignore_index=True)


def card_testing(rng: np.random.Generator, world: World, profile: Profile) -> pd.DataFrame:
    """Stolen numbers are tried with tiny amounts at digital shops. It begins late, and grows: the drift of this data."""
    begin = profile.testing_from
    per_day = (0.22 + 0.62 * np.linspace(0, 1, profile.days - begin)) * profile.size
    start = begin + spread_evenly(rng, per_day, round(per_day.sum()))
    digital = world.merchants.index[world.merchants["category"] == "digital_goods"].to_numpy()
    number = rng.permutation(np.resize(np.arange(3, 10), len(start)))
    shop = np.repeat(rng.choice(digital, len(start)), number)
    second = np.repeat(start * DAY, number) + rng.uniform(0, 2_400, number.sum())
    card = victims(rng, world, profile, second)
    amount = rng.uniform(0.5, 3.5, number.sum())
    return purchases(card, second, shop, amount, "testing")


def first_party(rng: np.random.Generator, honest: pd.DataFrame, profile: Profile) -> pd.Series:
    """A few customers dispute purchases that they made themselves. Only their own history gives them away."""
    active = honest["card"].value_counts()
    few = rng.choice(active.index[: profile.cards // 4].to_numpy(), max(1, round(9 * profile.size)), replace=False)
    disputed = honest["card"].isin(few) & (rng.random(len(honest)) < 0.22) & (honest["amount"] > 15)
    return honest["kind"].where(~disputed, "dispute")


def refunds(rng: np.random.Generator, honest: pd.DataFrame, profile: Profile) -> pd.DataFrame:
    back = honest[honest["kind"] == "honest"].sample(frac=0.012, random_state=int(rng.integers(2**31))).copy()
    back["second"] += (rng.uniform(0.5, 20, len(back)) * DAY).astype(np.int64)
    back["amount"] = -back["amount"]
    back["kind"] = "refund"
    return back[back["second"] < profile.days * DAY]


def truth(seed: int, world: World, profile: Profile) -> pd.DataFrame:
    """Everything that happened, in euros, with the kind of each purchase."""
    streams = [np.random.default_rng([seed, part]) for part in range(10, 16)]
    honest = honest_spending(streams[0], world, profile)
    honest["kind"] = first_party(streams[1], honest, profile)
    parts = [
        honest,
        stolen_cards(streams[2], world, profile),
        breached_merchants(streams[3], world, profile, honest),
        card_testing(streams[4], world, profile),
        refunds(streams[5], honest, profile),
    ]
    events = pd.concat(parts, ignore_index=True)
    events = events[(events["second"] >= 0) & (events["second"] < profile.days * DAY)]
    events["amount"] = events["amount"].round(2).where(lambda amount: amount.abs() >= 0.2, 0.2)
    return events.sort_values(["second", "card", "merchant"], kind="stable").reset_index(drop=True)


def device_age(rng: np.random.Generator, world: World, events: pd.DataFrame, online: np.ndarray) -> np.ndarray:
    """Days since the device was first seen with the card; new devices are common among thieves and not rare among owners."""
    kind = events["kind"]
    new_share = kind.map({"stolen": 0.60, "breach": 0.80, "testing": 0.80}).fillna(0.05).to_numpy()
    new = rng.random(len(events)) < new_share
    owner = world.cards["device_days"].to_numpy()[events["card"]] * rng.uniform(0.6, 1.0, len(events))
    age = np.where(new, rng.exponential(1.5, len(events)), owner).round(1)
    lost = rng.random(len(events)) < 0.08
    return np.where(online & ~lost, age, np.nan)


def record(seed: int, world: World, events: pd.DataFrame, profile: Profile) -> pd.DataFrame:
    """What the company's systems wrote down of it: resent messages, cents, formats, gaps, and labels that come late."""
    rng = np.random.default_rng([seed, 20])
    resent = events.sample(frac=0.006, random_state=int(rng.integers(2**31)))
    day = (events["second"] // DAY).to_numpy()
    shop, card = world.merchants.iloc[events["merchant"]], world.cards.iloc[events["card"]]
    acquirer = shop["acquirer"].to_numpy()
    in_cents = (acquirer == CENTS_ACQUIRER) & (day >= profile.cents_from)
    table = pd.DataFrame(
        {
            "timestamp": written_times(events["second"].to_numpy(), acquirer),
            "card_id": coded(rng, "c", len(world.cards))[events["card"]],
            "programme": card["programme"].to_numpy(),
            "home_zone": card["home_zone"].to_numpy(),
            "customer_days": card["since"].to_numpy() + day - np.floor(card["from_day"].to_numpy()).astype(int),
            "merchant_id": coded(rng, "m", len(world.merchants))[events["merchant"]],
            "category": shop["category"].to_numpy(),
            "merchant_zone": shop["merchant_zone"].to_numpy(),
            "channel": np.where(shop["online"], "online", "pos"),
            "acquirer": acquirer,
            "amount": np.where(in_cents, events["amount"] * 100, events["amount"]).round(2),
            "device_age_days": device_age(rng, world, events, shop["online"].to_numpy()),
            "day": day,
            "kind": events["kind"].to_numpy(),
            "euros": events["amount"].to_numpy(),
        }
    )
    fraud = ~table["kind"].isin(["honest", "refund"])
    delay = table["kind"].map(LABEL_DELAY).fillna(0).to_numpy() * rng.gamma(2.0, 0.5, len(table))
    table["outcome"] = fraud.astype(int)
    table["charged_back"] = (fraud & (day + delay < profile.cutoff)).astype(int)
    busy = np.where(table["charged_back"] == 1, rng.random(len(table)) < 0.985, rng.random(len(table)) < 0.001)
    busy &= day < profile.cutoff
    table["queue_min"] = np.where(busy, rng.gamma(2.0, 11, len(table)).round(), 0).astype(int)
    table = pd.concat([table, table.loc[resent.index]], ignore_index=True)
    table.insert(0, "txn_id", coded(rng, "t", len(table)))
    table["merchant_dispute_rate"] = dispute_rate(table, profile)
    return table.iloc[rng.permutation(len(table))].reset_index(drop=True)


def written_times(second: np.ndarray, acquirer: np.ndarray) -> np.ndarray:
    moment = pd.Series(START + second)
    day_first = moment.dt.strftime("%d/%m/%Y %H:%M").to_numpy()
    return np.where(acquirer == DAY_FIRST_ACQUIRER, day_first, moment.dt.strftime("%Y-%m-%d %H:%M:%S").to_numpy())


def coded(rng: np.random.Generator, letter: str, count: int) -> np.ndarray:
    """Ids that tell nothing: unique, in no order."""
    numbers = rng.choice(16**6, count, replace=False)
    return np.array([f"{letter}{number:06x}" for number in numbers])


def dispute_rate(table: pd.DataFrame, profile: Profile) -> pd.Series:
    """The quiet trap: each shop's share of chargebacks over the whole extract, the row's own outcome included."""
    known = table[table["day"] < profile.cutoff]
    return table["merchant_id"].map(known.groupby("merchant_id")["charged_back"].mean().round(5))


def write(table: pd.DataFrame, profile: Profile, out: Path) -> None:
    public = [
        "txn_id", "timestamp", "card_id", "programme", "home_zone", "customer_days", "merchant_id", "category",
        "merchant_zone", "channel", "acquirer", "amount", "device_age_days", "merchant_dispute_rate", "queue_min",
    ]  # fmt: skip
    hidden = table["day"] >= profile.cutoff
    for folder in ("public", "private"):
        (out / folder).mkdir(parents=True, exist_ok=True)
    table.loc[~hidden, [*public, "charged_back"]].to_csv(out / "public" / "train.csv", index=False)
    table.loc[hidden, public].to_csv(out / "public" / "score.csv", index=False)
    labels = table.loc[hidden, ["txn_id", "outcome", "euros", "kind", "category", "programme"]]
    labels = labels.rename(columns={"outcome": "charged_back", "euros": "amount"})
    labels["loss"] = (labels["amount"] + CHARGEBACK_FEE).where(labels["charged_back"] == 1, 0.0)
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
    world = make_world(np.random.default_rng([options.seed, 1]), profile)
    write(record(options.seed, world, truth(options.seed, world, profile), profile), profile, options.out)


if __name__ == "__main__":
    main()
