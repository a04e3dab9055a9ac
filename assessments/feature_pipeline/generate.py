"""Make the data of one copy of the exercise.

    python generate.py --seed 7 --profile profile.json --out DIR

writes DIR/public (what the candidate gets) and DIR/private (the pairs that are really asked for, and every answer). The
same seed and profile give the same bytes: no clock, no network, no environment is read.

The file follows the way the data comes to be: customers act, a platform delivers what they did late, twice, corrected and
broken, and the answers are computed from exactly what was delivered. A pair counts as difficult in some respect when a
pipeline that handles everything but that respect gives another row for it.
Canary: e036158a44937abf0cb936dd7fbad865
"""

import argparse
import csv
import json
import random
from collections import defaultdict
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

START = int(datetime(2025, 5, 5, tzinfo=UTC).timestamp())
MINUTE, HOUR, DAY = 60, 3_600, 86_400
SESSION_GAP = 30 * MINUTE
LOCAL_SOURCE, LOCAL_OFFSET = "store", 2 * HOUR
CENTS_SOURCE = "partner"
SOURCES = {"web": 0.34, "app": 0.30, "store": 0.18, "partner": 0.18}
CATEGORIES = {"books": 14.0, "garden": 38.0, "kitchen": 52.0, "music": 11.0, "sport": 64.0, "toys": 23.0}
PROGRAMS = ("price-watch/2.1", "uptime-probe/0.9", "feed-fetcher/5.0")
AGENTS = ("firefox", "chrome", "safari", "shop-app", "till")
FILE_COLUMNS = (
    "event_id", "request_id", "revision", "status", "customer", "source", "kind", "event_time", "received_at", "category",
    "amount", "agent",
)  # fmt: skip
FEATURES = ("orders_7d", "spend_30d", "sessions_7d", "last_event", "top_category")
RESPECTS = ("late", "corrected", "source", "duplicates", "retried", "programs", "session_edge")


@dataclass(frozen=True)
class Profile:
    """Sizes and rates. Everything else is part of the story."""

    customers: int = 800
    days: int = 60
    sessions: float = 21.0
    shown_pairs: int = 3_000
    asked_pairs: int = 3_000
    least_of_a_kind: int = 320
    late: float = 0.12
    duplicated: float = 0.03
    retried: float = 0.012
    corrected: float = 0.08
    """Of purchases and refunds, which are about half of all events."""
    unusable: int = 60
    robots: int = 6
    new_column_day: int = 30


@dataclass(frozen=True)
class Row:
    """One delivered row. Times are seconds in UTC and amounts cents, whatever the file says."""

    event_id: str
    request_id: str
    revision: int
    status: str
    customer: str
    source: str
    kind: str
    at: int
    received: int
    category: str
    cents: int
    agent: str
    broken: str = ""
    """Reason for which the row cannot be used."""

    @property
    def by_program(self) -> bool:
        return self.agent in PROGRAMS


class Names:
    """Ids without meaning, each once."""

    def __init__(self, source: random.Random) -> None:
        self._source, self._taken = source, set()

    def fresh(self, letter: str, digits: int) -> str:
        while True:
            name = f"{letter}{self._source.randrange(10 ** (digits - 1), 10**digits)}"
            if name not in self._taken:
                self._taken.add(name)
                return name


