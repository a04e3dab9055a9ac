"""The command line: `python -m shelfcast train` and `python -m shelfcast predict`."""

import argparse
from pathlib import Path

from shelfcast import data, model


def main() -> None:
    parser = argparse.ArgumentParser(prog="shelfcast")
    commands = parser.add_subparsers(dest="command", required=True)
    train = commands.add_parser("train")
    predict = commands.add_parser("predict")
    for command in (train, predict):
        command.add_argument("--data", type=Path, required=True)
        command.add_argument("--model", type=Path, required=True)
    predict.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    options.model.mkdir(parents=True, exist_ok=True)
    if options.command == "train":
        model.train(data.read_history(options.data), options.model)
    else:
        future = data.read_future(options.data)
        forecast = model.predict(data.read_history(options.data), future, options.model)
        data.write_predictions(future["row_id"], forecast, options.out)


if __name__ == "__main__":
    main()
