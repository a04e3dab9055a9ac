"""Estimators, by library: the model family that fitting one shows, or why it shows none."""

LEARNERS = """
sklearn | LogisticRegression LogisticRegressionCV LinearRegression Ridge RidgeCV RidgeClassifier RidgeClassifierCV | linear
sklearn | Lasso LassoCV LassoLars ElasticNet ElasticNetCV SGDClassifier SGDRegressor Perceptron HuberRegressor | linear
sklearn | PassiveAggressiveClassifier PassiveAggressiveRegressor BayesianRidge ARDRegression TweedieRegressor | linear
sklearn | PoissonRegressor GammaRegressor QuantileRegressor RANSACRegressor TheilSenRegressor Lars LassoLarsCV | linear
sklearn | LinearDiscriminantAnalysis QuadraticDiscriminantAnalysis PLSRegression | linear
sklearn | DecisionTreeClassifier DecisionTreeRegressor ExtraTreeClassifier ExtraTreeRegressor | tree
sklearn | RandomForestClassifier RandomForestRegressor ExtraTreesClassifier ExtraTreesRegressor | bagging
sklearn | GradientBoostingClassifier GradientBoostingRegressor HistGradientBoostingClassifier | gbdt
sklearn | HistGradientBoostingRegressor AdaBoostClassifier AdaBoostRegressor | gbdt
sklearn | KNeighborsClassifier KNeighborsRegressor RadiusNeighborsClassifier NearestCentroid RadiusNeighborsRegressor | knn
sklearn | SVC SVR LinearSVC LinearSVR NuSVC NuSVR | svm
sklearn | GaussianNB MultinomialNB BernoulliNB ComplementNB CategoricalNB | nb
sklearn | MLPClassifier MLPRegressor | nn
sklearn | GaussianProcessClassifier GaussianProcessRegressor KernelRidge | kernel
imblearn | BalancedRandomForestClassifier BalancedBaggingClassifier | bagging
imblearn | RUSBoostClassifier EasyEnsembleClassifier | gbdt
xgboost | XGBClassifier XGBRegressor XGBRanker train Booster dask.train | gbdt
xgboost | XGBRFClassifier XGBRFRegressor | bagging
lightgbm | LGBMClassifier LGBMRegressor LGBMRanker train LGBMModel | gbdt
catboost | CatBoostClassifier CatBoostRegressor CatBoost CatBoostRanker train | gbdt
ngboost | NGBClassifier NGBRegressor | gbdt
statsmodels | Logit OLS GLM Probit WLS MNLogit logit ols glm probit RLM QuantReg | linear
statsmodels | ARIMA SARIMAX ExponentialSmoothing Holt SimpleExpSmoothing AutoReg VAR UnobservedComponents | time-series
prophet | Prophet | time-series
pmdarima | auto_arima AutoARIMA ARIMA | time-series
statsforecast | StatsForecast AutoARIMA AutoETS | time-series
lifelines | CoxPHFitter KaplanMeierFitter WeibullAFTFitter AalenAdditiveFitter LogNormalAFTFitter | survival
sksurv | CoxPHSurvivalAnalysis RandomSurvivalForest GradientBoostingSurvivalAnalysis CoxnetSurvivalAnalysis | survival
keras | Sequential Model KerasClassifier KerasRegressor SciKerasClassifier | nn
torch | Module Sequential | nn
skorch | NeuralNetClassifier NeuralNetBinaryClassifier NeuralNetRegressor | nn
lightning | LightningModule | nn
pytorch_tabnet | TabNetClassifier TabNetRegressor | nn
transformers | Trainer AutoModelForSequenceClassification | nn
fastai | tabular_learner Learner cnn_learner vision_learner text_classifier_learner | nn
cuml | LogisticRegression LinearRegression Ridge Lasso | linear
cuml | RandomForestClassifier RandomForestRegressor | bagging
cuml | KNeighborsClassifier SVC | knn
interpret | ExplainableBoostingClassifier ExplainableBoostingRegressor | gbdt
pygam | LogisticGAM LinearGAM | linear
imodels | RuleFitClassifier SkopeRulesClassifier GreedyRuleListClassifier RuleFitRegressor | rules
skrules | SkopeRules | rules
wittgenstein | RIPPER IREP | rules
pyspark | ml.classification.LogisticRegression ml.regression.LinearRegression GeneralizedLinearRegression LinearSVC | linear
pyspark | ml.classification.DecisionTreeClassifier DecisionTreeRegressor | tree
pyspark | ml.classification.RandomForestClassifier RandomForestRegressor | bagging
pyspark | GBTClassifier GBTRegressor | gbdt
pyspark | NaiveBayes | nb
pyspark | MultilayerPerceptronClassifier | nn
h2o | H2OGradientBoostingEstimator H2OXGBoostEstimator | gbdt
h2o | H2ORandomForestEstimator | bagging
h2o | H2OGeneralizedLinearEstimator | linear
h2o | H2ODeepLearningEstimator | nn
surprise | SVD SVDpp NMF KNNBasic KNNBaseline BaselineOnly | factorization
"""

