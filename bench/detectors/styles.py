"""The same program as different files: a script, cells of a notebook, a package, a class."""

from bench.detectors.programs import Files, Program
from bench.detectors.words import Words
from tests.checks.practice.rewrites import REWRITES

AS_IT_IS = "as it is"
STYLES = (AS_IT_IS, "one statement a cell", "main function", "package", "class", "helper module")
"""Ways of laying work out that a reader meets every day; the rarer ones are tried as rewrites."""


def laid_out(program: Program, words: Words, style: str = AS_IT_IS) -> Files:
    """The program's files in a style, with its documents beside them."""
    source = program.source(words)
    code: Files = {"main.py": source} if style == AS_IT_IS else dict(REWRITES[style](source))
    return {**_told(program.texts(words), code), **code}


def _told(texts: Files, code: Files) -> Files:
    """The README starts what is there: another style has another entry."""
    if "main.py" in code:
        return texts
    if "a.ipynb" in code:
        ways = {"    python main.py\n": "Run `a.ipynb` from top to bottom.\n", "`main.py`": "`a.ipynb`"}
    else:
        ways = {"    python main.py\n": "    python -m src.app\n", "`main.py` holds": "`src/app/steps.py` holds"}
    return {path: _replaced(str(text), ways) for path, text in texts.items()}


def _replaced(text: str, ways: dict[str, str]) -> str:
    for old, new in ways.items():
        text = text.replace(old, new)
    return text
