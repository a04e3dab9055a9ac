"""Commands that a document tells a reader to type, and whether what they start is there."""

import re
import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from harness.model.evidence import Evidence

Target = Literal["there", "missing", "no_target"]
_PROMPT = re.compile(r"^(?:\([\w.-]{1,40}\)\s*)?(?:[$>%]|!|In \[\d+\]:)\s+|^!(?=\w)")
_WRAPPERS = frozenset({"sudo", "time", "nohup", "exec"})
_RUNNERS = frozenset({"uv", "poetry", "pipenv", "pdm", "hatch", "conda", "rye"})
_FILE_STARTERS = frozenset({"bash", "sh", "zsh", "source", "streamlit", "papermill", "jupyter", "ipython", "rscript", "dvc"})
_STARTS = frozenset({"python", "python3", "py", "make", "just", "docker", "docker-compose", "pytest", "snakemake", "uvicorn"})
_PLACEHOLDER = re.compile(r"[<>{}*$]|\.\.\.|path/to|your[-_]")
_BUILD_FILES = {
    "make": ("Makefile", "makefile", "GNUmakefile"),
    "just": ("justfile", "Justfile"),
    "docker-compose": ("docker-compose.yml", "docker-compose.yaml", "compose.yml", "compose.yaml"),
    "snakemake": ("Snakefile", "workflow/Snakefile"),
}
_NO_PROGRAM = frozenset({"pip", "venv", "ensurepip", "pytest", "unittest", "jupyter", "notebook", "ipykernel", "http", "build"})


@dataclass(frozen=True)
class Command:
    """A command line as a document shows it."""

    line: int
    text: str
    words: tuple[str, ...]
    runs: bool
    """Whether it starts the submission's work, and not only installs or tests it."""
    target: Target
    what: str = ""


class Commands:
    """Reads command lines against the files of a submission."""

    def __init__(self, evidence: Evidence) -> None:
        self.paths = frozenset(evidence.snapshot.paths())
        folders = {path.rsplit("/", depth)[0] for path in self.paths for depth in range(1, path.count("/") + 1)}
        whole = self.paths | folders
        self.known = frozenset(path.split("/", depth)[-1] for path in whole for depth in range(path.count("/") + 1))
        self.evidence = evidence

    def read(self, line: int, text: str) -> Command | None:
        """The command that this piece of code is, or None when it is none."""
        text = _PROMPT.sub("", text.split(" # ")[0].strip())
        last = re.split(r"&&|;|\|", text)[-1] if re.match(r"(cd|export|set)\s", text) else re.split(r"&&|;|\|", text)[0]
        words = _words(last)
        if not words or not _is_command(words):
            return None
        if _PLACEHOLDER.search(words[1] if len(words) > 1 else ""):
            return Command(line, text, words, False, "no_target")
        runs, target, what = self._target(words)
        return Command(line, text, words, runs, target, what)

    def has(self, path: str) -> bool:
        """Whether the submission holds this file or folder, seen from its top or from any folder of it."""
        path = re.sub(r"^(?:\./)+", "", path.strip().rstrip("/").replace("\\", "/"))
        return path in self.known

    def _target(self, words: tuple[str, ...]) -> tuple[bool, Target, str]:
        first = words[0].lower()
        if first in ("python", "python3", "py", "ipython"):
            return self._python(words[1:])
        if first in ("make", "just"):
            return self._recipe(first, words[1:])
        if first in ("docker", "docker-compose", "snakemake"):
            return self._build(first, words[1:])
        if first == "pytest":
            return False, "no_target", ""
        if first == "uvicorn":
            module = next((word for word in words[1:] if ":" in word), "").split(":")[0]
            return True, self._module(module), module
        if "/" in words[0] or "." in words[0]:
            return True, "there" if self.has(words[0]) else "missing", words[0]
        if first in _FILE_STARTERS:
            file = next((word for word in words[1:] if re.search(r"\.(?:sh|py|ipynb|R|r|yaml|yml)$", word)), "")
            return (True, "there" if self.has(file) else "missing", file) if file else (False, "no_target", "")
        return True, "there", words[0]

    def _python(self, words: Sequence[str]) -> tuple[bool, Target, str]:
        rest = list(words)
        while rest and rest[0].startswith("-") and rest[0] not in ("-m", "-c"):
            rest.pop(0)
        if not rest or rest[0] == "-c":
            return False, "no_target", ""
        if rest[0] != "-m":
            return True, "there" if self.has(rest[0]) else "missing", rest[0]
        module = rest[1] if len(rest) > 1 else ""
        if module.split(".")[0] in _NO_PROGRAM:
            return False, "no_target", ""
        return True, self._module(module), module

    def _module(self, module: str) -> Target:
        base = module.replace(".", "/")
        endings = (f"{base}.py", f"{base}/__main__.py", f"{base}/__init__.py")
        return "there" if base and any(self.has(ending) for ending in endings) else "missing"

    def _recipe(self, tool: str, words: Sequence[str]) -> tuple[bool, Target, str]:
        file = next((name for name in _BUILD_FILES[tool] if name in self.paths), None)
        names = [word for word in words if not word.startswith("-") and "=" not in word]
        if file is None:
            return True, "missing", _BUILD_FILES[tool][0]
        text = self.evidence.read_text(file) or ""
        missing = [name for name in names if not re.search(rf"^{re.escape(name)}\b[^=\n]*:", text, re.MULTILINE)]
        return True, "missing" if missing else "there", missing[0] if missing else file

    def _build(self, tool: str, words: Sequence[str]) -> tuple[bool, Target, str]:
        if tool == "docker" and words and words[0] == "compose":
            tool = "docker-compose"
        if tool == "docker":
            there = any(path.rsplit("/", 1)[-1].lower().startswith("dockerfile") for path in self.paths)
            return True, "there" if there else "missing", "Dockerfile"
        there = any(name in self.paths for name in _BUILD_FILES[tool])
        return True, "there" if there else "missing", _BUILD_FILES[tool][0]


def _words(text: str) -> tuple[str, ...]:
    try:
        words = shlex.split(text[:500])
    except ValueError:
        return ()
    while words and (re.fullmatch(r"[A-Z_][A-Z0-9_]*=\S*", words[0]) or words[0] in _WRAPPERS):
        words.pop(0)
    if len(words) > 2 and words[0] in _RUNNERS and words[1] == "run":
        words = [word for word in words[2:] if not word.startswith("--")] or words
    return tuple(words)


def _is_command(words: tuple[str, ...]) -> bool:
    first = words[0].lower()
    if first in _STARTS:
        return len(words) > 1 or first in ("make", "just", "pytest", "snakemake")
    if first in _FILE_STARTERS:
        return len(words) > 1
    return words[0].startswith("./") and len(words[0]) > 2
