"""JSON: schema.org FAQPage, help-centre exports, and plain lists of questions and answers."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cache
from importlib import resources
from typing import Any

from copilot.errors import FileFormatError
from copilot.ingest import metadata
from copilot.ingest.encoding import decode
from copilot.ingest.parts import NOTHING_SAID, Metadata, Parsed, Source
from copilot.ingest.rendering import Rendering

Entry = tuple[str, str, Metadata]


def parse_json(source: Source) -> Parsed:
    """Read JSON or JSON Lines: FAQPage, an export of ``exports.yml``, or entries in plain objects.

    Raises:
        UnreadableFileError: not a text.
        FileFormatError: broken JSON (with its line), or nothing in it that we know.
    """
    from copilot.ingest.formats.html import to_text

    text = decode(source.data, source.path).text
    out = Rendering("json")
    if not text.strip():
        return out.done()
    data = _load(text, source.path)
    found = (
        list(faq_entries(data)) or list(export_entries(data)) or list(_plain_entries(data, out, source.path))
    )
    if not found and data:
        raise FileFormatError("ingest.json_unknown", where=source.path)
    for number, (question, answer, meta) in enumerate(found, 1):
        section = (meta.title,) if meta.title else ()
        out.entry(to_text(question), to_text(answer), meta, row=number, headings=section)
    return out.done()


def faq_entries(data: Any) -> Iterator[Entry]:
    """Yield the questions of every schema.org FAQPage (or QAPage) in JSON-LD data, in order."""
    stack = [data]
    while stack:
        node = stack.pop()
        if isinstance(node, list):
            stack.extend(reversed(node))
        elif isinstance(node, dict):
            if _is_type(node, "Question"):
                yield from _question(node)
            else:
                stack.extend(reversed([v for v in node.values() if isinstance(v, list | dict)]))


def export_entries(data: Any) -> Iterator[Entry]:
    """Yield the entries of a help-centre export whose form ``exports.yml`` describes."""
    for form in _forms():
        items = _items(data, form)
        if items:
            for item in items:
                yield from _export_entry(item, form)
            return


def _load(text: str, path: str) -> Any:
    try:
        return json.loads(text)
    except RecursionError as error:
        raise FileFormatError("ingest.json_unknown", where=path) from error
    except json.JSONDecodeError as whole:
        lines = [(n, line) for n, line in enumerate(text.split("\n"), 1) if line.strip()]
        if len(lines) < 2 or not lines[0][1].rstrip().endswith("}"):
            raise _broken(whole, path, whole.lineno) from whole
        return [_load_line(line, path, number) for number, line in lines]


def _load_line(line: str, path: str, number: int) -> Any:
    try:
        return json.loads(line)
    except json.JSONDecodeError as error:
        raise _broken(error, path, number) from error


def _broken(error: json.JSONDecodeError, path: str, line: int) -> FileFormatError:
    return FileFormatError("ingest.json_broken", where=f"{path}:{line}:{error.colno}", problem=error.msg)


def _is_type(node: Mapping[str, Any], name: str) -> bool:
    types = node.get("@type")
    return name in (types if isinstance(types, list) else [types])


def _question(node: Mapping[str, Any]) -> Iterator[Entry]:
    answers = node.get("acceptedAnswer") or node.get("suggestedAnswer")
    answer = answers[0] if isinstance(answers, list) and answers else answers
    text = answer.get("text") if isinstance(answer, dict) else answer
    if isinstance(text, str):
        language = str(node.get("inLanguage") or "")[:2].lower()
        yield str(node.get("name") or node.get("text") or ""), text, Metadata(language=language)


def _plain_entries(data: Any, out: Rendering, path: str) -> Iterator[Entry]:
    """Objects whose keys are known column names, or a mapping of questions to answers."""
    items = [data] if isinstance(data, dict) else data if isinstance(data, list) else []
    if isinstance(data, dict) and "answer" not in metadata.match_columns(data):
        if all(isinstance(v, str) for v in data.values()):
            yield from ((question, answer, NOTHING_SAID) for question, answer in data.items())
            return
        lists = [v for v in data.values() if isinstance(v, list) and v and isinstance(v[0], dict)]
        items = [item for values in lists for item in values]
    for number, item in enumerate(items, 1):
        if isinstance(item, dict):
            yield from _plain_entry(item, out, f"{path} [{number}]")


def _plain_entry(item: Mapping[str, Any], out: Rendering, where: str) -> Iterator[Entry]:
    names = list(item)
    roles = {role: item[names[at]] for role, at in metadata.match_columns(names).items()}
    question, answer = roles.pop("question", ""), roles.pop("answer", None)
    if isinstance(answer, str):
        meta, problem = metadata.from_cells(roles, where)
        if problem:
            out.notices.append(problem)
        yield str(question or ""), answer, meta


@cache
def _forms() -> list[dict[str, Any]]:
    import yaml

    file = resources.files("copilot.ingest") / "exports.yml"
    return list(yaml.safe_load(file.read_text(encoding="utf-8"))["forms"])


def _items(data: Any, form: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    found = data.get(form["list"]) if isinstance(data, dict) else data
    if isinstance(data, dict) and found is None and form.get("payload"):
        found = data.get("payload")
    needs = form["needs"]
    if not isinstance(found, list) or not found:
        return []
    return found if all(isinstance(i, dict) and all(k in i for k in needs) for i in found) else []


def _export_entry(item: Mapping[str, Any], form: Mapping[str, Any]) -> Iterator[Entry]:
    meta = _export_metadata(item, form)
    question, answer = _field(item, form["question"]), _field(item, form["answer"])
    if answer:
        yield question, answer, meta
    for language, copy in (item.get(form.get("translations", "")) or {}).items():
        if not isinstance(copy, dict) or language == meta.language:
            continue
        said = _export_metadata({**item, **copy, "locale": language}, form)
        own = f"{said.id}-{language}" if said.id else ""
        answer = _field(copy, form["answer"])
        if answer:
            yield _field(copy, form["question"]), answer, replace(said, id=own, language=language[:2])


def _export_metadata(item: Mapping[str, Any], form: Mapping[str, Any]) -> Metadata:
    said = {role: item.get(key) for role, key in form.get("fields", {}).items() if item.get(key) is not None}
    status = next(
        (
            rule["status"]
            for rule in form.get("states", ())
            if str(item.get(rule["field"])).lower() in [str(v).lower() for v in rule["values"]]
        ),
        None,
    )
    if "id" in said:
        said["id"] = f"{form['tool']}-{said['id']}"
    meta, _ = metadata.from_cells(said, form["tool"])
    return replace(meta, status=status) if status else meta


def _field(item: Mapping[str, Any], paths: Iterable[str]) -> str:
    for path in paths:
        value = _at(item, path.split("."))
        if isinstance(value, str) and value.strip():
            return value
    return ""


def _at(node: Any, path: list[str]) -> Any:
    """Follow keys; ``field=value`` picks the object of a list whose ``field`` is ``value``."""
    for key in path:
        if isinstance(node, dict):
            node = node.get(key)
        elif isinstance(node, list):
            field, _, value = key.partition("=")
            node = next((i for i in node if isinstance(i, dict) and i.get(field) == value), None)
    return node