UNCOUNTED = """
sklearn | DummyClassifier DummyRegressor | baseline
sklearn | KMeans MiniBatchKMeans DBSCAN AgglomerativeClustering GaussianMixture Birch MeanShift SpectralClustering | cluster
sklearn | IsolationForest OneClassSVM LocalOutlierFactor EllipticEnvelope NearestNeighbors | anomaly
sklearn | LinearRegression.baseline IsotonicRegression | calibration
kmodes | KModes KPrototypes | cluster
hdbscan | HDBSCAN | cluster
"""

WRAPPERS = """
sklearn | GridSearchCV RandomizedSearchCV HalvingGridSearchCV HalvingRandomSearchCV | search
skopt | BayesSearchCV | search
dask_ml | GridSearchCV RandomizedSearchCV | search
optuna | OptunaSearchCV | search
tune_sklearn | TuneSearchCV TuneGridSearchCV | search
sklearn | Pipeline make_pipeline | pipeline
imblearn | Pipeline make_pipeline | sampling_pipeline
sklearn_pandas | DataFrameMapper | columns
sklearn | ColumnTransformer make_column_transformer FeatureUnion make_union | columns
sklearn | VotingClassifier VotingRegressor StackingClassifier StackingRegressor | ensemble
mlxtend | StackingClassifier StackingCVClassifier EnsembleVoteClassifier StackingRegressor StackingCVRegressor | ensemble
sklearn | CalibratedClassifierCV OneVsRestClassifier OneVsOneClassifier MultiOutputClassifier MultiOutputRegressor | meta
sklearn | TransformedTargetRegressor ClassifierChain RegressorChain TunedThresholdClassifierCV FixedThresholdClassifier | meta
sklearn | FrozenEstimator OutputCodeClassifier SelfTrainingClassifier | meta
sklearn | BaggingClassifier BaggingRegressor | bag
pyspark | ml.Pipeline Pipeline | pipeline
pyspark | CrossValidator TrainValidationSplit | search
yellowbrick | ROCAUC ClassificationReport ConfusionMatrix PrecisionRecallCurve DiscriminationThreshold | meta
"""

AUTOML = """
pycaret | compare_models create_model tune_model blend_models stack_models automl | automl
pycaret | ClassificationExperiment RegressionExperiment | automl
autogluon | TabularPredictor TabularDataset | automl
tpot | TPOTClassifier TPOTRegressor | automl
flaml | AutoML | automl
h2o | H2OAutoML | automl
autosklearn | AutoSklearnClassifier AutoSklearnRegressor | automl
lazypredict | LazyClassifier LazyRegressor | automl
supervised | AutoML | automl
evalml | AutoMLSearch | automl
lightautoml | TabularAutoML TabularUtilizedAutoML | automl
"""
