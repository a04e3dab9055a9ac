"""Things that learn from rows and then change rows: what each does, and whether it looks at the target."""

TRANSFORMERS = """
sklearn | StandardScaler MinMaxScaler RobustScaler MaxAbsScaler PowerTransformer QuantileTransformer | scale
sklearn | scale minmax_scale robust_scale maxabs_scale power_transform quantile_transform | scale
sklearn | Imputer SimpleImputer KNNImputer IterativeImputer MissingIndicator | impute
sklearn | OneHotEncoder OrdinalEncoder LabelBinarizer MultiLabelBinarizer DictVectorizer | encode
sklearn | LabelEncoder | label_encode
sklearn | KBinsDiscretizer SplineTransformer | bin
sklearn | PCA KernelPCA IncrementalPCA SparsePCA TruncatedSVD NMF FastICA FactorAnalysis TSNE Isomap MDS | reduce
sklearn | LatentDirichletAllocation LocallyLinearEmbedding MiniBatchSparsePCA Nystroem RBFSampler | reduce
sklearn | SelectKBest SelectPercentile SelectFromModel RFE RFECV SequentialFeatureSelector SelectFdr SelectFpr | select
sklearn | GenericUnivariateSelect SelectFwe | select
sklearn | VarianceThreshold | filter
sklearn | CountVectorizer TfidfVectorizer TfidfTransformer | vectorize
sklearn | HashingVectorizer Normalizer Binarizer FunctionTransformer PolynomialFeatures FeatureHasher AdditiveChi2Sampler | row
sklearn | TargetEncoder | target_encode
category_encoders | TargetEncoder LeaveOneOutEncoder JamesSteinEncoder MEstimateEncoder | target_encode
category_encoders | CatBoostEncoder WOEEncoder | target_encode
category_encoders | GLMMEncoder SummaryEncoder QuantileEncoder | target_encode
category_encoders | OrdinalEncoder OneHotEncoder BinaryEncoder HashingEncoder CountEncoder BaseNEncoder HelmertEncoder | encode
feature_engine | MeanEncoder WoEEncoder DecisionTreeEncoder PRatioEncoder | target_encode
feature_engine | MeanMedianImputer CategoricalImputer ArbitraryNumberImputer EndTailImputer RandomSampleImputer | impute
feature_engine | AddMissingIndicator DropMissingData | impute
feature_engine | OneHotEncoder OrdinalEncoder CountFrequencyEncoder RareLabelEncoder | encode
feature_engine | Winsorizer OutlierTrimmer StandardScaler | scale
feature_engine | SmartCorrelatedSelection DropConstantFeatures | filter
boruta | BorutaPy | select
mlxtend | SequentialFeatureSelector ExhaustiveFeatureSelector | select
umap | UMAP | reduce
missingpy | MissForest | impute
fancyimpute | KNN IterativeImputer SoftImpute MICE | impute
keras | Tokenizer TextVectorization Normalization | vectorize
pyspark | StandardScaler MinMaxScaler RobustScaler | scale
pyspark | Imputer | impute
pyspark | StringIndexer OneHotEncoder OneHotEncoderEstimator VectorIndexer | encode
pyspark | VectorAssembler Bucketizer Tokenizer HashingTF StopWordsRemover | row
pyspark | CountVectorizer IDF Word2Vec | vectorize
pyspark | ml.feature.PCA | reduce
pyspark | ChiSqSelector UnivariateFeatureSelector | select
cuml | StandardScaler MinMaxScaler | scale
dask_ml | StandardScaler MinMaxScaler | scale
optbinning | BinningProcess OptimalBinning | target_encode
gensim | Word2Vec Doc2Vec TfidfModel | vectorize
scipy | zscore boxcox yeojohnson | scale
"""

SAMPLERS = """
imblearn | SMOTE SMOTENC SMOTEN BorderlineSMOTE SVMSMOTE KMeansSMOTE ADASYN RandomOverSampler | over
imblearn | RandomUnderSampler NearMiss TomekLinks EditedNearestNeighbours ClusterCentroids CondensedNearestNeighbour | under
imblearn | RepeatedEditedNearestNeighbours AllKNN NeighbourhoodCleaningRule OneSidedSelection InstanceHardnessThreshold | under
imblearn | SMOTEENN SMOTETomek | over
smote_variants | oversampler MulticlassOversampling | over
"""

BALANCED_LEARNERS = frozenset(
    ["BalancedRandomForestClassifier", "BalancedBaggingClassifier", "RUSBoostClassifier", "EasyEnsembleClassifier"]
)

ACCEPTS_GAPS = frozenset(
    [
        "XGBClassifier",
        "XGBRegressor",
        "LGBMClassifier",
        "LGBMRegressor",
        "CatBoostClassifier",
        "CatBoostRegressor",
        "HistGradientBoostingClassifier",
        "HistGradientBoostingRegressor",
    ]
)
