"""Where rows come from, and which of them are the same."""

# ruff: noqa: E501  (candidate code is easier to read as it would stand)

import pytest

from harness.model.practice import Practice
from tests.checks.practice.pieces import FIT, IMPORTS, JUDGE, LOGISTIC, READ, SPLIT, START, XY
from tests.checks.practice.submissions import read_script


def kinds(found: Practice) -> set[str]:
    return {leak.kind for leak in found.leakage}


def test_out_of_fold_predictions_judged_together_are_honest() -> None:
    loop = (
        "oof = np.zeros(len(X))\nfor tr, te in KFold(5, shuffle=True, random_state=1).split(X):\n    model = LogisticRegression()\n"
        "    model.fit(X.iloc[tr], y.iloc[tr])\n    oof[te] = model.predict_proba(X.iloc[te])[:, 1]\nprint(roc_auc_score(y, oof))\n"
    )
    found = read_script(START + loop)
    assert found.leakage == ()
    assert found.honest_evaluations > 0
    scaled = read_script(START + "X = pd.DataFrame(StandardScaler().fit_transform(X))\n" + loop)
    assert kinds(scaled) == {"preprocess_before_split"}


def test_out_of_fold_lists_are_honest_too() -> None:
    loop = (
        "truth, scores = [], []\nfor tr, te in StratifiedKFold(5).split(X, y):\n    model = SVC().fit(X.iloc[tr], y.iloc[tr])\n"
        "    truth.extend(y.iloc[te])\n    scores.extend(model.predict(X.iloc[te]))\nprint(accuracy_score(truth, scores))\n"
    )
    found = read_script(START + loop)
    assert found.leakage == ()
    assert found.honest_evaluations > 0


@pytest.mark.parametrize(
    "both", ["list(train['text']) + list(test['text'])", "train['text'].tolist() + test['text'].tolist()",
             "pd.concat([train['text'], test['text']])", "np.r_[train['text'], test['text']]", "np.concatenate((train['text'], test['text']))"]
)  # fmt: skip
def test_a_vectorizer_fitted_on_both_files_has_seen_the_test_text(both: str) -> None:
    code = (
        IMPORTS
        + "from sklearn.feature_extraction.text import TfidfVectorizer\ntrain, test = pd.read_csv('train.csv'), pd.read_csv('test.csv')\n"
        f"vec = TfidfVectorizer()\nvec.fit({both})\nmodel = LogisticRegression().fit(vec.transform(train['text']), train['y'])\n"
        "pd.DataFrame({'y': model.predict(vec.transform(test['text']))}).to_csv('submission.csv')\n"
    )
    assert kinds(read_script(code)) == {"preprocess_before_split"}
    assert kinds(read_script(code.replace(both, "train['text']"))) == set()


@pytest.mark.parametrize(
    "load",
    [
        "from keras.datasets import mnist\n(X_train, y_train), (X_test, y_test) = mnist.load_data()\n",
        "import pickle\nX_train, X_test, y_train, y_test = pickle.load(open('data.pkl', 'rb'))\n",
        "data = np.load('data.npz')\nX_train, y_train, X_test, y_test = data['x_train'], data['y_train'], data['x_test'], data['y_test']\n",
        "from datasets import load_dataset\nds = load_dataset('csv', data_files='a.csv')\nX_train, y_train = ds['train'], ds['train']\n"
        "X_test, y_test = ds['test'], ds['test']\n",
        "from helpers_that_are_missing import load\nX_train, X_test, y_train, y_test = load()\n",
        "X_train, y_train = pd.read_csv('train.csv'), pd.read_csv('train_labels.csv')\nX_test, y_test = pd.read_csv('test.csv'), pd.read_csv('test_labels.csv')\n",
    ],
)
def test_parts_that_are_given_apart_stay_apart(load: str) -> None:
    found = read_script(IMPORTS + load + LOGISTIC + FIT + "print(accuracy_score(y_test, model.predict(X_test)))\n")
    assert found.leakage == ()
    assert found.honest_evaluations == 1
    same = read_script(IMPORTS + load + LOGISTIC + FIT + "print(accuracy_score(y_train, model.predict(X_train)))\n")
    assert kinds(same) == {"train_as_test"}


