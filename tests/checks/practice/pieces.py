"""Stretches of ordinary candidate code that the cases are put together from."""

IMPORTS = """
import numpy as np
import pandas as pd
import matplotlib.pyplot as plt
import seaborn as sns
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import RandomForestClassifier, GradientBoostingClassifier, VotingClassifier
from sklearn.feature_selection import SelectKBest, SelectFromModel, f_classif
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import (accuracy_score, average_precision_score, classification_report, f1_score,
                             precision_recall_curve, roc_auc_score)
from sklearn.model_selection import (GridSearchCV, KFold, StratifiedKFold, GroupKFold, TimeSeriesSplit, cross_val_score,
                                     train_test_split)
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import LabelEncoder, OneHotEncoder, StandardScaler
from sklearn.svm import SVC
from sklearn.tree import DecisionTreeClassifier
"""
READ = 'df = pd.read_csv("data/train.csv")\n'
XY = 'X = df.drop(columns=["churn"])\ny = df["churn"]\n'
SPLIT = "X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.2, stratify=y, random_state=1)\n"
FIT = "model.fit(X_train, y_train)\n"
JUDGE = "print(roc_auc_score(y_test, model.predict_proba(X_test)[:, 1]))\n"
LOGISTIC = "model = LogisticRegression(max_iter=500)\n"
START = IMPORTS + READ + XY
CLEAN = START + SPLIT + LOGISTIC + FIT + JUDGE
EDA = """
print(df.shape)
df.info()
print(df.isna().sum())
print(df.duplicated().sum())
print(df["churn"].value_counts(normalize=True))
print(df.describe())
print(df.groupby("plan")["churn"].mean())
sns.heatmap(df.corr(numeric_only=True))
plt.savefig("corr.png")
"""
