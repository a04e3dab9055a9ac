"""Habits of scripts: data from elsewhere, files read line by line, old prints, tables looked up, columns made of others."""

import pytest

from checks.practice.cells import parse
from tests.checks.practice.submissions import read_script

READ = 'df = pd.read_csv("data.csv")\n'
SPLIT = "X_train, X_test, y_train, y_test = train_test_split(X, df['t'], test_size=0.3, random_state=1)\n"
END = "model = LogisticRegression()\nmodel.fit(X_train, y_train)\nprint(model.score(X_test, y_test))\n"
PARTS = (
    "X_train, y_train = train.iloc[:, :-1], train.iloc[:, -1]\n"
    "X_test, y_test = test.iloc[:, :-1], test.iloc[:, -1]\n"
)  # fmt: skip


def kinds(code: str) -> set[str]:
    return {leak.kind for leak in read_script(code).leakage}


@pytest.mark.parametrize(
    "loaded",
    [
        "from tools import both\ntrain, test = both()\n",
        "from tools import both, tidy\ntrain, test = both()\ntrain, test = tidy(train), tidy(test)\n",
        "from tools import load\ntrain, test = load('train'), load('test')\n",
    ],
)
def test_parts_that_an_unknown_function_gives_are_told_apart(loaded: str) -> None:
    assert kinds(loaded + PARTS + END) == set()


def test_one_unknown_table_for_both_is_judged_on_what_it_learned_from() -> None:
    code = "from tools import load\ntrain = load('all')\ntest = train\n"
    assert kinds(code + PARTS + END) == {"train_as_test"}


def test_the_best_of_settings_by_parts_from_elsewhere_is_a_selection_on_test() -> None:
    code = (
        "from tools import both\ntrain, test = both()\n" + PARTS + "best = 0\n"
        "for c in (1, 2, 3):\n"
        "    model = SVC(C=c).fit(X_train, y_train)\n"
        "    if model.score(X_test, y_test) > best:\n"
        "        best = model.score(X_test, y_test)\n"
    )
    assert kinds(code) == {"selection_on_test"}


def test_a_score_kept_from_being_zero_is_no_choice() -> None:
    code = (
        "table = confusion_matrix(y_test, LogisticRegression().fit(X_train, y_train).predict(X_test))\n"
        "for i in range(len(table)):\n    print(table[i][i] / max(sum(table[i]), 1))\n"
    )
    assert kinds(READ + "X = df[['a']]\n" + SPLIT + code) == set()


def test_the_better_of_two_scores_is_a_choice() -> None:
    code = (
        "one = LogisticRegression().fit(X_train, y_train).score(X_test, y_test)\n"
        "other = SVC().fit(X_train, y_train).score(X_test, y_test)\nprint(max(one, other))\n"
    )
    assert kinds(READ + "X = df[['a']]\n" + SPLIT + code) == {"selection_on_test"}


@pytest.mark.parametrize("opened", ["open(path)", "path.open('r', encoding='utf-8')"])
def test_rows_read_line_by_line_are_the_tasks_data(opened: str) -> None:
    code = (
        "import json\nfrom pathlib import Path\npath = Path('data') / 'rows.jsonl'\nrows = []\n"
        f"with {opened} as file:\n    for line in file:\n        line = line.strip()\n        rows.append(json.loads(line))\n"
        "df = pd.DataFrame(rows)\nX = df[['a']]\n"
    )
    practice = read_script(code + SPLIT + END)
    assert practice.families == ("linear",)
    assert practice.leakage == ()


def test_vectors_looked_up_in_a_file_belong_to_the_rows_that_asked() -> None:
    code = (
        "vectors = {}\n"
        "with open('glove.txt') as file:\n    for line in file:\n        word = line.split()[0]\n        vectors[word] = line\n"
        "texts, others, y_train, y_test = train_test_split(df['text'], df['t'], random_state=1)\n"
        "X_train = [[vectors[word] for word in text.split()] for text in texts]\n"
        "X_test = [[vectors[word] for word in text.split()] for text in others]\n"
    )
    assert kinds(READ + code + END) == set()


def test_a_pretrained_network_with_a_head_is_a_family_once_it_learned() -> None:
    code = (
        "import torch\nfrom torch.utils.data import DataLoader, TensorDataset\n"
        "from transformers import BertForSequenceClassification\n"
        "X_train, X_test, y_train, y_test = train_test_split(df['text'], df['t'], random_state=1)\n"
        "model = BertForSequenceClassification.from_pretrained('bert-base-uncased')\nmodel.to('cpu')\n"
        "for batch in DataLoader(X_train):\n"
        "    batch = {name: one.to('cpu') for name, one in batch.items()}\n"
        "    model(**batch).loss.backward()\n"
        "for batch in DataLoader(X_test):\n"
        "    batch = {name: one.to('cpu') for name, one in batch.items()}\n"
        "    print((torch.argmax(model(**batch).logits, dim=-1) == y_test).sum().item())\n"
    )
    assert read_script(READ + code).families == ("nn",)


