"""Habits of those who write networks, embeddings and loops by hand: what learned from which rows, and what was chosen."""

import pytest

from tests.checks.practice.submissions import read_script

READ = 'df = pd.read_csv("data.csv")\n'
SPLIT = "X_train, X_test, y_train, y_test = train_test_split(X, df['t'], test_size=0.3, random_state=1)\n"
FEATURES = "X = df[['a', 'b']]\n"
END = "model = LogisticRegression()\nmodel.fit(X_train, y_train)\nprint(model.score(X_test, y_test))\n"
WORDS = "from gensim.models import Word2Vec\nwords = [text.split() for text in df['text']]\n"
MEANS = (
    "def vector(text):\n"
    "    known = [w2v.wv[word] for word in text if word in w2v.wv]\n"
    "    return np.mean(known, axis=0) if known else np.zeros(50)\n"
)
NETWORK = (
    "import torch\n"
    "class Net(torch.nn.Module):\n"
    "    def __init__(self):\n"
    "        super().__init__()\n"
    "        self.layer = torch.nn.Linear(2, 2)\n"
    "    def forward(self, x):\n"
    "        return self.layer(x)\n"
    "def train(model, x, y):\n"
    "    optimizer = torch.optim.Adam(model.parameters())\n"
    "    loss = torch.nn.CrossEntropyLoss()(model(x), y)\n"
    "    loss.backward()\n"
    "    optimizer.step()\n"
)
SCALED = "X = StandardScaler().fit_transform(df[['a', 'b']])\n"


def kinds(code: str) -> set[str]:
    return {leak.kind for leak in read_script(code).leakage}


@pytest.mark.parametrize(
    "learned",
    [
        "w2v = Word2Vec(sentences=words, vector_size=50)\n" + MEANS + "X = np.array([vector(text) for text in words])\n",
        "w2v = Word2Vec(vector_size=50)\nw2v.build_vocab(words)\nw2v.train(words, total_examples=9, epochs=3)\n"
        + MEANS + "X = df['text'].str.split().apply(vector).tolist()\n",
        "from gensim.models.doc2vec import Doc2Vec, TaggedDocument\n"
        "docs = [TaggedDocument(one, [i]) for i, one in enumerate(words)]\n"
        "d2v = Doc2Vec(docs, vector_size=50)\nX = [d2v.infer_vector(one) for one in words]\n",
        "from gensim.models.doc2vec import Doc2Vec, TaggedDocument\n"
        "docs = [TaggedDocument(one, [i]) for i, one in enumerate(words)]\n"
        "d2v = Doc2Vec(docs, vector_size=50)\nX = [d2v.dv[i] for i in range(len(docs))]\n",
    ],
)  # fmt: skip
def test_an_embedding_learned_from_all_texts_before_the_split_is_told(learned: str) -> None:
    assert kinds(READ + WORDS + learned + SPLIT + END) == {"preprocess_before_split"}


@pytest.mark.parametrize(
    "learned",
    [
        "w2v = Word2Vec([text.split() for text in texts], vector_size=50)\n",
        "w2v = gensim.downloader.load('glove-wiki-gigaword-50')\n",
    ],
)
def test_an_embedding_of_the_training_texts_or_from_elsewhere_is_no_leak(learned: str) -> None:
    split = "texts, others, y_train, y_test = train_test_split(df['text'], df['t'], random_state=1)\n"
    vectors = (
        "X_train = np.array([vector(text.split()) for text in texts])\n"
        "X_test = np.array([vector(text.split()) for text in others])\n"
    )
    code = "import gensim\nimport gensim.downloader\nfrom gensim.models import Word2Vec\n"
    assert kinds(READ + code + split + learned + MEANS + vectors + END) == set()


@pytest.mark.parametrize(
    "judged",
    [
        "model = Net().to('cpu')\ntrain(model, X_train, y_train)\nfound = torch.argmax(model(X_test), 1)\n"
        "print((found == y_test).sum().item())\n",
        "model = Net().to('cpu')\ntrain(model, X_train, y_train)\n"
        "found = [torch.argmax(one).item() for one in model(X_test)]\nright = 0\n"
        "for one, other in zip(found, y_test):\n    if one == other:\n        right += 1\nprint(right)\n",
    ],
)
def test_a_network_moved_to_a_device_and_hits_counted_by_hand_are_read(judged: str) -> None:
    practice = read_script(READ + NETWORK + SCALED + SPLIT + judged)
    assert practice.families == ("nn",)
    assert {leak.kind for leak in practice.leakage} == {"preprocess_before_split"}


RUN = (
    "def run(c, X, y):\n"
    "    X = StandardScaler().fit_transform(X)\n"
    "    X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=1)\n"
    "    return LogisticRegression(C=c).fit(X_train, y_train).score(X_test, y_test)\n"
)


