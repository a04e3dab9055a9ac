"""What a local class has of its own and from the classes it is built on."""

from checks.practice.values import Class, Symbol, Value


def find_member(kind: Class, name: str, depth: int = 0) -> Value | None:
    if name in kind.scope.names:
        return kind.scope.names[name]
    if depth > 6:
        return None
    for base in kind.bases:
        found = find_member(base, name, depth + 1) if isinstance(base, Class) else None
        if found is not None:
            return found
    return None


def library_bases(kind: Class, depth: int = 0) -> list[str]:
    """Dotted names of the library classes that a local class is built on."""
    names: list[str] = []
    for base in kind.bases:
        if isinstance(base, Symbol):
            names.append(base.name)
        elif isinstance(base, Class) and depth < 6:
            names += library_bases(base, depth + 1)
    return names
