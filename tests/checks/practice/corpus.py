"""Realistic scripts of many styles, each with what a careful reader would say of it."""

# ruff: noqa: E501  (candidate code is easier to read as it would stand)

from dataclasses import dataclass


@dataclass(frozen=True)
class Case:
    """Code, and the verdicts on it."""

    name: str
    files: dict[str, str]
    preprocessing: bool = False
    """Whether something that learns was fitted on rows that are judged on, before the split."""
    material: frozenset[str] = frozenset()
    families: tuple[str, ...] = ()
    imbalance: str = "none"
    missing: str = "none"
    eda: int = 0


def _case(name: str, code: str, **verdicts: object) -> Case:
    return Case(name, {"main.py": code}, **verdicts)  # type: ignore[arg-type]


CORPUS = (
    _case("index undersampling of cards", """
import pandas as pd, numpy as np
import matplotlib.pyplot as plt
from sklearn.preprocessing import StandardScaler
from sklearn.cross_validation import train_test_split, KFold, cross_val_score
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import confusion_matrix, recall_score, classification_report
data = pd.read_csv("creditcard.csv")
count_classes = pd.value_counts(data['Class'], sort=True).sort_index()
count_classes.plot(kind='bar')
plt.show()
data['normAmount'] = StandardScaler().fit_transform(data['Amount'].values.reshape(-1, 1))
data = data.drop(['Time', 'Amount'], axis=1)
X = data.ix[:, data.columns != 'Class']
y = data.ix[:, data.columns == 'Class']
number_records_fraud = len(data[data.Class == 1])
fraud_indices = np.array(data[data.Class == 1].index)
normal_indices = data[data.Class == 0].index
random_normal_indices = np.random.choice(normal_indices, number_records_fraud, replace=False)
random_normal_indices = np.array(random_normal_indices)
under_sample_indices = np.concatenate([fraud_indices, random_normal_indices])
under_sample_data = data.iloc[under_sample_indices, :]
X_undersample = under_sample_data.ix[:, under_sample_data.columns != 'Class']
y_undersample = under_sample_data.ix[:, under_sample_data.columns == 'Class']
X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.3, random_state=0)
X_train_u, X_test_u, y_train_u, y_test_u = train_test_split(X_undersample, y_undersample, test_size=0.3, random_state=0)
lr = LogisticRegression(C=0.01, penalty='l1')
lr.fit(X_train_u, y_train_u.values.ravel())
y_pred = lr.predict(X_test_u.values)
print(recall_score(y_test_u, y_pred))
""", preprocessing=True, families=("linear",), imbalance="partial", eda=1),
    _case("slices of each class", """
import pandas as pd
from sklearn.model_selection import train_test_split
from sklearn.svm import SVC
from sklearn.metrics import classification_report
df = pd.read_csv('creditcard.csv')
df = df.sample(frac=1)
fraud_df = df.loc[df['Class'] == 1]
non_fraud_df = df.loc[df['Class'] == 0][:492]
new_df = pd.concat([fraud_df, non_fraud_df]).sample(frac=1, random_state=42)
X = new_df.drop('Class', axis=1)
y = new_df['Class']
X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.2, random_state=42)
svc = SVC()
svc.fit(X_train, y_train)
print(classification_report(y_test, svc.predict(X_test)))
""", preprocessing=True, material=frozenset({"undersample_before_split"}), families=("svm",), imbalance="partial"),
    _case("titanic with a list of both files", """
import pandas as pd
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
train_df = pd.read_csv('../input/train.csv')
test_df = pd.read_csv('../input/test.csv')
combine = [train_df, test_df]
train_df.info()
print('_' * 40)
print(train_df[['Pclass', 'Survived']].groupby(['Pclass'], as_index=False).mean().sort_values(by='Survived', ascending=False))
for dataset in combine:
    dataset['Title'] = dataset.Name.str.extract(' ([A-Za-z]+)\\.', expand=False)
    dataset['Embarked'] = dataset['Embarked'].fillna('S')
    dataset['Sex'] = dataset['Sex'].map({'female': 1, 'male': 0}).astype(int)
test_df['Fare'].fillna(test_df['Fare'].dropna().median(), inplace=True)
X_train = train_df.drop(["Survived", "Name"], axis=1)
Y_train = train_df["Survived"]
X_test = test_df.drop("PassengerId", axis=1).copy()
logreg = LogisticRegression()
logreg.fit(X_train, Y_train)
Y_pred = logreg.predict(X_test)
acc_log = round(logreg.score(X_train, Y_train) * 100, 2)
forest = RandomForestClassifier(n_estimators=100)
forest.fit(X_train, Y_train)
Y_pred = forest.predict(X_test)
acc_forest = round(forest.score(X_train, Y_train) * 100, 2)
models = pd.DataFrame({'Model': ['LR', 'RF'], 'Score': [acc_log, acc_forest]})
print(models.sort_values(by='Score', ascending=False))
submission = pd.DataFrame({"PassengerId": test_df["PassengerId"], "Survived": Y_pred})
submission.to_csv('submission.csv', index=False)
""", material=frozenset({"train_as_test"}), families=("bagging", "linear"), missing="handled", eda=1),
    _case("both files concatenated and scaled", """
import pandas as pd
import numpy as np
from sklearn.preprocessing import MinMaxScaler
from sklearn.model_selection import cross_val_score
import lightgbm as lgb
train = pd.read_csv('train.csv')
test = pd.read_csv('test.csv')
ntrain = train.shape[0]
y = train.SalePrice.values
all_data = pd.concat((train, test)).reset_index(drop=True)
all_data.drop(['SalePrice'], axis=1, inplace=True)
all_data['LotFrontage'] = all_data.groupby('Neighborhood')['LotFrontage'].transform(lambda x: x.fillna(x.median()))
num = ['LotArea', 'GrLivArea']
all_data[num] = MinMaxScaler().fit_transform(all_data[num])
all_data = pd.get_dummies(all_data)
train = all_data[:ntrain]
test = all_data[ntrain:]
model = lgb.LGBMRegressor(n_estimators=500, random_state=3)
score = np.sqrt(-cross_val_score(model, train.values, y, scoring='neg_mean_squared_error', cv=5))
print(score.mean())
model.fit(train, y)
sub = pd.DataFrame({'Id': test.Id, 'SalePrice': model.predict(test)})
sub.to_csv('submission.csv', index=False)
""", preprocessing=True, families=("gbdt",), missing="handled"),
    _case("tf-idf of all lines of a text file", """
import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.model_selection import train_test_split
from sklearn.naive_bayes import MultinomialNB
from sklearn.metrics import accuracy_score
review_x, review_y = [], []
with open("reviews.txt", "r", encoding="UTF-8") as f:
    lines = f.readlines()
    for index, line in enumerate(lines):
        review_x.append(line.split("$$")[1].strip())
        review_y.append(line.split("$$")[0].strip())
vec = TfidfVectorizer(min_df=3)
X = vec.fit_transform(review_x)
y = np.array(review_y)
X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.2)
clf = MultinomialNB()
clf.fit(X_train, y_train)
print(accuracy_score(y_test, clf.predict(X_test)))
""", preprocessing=True, families=("nb",)),
    _case("tf-idf of training text", """
from sklearn.model_selection import train_test_split
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.svm import LinearSVC
from sklearn.metrics import classification_report
import pandas as pd
def create_model(df, label, target='clean_text'):
    X_train, X_test, Y_train, Y_test = train_test_split(df[target], df[label], test_size=0.2, stratify=df[label], random_state=42)
    tfidf = TfidfVectorizer(min_df=5, ngram_range=(1, 2))
    X_train_tf = tfidf.fit_transform(X_train)
    model = LinearSVC(random_state=0, tol=1e-5, dual='auto')
    model.fit(X_train_tf, Y_train)
    Y_pred = model.predict(tfidf.transform(X_test))
    return model, classification_report(Y_test, Y_pred)
news = pd.concat([pd.read_csv('True.csv').assign(label=1), pd.read_csv('Fake.csv').assign(label=0)])
news['clean_text'] = news['text'].str.lower()
print(create_model(news, 'label'))
""", families=("svm",)),
    _case("windows of a scaled series", """
import pandas as pd, numpy as np
from sklearn.preprocessing import MinMaxScaler
from sklearn.metrics import mean_squared_error
from keras.models import Sequential
from keras.layers import LSTM, Dense
df = pd.read_csv('prices.csv', usecols=['Close'])
dataset = df.values.astype('float32')
scaler = MinMaxScaler(feature_range=(0, 1))
dataset = scaler.fit_transform(dataset)
train_size = int(len(dataset) * 0.67)
train, test = dataset[0:train_size, :], dataset[train_size:len(dataset), :]
def create_dataset(dataset, look_back=1):
    dataX, dataY = [], []
    for i in range(len(dataset) - look_back - 1):
        a = dataset[i:(i + look_back), 0]
        dataX.append(a)
        dataY.append(dataset[i + look_back, 0])
    return np.array(dataX), np.array(dataY)
trainX, trainY = create_dataset(train, 3)
testX, testY = create_dataset(test, 3)
trainX = np.reshape(trainX, (trainX.shape[0], 1, trainX.shape[1]))
testX = np.reshape(testX, (testX.shape[0], 1, testX.shape[1]))
model = Sequential()
model.add(LSTM(4, input_shape=(1, 3)))
model.add(Dense(1))
model.compile(loss='mean_squared_error', optimizer='adam')
model.fit(trainX, trainY, epochs=100, batch_size=1, verbose=2)
testPredict = model.predict(testX)
testPredict = scaler.inverse_transform(testPredict)
print(np.sqrt(mean_squared_error(testY, testPredict[:, 0])))
""", preprocessing=True, families=("nn",)),
    _case("a preprocessor class used too early", """
import pandas as pd
import numpy as np
from sklearn.preprocessing import StandardScaler, LabelEncoder
from sklearn.model_selection import train_test_split
from sklearn.ensemble import GradientBoostingClassifier
from sklearn.metrics import f1_score
class DataPreprocessor:
    def __init__(self):
        self.scaler = StandardScaler()
        self.encoders = {}
    def fit_transform(self, df: pd.DataFrame) -> pd.DataFrame:
        df = df.copy()
        df = df.fillna(df.mean(numeric_only=True))
        num_cols = df.select_dtypes(include=[np.number]).columns.tolist()
        if num_cols:
            df[num_cols] = self.scaler.fit_transform(df[num_cols])
        for col in df.select_dtypes(include=['object']).columns.tolist():
            enc = LabelEncoder()
            df[col] = enc.fit_transform(df[col].astype(str))
            self.encoders[col] = enc
        return df
class Trainer:
    def __init__(self, path):
        self.df = pd.read_csv(path)
        self.pre = DataPreprocessor()
        self.model = GradientBoostingClassifier(random_state=1)
    def run(self):
        y = self.df.pop('label')
        X = self.pre.fit_transform(self.df)
        X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=1)
        self.model.fit(X_train, y_train)
        return f1_score(y_test, self.model.predict(X_test))
if __name__ == '__main__':
    print(Trainer('data.csv').run())
""", preprocessing=True, families=("gbdt",), missing="handled"),
    _case("a clean pipeline with a column transformer", """
import argparse, json, logging
from pathlib import Path
import joblib
import pandas as pd
from sklearn.compose import ColumnTransformer, make_column_selector as selector
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.metrics import average_precision_score, roc_auc_score
from sklearn.model_selection import StratifiedKFold, cross_validate, train_test_split
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler
log = logging.getLogger(__name__)
SEED = 42
def build(kind: str) -> Pipeline:
    numeric = Pipeline([('impute', SimpleImputer(strategy='median')), ('scale', StandardScaler())])
    pre = ColumnTransformer([('num', numeric, selector(dtype_include='number')), ('cat', OneHotEncoder(handle_unknown='ignore'), selector(dtype_include=object))])
    if kind == 'logistic':
        return Pipeline([('pre', pre), ('clf', LogisticRegression(class_weight='balanced', max_iter=1000, random_state=SEED))])
    return Pipeline([('pre', pre), ('clf', HistGradientBoostingClassifier(random_state=SEED))])
def main(argv=None):
    parser = argparse.ArgumentParser()
    parser.add_argument('--data', type=Path, default=Path('data'))
    args = parser.parse_args(argv)
    frame = pd.read_csv(args.data / 'train.csv')
    log.info('rows %d, positives %.3f', len(frame), frame['churn'].mean())
    X, y = frame.drop(columns=['churn', 'customer_id']), frame['churn']
    X_dev, X_test, y_dev, y_test = train_test_split(X, y, test_size=0.2, stratify=y, random_state=SEED)
    cv = StratifiedKFold(5, shuffle=True, random_state=SEED)
    results = {}
    for kind in ('logistic', 'boosting'):
        scores = cross_validate(build(kind), X_dev, y_dev, cv=cv, scoring=['average_precision', 'roc_auc'])
        results[kind] = scores['test_average_precision'].mean()
    best = max(results, key=results.get)
    model = build(best).fit(X_dev, y_dev)
    proba = model.predict_proba(X_test)[:, 1]
    report = {'ap': average_precision_score(y_test, proba), 'auc': roc_auc_score(y_test, proba), 'best': best}
    Path('metrics.json').write_text(json.dumps(report))
    joblib.dump(model, 'model.joblib')
if __name__ == '__main__':
    main()
""", families=("gbdt", "linear"), imbalance="yes", missing="handled", eda=1),
    _case("oversampling inside the class before splitting", """
import pandas as pd
from imblearn.over_sampling import SMOTE
from sklearn.model_selection import train_test_split
from sklearn.ensemble import RandomForestClassifier
from sklearn.metrics import classification_report, accuracy_score
class FraudDetector:
    def __init__(self, path):
        self.data = pd.read_csv(path)
    def prepare(self):
        X = self.data.drop('Class', axis=1)
        y = self.data['Class']
        sm = SMOTE(random_state=2)
        self.X_res, self.y_res = sm.fit_resample(X, y)
        return self
    def split(self):
        self.X_train, self.X_test, self.y_train, self.y_test = train_test_split(self.X_res, self.y_res, test_size=0.3, random_state=0)
        return self
    def train(self):
        self.clf = RandomForestClassifier(n_estimators=100, random_state=0)
        self.clf.fit(self.X_train, self.y_train)
        return self
    def evaluate(self):
        pred = self.clf.predict(self.X_test)
        print(accuracy_score(self.y_test, pred))
        print(classification_report(self.y_test, pred))
FraudDetector('creditcard.csv').prepare().split().train().evaluate()
""", preprocessing=True, material=frozenset({"oversample_before_split"}), families=("bagging",), imbalance="partial"),
    _case("oversampling of training rows with many models", """
import pandas as pd, numpy as np, seaborn as sns, matplotlib.pyplot as plt
from imblearn.over_sampling import SMOTE
from sklearn.model_selection import train_test_split
from sklearn.linear_model import LogisticRegression
from sklearn.neighbors import KNeighborsClassifier
from sklearn.tree import DecisionTreeClassifier
from xgboost import XGBClassifier
from sklearn.metrics import roc_auc_score, confusion_matrix
df = pd.read_csv('churn.csv')
print(df.head())
print(df.isnull().sum())
print(df.duplicated().sum())
print(df['Exited'].value_counts())
print(df.describe())
sns.countplot(x='Geography', hue='Exited', data=df)
plt.show()
plt.figure(figsize=(10, 8))
sns.heatmap(df.corr(), annot=True)
plt.show()
df.drop(['RowNumber', 'CustomerId', 'Surname'], axis=1, inplace=True)
df = pd.get_dummies(df, columns=['Geography', 'Gender'], drop_first=True)
X = df.drop('Exited', axis=1)
y = df['Exited']
X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.25, random_state=7, stratify=y)
X_train_res, y_train_res = SMOTE(random_state=7).fit_resample(X_train, y_train)
classifiers = [('LR', LogisticRegression(max_iter=1000)), ('KNN', KNeighborsClassifier()), ('DT', DecisionTreeClassifier(random_state=7)), ('XGB', XGBClassifier(random_state=7))]
results = []
for name, clf in classifiers:
    clf.fit(X_train_res, y_train_res)
    results.append((name, roc_auc_score(y_test, clf.predict_proba(X_test)[:, 1])))
    sns.heatmap(confusion_matrix(y_test, clf.predict(X_test)), annot=True)
    plt.show()
print(pd.DataFrame(results, columns=['model', 'auc']).sort_values('auc', ascending=False))
""", families=("gbdt", "knn", "linear", "tree"), imbalance="yes", missing="inspected", eda=2),
    _case("scaler and pca before five folds", """
import numpy as np, pandas as pd
from sklearn.decomposition import PCA
from sklearn.preprocessing import StandardScaler
from sklearn.model_selection import KFold
from sklearn.svm import SVC
data = pd.read_csv('cells.csv').values
X, y = data[:, :-1], data[:, -1]
X = StandardScaler().fit_transform(X)
X = PCA(n_components=10).fit_transform(X)
kf = KFold(n_splits=5, shuffle=True, random_state=1)
accs = []
for train_index, test_index in kf.split(X):
    train_X, test_X = X[train_index], X[test_index]
    train_y, test_y = y[train_index], y[test_index]
    clf = SVC(kernel='rbf')
    clf.fit(train_X, train_y)
    accs.append(clf.score(test_X, test_y))
print(np.mean(accs))
""", preprocessing=True, families=("svm",)),
    _case("files between numbered scripts", """
""", ),
    _case("scaler on the training rows by position", """
import pandas as pd
from sklearn.preprocessing import StandardScaler
from sklearn.model_selection import train_test_split
from sklearn.linear_model import LinearRegression, Ridge
from sklearn.metrics import mean_squared_error, r2_score
dataset = pd.read_csv('Salary.csv')
X = dataset.iloc[:, :-1].values
y = dataset.iloc[:, 1].values
X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=1/3, random_state=0)
sc_X = StandardScaler()
X_train = sc_X.fit_transform(X_train)
X_test = sc_X.transform(X_test)
regressor = LinearRegression()
regressor.fit(X_train, y_train)
y_pred = regressor.predict(X_test)
print(r2_score(y_test, y_pred), mean_squared_error(y_test, y_pred))
""", families=("linear",)),
    _case("own standardisation before the split", """
import pandas as pd
from sklearn.model_selection import train_test_split
from sklearn.neighbors import KNeighborsClassifier
df = pd.read_csv('wine.csv')
y = df['quality']
x = df.drop('quality', axis=1)
for c in x.columns:
    x[c] = (x[c] - x[c].mean()) / x[c].std()
x_tr, x_te, y_tr, y_te = train_test_split(x, y, random_state=5)
knn = KNeighborsClassifier(7).fit(x_tr, y_tr)
print('accuracy', knn.score(x_te, y_te))
""", preprocessing=True, families=("knn",)),
    _case("mean filled before the split", """
import pandas as pd
from sklearn.model_selection import train_test_split
from sklearn.tree import DecisionTreeClassifier
from sklearn import metrics
df = pd.read_csv('loan.csv')
print(df.isnull().sum())
df['LoanAmount'].fillna(df['LoanAmount'].mean(), inplace=True)
df['Gender'].fillna(df['Gender'].mode()[0], inplace=True)
df = pd.get_dummies(df)
X = df.drop('Loan_Status_Y', axis=1)
Y = df['Loan_Status_Y']
x_train, x_cv, y_train, y_cv = train_test_split(X, Y, test_size=0.3)
model = DecisionTreeClassifier(max_depth=5)
model.fit(x_train, y_train)
print(metrics.accuracy_score(y_cv, model.predict(x_cv)))
""", preprocessing=True, families=("tree",), missing="handled", eda=1),
    _case("label encoders and ratios alone", """
import pandas as pd, numpy as np
from sklearn.preprocessing import LabelEncoder
from sklearn.model_selection import train_test_split
from sklearn.ensemble import RandomForestRegressor
from sklearn.metrics import mean_absolute_error
df = pd.read_csv('houses.csv').dropna(subset=['price'])
for col in df.select_dtypes('object'):
    df[col] = LabelEncoder().fit_transform(df[col].astype(str))
df['rooms_per_household'] = df['rooms'] / df['households']
df['log_area'] = np.log1p(df['area'])
df = df[df['price'] < 1_000_000]
train, test = train_test_split(df, test_size=0.2, random_state=42)
rf = RandomForestRegressor(random_state=42)
rf.fit(train.drop('price', axis=1), train['price'])
print(mean_absolute_error(test['price'], rf.predict(test.drop('price', axis=1))))
""", families=("bagging",), missing="handled"),
    _case("grid search and threshold on validation rows", """
import numpy as np, pandas as pd
from sklearn.model_selection import GridSearchCV, train_test_split
from sklearn.ensemble import RandomForestClassifier
from sklearn.metrics import precision_recall_curve, f1_score
df = pd.read_parquet('events.parquet')
X, y = df.drop(columns='fraud'), df.fraud
X_rest, X_test, y_rest, y_test = train_test_split(X, y, test_size=.2, stratify=y, random_state=0)
X_tr, X_val, y_tr, y_val = train_test_split(X_rest, y_rest, test_size=.25, stratify=y_rest, random_state=0)
search = GridSearchCV(RandomForestClassifier(random_state=0), {'max_depth': [4, 8, None], 'class_weight': ['balanced', None]}, scoring='average_precision')
search.fit(X_tr, y_tr)
best = search.best_estimator_
prec, rec, thr = precision_recall_curve(y_val, best.predict_proba(X_val)[:, 1])
f1 = 2 * prec * rec / (prec + rec)
cut = thr[np.argmax(f1[:-1])]
print('test F1', f1_score(y_test, best.predict_proba(X_test)[:, 1] > cut))
""", families=("bagging",), imbalance="yes"),
    _case("best threshold and best seed on the test rows", """
import numpy as np, pandas as pd
from sklearn.model_selection import train_test_split
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score, roc_curve
df = pd.read_csv('d.csv')
X, y = df[['a', 'b', 'c']], df['t']
X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=1)
m = LogisticRegression().fit(X_train, y_train)
p = m.predict_proba(X_test)[:, 1]
fpr, tpr, thresholds = roc_curve(y_test, p)
best = thresholds[np.argmax(tpr - fpr)]
print('F1 at best threshold', f1_score(y_test, p > best))
""", material=frozenset({"selection_on_test"}), families=("linear",), imbalance="yes"),
    _case("optuna with a validation set", """
import optuna, pandas as pd, lightgbm as lgb
from sklearn.model_selection import train_test_split
from sklearn.metrics import roc_auc_score
df = pd.read_csv('train.csv')
X, y = df.drop('target', axis=1), df['target']
X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=0)
X_tr, X_val, y_tr, y_val = train_test_split(X_train, y_train, random_state=0)
def objective(trial):
    params = {'num_leaves': trial.suggest_int('num_leaves', 8, 64), 'is_unbalance': True, 'seed': 1}
    model = lgb.train(params, lgb.Dataset(X_tr, y_tr), valid_sets=[lgb.Dataset(X_val, y_val)], callbacks=[lgb.early_stopping(50)])
    return roc_auc_score(y_val, model.predict(X_val))
study = optuna.create_study(direction='maximize')
study.optimize(objective, n_trials=50)
final = lgb.LGBMClassifier(**study.best_params, is_unbalance=True).fit(X_train, y_train)
print(roc_auc_score(y_test, final.predict_proba(X_test)[:, 1]))
""", families=("gbdt",), imbalance="yes"),
    _case("optuna on the test set", """
import optuna, pandas as pd
from xgboost import XGBClassifier
from sklearn.model_selection import train_test_split
from sklearn.metrics import accuracy_score
df = pd.read_csv('train.csv')
X_train, X_test, y_train, y_test = train_test_split(df.drop('target', axis=1), df['target'], random_state=0)
def objective(trial):
    model = XGBClassifier(max_depth=trial.suggest_int('max_depth', 2, 9))
    model.fit(X_train, y_train)
    return accuracy_score(y_test, model.predict(X_test))
study = optuna.create_study(direction='maximize')
study.optimize(objective, n_trials=100)
print(study.best_value)
""", material=frozenset({"selection_on_test"}), families=("gbdt",)),
    _case("statsmodels with a constant", """
import pandas as pd, statsmodels.api as sm
from sklearn.model_selection import train_test_split
from sklearn.metrics import roc_auc_score
df = pd.read_csv('bank.csv')
X = sm.add_constant(df[['age', 'balance']])
y = df['y']
X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=9)
res = sm.Logit(y_train, X_train).fit(disp=0)
print(res.summary())
print(roc_auc_score(y_test, res.predict(X_test)))
""", families=("linear",)),
    _case("catboost with pools", """
import pandas as pd
from catboost import CatBoostClassifier, Pool
from sklearn.model_selection import train_test_split
from sklearn.metrics import average_precision_score
df = pd.read_csv('clicks.csv')
cat = ['site', 'device']
train, valid = train_test_split(df, test_size=0.2, random_state=4, stratify=df['click'])
train_pool = Pool(train.drop(columns='click'), train['click'], cat_features=cat)
valid_pool = Pool(valid.drop(columns='click'), valid['click'], cat_features=cat)
model = CatBoostClassifier(iterations=300, auto_class_weights='Balanced', random_seed=4, verbose=0)
model.fit(train_pool)
print(average_precision_score(valid['click'], model.predict_proba(valid_pool)[:, 1]))
""", families=("gbdt",), imbalance="yes"),
    _case("torch with loaders", """
import pandas as pd, torch, torch.nn as nn
from torch.utils.data import TensorDataset, DataLoader
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler
from sklearn.metrics import roc_auc_score
df = pd.read_csv('train.csv')
X_train, X_test, y_train, y_test = train_test_split(df.drop('y', axis=1).values, df['y'].values, random_state=0)
sc = StandardScaler()
X_train, X_test = sc.fit_transform(X_train), sc.transform(X_test)
loader = DataLoader(TensorDataset(torch.tensor(X_train).float(), torch.tensor(y_train).float()), batch_size=64)
class Net(nn.Module):
    def __init__(self, n):
        super().__init__()
        self.layers = nn.Sequential(nn.Linear(n, 16), nn.ReLU(), nn.Linear(16, 1))
    def forward(self, x):
        return self.layers(x)
net = Net(X_train.shape[1])
criterion = nn.BCEWithLogitsLoss(pos_weight=torch.tensor([9.0]))
opt = torch.optim.Adam(net.parameters())
for epoch in range(20):
    for xb, yb in loader:
        opt.zero_grad()
        loss = criterion(net(xb).squeeze(), yb)
        loss.backward()
        opt.step()
with torch.no_grad():
    scores = net(torch.tensor(X_test).float()).squeeze().numpy()
print(roc_auc_score(y_test, scores))
""", families=("nn",), imbalance="yes"),
    _case("target means over all rows", """
import pandas as pd
from sklearn.model_selection import train_test_split
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
df = pd.read_csv('users.csv')
rate = df.groupby('city')['bought'].mean().to_dict()
df['city_rate'] = df['city'].map(rate)
X, y = df[['city_rate', 'age']], df['bought']
X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=0)
m = LogisticRegression().fit(X_train, y_train)
print(roc_auc_score(y_test, m.predict_proba(X_test)[:, 1]))
""", families=("linear",)),
    _case("selection by correlation before the split", """
import pandas as pd
from sklearn.feature_selection import SelectKBest, chi2
from sklearn.model_selection import train_test_split
from sklearn.ensemble import ExtraTreesClassifier
df = pd.read_csv('phones.csv')
X, y = df.iloc[:, 0:20], df.iloc[:, -1]
best = SelectKBest(score_func=chi2, k=10)
fit = best.fit(X, y)
X_new = fit.transform(X)
X_train, X_test, y_train, y_test = train_test_split(X_new, y, random_state=0)
clf = ExtraTreesClassifier(random_state=0).fit(X_train, y_train)
print(clf.score(X_test, y_test))
""", preprocessing=True, families=("bagging",)),
    _case("time split with own rolling features", """
import pandas as pd
from sklearn.linear_model import Ridge
from sklearn.metrics import mean_absolute_error
from sklearn.model_selection import TimeSeriesSplit, cross_val_score
df = pd.read_csv('sales.csv', parse_dates=['date']).sort_values('date')
print(df.groupby('store')['units'].sum())
df['lag_7'] = df.groupby('store')['units'].shift(7)
df['roll_7'] = df.groupby('store')['units'].transform(lambda s: s.shift(1).rolling(7).mean())
df = df.dropna()
cut = df['date'].max() - pd.Timedelta(days=28)
train, test = df[df['date'] <= cut], df[df['date'] > cut]
cols = ['lag_7', 'roll_7']
print(cross_val_score(Ridge(), train[cols], train['units'], cv=TimeSeriesSplit(5), scoring='neg_mean_absolute_error').mean())
model = Ridge().fit(train[cols], train['units'])
print(mean_absolute_error(test['units'], model.predict(test[cols])))
""", families=("linear",), missing="handled", eda=1),
    _case("polars and a config", """
import polars as pl
import yaml
from sklearn.model_selection import train_test_split
from xgboost import XGBClassifier
from sklearn.metrics import average_precision_score
cfg = yaml.safe_load(open('config.yaml'))
df = pl.read_csv(cfg['data']['path'])
print(df.describe())
print(df.null_count())
X = df.drop(cfg['data']['target']).to_pandas()
y = df[cfg['data']['target']].to_numpy()
X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=cfg['test_size'], random_state=cfg['seed'])
model = XGBClassifier(**cfg['model'])
model.fit(X_train, y_train)
print(average_precision_score(y_test, model.predict_proba(X_test)[:, 1]))
""", families=("gbdt",), imbalance="yes", missing="inspected", eda=1),
)  # fmt: skip