def test_image_folders_read_by_one_generator_are_different_rows() -> None:
    code = (
        "from tensorflow.keras.preprocessing.image import ImageDataGenerator\nfrom tensorflow.keras.models import Sequential\n"
        "gen = ImageDataGenerator(rescale=1/255)\ntrain = gen.flow_from_directory('data/train')\ntest = gen.flow_from_directory('data/test')\n"
        "model = Sequential()\nmodel.fit(train, epochs=3)\nprint(model.evaluate(test))\n"
    )
    found = read_script(code)
    assert (found.leakage, found.families) == ((), ("nn",))


def test_frames_of_unknown_libraries_are_explored_as_frames() -> None:
    code = "import yfinance as yf\ndf = yf.download('X', period='5y')\nprint(df.describe())\nprint(df.isnull().sum())\nprint(df['Close'].hist())\n"
    assert {"numeric", "missingness"} <= set(read_script(code).eda.facets)


@pytest.mark.parametrize(
    "lines",
    [
        "a, b = train_test_split(df, random_state=3)\nmodel.fit(a[['x']], a['churn'])\na2, b2 = train_test_split(df, random_state=3)\n"
        "print(model.score(b2[['x']], b2['churn']))\n",
        "copy = df.copy()\na, b = copy[:100], copy[100:]\nmodel.fit(a[['x']], a['churn'])\nprint(model.score(b[['x']], b['churn']))\n",
        "n = int(0.7 * len(df))\nidx = np.random.permutation(len(df))\na, b = df.iloc[idx[:n]], df.iloc[idx[n:]]\n"
        "model.fit(a[['x']], a['churn'])\nprint(model.score(b[['x']], b['churn']))\n",
        "a = df.groupby('churn').sample(frac=0.8, random_state=1)\nb = df.drop(a.index)\nmodel.fit(a[['x']], a['churn'])\nprint(model.score(b[['x']], b['churn']))\n",
        "a, b = np.split(df.sample(frac=1, random_state=1), [int(.8 * len(df))])\nmodel.fit(a[['x']], a['churn'])\nprint(model.score(b[['x']], b['churn']))\n",
        "a = df[df['split'] == 'train']\nb = df[df['split'] == 'test']\nmodel.fit(a[['x']], a['churn'])\nprint(model.score(b[['x']], b['churn']))\n",
        "tr, te = next(StratifiedKFold(5).split(df, df['churn']))\nmodel.fit(df.loc[tr, ['x']], df.loc[tr, 'churn'])\nprint(model.score(df.loc[te, ['x']], df.loc[te, 'churn']))\n",
        "parts = dict(zip(['a', 'b'], train_test_split(df)))\nmodel.fit(parts['a'][['x']], parts['a']['churn'])\nprint(model.score(parts['b'][['x']], parts['b']['churn']))\n",
    ],
)
def test_ways_of_parting_rows_are_seen_as_parting_them(lines: str) -> None:
    found = read_script(IMPORTS + READ + LOGISTIC + lines)
    assert found.leakage == ()
    assert found.honest_evaluations >= 1


def test_a_second_split_with_another_seed_shares_rows_with_the_first() -> None:
    lines = (
        "X_train2, X_test2, y_train2, y_test2 = train_test_split(X, y, random_state=99)\nprint(model.score(X_test2, y_test2))\n"
    )
    assert kinds(read_script(START + SPLIT + LOGISTIC + FIT + lines)) == {"train_as_test"}
    assert kinds(read_script(START + SPLIT + LOGISTIC + FIT + lines + JUDGE)) == set()


def test_a_table_joined_to_the_rows_does_not_make_rows_shared() -> None:
    lines = "customers = pd.read_csv('customers.csv')\ndf = df.merge(customers, on='id', how='left')\n"
    assert read_script(IMPORTS + READ + lines + XY + SPLIT + LOGISTIC + FIT + JUDGE).leakage == ()


@pytest.mark.parametrize(
    "metric",
    [
        "print((model.predict(X_test) == y_test).mean())\n",
        "print(np.sqrt(((y_test - model.predict(X_test)) ** 2).mean()))\n",
        "p = model.predict_proba(X_test)[:, 1]\norder = np.argsort(-p)\nprint(y_test.to_numpy()[order][:100].mean())\n",
        "def own(truth, guess):\n    return np.sum(truth == guess) / len(truth)\nprint(own(y_test, model.predict(X_test)))\n",
    ],
)
def test_metrics_written_by_hand_are_judgements(metric: str) -> None:
    found = read_script(START + SPLIT + LOGISTIC + FIT + metric)
    assert found.honest_evaluations > 0
    assert found.leakage == ()
    assert found.families == ("linear",)
