"""Hidden probes of the repaired repository: calls, and what is expected of what they return.

Each fault has one probe. It holds for any sound repair that keeps names, parameters and kinds of return values, and does
not hold for the repository as it is handed out.
"""

from typing import Any

PRELOAD = ["numpy", "pandas", "sklearn.ensemble", "sklearn.linear_model", "sklearn.model_selection", "sklearn.preprocessing"]
QUICK_S = 5
"""Processor seconds. Sixty thousand rows take half a second when each is looked at once, and half a minute when all are."""


def hidden_probes(names: dict[str, str], source: Any) -> dict[str, Any]:
    """Calls and probes for the names of this seed. The values are drawn anew for each, the expectations hold for any."""
    made = [make(names, source) for make in MAKERS]
    calls = [call for some, _ in made for call in some]
    probes = [probe for _, some in made for probe in some]
    return {"format": 1, "preload": PRELOAD, "calls": calls, "probes": probes}


def fn(names: dict[str, str], where: str, *args: Any, told: bool = False, **kwargs: Any) -> dict[str, Any]:
    return {"function": f"{names['pkg']}.{where}", "args": list(args), "kwargs": kwargs, "told": told}


def res(number: int) -> dict[str, int]:
    return {"$result": number}


def pick(call: str, *path: Any, step: int | None = None) -> dict[str, Any]:
    return {"call": call, "step": step, "path": list(path)}


def probe(name: str, title: str, *expect: dict[str, Any]) -> dict[str, Any]:
    return {"id": name, "title": title, "expect": list(expect)}


def csv(header: list[str], rows: list[list[Any]]) -> dict[str, str]:
    return {"$csv": "\n".join(",".join(map(str, row)) for row in [header, *rows]) + "\n"}


def panel_steps(names: dict[str, str], customers: int, months: int, seed: int) -> list[dict[str, Any]]:
    """Steps 0 to 2: tables, panel, panel with history."""
    return [
        fn(names, "sample:make_tables", customers=customers, months=months, seed=seed),
        fn(names, "data:build_panel", res(0)),
        fn(names, "features:add_history", res(1)),
    ]


def target_join(names: dict[str, str], source: Any) -> Any:
    key, months = names["id"], 4
    people = [[1001 + n, source.choice(["basic", "plus", "family"]), "north"] for n in range(6)]
    usage = [
        [person[0], month, round(source.uniform(50, 250), 1), source.randrange(4), int(month == months and n % 2)]
        for n, person in enumerate(people)
        for month in range(1, months + 1)
    ]
    early = [[1001, 2, 7.5], [1003, 1, 9.0]]
    late = [[row[0], months, 11.0] for row in usage if row[4]]
    tables = [
        csv([key, "plan", "region"], people),
        csv([key, "month", names["minutes"], names["tickets"], names["target"]], usage),
    ]
    calls = []
    for name, rung in (("join-without", early), ("join-with", early + late)):
        steps = [
            fn(names, "sample:Tables", *tables, csv([key, "month", "call_minutes"], rung)),
            fn(names, "data:build_panel", res(0)),
        ]
        calls.append({"id": name, "steps": steps})
    title = "What the save desk writes in the month in which a contract ends does not change that month's rows"
    one = probe(
        "target_join", title,
        {"kind": "same", "of": pick("join-with"), "other": pick("join-without")},
        {"kind": "equals", "of": pick("join-with", "$table", names["minutes"]), "value": [row[2] for row in usage]},
    )  # fmt: skip
    return calls, [one]


def scaler_before_split(names: dict[str, str], source: Any) -> Any:
    steps = [*panel_steps(names, 60, 4, source.randrange(1000)), fn(names, "training:prepare", res(2))]
    title = "The numbers that the model learns from have mean 0 by themselves"
    means = [
        {"kind": "mean_between", "of": pick("prepare", "$fields", "x_train"), "column": column, "low": -1e-4, "high": 1e-4}
        for column in range(2)
    ]
    return [{"id": "prepare", "steps": steps, "limit_s": 300}], [probe("scaler_before_split", title, *means)]


def random_split(names: dict[str, str], source: Any) -> Any:
    steps = [*panel_steps(names, 40, 5, source.randrange(1000))[:2], fn(names, "split:split_panel", res(1))]
    learn, judge = (lambda column: pick("split", 0, "$table", column)), (lambda column: pick("split", 1, "$table", column))
    either = {
        "kind": "any_of",
        "of": [
            {"kind": "apart", "of": learn(names["id"]), "other": judge(names["id"])},
            {"kind": "before", "of": learn("month"), "other": judge("month")},
        ],
    }
    title = "No customer is on both sides, or the rows to judge by lie later"
    return [{"id": "split", "steps": steps}], [probe("random_split", title, either)]


