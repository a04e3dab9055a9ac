"""What is planted: faults with their mechanism, severity and class, and decoys with what makes them right."""

BUGS = {
    "scaler_before_split": (
        "The scaler has seen the test rows", "preprocessing_before_split", ("target_leakage",), 3, "evaluation",
    ),
    "target_join": (
        "A feature is joined in that is written down only once the customer has left",
        "target_leakage", ("temporal_leakage",), 3, "evaluation",
    ),
    "random_split": (
        "Rows of a panel are split at random, so every customer is on both sides",
        "group_leakage", ("temporal_leakage",), 3, "evaluation",
    ),
    "oversampled_folds": (
        "Rows are drawn again before the folds are made, so copies of a row lie on both sides",
        "resampling_before_split", ("duplicate_rows",), 3, "evaluation",
    ),
    "misaligned_labels": (
        "After the merge, outcomes are taken in an order that is not the scores' order",
        "label_misalignment", (), 3, "evaluation",
    ),
    "stopping_on_test": (
        "The number of rounds is chosen on the rows that the result is then reported on",
        "tuning_on_test", ("overfitting_search",), 2, "evaluation",
    ),
    "uncorrected_share": (
        "After learning from a tenth of those who stay, scores are used as probabilities without correction",
        "uncorrected_probabilities", (), 2, "serving",
    ),
    "encoder_refit": (
        "Serving learns the category codes anew from each request",
        "train_serve_skew", (), 3, "serving",
    ),
    "shared_reasons": (
        "What one request leaves behind shows in the next one",
        "shared_state", ("race_condition",), 2, "serving",
    ),
    "unstable_order": (
        "Members are weighted in the order in which they happen to be done",
        "nondeterminism", ("race_condition",), 1, "engineering",
    ),
    "quadratic_loop": (
        "For every row all earlier rows are looked through",
        "quadratic_cost", (), 1, "engineering",
    ),
    "unsafe_load": (
        "A file that a request names is unpickled, and the token stands in the log",
        "unsafe_load", ("secret_in_log",), 3, "security",
    ),
}  # fmt: skip

DECOYS = {
    "refit_on_all": (
        "Fitting on all rows at the end", ("tuning_on_test", "target_leakage", "preprocessing_before_split", "group_leakage"),
        "Everything has been chosen and measured before; the model that is served may learn from every row.",
    ),
    "stratified_split": (
        "A random, stratified draw", ("group_leakage", "temporal_leakage", "target_leakage"),
        "Each customer is one row there, and nothing is estimated from it: it says whom to ask.",
    ),
    "clip_on_purpose": (
        "Values are cut", ("unit_error", "silent_change", "preprocessing_before_split", "missing_value_handling"),
        "The limit is a fact of the contract, not learned from data, and usage is billed that way.",
    ),
    "broad_except": (
        "A broad except", ("silent_exception",),
        "At the boundary of the service, with the whole error in the log and an answer that says so.",
    ),
    "float32_memory": (
        "Four-byte numbers", ("numeric_instability",),
        "Trees only compare values, and scaled numbers are of one size.",
    ),
    "constant_baseline": (
        "A score that is the same for all", ("wrong_metric", "dead_code", "unfinished_code"),
        "It is the line to beat, and says so.",
    ),
    "nested_function": (
        "A function within a function with a default argument", ("shared_state", "style", "quadratic_cost", "dead_code"),
        "Binds the edges once, measured; the default is never changed.",
    ),
    "copied_helper": (
        "Two lines that stand elsewhere too", ("duplicated_code", "numeric_instability"),
        "Two lines, and the dependency on another service's release would cost more.",
    ),
    "cached_value": (
        "A cache", ("shared_state", "race_condition", "stale_cache"),
        "Three plans, prices that change with a release only, and a bound.",
    ),
    "hashed_bucket": (
        "MD5", ("weak_hash", "nondeterminism"),
        "Nothing secret: it divides customers the same way on every machine, and says so.",
    ),
}  # fmt: skip

ALWAYS = ("refit_on_all", "stratified_split", "clip_on_purpose", "broad_except", "float32_memory", "constant_baseline")
SOMETIMES = ("nested_function", "copied_helper", "cached_value", "hashed_bucket")
DRAWN = 2
"""How many of those are there; the others are written plainly."""