@pytest.mark.parametrize(
    "made",
    [
        "df['age'] = df['age'].fillna(df['age'].mean())\ndf['decade'] = df['age'] / 10\nX = df[['decade']]\n",
        "df[['age']] = StandardScaler().fit_transform(df[['age']])\ndf['both'] = df['age'] + df['pay']\nX = df[['both']]\n",
    ],
)
def test_a_column_made_of_another_carries_what_that_one_learned(made: str) -> None:
    assert kinds(READ + made + SPLIT + END) == {"preprocess_before_split"}


def test_a_column_made_of_an_untouched_one_carries_nothing() -> None:
    made = "df['age'] = df['age'].fillna(df['age'].mean())\ndf['more'] = df['pay'] * 2\nX = df[['more']]\n"
    assert kinds(READ + made + SPLIT + END) == set()


@pytest.mark.parametrize(
    "shown",
    [
        "import pickle\npickle.dump(list(df.columns), open('names.pkl', 'wb'))\n",
        "for i, kind in enumerate(np.unique(df['t'])):\n    plt.plot([1, 2], [3, 4], label=kind)\nplt.legend()\nplt.show()\n",
    ],
)
def test_names_saved_and_labels_of_a_figure_are_no_look_at_the_data(shown: str) -> None:
    assert read_script(READ + shown).eda.level == 0


@pytest.mark.parametrize(
    "printed",
    [
        'print classification_report(y,\n                            found,\n                            digits=3)',
        'print "score: %.2f (%s)" % (score,\n    name)  # the (better one',
        'print "a long text " + \\\n    name',
        'if score:\n    print metrics.report(\n        y, found)\nelse:\n    print ")"',
    ],
)  # fmt: skip
def test_old_prints_over_several_lines_are_read(printed: str) -> None:
    tree, reason = parse(f"import os\n{printed}\nx = 1\n")
    assert reason == ""
    assert tree is not None
    assert tree.body[-1].lineno == 2 + len(printed.split("\n"))


@pytest.mark.parametrize(
    "kept",
    [
        "import joblib\njoblib.dump(model, 'out/model.pkl')\nagain = joblib.load('out/model.pkl')\n",
        "import pickle\nwith open('model.pkl', 'wb') as file:\n    pickle.dump(model, file)\n"
        "with open('model.pkl', 'rb') as file:\n    again = pickle.load(file)\n",
    ],
)
def test_a_model_saved_and_loaded_again_is_the_same_model(kept: str) -> None:
    code = "model = GaussianNB().fit(X_train, y_train)\n" + kept + "print(accuracy_score(y_test, again.predict(X_test)))\n"
    practice = read_script(READ + "X = StandardScaler().fit_transform(df[['a']])\n" + SPLIT + code)
    assert practice.families == ("nb",)
    assert {leak.kind for leak in practice.leakage} == {"preprocess_before_split"}


def test_a_network_asked_where_it_does_not_learn_predicts() -> None:
    code = (
        "import torch\nmodel = torch.nn.Sequential(torch.nn.Linear(1, 1))\n"
        "loss = torch.nn.MSELoss()(model(X_train), y_train)\nloss.backward()\n"
        "with torch.no_grad():\n    later = model(X_test)\n"
    )
    assert read_script(READ + "X = df[['a']]\n" + SPLIT + code).families == ("nn",)


@pytest.mark.parametrize(
    ("shown", "found"),
    [("print(search.best_score_)\n", set()), ("print(search.best_params_)\n", {"train_as_test"})],
)
def test_the_score_of_a_search_by_its_folds_is_a_judgement_beside_that_of_its_own_rows(shown: str, found: set[str]) -> None:
    code = (
        "search = GridSearchCV(RandomForestClassifier(), {'max_depth': [2, 4]}, cv=5).fit(df[['a']], df['t'])\n"
        "print(search.score(df[['a']], df['t']))\n"
    )
    assert kinds(READ + code + shown) == found


def test_rows_drawn_with_replacement_before_the_split_are_on_both_sides() -> None:
    drawn = "X, y = resample(df[['a']], df['t'], replace=True, stratify=df['t'], random_state=1)\n"
    assert kinds(READ + drawn + SPLIT.replace("df['t']", "y") + END) == {"oversample_before_split"}


@pytest.mark.parametrize(
    "code",
    [
        SPLIT + "X_train, y_train = resample(X_train, y_train, random_state=1)\n" + END,
        SPLIT + END + "found = model.predict(X_test)\nagain, found = resample(y_test, found)\nprint(f1_score(again, found))\n",
        "few = resample(df, replace=False, n_samples=1000)\nX = few[['a']]\n" + SPLIT.replace("df['t']", "few['t']") + END,
        "drawn = resample(df)\nrest = df[~df.index.isin(drawn.index)]\n"
        "model = LogisticRegression().fit(drawn[['a']], drawn['t'])\nprint(model.score(rest[['a']], rest['t']))\n",
    ],
)  # fmt: skip
def test_training_rows_drawn_again_bootstrapped_scores_and_rows_left_out_are_no_leak(code: str) -> None:
    assert kinds(READ + "X = df[['a']]\n" + code) == set()