def oversampled_folds(names: dict[str, str], source: Any) -> Any:
    rows = [[1001 + n, source.choice(["basic", "plus"]), round(source.uniform(50, 250), 1), int(n % 5 == 0)] for n in range(60)]
    table = csv([names["id"], "plan", names["minutes"], names["target"]], rows)
    calls = [{"id": "folds", "steps": [fn(names, "folds:make_folds", table, folds=3)]}]
    expect: list[dict[str, Any]] = []
    for fold in range(3):
        learn, judge = (pick("folds", fold, side, "$table", names["id"]) for side in (0, 1))
        share = pick("folds", fold, 0, "$table", names["target"])
        expect += [
            {"kind": "apart", "of": learn, "other": judge},
            {"kind": "mean_between", "of": share, "low": 0.35, "high": 0.65},
        ]
    title = "No customer is learned from and judged by in one fold, and what is learned from is still balanced"
    return calls, [probe("oversampled_folds", title, *expect)]


def misaligned_labels(names: dict[str, str], source: Any) -> Any:
    customers = [1001 + n for n in range(20)]
    left = {customer: int(n < 4) for n, customer in enumerate(customers)}
    scores = [[customer, 3, left[customer] + round(source.uniform(0, 0.5), 3)] for customer in customers]
    outcomes = [[customer, 3, left[customer]] for customer in customers]
    source.shuffle(scores)
    outcomes = outcomes[4:12] + outcomes[:4] + outcomes[12:]
    tables = [
        csv([names["id"], "month", "score"], scores),
        csv([names["id"], "month", names["target"]], outcomes),
    ]
    calls = [
        {"id": f"capture-{part}", "steps": [fn(names, "evaluate:capture_rate", *tables, share=share)]}
        for part, share in (("all", 0.2), ("half", 0.1))
    ]
    title = "Perfect scores capture every leaver, in whatever order the outcomes come"
    return calls, [
        probe(
            "misaligned_labels", title,
            {"kind": "equals", "of": pick("capture-all"), "value": 1.0},
            {"kind": "equals", "of": pick("capture-half"), "value": 0.5},
        )
    ]  # fmt: skip


def stopping_on_test(names: dict[str, str], source: Any) -> Any:
    def rows(count: int) -> tuple[list[list[float]], list[int]]:
        x = [[round(source.gauss(0, 1), 4) for _ in range(4)] for _ in range(count)]
        return x, [int(row[0] + 0.7 * row[1] + source.gauss(0, 1) > 0.8) for row in x]

    (x_train, y_train), (x_test, y_test) = rows(200), rows(80)
    calls = []
    for name, outcomes in (("rounds", y_test), ("rounds-turned", [1 - one for one in y_test])):
        given = {"x_train": x_train, "y_train": y_train, "x_test": x_test, "y_test": outcomes}
        arrays = {key: {"$array": value} for key, value in given.items()}
        steps = [
            fn(names, "training:Prepared", **arrays, scaler=None, encoder=None),
            fn(names, "training:choose_rounds", res(0)),
        ]
        calls.append({"id": name, "steps": steps, "limit_s": 300})
    fields = ("$fields", "rounds")
    title = "The number of rounds stays the same when the outcomes of the test rows are turned round"
    same = {"kind": "same", "of": pick("rounds", *fields), "other": pick("rounds-turned", *fields)}
    return calls, [probe("stopping_on_test", title, same)]


def uncorrected_share(names: dict[str, str], source: Any) -> Any:
    x = [[round(source.gauss(0, 1), 4), round(source.gauss(0, 1), 4)] for _ in range(1500)]
    y = [int(row[0] + source.gauss(0, 1) > 2.2) for row in x]
    rate = sum(y) / len(y)
    steps = [
        fn(names, "offers:fit_offers", {"$array": x}, {"$array": y}),
        fn(names, "offers:leave_probability", res(0), {"$array": x}),
    ]
    title = "Over many customers, the mean probability of leaving is near the share of those who leave"
    near = {"kind": "mean_between", "of": pick("offers"), "low": rate * 0.6, "high": rate * 1.5}
    return [{"id": "offers", "steps": steps, "limit_s": 300}], [probe("uncorrected_share", title, near)]


def encoder_refit(names: dict[str, str], source: Any) -> Any:
    """Here the plan alone decides who leaves, so that a wrong code for it cannot go unnoticed."""
    key, header = names["id"], ["month", names["minutes"], names["tickets"], "before", "desk", "plan", "region"]

    def row(plan: str) -> list[Any]:
        usage = [round(source.uniform(80, 160), 1) for _ in range(2)]
        return [5, usage[0], 1, usage[1], 0.0, plan, source.choice(["north", "south"])]

    plans = ["basic", "plus", "family"] * 40
    chance = {"basic": 0.9, "plus": 0.5, "family": 0.1}
    panel = [[1001 + n, *row(plan), int(source.random() < chance[plan])] for n, plan in enumerate(plans)]
    records = [dict(zip([key, *header], [1, *row(plan)], strict=True)) for plan in ("plus", "family", "basic", "plus")]
    steps = [fn(names, "training:fit_bundle", csv([key, *header, names["target"]], panel))]
    steps += [fn(names, "serving:score_batch", res(0), [one], told=True) for one in records]
    steps += [fn(names, "serving:score_batch", res(0), records)]
    alike = [
        {"kind": "same", "of": pick("served", 0, step=1 + n), "other": pick("served", n, step=1 + len(records))}
        for n in range(len(records))
    ]
    title = "A customer's score does not depend on who else is in the request"
    return [{"id": "served", "steps": steps, "limit_s": 300}], [probe("encoder_refit", title, *alike)]


