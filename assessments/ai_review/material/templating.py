"""Templates of the repository: which variant, which order, which names, and on which lines the marked code ends up.

    #@ choose KEY / #@ option NAME / #@ end     one of several options; the same KEY chooses alike in every file
    #@ shuffle / #@ part / #@ end               parts in an order drawn for this seed
    CODE  #<bug:ID> or #<decoy:ID>              the line belongs to what is planted; `ID/2` is a second place of it
    @name@                                      a name drawn for this seed
"""

import random
import re
from dataclasses import dataclass, field

DIRECTIVE = re.compile(r"^#@ (\w+) ?(\S*)$")
MARK = re.compile(r"\s*#<(bug|decoy):([a-z0-9_]+)(?:/(\d))?>$")
NAME = re.compile(r"@([a-z_]+)@")


@dataclass
class Draw:
    """What a seed decided."""

    names: dict[str, str]
    options: dict[str, str]
    source: random.Random


@dataclass
class Filled:
    """One file of the repository, and the lines of each planted thing in it, by (kind, id, place)."""

    text: str
    marked: dict[tuple[str, str, int], tuple[int, int]] = field(default_factory=dict)


def fill(template: str, draw: Draw) -> Filled:
    lines = list(expanded(template.splitlines(), draw))
    marked: dict[tuple[str, str, int], tuple[int, int]] = {}
    written = []
    for number, line in enumerate(tidied(lines), 1):
        found = MARK.search(line)
        if found:
            key = (found[1], found[2], int(found[3] or 1))
            first, _ = marked.get(key, (number, number))
            marked[key] = (first, number)
            line = line[: found.start()]
        written.append(named(line, draw))
    return Filled("\n".join(written) + "\n", marked)


def named(text: str, draw: Draw) -> str:
    return NAME.sub(lambda found: draw.names[found[1]], text)


def expanded(lines: list[str], draw: Draw) -> list[str]:
    """Directives carried out."""
    out: list[str] = []
    place = 0
    while place < len(lines):
        found = DIRECTIVE.match(lines[place])
        if found is None:
            out.append(lines[place])
            place += 1
            continue
        inside, place = block(lines, place)
        if found[1] == "choose":
            options = parts(inside, "option")
            if found[2] not in draw.options:
                draw.options[found[2]] = draw.source.choice(sorted(options))
            out += expanded(options[draw.options[found[2]]], draw)
        else:
            shuffled = list(parts(["#@ part 0", *numbered(inside)], "part").values())
            draw.source.shuffle(shuffled)
            for part in shuffled:
                out += expanded(part, draw)
    return out


def block(lines: list[str], start: int) -> tuple[list[str], int]:
    """The lines between a directive and its end, and the place after that end."""
    depth = 0
    for place in range(start, len(lines)):
        found = DIRECTIVE.match(lines[place])
        depth += found is not None and found[1] in ("choose", "shuffle")
        depth -= found is not None and found[1] == "end"
        if depth == 0:
            return lines[start + 1 : place], place + 1
    raise ValueError(f"a directive in line {start + 1} has no end")


def numbered(lines: list[str]) -> list[str]:
    """Parts get numbers, so that each has a name."""
    depth, count, out = 0, 0, []
    for line in lines:
        found = DIRECTIVE.match(line)
        depth += found is not None and found[1] in ("choose", "shuffle")
        depth -= found is not None and found[1] == "end"
        if found and found[1] == "part" and depth == 0:
            count += 1
            line = f"#@ part {count}"
        out.append(line)
    return out


def parts(lines: list[str], word: str) -> dict[str, list[str]]:
    """What lies between the dividers of the outermost block, by name."""
    found: dict[str, list[str]] = {}
    current: list[str] | None = None
    depth = 0
    for line in lines:
        directive = DIRECTIVE.match(line)
        if directive and directive[1] == word and depth == 0:
            current = found.setdefault(directive[2], [])
            continue
        depth += directive is not None and directive[1] in ("choose", "shuffle")
        depth -= directive is not None and directive[1] == "end"
        if current is not None:
            current.append(line)
    return found


def tidied(lines: list[str]) -> list[str]:
    """At most two empty lines together, none at the end."""
    out: list[str] = []
    for line in lines:
        if line or out[-2:] != ["", ""]:
            out.append(line)
    while out and not out[-1]:
        out.pop()
    return out
