"""The explanation check."""

# ruff: noqa: E501  (candidate code is easier to read as it would stand)

import pytest

from checks.base import NoSettings
from checks.explanation import explanation
from harness.model.finding import Fault, Verdict
from tests.checks.practice.pieces import CLEAN, FIT, IMPORTS, JUDGE, LOGISTIC, READ, SPLIT, XY
from tests.checks.practice.submissions import notebook, submission

TOLD = {
    "en": ("We split by stratified random rows because only 6 % of customers churn.",
           "We use logistic regression since it gives us calibrated probabilities on 7,000 rows.",
           "We report ROC AUC rather than accuracy because 94 % of the rows are negative."),
    "es": ("Usamos una división estratificada porque solo el 6 % de los clientes se va.",
           "Elegimos un modelo de regresión logística ya que tenemos 7000 filas.",
           "Nuestra métrica es AUC en lugar de accuracy porque hay 94 % de negativos."),
    "pt": ("Nós usamos validação estratificada pois só 6 % dos clientes saem.",
           "Optei por um modelo linear já que temos 7000 linhas.",
           "A métrica é AUC em vez de acurácia, pois 94 % são negativos."),
    "fr": ("Nous gardons une validation stratifiée parce que 6 % des clients partent.",
           "Nous prenons un modèle linéaire car nous avons 7000 lignes.",
           "La métrique est AUC au lieu de accuracy parce que 94 % sont négatifs."),
    "de": ("Wir teilen stratifiziert auf (Validierung, split), weil nur 6 % der Kunden gehen.",
           "Wir nehmen ein lineares Modell, weil wir nur 7000 Zeilen haben.",
           "Unsere Metrik ist AUC statt Genauigkeit, weil 94 % negativ sind."),
    "id": ("Kami memakai pembagian data stratified karena hanya 6 % pelanggan pergi.",
           "Kami memilih model linear karena datanya 7000 baris.",
           "Metrik kami AUC daripada akurasi karena 94 % negatif."),
}  # fmt: skip


def book(texts: tuple[str, str, str]) -> str:
    return notebook(IMPORTS, READ + XY, f"md:{texts[0]}", SPLIT, f"md:{texts[1]}", LOGISTIC + FIT, f"md:{texts[2]}", JUDGE)


@pytest.mark.parametrize("language", TOLD)
def test_76_reasons_beside_the_code_count_in_six_languages(language: str) -> None:
    result = explanation(submission({"a.ipynb": book(TOLD[language])}), NoSettings())
    assert result.verdict is Verdict.MET


@pytest.mark.parametrize(
    "texts",
    [
        ("Split", "Model", "Metric"),
        ("Here the data is split.", "Now the model is trained.", "The metric is printed."),
        ("Random forests are good because they average trees.", "Gradient boosting corrects errors because it is iterative.",
         "Clustering is useful because groups appear."),
    ],
)  # fmt: skip
def test_titles_descriptions_and_tutorial_text_are_no_reasons(texts: tuple[str, str, str]) -> None:
    assert explanation(submission({"a.ipynb": book(texts)}), NoSettings()).score == 0.0


def test_a_comment_above_a_line_and_a_report_count() -> None:
    comment = CLEAN.replace("X_train, X_test", "# We stratify the split because only 6 % churn.\nX_train, X_test", 1)
    report = "We chose a linear model because 7,000 rows are few. We report AUC rather than accuracy, since 94 % are negative."
    result = explanation(submission({"main.py": comment, "REPORT.md": report}), NoSettings())
    assert result.verdict is Verdict.MET


def test_text_copied_from_the_brief_does_not_count() -> None:
    brief = "We split by time because 6 % of customers churn.\nWe use AUC rather than accuracy because 94 % are negative here.\nWe like linear models since we have 7000 rows."
    told = explanation(submission({"main.py": CLEAN, "README.md": brief}), NoSettings())
    copied = explanation(submission({"main.py": CLEAN, "README.md": brief}, brief=brief), NoSettings())
    assert (told.score, copied.score) == (1.0, 0.0)


def test_text_in_another_language_is_for_a_person() -> None:
    polish = "Podzielilismy zbiór losowo poniewaz klientów odchodzacych jest malo " * 12
    result = explanation(submission({"main.py": CLEAN, "README.md": polish}), NoSettings())
    assert (result.verdict, result.fault) == (Verdict.NOT_MEASURED, Fault.UNSUPPORTED)


def test_reasons_of_an_exported_notebook_count_as_its_text_did() -> None:
    told = TOLD["en"]
    script = "\n".join(
        (
            IMPORTS,
            "# In[1]:",
            READ + XY,
            f"# {told[0]}",
            "# In[2]:",
            SPLIT,
            f"# {told[1]}",
            "# In[3]:",
            LOGISTIC + FIT,
            f"# {told[2]}",
            "# In[4]:",
            JUDGE,
        )
    )
    assert explanation(submission({"a.py": script}), NoSettings()).verdict is Verdict.MET


def test_what_a_script_says_of_itself_at_its_head_explains_its_choices() -> None:
    script = '"""' + " ".join(TOLD["en"]) + '"""\n' + CLEAN
    assert explanation(submission({"a.py": script}), NoSettings()).verdict is Verdict.MET


def test_a_comment_beside_the_line_is_tied_to_the_work_by_where_it_stands() -> None:
    reasons = (
        (SPLIT, "# Stratified, because positives are rare.\n"),
        (LOGISTIC, "# A linear model, since it is easy to read.\n"),
        (JUDGE, "# ROC AUC rather than accuracy, because classes are uneven.\n"),
    )
    script = IMPORTS + READ + XY + SPLIT + LOGISTIC + FIT + JUDGE
    for line, reason in reasons:
        script = script.replace(line, reason + line)
    assert explanation(submission({"a.py": script}), NoSettings()).verdict is Verdict.MET
