"""What the syntax tree of an expression may hold; whatever is not named here is refused."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

_PARTS = """
    COLUMN_REF CONSTANT COMPARISON CONJUNCTION OPERATOR FUNCTION CAST TYPE CASE BETWEEN
"""
_OPERATORS = """
    OPERATOR_NOT OPERATOR_IS_NULL OPERATOR_IS_NOT_NULL OPERATOR_COALESCE OPERATOR_TRY
    OPERATOR_CAST COMPARE_IN COMPARE_NOT_IN
"""
_FUNCTIONS = """
    + - * / // % ** ^ ~~ !~~ ~~* !~~* ||
    abs ceil ceiling floor round trunc sign sqrt cbrt exp ln log log2 log10 pow power
    greatest least ifnull nullif if isnan isinf isfinite
    lower upper length strlen trim ltrim rtrim contains starts_with prefix ends_with suffix
    regexp_matches regexp_full_match regexp_extract levenshtein
"""
_AGGREGATES = """
    avg mean sum count count_star min max median quantile stddev variance mode first last any_value
"""
_REGULAR = frozenset({"regexp_matches", "regexp_full_match", "regexp_extract"})
FUNCTIONS: Final = frozenset(_FUNCTIONS.split())
"""Functions and operators of expressions; each takes time bounded by its arguments' lengths."""

TYPES: Final = ("BIGINT", "BOOLEAN", "DOUBLE", "FLOAT", "INTEGER", "VARCHAR")

_REASONS = {
    "SUBQUERY": "a rule looks at one request at a time",
    "WINDOW": "use `window:` or a `detector:` to look back",
    "STAR": "name the signals one by one",
}


def wrong_part(node: Mapping[str, Any]) -> Iterator[str]:
    """Say what is wrong with one part of a tree, its children left aside."""
    part, kind = node["class"], str(node.get("type", ""))
    if part not in _PARTS.split():
        yield f"holds a {part.lower()}: {_REASONS.get(part, 'no rule may use one')}"
    elif part == "FUNCTION":
        yield from _wrong_function(node)
    elif part == "TYPE" and node.get("type_name") not in TYPES:
        yield f"casts to {node.get('type_name')}; a type can be {', '.join(TYPES)}"
    elif part == "OPERATOR" and kind not in _OPERATORS.split():
        yield f"holds {kind.lower()}, which no rule may use"


def nodes(tree: Any) -> Iterator[dict[str, Any]]:
    """Yield every part of a syntax tree that has a class, from the outside in."""
    waiting = [tree]
    while waiting:
        each = waiting.pop()
        if isinstance(each, dict):
            if "class" in each:
                yield each
            waiting.extend(reversed(list(each.values())))
        elif isinstance(each, list):
            waiting.extend(reversed(each))


def columns(tree: Any) -> list[str]:
    """Return the names of all columns in a tree."""
    return [str(each["column_names"][0]) for each in nodes(tree) if each["class"] == "COLUMN_REF"]


def patterns(node: Mapping[str, Any]) -> Iterator[str]:
    """Yield the regular expression that stands as a constant in one part of a tree."""
    if node["class"] != "FUNCTION" or node.get("function_name") not in _REGULAR:
        return
    # Versions of DuckDB name arguments and constants differently.
    for each in (node.get("arguments") or node.get("children") or [])[1:2]:
        constant = each.get("expression", each)
        held = constant.get("literal") or constant.get("value") or {}
        text = held.get("text", held.get("value"))
        if constant.get("class") == "CONSTANT" and isinstance(text, str):
            yield text


def _wrong_function(node: Mapping[str, Any]) -> Iterator[str]:
    name = str(node.get("function_name", ""))
    if name in _AGGREGATES.split():
        yield f"uses {name}() over many requests; use `window:` or a `detector:` for that"
    elif name not in FUNCTIONS or node.get("schema") or node.get("catalog"):
        yield f"uses {name}(), which no rule may use; docs/rules.md lists those that may"
    elif node.get("filter") or node.get("distinct"):
        yield f"uses {name}() as an aggregate; use `window:` or a `detector:` for that"


def selected(tree: Any) -> Any:
    """Return what a query selects, or None when it is not one query for one thing."""
    statements = tree.get("statements", [])
    if len(statements) != 1:
        return None
    chosen = statements[0].get("node", {}).get("select_list", [])
    return chosen[0] if len(chosen) == 1 else None


def without_choice(tree: Any) -> Any:
    """Return a tree with what is selected and the places in the text left out."""
    if isinstance(tree, dict):
        left_out = {"select_list", "query_location", "query_location_length"}
        return {key: without_choice(value) for key, value in tree.items() if key not in left_out}
    return [without_choice(each) for each in tree] if isinstance(tree, list) else tree
