"""The command line: `python -m fraudrank train` and `python -m fraudrank predict`."""

import argparse
from pathlib import Path

from fraudrank import data, model


def main() -> None:
    parser = argparse.ArgumentParser(prog="fraudrank")
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
        model.train(data.read_train(options.data), options.model)
    else:
        score = data.read_score(options.data)
        scores = model.predict(data.read_train(options.data), score, options.model)
        data.write_predictions(score["txn_id"], scores, options.out)


if __name__ == "__main__":
    main()