@pytest.mark.parametrize(
    "handed",
    [
        "import concurrent.futures\nwith concurrent.futures.ThreadPoolExecutor() as pool:\n"
        "    waiting = [pool.submit(run, c, df[['a']], df['t']) for c in (1, 2)]\n"
        "    for one in concurrent.futures.as_completed(waiting):\n        print(one.result())\n",
        "from concurrent.futures import ProcessPoolExecutor\nfrom functools import partial\n"
        "with ProcessPoolExecutor() as pool:\n    print(list(pool.map(partial(run, X=df[['a']], y=df['t']), [1, 2])))\n",
        "from multiprocessing import Pool\nwith Pool(2) as pool:\n"
        "    print(pool.starmap(run, [(1, df[['a']], df['t']), (2, df[['a']], df['t'])]))\n",
        "from multiprocessing import Pool\nwith Pool(2) as pool:\n"
        "    print(pool.apply_async(run, (1, df[['a']], df['t'])).get())\n",
        "from joblib import Parallel, delayed\n"
        "print(Parallel(n_jobs=2)(delayed(run)(c, df[['a']], df['t']) for c in (1, 2)))\n",
    ],
)
def test_functions_handed_to_workers_are_read_with_their_arguments(handed: str) -> None:
    practice = read_script(READ + RUN + handed)
    assert practice.families == ("linear",)
    assert {leak.kind for leak in practice.leakage} == {"preprocess_before_split"}


def test_a_number_of_neighbours_picked_by_errors_averaged_by_hand_is_a_selection_on_test() -> None:
    code = (
        "errors = []\n"
        "for k in range(1, 40):\n"
        "    model = KNeighborsClassifier(n_neighbors=k).fit(X_train, y_train)\n"
        "    errors.append(np.mean(model.predict(X_test) != y_test))\n"
        "best = errors.index(min(errors)) + 1\n"
        "model = KNeighborsClassifier(n_neighbors=best).fit(X_train, y_train)\n"
        "print(classification_report(y_test, model.predict(X_test)))\n"
    )
    assert kinds(READ + FEATURES + SPLIT + code) == {"selection_on_test"}


@pytest.mark.parametrize(
    "counted",
    [
        "for one, other in zip(found, y_test):\n    if one == other:\n        right += 1\n",
        "for one, other in zip(found, y_test):\n    if one == 1 and other == 1:\n        right += 1\n",
        "for one, other in zip(found, y_test):\n    if abs(one - other) > 3:\n        right += 1\n",
        "right = max(abs(found - y_test))\n",
        "right = df.loc[X_test.index][found != y_test]\n",
    ],
)
def test_hits_counted_and_errors_looked_at_choose_nothing(counted: str) -> None:
    code = "model = LinearRegression().fit(X_train, y_train)\nfound = model.predict(X_test)\nright = 0\n"
    assert kinds(READ + FEATURES + SPLIT + code + counted + "print(right)\n") == set()


@pytest.mark.parametrize(
    "target",
    [
        "df['t'] = (df['close'].shift(-1) > df['close']).astype(int)\n",
        "df['t'] = np.where(df['close'].shift(-1) > df['close'], 1, 0)\n",
        "df['t'] = ((df['close'].shift(-1) - df['close']) > 0).astype(int)\n",
        "df['t'] = df['close'].pct_change().shift(-1)\n",
    ],
)
def test_a_target_of_later_rows_leaves_the_column_of_today_a_fair_feature(target: str) -> None:
    features = "X = df[['close', 'volume']]\n"
    assert kinds(READ + target + features + SPLIT + END) == set()


def test_gaps_filled_column_by_column_in_a_function_reach_the_model() -> None:
    code = (
        "def fill(table):\n"
        "    for name in table.columns:\n"
        "        if table[name].isnull().any():\n"
        "            table[name].fillna(table[name].mean(), inplace=True)\n"
        "X = df.drop(columns=['t'])\nfill(X)\n"
    )
    practice = read_script(READ + code + SPLIT + END)
    assert practice.missing_values == "handled"
    assert {leak.kind for leak in practice.leakage} == {"preprocess_before_split"}


def test_scores_shown_while_boosting_are_a_judgement_and_silent_ones_are_none() -> None:
    fit = "model = xgb.XGBClassifier()\nmodel.fit(X_train, y_train, eval_set=[(X_test, y_test)]{more})\n"
    code = READ + "import xgboost as xgb\n" + SCALED + SPLIT
    assert kinds(code + fit.format(more="")) == {"preprocess_before_split"}
    assert kinds(code + fit.format(more=", verbose=False")) == set()


def test_the_names_of_picked_features_are_no_look_at_the_data() -> None:
    code = "picked = SelectKBest(k=3).fit(X, df['t'])\nnames = X.columns[picked.get_support()]\nprint(names.tolist())\n"
    assert read_script(READ + FEATURES + code).eda.level == 0
