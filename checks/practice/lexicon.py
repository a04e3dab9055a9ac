"""Words of several languages by which prose speaks of a decision or gives a reason."""

# ruff: noqa: E501  (patterns are easier to read whole)

import re

CONCEPTS: dict[str, re.Pattern[str]] = {
    name: re.compile(words, re.IGNORECASE)
    for name, words in {
        "metric": r"metric|accurac|precision|recall|\bf1\b|auc|roc|rmse|\bmae\b|log.?loss|brier|métri|metrik|métrique|sensibilidad|"
        r"acurácia|genauigkeit|akurasi|average precision",
        "split": r"split|hold.?out|cross.?valid|\bfolds?\b|stratif|train(ing)?( and|/| ?& ?)test|validation set|time.?ordered|"
        r"división|divid|validación|divisão|validaç|partition|séparation|validation croisée|aufteil|trainings|pembagian|validasi",
        "imputation": r"imput|missing|nan\b|null|fill|gaps?\b|faltante|ausente|manquant|fehlend|hilang|kosong|dropna",
        "encoding": r"encod|one.?hot|dumm(y|ies)|categor|ordinal|codific|kategor|encodage|pengkodean",
        "scaling": r"scal(e|ing)|standardi|normali|escala|normaliz|mise à l'échelle|skalier|penskalaan",
        "imbalance": r"imbalanc|unbalanc|class.?weight|smote|over.?sampl|under.?sampl|up.?sampl|down.?sampl|resampl|minority|rare|desbalance|desequil|déséquilibr|"
        r"unausgewogen|tidak seimbang|balanced",
        "features": r"drop(ped|ping)?\b|remov(e|ed|ing)|exclud|feature|column|variable|columna|coluna|colonne|spalte|kolom|fitur|merkmal",
        "model": r"model|regress|forest|boost|xgb|lightgbm|catboost|\btree|svm|neural|bayes|knn|neighbou?r|modelo|modèle|modell",
        "tuning": r"tun(e|ed|ing)|grid|hyper.?param|search|optuna|parameter|hiperpar|hyperparam|suche|recherche|pencarian",
        "threshold": r"threshold|cut.?off|umbral|limiar|seuil|schwell|ambang",
    }.items()
}

REASON = re.compile(
    r"\bbecause\b|\bsince\b|\bso that\b|\bin order to\b|\bdue to\b|\btherefore\b|\bthus\b|\bhence\b|\bto (avoid|prevent|keep|reduce|"
    r"ensure|make|handle|account|replace|improve|help|deal with|preserve|limit|lower|compensate|capture|remove|speed|simplify|counter|fight|"
    r"tackle|address|mitigate|minimi[sz]e|balance|get rid|be able|not)\b|\bwhich (means|is why|would)\b|\bas (it|they|the|this|we)\b|\bthis way\b|\bso (the|that|we|i|it|they|this|a|an)\b|\b(has|have|had|needs?|needed) to\b|\bas in\b|\bwould (leak|bias)|"
    r"\binstead of\b|\brather than\b|\bbetter than\b|\bworse than\b|\bcompared (to|with)\b|\boutperform|\bhigher than\b|\blower than\b|"
    r"\bthe reason\b|\bgiven (that|the)\b|\bdepend(s|ing) on\b|\botherwise\b|\bdespite\b|\balthough\b|"
    r"\bleads? to\b|\bcaus(e|es|ed|ing)\b|\bhelps?\b|\bimprov(es?|ed|ing)\b|\btoo (many|much|few|high|low|small|large|big)\b|"
    r"\b(more|less) (robust|stable|accurate|suitable|appropriate|informative|sensitive|prone|reliable|efficient|complex)\b|"
    r"\b(useless|irrelevant|redundant|unnecessary|uninformative)\b|\bnot (useful|needed|relevant|important|required|necessary)\b|"
    r"\bno (use|impact|effect|relation|relationship|need|predictive)\b|"
    r"\b(don'?t|doesn'?t|do not|does not|won'?t) (need|help|affect|matter|contribute|provide|add|give|carry)\b|"
    r"\b(highly|strongly) correlated\b|\bmulti-?collinear|\bbest (model|score|result|performing|choice|option)\b|"
    r"\bperform(s|ed)? (better|best|worse)\b|"
    r"\bporque\b|\bya que\b|\bdebido\b|\bpara (evitar|que)\b|\bpuesto que\b|\ben lugar de\b|\bpois\b|\bdevido\b|\bem vez de\b|\bjá que\b|"
    r"\bparce que\b|\bcar\b|\bafin de\b|\bpuisque\b|\bau lieu de\b|\bpour (éviter|que)\b|"
    r"\bweil\b|\bdenn\b|\bdamit\b|\bda (es|die|der|das|wir)\b|\baufgrund\b|\bstatt\b|\bum\b[^.]{0,60}\bzu\b|"
    r"\bkarena\b|\bsehingga\b|\bagar\b|\bsupaya\b|\bdaripada\b|\bsebab\b",
    re.IGNORECASE,
)

FIRST_PERSON = re.compile(
    r"\b(we|i|our|my|us|i'm|we're|nosotros|nuestr[oa]s?|hemos|usamos|elegimos|nós|nosso|usei|optei|nous|notre|wir|unser|ich|kami|kita|saya)\b",
    re.IGNORECASE,
)

NUMBER = re.compile(r"\d+(?:[.,]\d+)?\s?%?")
