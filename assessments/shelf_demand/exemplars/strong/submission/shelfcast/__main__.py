"""The command line: `python -m shelfcast train`, `predict` and `order`."""

import argparse
import json
from pathlib import Path

from shelfcast import data, model
from shelfcast.orders import order_quantities

ORDERS_FILE = Path(__file__).parent.parent / "orders.json"


def main(arguments: list[str] | None = None) -> None:
    options = _parser().parse_args(arguments)
    history, future = data.read(options.data)
    if options.command == "train":
        model.train(history, options.model)
        return
    forecast = model.predict(history, future, options.model)
    if options.command == "predict":
        data.write_predictions(future["row_id"], forecast, options.out)
        return
    chosen = json.loads(ORDERS_FILE.read_text(encoding="utf-8"))
    order_quantities(future, forecast, chosen["quantile"]).to_csv(
        options.out, index=False
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="shelfcast", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    train = commands.add_parser("train", help="learn from train.csv")
    predict = commands.add_parser("predict", help="forecast the rows of score.csv")
    order = commands.add_parser("order", help="what to have on the shelf")
    for command in (train, predict, order):
        command.add_argument("--data", type=Path, required=True)
        command.add_argument("--model", type=Path, required=True)
    for command in (predict, order):
        command.add_argument("--out", type=Path, required=True)
    return parser


if __name__ == "__main__":
    main()