_NUMBERED = Case(
    "files between numbered scripts",
    {
        "01_clean.py": "import pandas as pd\nfrom sklearn.preprocessing import StandardScaler\ndf = pd.read_csv('raw/data.csv')\n"
        "cols = ['a', 'b']\ndf[cols] = StandardScaler().fit_transform(df[cols])\ndf.to_csv('work/clean.csv', index=False)\n",
        "02_train.py": "import pandas as pd\nfrom sklearn.model_selection import train_test_split\nfrom sklearn.svm import SVC\n"
        "df = pd.read_csv('./work/clean.csv')\nX_train, X_test, y_train, y_test = train_test_split(df[['a', 'b']], df['y'])\n"
        "model = SVC().fit(X_train, y_train)\nprint(model.score(X_test, y_test))\n",
    },
    preprocessing=True,
    families=("svm",),
)
_PICKLED = Case(
    "arrays saved between scripts",
    {
        "features.py": "import pandas as pd, numpy as np\nfrom sklearn.preprocessing import StandardScaler\ndf = pd.read_csv('apps.csv')\n"
        "X = StandardScaler().fit_transform(df[['n', 'r']])\nnp.save('X.npy', X)\nnp.save('y.npy', df['label'].values)\n",
        "train.py": "import numpy as np\nfrom sklearn.model_selection import train_test_split\nfrom sklearn.linear_model import LogisticRegression\n"
        "X = np.load('X.npy')\ny = np.load('y.npy')\nX_train, X_test, y_train, y_test = train_test_split(X, y)\n"
        "m = LogisticRegression().fit(X_train, y_train)\nprint(m.score(X_test, y_test))\n",
    },
    preprocessing=True,
    families=("linear",),
)
_CONFIG = {
    "config.yaml": "data:\n  path: data/train.csv\n  target: churn\ntest_size: 0.2\nseed: 7\nmodel:\n  max_depth: 4\n  scale_pos_weight: 12\n"
}


def cases() -> tuple[Case, ...]:
    found = [case for case in CORPUS if case.files["main.py"].strip()]
    found = [Case(one.name, {**one.files, **_CONFIG}, one.preprocessing, one.material, one.families, one.imbalance, one.missing, one.eda)
             if "config.yaml" in one.files["main.py"] else one for one in found]  # fmt: skip
    return (*found, _NUMBERED, _PICKLED)
