"""What statements look like before any of them runs."""

import ast


def as_load(target: ast.expr) -> ast.expr:
    if isinstance(target, ast.Name):
        return ast.copy_location(ast.Name(target.id, ast.Load()), target)
    if isinstance(target, ast.Attribute):
        return ast.copy_location(ast.Attribute(target.value, target.attr, ast.Load()), target)
    if isinstance(target, ast.Subscript):
        return ast.copy_location(ast.Subscript(target.value, target.slice, ast.Load()), target)
    return target


def may_break(body: list[ast.stmt]) -> bool:
    """Whether a loop may be left before its end, which leaves out its else part."""
    waiting: list[ast.AST] = list(body)
    while waiting:
        one = waiting.pop()
        if isinstance(one, ast.Break):
            return True
        if not isinstance(one, (ast.For, ast.AsyncFor, ast.While, ast.FunctionDef, ast.ClassDef, ast.Lambda)):
            waiting += ast.iter_child_nodes(one)
    return False


def cannot_raise(body: list[ast.stmt]) -> bool:
    return all(
        isinstance(one, ast.Pass) or (isinstance(one, (ast.Expr, ast.Assign)) and isinstance(one.value, ast.Constant))
        for one in body
    )


def only_sizes(test: ast.expr) -> bool:
    """Whether an assertion compares nothing but lengths: that says whether arrays fit together, not what is in them."""
    sides = [test.left, *test.comparators] if isinstance(test, ast.Compare) else []
    lengths = [one for one in sides if isinstance(one, ast.Call) and isinstance(one.func, ast.Name) and one.func.id == "len"]
    return len(lengths) > 1 and len(lengths) == len(sides)


def ranks(test: ast.expr) -> bool:
    """Whether a test asks which of two is better: not whether two are the same, as where hits are counted."""
    if isinstance(test, ast.BoolOp):
        return any(ranks(one) for one in test.values)
    if isinstance(test, ast.UnaryOp):
        return ranks(test.operand)
    if isinstance(test, ast.Compare):
        return any(isinstance(op, (ast.Gt, ast.GtE, ast.Lt, ast.LtE)) for op in test.ops)
    return True
