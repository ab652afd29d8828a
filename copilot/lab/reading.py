"""One assertion of a case file, checked word by word: a misspelt one must never pass in silence."""

from __future__ import annotations

from typing import Any, NoReturn

from copilot.errors import FileFormatError
from copilot.lab import javascript, promises
from copilot.lab.assertion import Assertion
from copilot.lab.judging import TRANSFORM
from copilot.lab.kinds import KINDS, Kind
from copilot.yamlfile import YamlFile, nearest, refuse_unknown

KEYS = ("type", "value", "threshold", "weight", "metric", "transform")
SET_KEYS = ("type", "assert", "threshold", "weight", "metric")
SET = "assert-set"

Place = tuple[str | int, ...]


def read_assertion(file: YamlFile, at: Place, data: Any) -> Assertion:
    """Read the assertion at ``at``.

    Raises:
        FileFormatError: an unknown key, type or form of value, at ``file:line``.
    """
    if not isinstance(data, dict):
        _fail(file, at, "lab.not_an_assertion")
    kind = data.get("type")
    if kind == SET:
        return _read_set(file, at, data)
    refuse_unknown(file, at, map(str, data), KEYS)
    known = _kind(file, at, kind)
    value, threshold = data.get("value"), _number(file, at, data, "threshold")
    if known.needs_threshold and threshold is None:
        _fail(file, at, "lab.no_threshold", type=kind)
    if not _fits(known, value):
        place = (*at, "value") if "value" in data else at
        _fail(file, place, f"lab.wants_{known.wants}", type=kind)
    if str(kind).endswith("regex"):
        _refuse_broken(file, (*at, "value"), value)
    transform = str(data.get("transform", ""))
    if transform and not TRANSFORM.fullmatch(transform):
        _fail(file, (*at, "transform"), "lab.wrong_transform", transform=transform)
    weight = _number(file, at, data, "weight")
    return Assertion(
        str(kind), value, threshold, 1.0 if weight is None else weight, str(data.get("metric", "")), transform
    )


def _read_set(file: YamlFile, at: Place, data: dict[str, Any]) -> Assertion:
    refuse_unknown(file, at, map(str, data), SET_KEYS)
    inner = data.get("assert")
    if not isinstance(inner, list) or not inner:
        _fail(file, at, "lab.empty_set")
    if any(isinstance(item, dict) and item.get("type") == SET for item in inner):
        _fail(file, (*at, "assert"), "lab.set_in_set")
    parts = tuple(read_assertion(file, (*at, "assert", i), item) for i, item in enumerate(inner))
    weight = _number(file, at, data, "weight")
    return Assertion(
        SET,
        threshold=_number(file, at, data, "threshold"),
        weight=1.0 if weight is None else weight,
        metric=str(data.get("metric", "")),
        parts=parts,
    )


def _kind(file: YamlFile, at: Place, name: Any) -> Kind:
    if not isinstance(name, str):
        _fail(file, at, "lab.no_type")
    negated, base = name.startswith("not-"), name.removeprefix("not-")
    if base in KINDS:
        return KINDS[base]
    near = nearest(base, [*KINDS, SET])
    key = "lab.unknown_type_near" if near else "lab.unknown_type"
    shown = f"not-{near}" if negated and near != SET else near
    _fail(file, (*at, "type"), key, name=name, near=shown, allowed=", ".join([*KINDS, SET]))


def _fits(kind: Kind, value: Any) -> bool:
    text = isinstance(value, str | int | float) and not isinstance(value, bool) and value != ""
    texts = isinstance(value, list) and bool(value) and all(isinstance(v, str | int | float) for v in value)
    return {
        "nothing": value is None,
        "text": text,
        "texts": text or texts,
        "count": _is_count(value),
        "schema": value is None or isinstance(value, str | dict),
        "anything": value is not None,
        "level": value is None or value in promises.LEVELS,
        "register": value is None or value in ("tu", "vous"),
        "ids": text or texts,
    }[kind.wants]


def _is_count(value: Any) -> bool:
    if isinstance(value, dict):
        return bool(value) and value.keys() <= {"min", "max"} and all(map(_is_natural, value.values()))
    return _is_natural(value)


def _is_natural(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _refuse_broken(file: YamlFile, at: Place, pattern: Any) -> None:
    try:
        javascript.search(str(pattern), "")
    except javascript.BrokenPattern as error:
        raise FileFormatError("lab.broken_pattern", where=file.where(at), problem=str(error)) from error


def _number(file: YamlFile, at: Place, data: dict[str, Any], name: str) -> float | None:
    value = data.get(name)
    if value is not None and (isinstance(value, bool) or not isinstance(value, int | float) or value < 0):
        _fail(file, (*at, name), "lab.wrong_number", name=name)
    return value


def _fail(file: YamlFile, at: Place, key: str, **params: Any) -> NoReturn:
    raise FileFormatError(key, where=file.where(at), **params)
