"""Words of several languages by which prose speaks of a decision, gives a reason, or admits a limit."""

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
        "imbalance": r"imbalanc|unbalanc|class.?weight|smote|over.?sampl|under.?sampl|minority|rare|desbalance|desequil|déséquilibr|"
        r"unausgewogen|tidak seimbang|balanced",
        "features": r"drop(ped|ping)?\b|remov(e|ed|ing)|exclud|feature|column|variable|columna|coluna|colonne|spalte|kolom|fitur|merkmal",
        "model": r"model|regress|forest|boost|xgb|lightgbm|catboost|\btree|svm|neural|bayes|knn|neighbou?r|modelo|modèle|modell",
        "tuning": r"tun(e|ed|ing)|grid|hyper.?param|search|optuna|parameter|hiperpar|hyperparam|suche|recherche|pencarian",
        "threshold": r"threshold|cut.?off|umbral|limiar|seuil|schwell|ambang",
    }.items()
}

REASON = re.compile(
    r"\bbecause\b|\bsince\b|\bso that\b|\bin order to\b|\bdue to\b|\btherefore\b|\bthus\b|\bhence\b|\bto (avoid|prevent|keep|reduce|"
    r"ensure|make sure|handle|account)\b|\bwhich (means|is why|would)\b|\bas (it|they|the|this|we)\b|\bthis way\b|\bso (the|that|we|i|it|they|this|a|an)\b|\b(has|have|had|needs?|needed) to\b|\bas in\b|\bwould (leak|bias)|"
    r"\binstead of\b|\brather than\b|\bbetter than\b|\bworse than\b|\bcompared (to|with)\b|\boutperform|\bhigher than\b|\blower than\b|"
    r"\bthe reason\b|\bgiven (that|the)\b|\botherwise\b|\bdespite\b|\balthough\b|"
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

LIMIT = re.compile(
    r"\blimit(ation|ed|s)?\b|\bcaveat|\bcannot\b|\bcan ?not\b|\bcan't\b|\bunable\b|\bnot (representative|reliable|enough|able|possible|"
    r"generali|account|capture|model|cover|include|tested|validated|reflect|hold|tell|known)|\bmay not\b|\bmight not\b|\bwon't\b|"
    r"\bdoes(n't| not) (account|capture|reflect|include|cover|generali|hold|tell|say|show|prove|support)|\bassum(e|es|ed|ing|ption)|"
    r"\bbiased?\b|\bsmall (sample|data|number|test)|\btoo (few|small|little)|\bonly \d|\buncertain|\bweakness|\bshortcoming|\brisk of\b|"
    r"\boptimistic\b|\bunreliable\b|\boverfit|\bdrift\b|\bwould (fail|break|degrade|not)\b|\black(s|ing)? of\b|\bnoisy\b|"
    r"\blimitaci|\bno (representa|puede|permite|generaliza)|\bsuposici|\bsesgo|\blimitaç|\bnão (representa|pode|permite)|\bviés|"
    r"\bne (peut|permet|représente)|\bhypothèse|\bbiais|\beinschränk|\bkann nicht\b|\bnicht (repräsentativ|verlässlich|möglich)|"
    r"\bannahme|\bverzerr|\bketerbatasan|\btidak (dapat|bisa|mewakili|representatif)|\basumsi",
    re.IGNORECASE,
)

FUTURE = re.compile(
    r"\bfuture (work|steps?|improvement)|\bnext steps?\b|\bwith more time\b|\bcould (be|also|try|use|add|explore|improve)|\bto ?do\b|"
    r"\bwould (like|be nice|try|add|explore)|\bplan to\b|\btrabajo futuro|\btrabalhos? futuros?|\btravaux futurs|\bzukünftig|\bke depan",
    re.IGNORECASE,
)

ANCHOR = re.compile(
    r"\d|\b(rows?|samples?|observations?|records?|months?|years?|weeks?|days?|customers?|patients?|transactions?|period|data ?set|"
    r"test set|hold.?out|positives?|labels?|model|forest|regression|boosting|feature|column|fold|muestra|datos|modelo|filas|dados|"
    r"amostra|données|échantillon|modèle|daten|stichprobe|modell|sampel|baris)\b",
    re.IGNORECASE,
)

TICK = re.compile(r"^\s*(?:[-*]\s*)?(?:\[[ xX]\]|✅|✔|☑|✓|☐)")
