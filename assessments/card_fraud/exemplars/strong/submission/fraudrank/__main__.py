"""The command line: `python -m fraudrank train`, `predict` and `review`."""

import argparse
import json
from pathlib import Path

from fraudrank import data, model
from fraudrank.evaluate import to_review

THRESHOLD_FILE = Path(__file__).parent.parent / "threshold.json"


def main(arguments: list[str] | None = None) -> None:
    options = _parser().parse_args(arguments)
    train_rows, score_rows = data.read(options.data)
    if options.command == "train":
        model.train(train_rows, options.model)
        return
    scores = model.predict(train_rows, score_rows, options.model)
    if options.command == "predict":
        data.write_predictions(score_rows["txn_id"], scores, options.out)
        return
    chosen = json.loads(THRESHOLD_FILE.read_text(encoding="utf-8"))
    to_review(score_rows, scores, chosen["threshold"]).to_csv(options.out, index=False)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="fraudrank", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    train = commands.add_parser("train", help="learn from train.csv")
    predict = commands.add_parser("predict", help="score the rows of score.csv")
    review = commands.add_parser("review", help="list what analysts should look at")
    for command in (train, predict, review):
        command.add_argument("--data", type=Path, required=True)
        command.add_argument("--model", type=Path, required=True)
    for command in (predict, review):
        command.add_argument("--out", type=Path, required=True)
    return parser


if __name__ == "__main__":
    main()
