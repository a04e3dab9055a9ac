"""Library functions and classes that are neither estimators nor frame methods: role, and a detail for its handler."""

FUNCTIONS = """
pandas | read_csv read_excel read_parquet read_json read_table read_feather read_pickle read_sql read_sql_query | read
pandas | read_sql_table read_hdf read_html read_fwf read_stata read_sas read_spss read_orc read_gbq read_xml | read
pandas | ExcelFile HDFStore | read
polars | read_csv scan_csv read_parquet scan_parquet read_excel read_json read_ndjson read_ipc scan_ipc read_database | read
numpy | loadtxt genfromtxt load fromfile | read
scipy | loadmat loadarff | read
datasets | load_dataset load_from_disk | read
duckdb | query sql read_csv read_parquet | read
pyarrow | read_table read_csv | read
csv | reader DictReader | read
joblib | load | load
concurrent | as_completed | passed
joblib | delayed | partial
pickle | load loads | load
json | load loads | parse
yaml | safe_load load full_load | parse
toml | load loads | parse
tomllib | load loads | parse
omegaconf | OmegaConf.load OmegaConf.create | parse
sklearn | load_iris load_wine load_breast_cancer load_digits load_diabetes fetch_california_housing load_boston | toy
sklearn | make_classification make_regression make_blobs make_moons make_circles fetch_openml fetch_20newsgroups | toy
sklearn | fetch_covtype fetch_kddcup99 | toy
seaborn | load_dataset | toy
statsmodels | get_rdataset load_pandas | toy
keras | load_data | toy
numpy | random.rand random.randn random.randint random.normal random.uniform random.random | toy
numpy | random.choice | draw
random | sample choices | draw
numpy | random.default_rng random.RandomState random.Generator | generator
random | Random | generator
numpy | setdiff1d delete | left_over
numpy | logical_not logical_and logical_or invert | logic
pandas | DataFrame Series from_dict | frame
h2o | H2OFrame | frame
h2o | import_file upload_file | read
polars | DataFrame Series LazyFrame from_pandas from_dict | frame
numpy | array asarray | array
numpy | matrix ravel squeeze column_stack stack expand_dims nan_to_num log log1p exp sqrt abs round | same
numpy | clip where select | mixed
numpy | vectorize reshape argsort sort transpose isin diff cumsum expm1 square power digitize searchsorted | same
numpy | isnan isfinite isinf | isnan
numpy | concatenate vstack append r_ hstack c_ | concat
numpy | mean median std var min max sum nanmean nanmedian nanstd percentile quantile nanpercentile average amin amax | stat
numpy | unique bincount | levels
collections | Counter | levels
numpy | corrcoef | relation
numpy | histogram | distribution
numpy | arange linspace | range
numpy | repeat tile | repeat
numpy | random.permutation random.shuffle | permutation
random | shuffle | permutation
torch | randperm | permutation
numpy | zeros ones zeros_like ones_like full empty | zeros
numpy | split array_split | slice_split
numpy | argmax argmin nanargmax | choose
scipy | mode iqr | stat
pandas | concat | concat
polars | concat | concat
pandas | merge merge_asof merge_ordered | merge
pandas | cut qcut | bin
pandas | get_dummies factorize to_datetime to_numeric melt wide_to_long Categorical to_timedelta | same
pandas | pivot_table pivot | pivot
pandas | crosstab | relation
pandas | isna isnull notna notnull | isnan
pandas | Grouper date_range Timestamp Timedelta DateOffset set_option options option_context | nothing
pandas | plotting.scatter_matrix | relation
sklearn | train_test_split | split
dask_ml | train_test_split | split
cuml | train_test_split | split
fast_ml | train_valid_test_split | split
iterstrat | train_test_split | split
torch | random_split | split
sklearn | KFold StratifiedKFold RepeatedKFold RepeatedStratifiedKFold ShuffleSplit StratifiedShuffleSplit LeaveOneOut | splitter
sklearn | PredefinedSplit LeavePOut check_cv | splitter
sklearn | GroupKFold StratifiedGroupKFold GroupShuffleSplit LeaveOneGroupOut LeavePGroupsOut | splitter | group
sklearn | TimeSeriesSplit | splitter | time
iterstrat | MultilabelStratifiedKFold MultilabelStratifiedShuffleSplit | splitter
sklearn | cross_val_score cross_validate | cv
sklearn | cross_val_predict | cv_predict
sklearn | learning_curve validation_curve permutation_test_score | cv
xgboost | cv | cv_native
lightgbm | cv | cv_native
catboost | cv | cv_native
lightgbm | Dataset | holder
xgboost | DMatrix QuantileDMatrix DeviceQuantileDMatrix | holder
catboost | Pool | holder
torch | tensor from_numpy Tensor as_tensor FloatTensor LongTensor | holder
torch | TensorDataset DataLoader Subset | holder
keras | Dataset.from_tensor_slices convert_to_tensor constant cast pad_sequences to_categorical | holder
keras | image_dataset_from_directory text_dataset_from_directory | read
torch | WeightedRandomSampler | balance | weighted_sampler
torch | CrossEntropyLoss BCEWithLogitsLoss NLLLoss | loss
keras | BinaryFocalCrossentropy CategoricalFocalCrossentropy SigmoidFocalCrossEntropy | balance | focal_loss
torchvision | sigmoid_focal_loss | balance | focal_loss
sklearn | accuracy_score balanced_accuracy_score f1_score precision_score recall_score roc_auc_score | metric
sklearn | average_precision_score log_loss brier_score_loss confusion_matrix classification_report | metric
sklearn | matthews_corrcoef cohen_kappa_score fbeta_score precision_recall_fscore_support jaccard_score zero_one_loss | metric
sklearn | mean_squared_error mean_absolute_error r2_score root_mean_squared_error mean_absolute_percentage_error | metric
sklearn | mean_squared_log_error median_absolute_error explained_variance_score max_error auc top_k_accuracy_score | metric
sklearn | hamming_loss hinge_loss ndcg_score mean_pinball_loss mean_poisson_deviance multilabel_confusion_matrix | metric
sklearn | roc_curve precision_recall_curve det_curve calibration_curve | curve
sklearn | plot_confusion_matrix plot_roc_curve plot_precision_recall_curve | model_metric
sklearn | RocCurveDisplay.from_estimator ConfusionMatrixDisplay.from_estimator from_estimator | model_metric
sklearn | RocCurveDisplay.from_predictions ConfusionMatrixDisplay.from_predictions from_predictions | metric
sklearn | permutation_importance partial_dependence PartialDependenceDisplay | inspect_model
imblearn | classification_report_imbalanced geometric_mean_score sensitivity_score specificity_score | metric
statsmodels | rmse mse | metric
torchmetrics | Accuracy AUROC F1Score Precision Recall | metric
lifelines | concordance_index | metric
sksurv | concordance_index_censored cumulative_dynamic_auc | metric
scikitplot | plot_roc plot_precision_recall plot_confusion_matrix | metric
mlxtend | plot_confusion_matrix | metric
sklearn | make_scorer get_scorer | scorer
sklearn | clone | clone
copy | copy deepcopy | clone
sklearn | compute_class_weight compute_sample_weight | weights
sklearn | resample | resample
sklearn | shuffle | shuffled
sklearn | f_classif mutual_info_classif mutual_info_regression chi2 f_regression | scores
scipy | chi2_contingency ttest_ind mannwhitneyu ks_2samp f_oneway kruskal pointbiserialr fisher_exact ttest_rel | relation
scipy | pearsonr spearmanr kendalltau | relation
scipy | shapiro normaltest skew kurtosis anderson probplot kstest jarque_bera | distribution
statsmodels | variance_inflation_factor | relation
statsmodels | adfuller seasonal_decompose plot_acf plot_pacf STL acf pacf | time
missingno | matrix bar heatmap dendrogram | missing_plot
ydata_profiling | ProfileReport compare | profile
pandas_profiling | ProfileReport | profile
sweetviz | analyze compare feature_config | profile
dataprep | create_report plot plot_correlation plot_missing | profile
autoviz | AutoViz_Class AutoViz | profile
dtale | show | profile
klib | missingval_plot corr_plot dist_plot cat_plot describe | profile
skimpy | skim | profile
summarytools | dfSummary | profile
pandas_gbq | read_gbq | read
pycaret | setup | pycaret_setup
pycaret | predict_model evaluate_model pull finalize_model plot_model save_model | automl_use
joblib | dump | dump
pickle | dump dumps | dump
torch | save | dump
cloudpickle | dump | dump
mlflow | log_model | dump
skops | dump | dump
json | dump dumps | write
yaml | dump safe_dump | write
numpy | save savetxt savez savez_compressed | write
numpy | random.seed | seed
random | seed | seed
torch | manual_seed cuda.manual_seed cuda.manual_seed_all | seed
keras | random.set_seed set_random_seed utils.set_random_seed set_seed | seed
pytorch_lightning | seed_everything | seed
lightning | seed_everything | seed
transformers | set_seed | seed
fastai | set_seed | seed
functools | partial | partial
functools | wraps lru_cache cache reduce | decorator
importlib | import_module | import_module
pprint | pprint pp | show
IPython | display Markdown HTML | show
tabulate | tabulate | same
streamlit | write dataframe pyplot table plotly_chart | show
rich | print | show
logging | info warning debug error log | show
loguru | logger.info logger.debug logger.success logger.warning | show
mlflow | log_metric log_metrics log_param log_params log_artifact log_figure log_text | show
wandb | log | show
sys | exit | stop
os | _exit abort | stop
io | StringIO BytesIO | text
optuna | create_study | study
hyperopt | fmin | study
"""

