"""Counts over a whole text and the formulas on them (kinds ``metric`` and ``readability``)."""

from __future__ import annotations

import ast
import math
import operator
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property

from copilot.rules.blocks import Block, sentence_spans
from copilot.rules.definition import Definition
from copilot.rules.pattern import compiled
from copilot.rules.rule import Hit, PatternRule, Start, State

_COUNTED = ("pre", "list", "blockquote", *(f"heading_h{n}" for n in range(1, 7)))
_MEASURED = (
    "words",
    "sentences",
    "paragraphs",
    "characters",
    "syllables",
    "long_words",
    "complex_words",
    "polysyllabic_words",
)
_OPERATORS: Mapping[type[ast.AST], Callable[[float, float], float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Mod: operator.mod,
}
_FUNCTIONS: Mapping[str, Callable[..., float]] = {
    "sqrt": math.sqrt,
    "log": math.log,
    "pow": math.pow,
    "abs": abs,
    "floor": math.floor,
    "ceil": math.ceil,
}
_COMPARISONS: Mapping[str, Callable[[float, float], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "==": operator.eq,
    "!=": operator.ne,
}


class Metric(PatternRule):
    """A formula over the counts of a text passes a threshold."""

    def __init__(self, definition: Definition, vocabulary: tuple[str, ...] = ()) -> None:
        super().__init__(definition, vocabulary)
        self.scopes = ("summary",)

    @cached_property
    def _formula(self) -> ast.expr:
        source = compiled(r"heading\.(h[1-6])").sub(r"heading_\1", str(self.definition.fields["formula"]))
        try:
            tree: ast.Expression = ast.parse(source.strip(), mode="eval")
        except SyntaxError as error:
            raise self.definition.error("formula", "rules.broken_formula", problem=error.msg) from error
        return tree.body

    @cached_property
    def _condition(self) -> tuple[Callable[[float, float], bool], float]:
        source = str(self.definition.fields["condition"])
        match = compiled(r"\s*([<>]=?|==|!=)\s*(-?\d+(?:\.\d+)?)\s*").fullmatch(source)
        if match is None:
            raise self.definition.error("condition", "rules.broken_formula", problem=source)
        return _COMPARISONS[match[1]], float(match[2])

    def sources(self) -> tuple[str, ...]:
        return ()

    def compile(self) -> None:
        names = dict.fromkeys((*_COUNTED, *_MEASURED), 1.0)
        try:
            _evaluate(self._formula, names)
        except (KeyError, ValueError) as error:
            raise self.definition.error("formula", "rules.broken_formula", problem=str(error)) from error
        assert self._condition

    def check(self, block: Block, state: State, _starts: Sequence[Start] | None = None) -> Iterator[Hit]:
        counts = measure(block.text)
        if not counts["words"]:
            return
        values = {**dict.fromkeys(_COUNTED, 0.0), **counts, **state.facts}
        try:
            result = _evaluate(self._formula, values)
        except (ZeroDivisionError, ValueError, OverflowError):
            return
        compare, limit = self._condition
        if compare(result, limit):
            yield Hit(0, 0, (f"{result:.2f}",), whole=True)


class Readability(Metric):
    """The mean of school-grade formulas is too high (English)."""

    def compile(self) -> None:
        allowed = tuple(_GRADES)
        for name in self.definition.texts("metrics"):
            if name not in _GRADES:
                raise self.definition.error(
                    "metrics", "rules.unknown_metric", value=name, allowed=", ".join(allowed)
                )

    def check(self, block: Block, _state: State, _starts: Sequence[Start] | None = None) -> Iterator[Hit]:
        counts = measure(block.text)
        names = self.definition.texts("metrics")
        if not counts["words"] or not names:
            return
        grade = sum(_GRADES[name](counts) for name in names) / len(names)
        if grade > self.definition.number("grade"):
            yield Hit(0, 0, (f"{grade:.2f}",), whole=True)


def _evaluate(node: ast.expr, values: Mapping[str, float]) -> float:
    if isinstance(node, ast.BinOp) and type(node.op) in _OPERATORS:
        return _OPERATORS[type(node.op)](_evaluate(node.left, values), _evaluate(node.right, values))
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        return -_evaluate(node.operand, values)
    if isinstance(node, ast.Constant) and isinstance(node.value, int | float):
        return float(node.value)
    if isinstance(node, ast.Name):
        return values[node.id]
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        function = _FUNCTIONS.get(node.func.attr)
        if function is not None and not node.keywords:
            return float(function(*(_evaluate(argument, values) for argument in node.args)))
    raise ValueError(ast.unparse(node))


def measure(text: str) -> dict[str, float]:
    """Count words, sentences, paragraphs, characters, long and many-syllabled words of a prose text."""
    words = [m.group() for m in compiled(r"[\p{L}\p{N}]+(?:['’.\-][\p{L}\p{N}]+)*").finditer(text)]
    syllables = [_syllables(word) for word in words]
    paragraphs = [p for p in text.split("\n\n") if p.strip()]
    complex_words = sum(
        1 for w, n in zip(words, syllables, strict=True) if n - w.endswith(("es", "ed", "ing")) > 2
    )
    return {
        "words": float(len(words)),
        "sentences": float(sum(len(sentence_spans(p)) for p in paragraphs)),
        "paragraphs": float(len(paragraphs)),
        "characters": float(sum(c.isalnum() for word in words for c in word)),
        "syllables": float(sum(syllables)),
        "long_words": float(sum(len(word) > 6 for word in words)),
        "complex_words": float(complex_words),
        "polysyllabic_words": float(sum(n > 2 for n in syllables)),
    }


def _syllables(word: str) -> int:
    """Estimate the syllables of an English word: groups of vowels, silent endings taken off."""
    word = word.lower()
    if len(word) < 3:
        return 1
    groups = len(compiled(r"[aeiouyàâäéèêëîïôöùûü]+").findall(word))
    if compiled(r"[^aeiouyl]e$|[^aeiouytd]ed$|[^aeiouysxz]es$").search(word):
        groups -= 1
    return max(1, groups)


_GRADES: Mapping[str, Callable[[Mapping[str, float]], float]] = {
    "Gunning Fog": lambda c: 0.4 * (c["words"] / c["sentences"] + 100 * c["complex_words"] / c["words"]),
    "Coleman-Liau": lambda c: 5.88 * c["characters"] / c["words"] - 29.6 * c["sentences"] / c["words"] - 15.8,
    "Flesch-Kincaid": lambda c: (
        0.39 * c["words"] / c["sentences"] + 11.8 * c["syllables"] / c["words"] - 15.59
    ),
    "SMOG": lambda c: 1.043 * math.sqrt(c["polysyllabic_words"] * 30 / c["sentences"]) + 3.1291,
    "Automated Readability": lambda c: (
        4.71 * c["characters"] / c["words"] + 0.5 * c["words"] / c["sentences"] - 21.43
    ),
}
