"""Methods and attributes of frames, series and arrays: what calling one does, and which facet of the data it shows."""

METHODS = """
head tail sample glimpse show printSchema limit take collect first | look | shape
info | look | info
describe summary | look | numeric
profile_report profile | profile
nunique unique value_counts levels n_unique approx_n_unique approxQuantile countDistinct distinct | look | values
isna isnull null_count is_null isNull isnan isNotNull notna notnull | missing_mask
duplicated is_duplicated drop_duplicates dropDuplicates duplicates unique_counts | duplicates
corr cov corrwith | look | relation
skew kurt kurtosis quantile mad sem | look | numeric
hist boxplot kde density | plot
groupby group_by groupBy rolling expanding ewm resample | group
mean median std var min max sum mode prod first_valid_index idxmax idxmin count size any all item nlargest nsmallest | stat
agg aggregate | aggregate
clip | clip
rank | rank
transform | transform
pivot_table pivot unstack crosstab stack | pivot
fillna fill_null fill_nan fill ffill bfill interpolate pad backfill combine_first | fill
dropna drop_nulls drop_nans | drop_missing
replace mask where | replace
drop | drop
pop | pop
map apply applymap map_elements transform_row map_batches with_columns withColumn assign eval pipe apply_async | apply
merge join merge_asof hstack vstack | merge
append concat union unionAll extend | append
query filter | filter
sort_values sort sort_index orderBy | sort
copy reset_index set_index rename astype to_numpy toarray todense tolist to_list reshape ravel values | same
select reindex get reindex_like select_dtypes melt explode squeeze flatten transpose round abs to_pandas | same
toPandas persist cache lazy fetch compute to_frame cumsum shift diff pct_change isin between str dt cat eq | same
to_csv to_parquet to_pickle to_excel to_feather to_json to_sql save write_csv write_parquet to_hdf to_markdown | write
to_html to_string to_latex to_dict to_records items iterrows itertuples iter_rows | same
insert update | insert
randomSplit random_split split_frame | split
train_test_split | split
align | align
plot hvplot | plot
argmax argmin | choose
subtract sub minus div divide truediv mul multiply add | arithmetic
"""

ATTRIBUTES = {
    "shape": "shape",
    "dtypes": "shape",
    "columns": "shape",
    "schema": "shape",
    "dtype": "shape",
    "size": "shape",
    "ndim": "shape",
}
SAME_ATTRIBUTES = frozenset(
    ["values", "T", "str", "dt", "cat", "iloc", "loc", "ix", "at", "iat", "A", "data", "flat", "sparse", "na"]
)

STRUCTURAL_FORMS = frozenset({"pivot"})
DATE_WORDS = (
    "date",
    "time",
    "month",
    "year",
    "week",
    "day",
    "timestamp",
    "period",
    "quarter",
    "hour",
    "fecha",
    "datum",
    "tanggal",
)
TARGET_WORDS = frozenset({"target", "label", "labels", "class", "y", "outcome"})
"""Column names that mean the target where nothing better is known."""
