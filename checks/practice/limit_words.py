"""Words by which prose admits what the data, the model or the evaluation cannot support."""

# ruff: noqa: E501, RUF001  (patterns are easier to read whole; people write curly apostrophes)

import re

_SUBJECT = (
    r"(?:(?:this|these|our|my|the|its|such|both) (?:\w+[ -]){0,3}?(?:models?|data|data ?sets?|samples?|scores?|results?|estimates?|"
    r"evaluation|splits?|test set|hold.?out|validation|analysis|approach|solution|notebook|figures?|metrics?|labels?|features?|"
    r"predictions?|probabilities|thresholds?|performance|numbers?|auc|accuracy|period|feed)|\bit|\bthey|\bthis|\bthat)"
)
_FALLS_SHORT = r"(?:may|might|could|would|can|will|do|does|did|is|are|was|were) ?(?:not|n't|n’t)|cannot|won't|fails? to|hardly|never|is unable to|are unable to"
_UNSURE = r"(?:cannot|can not|can't|could not|couldn't|did not|didn't|do not|don't|have not|haven't|was not able to|were not able to|unable to)"

_ENGLISH = (
    r"\blimitations?\b|\bcaveats?\b|\bshortcomings?\b|\bweakness(?:es)?\b|\bdrawbacks? of (?:this|our|my|the)\b",
    r"\b(?:grain|pinch) of salt\b|\bwith (?:care|caution)\b|\bcautious(?:ly)?\b",
    r"\bnot (?:fully |necessarily |very |really |be |quite )?(?:representative|reliable|generali[sz]e|generali[sz]able|conclusive|significant|trustworthy|comparable|causal)",
    rf"{_SUBJECT} (?:\w+ ){{0,5}}?(?:{_FALLS_SHORT}) (?:\w+ ){{0,3}}?(?:generali[sz]e|hold|reflect|represent|capture|cover|include|account|carry|transfer|tell|"
    r"say|show|know|prove|support|predict|find|see|detect|handle|apply|be (?:reliable|trusted|accurate|stable|representative|compared|used|known|available)|enough|mean|adapt|extrapolate)",
    rf"\b(?:we|i) (?:\w+ )?{_UNSURE} (?:\w+ ){{0,2}}?(?:know|tell|say|verify|validate|test|check|conclude|guarantee|assess|measure|separate|distinguish|control|"
    r"rule out|account|tune|explore|estimate|have (?:enough|time|access|data)|trust)",
    r"\b(?:too (?:few|small|little|short)|not enough|insufficient|lack(?:s|ing)? of|limited (?:amount|number|data|sample|size|set|information|history|time|to|by)|"
    r"small (?:sample|data ?set|test set|number|amount))\b",
    r"\b(?:uncertain|uncertainty|unreliable|unstable|noisy (?:estimate|score|label|result)|optimistic(?:ally)?|pessimistic(?:ally)?|over-?estimat(?:e|es|ed)|under-?estimat(?:e|es|ed)|too (?:low|high|good|optimistic))\b",
    r"\b(?:may|might|could|likely|probably|possibly|risk(?:s)? of|prone to|still|slightly|clearly|is|are|be|tends? to) (?:be |a bit )?over-?fit",
    r"\b(?:selection|sampling|survivorship|survivor|label|measurement|look-?ahead|optimism) bias\b|"
    r"\b(?:data|sample|estimates?|scores?|results?|labels?) (?:is|are|may be|might be|could be|will be) (?:\w+ )?biased\b",
    r"\b(?:may|might|could|would|will|can|not|concept|data|seasonal) (?:\w+ )?drift|\bdrift(?:s|ed)? (?:over|would|will|may|is not|was not)\b",
    r"\b(?:would|will|could|may|might) (?:fail|break|degrade|decay|deteriorate|suffer|worsen|go stale|be late|be too)\b",
    r"\b(?:we|i|this|the (?:model|analysis|split|evaluation)) (?:(?!can |could )\w+ )?assum(?:e|es|ed)\b|\bassumption(?:s)? (?:that|may|might|is|are)|\bunder the assumption\b",
    r"\bonly (?:\w+ )?\d[\d,.]* ?(?:%|rows?|samples?|observations?|records?|months?|years?|weeks?|days?|positives?|patients?|customers?|examples?)[^.]*\b(?:so|thus|which|noise|interval|"
    r"may|might|could|hard|difficult|careful|wide|risk)\b",
    r"\b(?:has|have|had) not been (?:tested|validated|checked|tuned|verified)\b|\bwas not (?:tested|validated|checked|tuned|verified)\b|\bnot (?:yet )?(?:tested|validated) on\b",
)
_OTHERS = (
    r"\blimitaci(?:ón|ones)|\blimitado\b|\bno (?:representan?|pueden?|permiten?|generalizan?|refleja)|\bsuposici|\bsesgo|"
    r"\blimitaç|\bnão (?:representam?|pode[m]?|permite[m]?|generaliza)|\bviés|"
    r"\blimites? d(?:e|u|es)\b|\bne (?:peut|peuvent|permet|représente)|\bhypothèse|\bbiais|"
    r"\beinschränk|\bkann nicht\b|\bkönnen nicht\b|\bnicht (?:repräsentativ|verlässlich|möglich|übertragbar)|\bannahme|\bverzerr|"
    r"\bketerbatasan|\btidak (?:dapat|bisa|mewakili|representatif)|\basumsi"
)
LIMIT = re.compile("|".join((*_ENGLISH, _OTHERS)), re.IGNORECASE)

FUTURE = re.compile(
    r"\bfuture (?:work|steps?|improvement)|\bnext steps?\b|\bwith more time\b|\bcould (?:be|also|try|use|add|explore|improve)|\bto ?do\b|"
    r"\bwould (?:like|be nice|try|add|explore)|\bplan to\b|\btrabajo futuro|\btrabalhos? futuros?|\btravaux futurs|\bzukünftig|\bke depan",
    re.IGNORECASE,
)

ANCHOR = re.compile(
    r"\d|\b(?:rows?|samples?|observations?|records?|months?|years?|weeks?|days?|customers?|patients?|transactions?|period|data ?set|data|"
    r"test set|hold.?out|positives?|labels?|model|forest|regression|boosting|feature|column|fold|muestra|datos|modelo|filas|dados|"
    r"amostra|données|échantillon|modèle|daten|stichprobe|modell|sampel|baris|scores?|estimate|chargebacks?|predictions?)\b",
    re.IGNORECASE,
)

TICK = re.compile(r"^\s*(?:[-*]\s*)?(?:\[[ xX]\]|✅|✔|☑|✓|☐)")