def act(source: random.Random, profile: Profile, names: Names, customers: list[str]) -> list[Row]:
    """What customers did, each in visits of a few events, and what programs did in the name of six of them."""
    happened = []
    for customer in customers:
        habit = source.choices(list(SOURCES), list(SOURCES.values()))[0]
        taste = source.choice(list(CATEGORIES))
        for _ in range(max(2, round(source.gammavariate(2.0, profile.sessions / 2)))):
            origin = habit if source.random() < 0.9 else source.choice(list(SOURCES))
            begin = START + source.randrange(profile.days) * DAY + int(source.triangular(6, 23.5, 19) * HOUR)
            for at in _visit(source, begin):
                category = taste if source.random() < 0.55 else source.choice(list(CATEGORIES))
                happened.append(_event(source, names, customer, origin, at, category))
    for customer in source.sample(customers, profile.robots):
        agent = source.choice(PROGRAMS)
        begin = START + source.randrange(2, profile.days // 2) * DAY
        for _ in range(profile.customers // 4):
            at = begin + source.randrange((profile.days - 8) * DAY // 2)
            event = _event(source, names, customer, "web", at, source.choice(list(CATEGORIES)))
            happened.append(replace(event, agent=agent))
    return happened


def _visit(source: random.Random, begin: int) -> list[int]:
    """Times of one visit; now and then two events lie exactly half an hour apart, or a second more."""
    times = [begin]
    for _ in range(min(7, int(source.expovariate(1 / 1.5)))):
        edge = source.random()
        gap = SESSION_GAP if edge < 0.10 else SESSION_GAP + 1 if edge < 0.14 else 5 + int(source.expovariate(1 / 300))
        times.append(times[-1] + gap)
    return times


def _event(source: random.Random, names: Names, customer: str, origin: str, at: int, category: str) -> Row:
    kind = source.choices(("view", "purchase", "refund"), (0.52, 0.42, 0.06))[0]
    cents = 0 if kind == "view" else max(99, int(CATEGORIES[category] * 100 * source.lognormvariate(0, 0.5)))
    agent = "till" if origin == "store" else "shop-app" if origin == "app" else source.choice(AGENTS[:3])
    return Row(names.fresh("e", 8), names.fresh("r", 8), 1, "ok", customer, origin, kind, at, 0, category, cents, agent)


def deliver(source: random.Random, profile: Profile, names: Names, happened: list[Row]) -> list[Row]:
    """What reached the platform: late, twice, tried again, corrected."""
    rows = []
    for event in sorted(happened, key=lambda row: (row.at, row.event_id)):
        late = source.random() < profile.late
        wait = source.uniform(6 * HOUR, 6 * DAY) if late else source.expovariate(1 / 90)
        first = replace(event, received=event.at + 1 + int(wait))
        rows.append(first)
        if event.kind != "view" and source.random() < profile.corrected:
            rows.append(_correction(source, first))
        elif source.random() < profile.retried:
            later = event.at + source.randrange(1, 50)
            rows.append(replace(first, event_id=names.fresh("e", 8), at=later, received=later + 1 + int(wait)))
        if source.random() < profile.duplicated:
            rows.append(replace(first, received=first.received + int(source.uniform(20, 3 * DAY))))
    return rows


def _correction(source: random.Random, first: Row) -> Row:
    received = first.received + int(source.uniform(2 * HOUR, 12 * DAY))
    if source.random() < 0.3:
        return replace(first, revision=2, status="void", received=received)
    return replace(first, revision=2, cents=max(50, int(first.cents * source.uniform(0.3, 0.9))), received=received)


def spoil(source: random.Random, profile: Profile, names: Names, rows: list[Row]) -> list[Row]:
    """Rows that nobody can use, among the others."""
    reasons = ("no_customer", "bad_time", "bad_amount", "from_future")
    spoilt = []
    for number, row in enumerate(source.sample([row for row in rows if row.cents and row.revision == 1], profile.unusable)):
        copy = replace(row, event_id=names.fresh("e", 8), request_id=names.fresh("r", 8), broken=reasons[number % len(reasons)])
        spoilt.append(replace(copy, at=row.received + 3 * DAY) if copy.broken == "from_future" else copy)
    return [*rows, *spoilt]


@dataclass(frozen=True)
class File:
    """One delivery as it lies on disk, with what really came in it."""

    name: str
    text: str
    rows: tuple[Row, ...]
    unusable: tuple[tuple[int, str], ...]


def pack_files(source: random.Random, profile: Profile, rows: list[Row]) -> list[File]:
    """A file for each day of arrival. One comes twice, and one breaks off in the middle of a row."""
    days: dict[int, list[Row]] = defaultdict(list)
    for row in rows:
        days[(row.received - START) // DAY].append(row)
    usable = [day for day in range(5, profile.days - 5) if not any(row.broken for row in days[day])]
    twice = source.choice(usable or [7])
    torn = source.choice([day for day in range(12, profile.days - 15) if day != twice])
    files = []
    for day, delivered in sorted(days.items()):
        ordered = sorted(delivered, key=lambda row: (row.received, row.event_id, row.revision))
        if day == twice:
            ordered = [row for row in ordered if not row.broken]
        made = _file(source, f"events_{_date(day)}.csv", ordered, day >= profile.new_column_day, torn=day == torn)
        files.append(made)
        if day == twice:
            files.append(replace(made, name=f"events_{_date(day)}_2.csv"))
    return files


def _file(source: random.Random, name: str, rows: list[Row], widened: bool, *, torn: bool) -> File:
    header = list(FILE_COLUMNS)
    at = header.index("amount")
    header = [*header[:at], "campaign", *header[at:]] if widened else header
    lines = [",".join(header)]
    for row in rows:
        cells = _cells(row)
        lines.append(",".join([*cells[:at], _campaign(row), *cells[at:]] if widened else cells))
    kept, unusable = rows, [(number, row.broken) for number, row in enumerate(rows, 1) if row.broken]
    text = "\n".join(lines) + "\n"
    if torn:
        last = int(len(rows) * 0.93)
        kept = rows[: last - 1]
        unusable = [(number, reason) for number, reason in unusable if number < last] + [(last, "truncated")]
        cut = lines[last].split(",")[: source.randrange(4, 8)]
        text = "\n".join([*lines[:last], ",".join(cut)])
    return File(name, text, tuple(row for row in kept if not row.broken), tuple(unusable))


def _cells(row: Row) -> list[str]:
    written = row.at + (LOCAL_OFFSET if row.source == LOCAL_SOURCE else 0)
    amount = "" if row.kind == "view" else str(row.cents) if row.source == CENTS_SOURCE else f"{row.cents / 100:.2f}"
    if row.broken == "bad_amount":
        amount = ("n/a", "-" + amount)[row.cents % 2]
    time = "0000-00-00 00:00:00" if row.broken == "bad_time" else _time(written)
    customer = "" if row.broken == "no_customer" else row.customer
    return [
        row.event_id, row.request_id, str(row.revision), row.status, customer, row.source, row.kind, time, _time(row.received),
        row.category, amount, row.agent,
    ]  # fmt: skip


def _campaign(row: Row) -> str:
    return ("", "spring", "summer")[int(row.event_id[1:]) % 3]


def _time(second: int) -> str:
    return datetime.fromtimestamp(second, UTC).strftime("%Y-%m-%d %H:%M:%S")


def _date(day: int) -> str:
    return datetime.fromtimestamp(START + day * DAY, UTC).strftime("%Y%m%d")


Feature = tuple[int, int, int, int, str]


class Answers:
    """The features of any customer at any time, from what was delivered; on demand with one respect left unhandled."""

    def __init__(self, files: list[File]) -> None:
        self._deliveries: dict[str, dict[str, list[Row]]] = defaultdict(lambda: defaultdict(list))
        for file in files:
            for row in file.rows:
                self._deliveries[row.customer][row.event_id].append(row)
        for events in self._deliveries.values():
            for rows in events.values():
                rows.sort(key=lambda row: (row.revision, row.received))

    def used_by_programs(self) -> list[str]:
        everything = ((name, rows[0]) for name, events in self._deliveries.items() for rows in events.values())
        return sorted({name for name, row in everything if row.by_program})

    def possible(self, customer: str) -> list[str]:
        """Respects that this customer's rows can be difficult in at all."""
        events = list(self._deliveries.get(customer, {}).values())
        rows = [row for deliveries in events for row in deliveries]
        there = {
            "corrected": any(row.revision > 1 for row in rows),
            "source": any(row.source in (LOCAL_SOURCE, CENTS_SOURCE) for row in rows),
            "duplicates": len({(row.event_id, row.revision) for row in rows}) < len(rows),
            "retried": len({row.request_id for row in rows}) < len(events),
            "programs": any(row.by_program for row in rows),
        }
        return [respect for respect in RESPECTS if there.get(respect, True)]

    def features(self, customer: str, as_of: int, ignored: str = "") -> Feature:
        known: list[Row] = []
        for rows in self._deliveries.get(customer, {}).values():
            if rows[0].at <= as_of:
                known += self._versions(rows, as_of, ignored)
        if ignored == "source":
            known = [_as_written(row) if row.source in (LOCAL_SOURCE, CENTS_SOURCE) else row for row in known]
        if ignored != "retried":
            known = _first_tries(known)
        counted = sorted((row for row in known if row.at <= as_of), key=lambda row: (row.at, row.event_id))
        return _summed(counted, as_of, ignored)

    def _versions(self, rows: list[Row], as_of: int, ignored: str) -> list[Row]:
        """How often an event counts, and in which version; `rows` are in order of revision."""
        received = [row for row in rows if row.received <= as_of]
        if ignored == "late":
            received = received or [row for row in rows if row.revision == 1]
        if not received or (received[-1].by_program and ignored != "programs"):
            return []
        latest = rows[-1] if ignored == "corrected" else received[-1]
        if latest.status == "void":
            return []
        return [row for row in received if row.revision == latest.revision] if ignored == "duplicates" else [latest]


def _as_written(row: Row) -> Row:
    at = row.at + (LOCAL_OFFSET if row.source == LOCAL_SOURCE else 0)
    return replace(row, at=at, cents=row.cents * (100 if row.source == CENTS_SOURCE else 1))


def _first_tries(rows: list[Row]) -> list[Row]:
    first: dict[str, Row] = {}
    for row in rows:
        other = first.get(row.request_id)
        if other is None or (row.at, row.event_id) < (other.at, other.event_id):
            first[row.request_id] = row
    return [row for row in rows if first[row.request_id].event_id == row.event_id]


def _summed(rows: list[Row], as_of: int, ignored: str) -> Feature:
    week, month = as_of - 7 * DAY, as_of - 30 * DAY
    orders = sum(row.kind == "purchase" and row.at > week for row in rows)
    spend, bought = 0, defaultdict(int)
    for row in rows:
        if row.at > month and row.kind != "view":
            spend += row.cents if row.kind == "purchase" else -row.cents
            bought[row.category] += row.kind == "purchase"
    best = min(((-count, name) for name, count in bought.items() if count), default=(0, ""))[1]
    return orders, spend, _sessions(rows, week, ignored), rows[-1].at if rows else 0, best


def _sessions(rows: list[Row], week: int, ignored: str) -> int:
    times = [row.at for row in rows]
    if ignored == "session_edge":
        times = [at for at in times if at > week]
        return bool(times) + sum(later - earlier >= SESSION_GAP for earlier, later in pairwise(times))
    begins = [at for before, at in zip([0, *times], times, strict=False) if at - before > SESSION_GAP]
    return sum(at > week for at in begins)


@dataclass(frozen=True)
class Pair:
    customer: str
    as_of: int


def draw_pairs(source: random.Random, profile: Profile, customers: list[str], count: int) -> list[Pair]:
    span = (profile.days - 10) * DAY
    return [Pair(source.choice(customers), START + 10 * DAY + source.randrange(span)) for _ in range(count)]


@dataclass(frozen=True)
class Asked:
    pair: Pair
    answer: Feature
    hard: frozenset[str]


def choose_asked(source: random.Random, profile: Profile, answers: Answers, customers: list[str]) -> list[Asked]:
    """Pairs to ask for: at random, but with enough that are difficult in each respect."""
    drawn = draw_pairs(source, profile, customers, profile.asked_pairs * 3 // 2)
    drawn += draw_pairs(source, profile, answers.used_by_programs(), profile.least_of_a_kind)
    possible = {customer: answers.possible(customer) for customer in customers}
    pool = []
    for pair in drawn:
        answer = answers.features(pair.customer, pair.as_of)
        respects = possible[pair.customer]
        hard = frozenset(one for one in respects if answers.features(pair.customer, pair.as_of, one) != answer)
        pool.append(Asked(pair, answer, hard))
    chosen: dict[int, Asked] = {}
    for respect in RESPECTS:
        having = [place for place, one in enumerate(pool) if respect in one.hard]
        chosen |= {place: pool[place] for place in having[: profile.least_of_a_kind]}
    plain = [place for place, one in enumerate(pool) if not one.hard and one.answer[3]]
    chosen |= {place: pool[place] for place in plain[: profile.least_of_a_kind]}
    for place, one in enumerate(pool[: profile.asked_pairs * 3 // 2]):
        if len(chosen) >= profile.asked_pairs:
            break
        chosen.setdefault(place, one)
    asked = [chosen[place] for place in sorted(chosen)]
    source.shuffle(asked)
    return asked


def feature_cells(answer: Feature) -> list[str]:
    orders, spend, sessions, last, category = answer
    moment = _time(last).replace(" ", "T") + "Z" if last else ""
    return [str(orders), f"{spend / 100:.2f}", str(sessions), moment, category]


def sql_tables(source: random.Random, files: list[File]) -> tuple[list[list[str]], list[list[str]], dict[str, list[list[str]]]]:
    """Two clean tables in UTC and cents, and the rows that answer the three questions."""
    by_customer: dict[str, list[Row]] = defaultdict(list)
    for row in dict.fromkeys(row for file in files for row in file.rows):
        by_customer[row.customer].append(row)
    actions, deliveries = [], []
    answers: dict[str, list[list[str]]] = {"q1": [], "q2": [], "q3": []}
    cut = START + 40 * DAY
    for customer in sorted(by_customer)[::2]:
        rows = by_customer[customer]
        done = sorted({(row.at, row.event_id): row for row in rows if row.revision == 1 and not row.by_program}.items())
        acts = [row for _, row in done]
        actions += [[customer, str(row.at), row.kind, str(row.cents)] for row in acts]
        answers["q1"] += _visits_of(customer, [row.at for row in acts])
        answers["q2"] += _best_week(customer, [(row.at, row.cents) for row in acts if row.kind == "purchase"])
        bought = [row for row in rows if row.kind == "purchase" and not row.by_program]
        deliveries += [
            [customer, row.event_id, str(row.revision), str(row.received), row.status, str(row.cents)] for row in bought
        ]
        answers["q3"] += _known_and_final(customer, bought, cut)
    source.shuffle(actions)
    source.shuffle(deliveries)
    return actions, deliveries, answers


def _visits_of(customer: str, times: list[int]) -> list[list[str]]:
    lengths: list[int] = []
    for place, at in enumerate(times):
        if not place or at - times[place - 1] > SESSION_GAP:
            lengths.append(0)
        else:
            lengths[-1] += at - times[place - 1]
    return [[customer, str(len(lengths)), str(max(lengths))]] if lengths else []


def _best_week(customer: str, bought: list[tuple[int, int]]) -> list[list[str]]:
    sums = [sum(cents for at, cents in bought if end - 7 * DAY < at <= end) for end, _ in bought]
    return [[customer, str(max(sums))]] if sums else []


def _known_and_final(customer: str, rows: list[Row], cut: int) -> list[list[str]]:
    def total(deliveries: list[Row]) -> int:
        latest: dict[str, Row] = {}
        for row in sorted(deliveries, key=lambda row: row.revision):
            latest[row.event_id] = row
        return sum(row.cents for row in latest.values() if row.status == "ok")

    known = [row for row in rows if row.received <= cut]
    return [[customer, str(total(known)), str(total(rows))]] if known else []


def write(path: Path, header: list[str], rows: list[list[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--profile", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    asked_for = parser.parse_args()
    given = json.loads(asked_for.profile.read_text("utf-8"))
    profile = Profile(**{key: given[key] for key in (one.name for one in fields(Profile)) if key in given})
    source = random.Random(asked_for.seed)
    names = Names(source)
    customers = [names.fresh("c", 6) for _ in range(profile.customers)]
    rows = spoil(source, profile, names, deliver(source, profile, names, act(source, profile, names, customers)))
    files = pack_files(source, profile, rows)
    answers = Answers(files)
    asked = choose_asked(source, profile, answers, customers)
    shown = draw_pairs(source, profile, customers, profile.shown_pairs)
    public, private = asked_for.out / "public", asked_for.out / "private"
    public.mkdir(parents=True)
    private.mkdir()
    for file in files:
        (public / file.name).write_bytes(file.text.encode())
    pair_header = ["pair_id", "customer", "as_of"]
    shown_ids = [names.fresh("p", 7) for _ in shown]
    cells = [[name, one.customer, _time(one.as_of)] for name, one in zip(shown_ids, shown, strict=True)]
    write(public / "pairs.csv", pair_header, cells)
    right = [feature_cells(answers.features(one.customer, one.as_of)) for one in shown]
    write(private / "shown.csv", ["pair_id", *FEATURES], [[name, *row] for name, row in zip(shown_ids, right, strict=True)])
    ids = [names.fresh("p", 7) for _ in asked]
    write(
        private / "asked.csv",
        pair_header,
        [[name, one.pair.customer, _time(one.pair.as_of)] for name, one in zip(ids, asked, strict=True)],
    )
    golden = [
        [name, *feature_cells(one.answer), str(int(not one.hard)), *(str(int(respect in one.hard)) for respect in RESPECTS)]
        for name, one in zip(ids, asked, strict=True)
    ]
    write(private / "golden.csv", ["pair_id", *FEATURES, "plain", *RESPECTS], golden)
    planted = [[file.name, str(number), reason] for file in files for number, reason in file.unusable]
    write(private / "planted.csv", ["file", "row", "reason"], planted)
    actions, deliveries, expected = sql_tables(source, files)
    write(public / "sql_actions.csv", ["customer", "at", "kind", "cents"], actions)
    write(public / "sql_deliveries.csv", ["customer", "event_id", "revision", "received_at", "status", "cents"], deliveries)
    for name, header in (
        ("q1", ["customer", "sessions", "longest_s"]),
        ("q2", ["customer", "best_week_cents"]),
        ("q3", ["customer", "known_cents", "final_cents"]),
    ):
        write(private / f"{name}.csv", header, expected[name])


if __name__ == "__main__":
    main()