PLOTS = """
seaborn | countplot catplot | values
seaborn | histplot distplot kdeplot displot ecdfplot rugplot | distribution
seaborn | boxplot violinplot boxenplot | box
seaborn | stripplot swarmplot barplot pointplot | relation
seaborn | scatterplot regplot lmplot relplot jointplot residplot | relation
seaborn | pairplot PairGrid clustermap FacetGrid | relation
seaborn | heatmap | heat
seaborn | lineplot | time
matplotlib | hist hist2d | distribution
matplotlib | boxplot violinplot | box
matplotlib | bar barh pie | values
matplotlib | scatter hexbin | relation
matplotlib | plot plot_date step fill_between | line
matplotlib | imshow matshow pcolor pcolormesh | heat
matplotlib | show savefig | publish
plotly | histogram Histogram | distribution
plotly | box violin Box Violin | box
plotly | bar pie Bar Pie sunburst treemap | values
plotly | scatter scatter_matrix Scatter scatter_3d density_heatmap parallel_coordinates parallel_categories | relation
plotly | line Line area | time
plotly | imshow Heatmap create_annotated_heatmap | heat
plotly | Figure make_subplots | figure
bokeh | figure | figure
altair | Chart | chart
plotnine | ggplot | relation
hvplot | hvPlot | relation
yellowbrick | Rank2D FeatureCorrelation ParallelCoordinates PCA | relation
yellowbrick | ClassBalance | values
"""
