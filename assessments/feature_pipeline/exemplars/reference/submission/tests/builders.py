"""Deliveries with sane defaults, so that a test names only what it is about."""

from pathlib import Path

from features.events import Event

HEADER = "event_id,request_id,revision,status,customer,source,kind,event_time,received_at,category,amount,agent"
NOON = 1_750_000_000
MINUTE, DAY = 60, 86_400


def event(name: str = "e1", **values: object) -> Event:
    at = values.get("at", NOON)
    defaults: dict[str, object] = {
        "event_id": name,
        "request_id": f"r-{name}",
        "revision": 1,
        "status": "ok",
        "customer": "c1",
        "kind": "purchase",
        "at": at,
        "received": at,
        "category": "books",
        "cents": 1000,
        "by_program": False,
    }
    return Event(**{**defaults, **values})  # type: ignore[arg-type]


def line(**values: str) -> str:
    """A row of a file as text."""
    cells = dict(
        zip(HEADER.split(","), "e1,r1,1,ok,c1,web,purchase,2025-06-01 12:00:00,2025-06-01 12:00:05,books,12.50,chrome".split(","))
    )
    return ",".join({**cells, **values}.values())


def deliver(folder: Path, name: str, *lines: str, header: str = HEADER) -> None:
    (folder / name).write_text("\n".join([header, *lines]) + "\n", "utf-8")


def ask(folder: Path, *pairs: str) -> None:
    (folder / "pairs.csv").write_text("\n".join(["pair_id,customer,as_of", *pairs]) + "\n", "utf-8")