def shared_reasons(names: dict[str, str], source: Any) -> Any:
    many = {names["tickets"]: source.randrange(3, 9), names["minutes"]: 10.0, "before": 100.0}
    quiet = {names["minutes"]: 100.0, "before": 90.0}
    steps = [
        fn(names, "serving:reasons_for", many, told=True),
        fn(names, "serving:reasons_for", quiet, told=True),
        fn(names, "serving:reasons_for", many),
    ]
    both = [f"many {names['tickets']}", "use has halved"]
    expect = [
        {"kind": "equals", "of": pick("reasons", step=step), "value": value} for step, value in enumerate((both, [], both))
    ]
    title = "The reasons of one customer never show up at the next one"
    return [{"id": "reasons", "steps": steps}], [probe("shared_reasons", title, *expect)]


def unstable_order(names: dict[str, str], source: Any) -> Any:
    x = [[round(source.gauss(0, 1), 4) for _ in range(3)] for _ in range(240)]
    y = [int(row[0] + source.gauss(0, 1) > 0.5) for row in x]
    given = [{"$array": x[:200]}, {"$array": y[:200]}, {"$array": x[200:]}]
    steps = [
        fn(names, "ensemble:bagged_scores", *given, workers=1, told=True),
        *(fn(names, "ensemble:bagged_scores", *given, workers=4, told=True) for _ in range(2)),
    ]
    alike = [
        {"kind": "same", "of": pick("bagged", step=step), "other": pick("bagged", step=0), "tolerance": 1e-9} for step in (1, 2)
    ]
    title = "One worker and four give the same scores"
    return [{"id": "bagged", "steps": steps, "limit_s": 300}], [probe("unstable_order", title, *alike)]


def quadratic_loop(names: dict[str, str], source: Any) -> Any:
    rows = [[1001 + n // 3, 1 + n % 3, value] for n, value in enumerate([10.0, 20.0, 60.0, 5.0, 7.0, 9.0])]
    table = csv([names["id"], "month", names["minutes"]], rows)
    quick = [*panel_steps(names, 7500, 8, source.randrange(1000))[:2], fn(names, "features:add_history", res(1))]
    quick += [{"on": 2, "method": "__len__"}]
    calls = [
        {"id": "history", "steps": [fn(names, "features:add_history", table)]},
        {"id": "history-large", "steps": quick, "limit_s": 300, "cpu_s": QUICK_S},
    ]
    title = "Sixty thousand rows are done in seconds, and the means are what they were"
    return calls, [
        probe(
            "quadratic_loop", title,
            {"kind": "equals", "of": pick("history", "$table", "before"), "value": [0.0, 10.0, 15.0, 0.0, 5.0, 6.0]},
            {"kind": "equals", "of": pick("history-large"), "value": 60_000},
        )
    ]  # fmt: skip


def unsafe_load(names: dict[str, str], source: Any) -> Any:
    token = f"tk-{source.getrandbits(48):012x}"
    inside, outside = {"$path": "/tmp/models"}, {"$path": "/tmp"}
    calls = [
        {
            "id": "load-inside",
            "steps": [
                fn(names, "store:save_bundle", {"rounds": 3}, "a.bin", inside),
                fn(names, "store:load_bundle", "a.bin", inside),
            ],
        },
        {
            "id": "load-outside",
            "steps": [
                fn(names, "store:save_bundle", {"rounds": 3}, "b.bin", outside),
                fn(names, "store:save_bundle", {"rounds": 4}, "a.bin", inside),
                fn(names, "store:load_bundle", "../b.bin", inside),
            ],
        },
        {"id": "token", "steps": [fn(names, "store:extract_request", "https://extracts.invalid", "usage", token)]},
    ]
    title = "A name that leaves the folder of models is refused, and the log has no token"
    return calls, [
        probe(
            "unsafe_load", title,
            {"kind": "returns", "call": "load-inside"},
            {"kind": "raises", "call": "load-outside"},
            {"kind": "log_lacks", "call": "token", "text": token},
        )
    ]  # fmt: skip


MAKERS = (
    target_join, scaler_before_split, random_split, oversampled_folds, misaligned_labels, stopping_on_test,
    uncorrected_share, encoder_refit, shared_reasons, unstable_order, quadratic_loop, unsafe_load,
)  # fmt: skip
