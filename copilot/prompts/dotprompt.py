"""Google's ``.prompt`` files (https://google.github.io/dotprompt/), through ``dotpromptz``: an extra.

``convert`` turns one into a file of our own form, once; ``render`` renders one as it is, with all of its
template language.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from types import ModuleType
from typing import Any, NoReturn, cast

from copilot.errors import CopilotError, FileFormatError, SettingsError
from copilot.prompts.files import Role, parse
from copilot.records import ChatMessage

_MARK = re.compile(r"(?<!\\)\{\{\{?~?\s*(?P<inside>.*?)\s*~?\}?\}\}", re.DOTALL)
_ROLE = re.compile(r"role\s+[\"'](\w+)[\"']")
_ROLES: Mapping[str, Role] = {
    "system": "system",
    "user": "user",
    "model": "assistant",
    "assistant": "assistant",
}
_SETTINGS = {
    "temperature": "temperature",
    "maxOutputTokens": "max_tokens",
    "topP": "top_p",
    "seed": "seed",
    "stopSequences": "stop",
}


def convert(source: str, shown: str = ".prompt") -> str:
    """Return the prompt file, in our form, that says the same as a ``.prompt`` file.

    Settings that we do not have (the model's name among them) are listed in its version note.

    Raises:
        SettingsError: the extra ``[dotprompt]`` is not installed.
        FileFormatError: the file is broken, or executes something, at ``file:line``.
    """
    import yaml

    library = _library()
    parsed = _understood(lambda: library.Dotprompt().parse(source), shown)
    config = dict(parsed.config or {})
    llm = {ours: config.pop(theirs) for theirs, ours in _SETTINGS.items() if theirs in config}
    left_out = [*([parsed.model] if parsed.model else []), *config]
    body, used = _body(parsed.template, source, shown)
    front = {
        "description": parsed.description or "",
        "version": "dotprompt" + (f" (without {', '.join(left_out)})" if left_out else ""),
        "inputs": _inputs(library, parsed.input, used, shown),
        "llm": llm,
        "output": _schema(library, parsed.output, shown),
    }
    kept = {key: value for key, value in front.items() if value}
    text = f"---\n{yaml.safe_dump(kept, allow_unicode=True, sort_keys=False)}---\n{body}"
    _check_sections(text, body, shown)
    return text


def render(
    source: str,
    values: Mapping[str, Any],
    *,
    shown: str = ".prompt",
    partials: Mapping[str, str] | None = None,
    schemas: Mapping[str, Any] | None = None,
    defaults: Mapping[str, Any] | None = None,
    context: Mapping[str, Any] | None = None,
    history: Sequence[Mapping[str, Any]] = (),
) -> list[ChatMessage]:
    """Render a ``.prompt`` file as it is.

    Args:
        source: its text.
        values: its input variables.
        shown: how errors name it.
        partials: the texts of ``{{> name}}``.
        schemas: JSON Schemas that its front matter names.
        defaults: values for variables that have none.
        context: what ``{{@name}}`` stands for.
        history: earlier messages, in the form of the specification.

    Raises:
        SettingsError: the extra ``[dotprompt]`` is not installed.
        FileFormatError: the file is broken or makes parts other than text.
    """
    library = _library()

    def work() -> Any:
        engine = library.Dotprompt(partials=dict(partials or {}), schemas=dict(schemas or {}))
        data = library.DataArgument(
            input=dict(values),
            context=dict(context or {}),
            messages=[library.Message.model_validate(message) for message in history] or None,
        )
        options = library.PromptMetadata(input=library.PromptInputConfig(default=dict(defaults or {})))
        return engine.render(source, data, options)

    rendered = _settled(work, shown)
    return [_message(message, shown) for message in rendered.messages]


def _message(message: Any, shown: str) -> ChatMessage:
    texts = [getattr(part, "text", None) for part in message.content]
    if any(text is None for text in texts):
        _unsupported("media", shown)
    role = _ROLES.get(str(getattr(message.role, "value", message.role)))
    return ChatMessage(role or "user", "".join(map(str, texts)))


def _library() -> ModuleType:
    try:
        import dotpromptz
    except ImportError as error:
        raise SettingsError("prompts.dotprompt_package") from error
    return dotpromptz


def _understood(work: Callable[[], Any], shown: str) -> Any:
    try:
        return work()
    except CopilotError:
        raise
    except Exception as error:
        problem = " ".join(str(error).split())[:200]
        raise FileFormatError("prompts.dotprompt_broken", where=shown, problem=problem) from error


def _body(template: str, source: str, shown: str) -> tuple[str, set[str]]:
    used: set[str] = set()
    first_line = source.count("\n", 0, max(0, source.find(template[:80]))) + 1
    pieces: list[str] = [] if _ROLE.match(template.lstrip(" \n{~")) else ["# User\n"]
    position = 0
    for mark in _MARK.finditer(template):
        pieces.append(template[position : mark.start()].replace("{{", "\\{{").replace("\\\\{{", "\\{{"))
        line = first_line + template.count("\n", 0, mark.start())
        pieces.append(_converted(mark["inside"], used, f"{shown}:{line}"))
        position = mark.end()
    return "".join((*pieces, template[position:])).strip() + "\n", used


def _converted(inside: str, used: set[str], where: str) -> str:
    if role := _ROLE.fullmatch(inside):
        if role[1] not in _ROLES:
            _unsupported(inside, where)
        return f"\n# {_ROLES[role[1]].capitalize()}\n"
    if inside.startswith("!"):
        return ""
    if re.fullmatch(r">\s*[A-Za-z_]\w*", inside):
        return "{{> " + inside[1:].strip() + "}}"
    if not re.fullmatch(r"[A-Za-z_]\w*", inside) or inside in ("history", "else"):
        _unsupported(inside, where)
    used.add(inside)
    return "{{" + inside + "}}"


def _inputs(library: ModuleType, given: Any, used: set[str], shown: str) -> dict[str, Any]:
    schema = _schema(library, given, shown) or {}
    properties = schema.get("properties", {})
    required = schema.get("required", sorted(used))
    defaults = (given.default if given is not None else None) or {}
    inputs = {}
    for name in sorted(used):
        kinds = properties.get(name, {}).get("type", "string")
        kind = kinds[0] if isinstance(kinds, list) else kinds
        types = {"string": "text", "number": "number", "integer": "number", "array": "list"}
        if kind not in types:
            _unsupported(f"{name}: {kind}", shown)
        entry: dict[str, Any] = {"type": types[kind]}
        if name in defaults:
            entry["default"] = str(defaults[name])
        elif name not in required:
            entry["required"] = False
        if description := properties.get(name, {}).get("description"):
            entry["description"] = description
        inputs[name] = entry
    return inputs


def _schema(library: ModuleType, part: Any, shown: str) -> dict[str, Any] | None:
    given = getattr(part, "schema_", None) or getattr(part, "schema", None)
    if not given or callable(given):
        return None
    return cast("dict[str, Any]", _settled(lambda: library.picoschema_to_json_schema(given), shown))


def _settled(work: Callable[[], Any], shown: str) -> Any:
    """Return the result of ``work``, awaited if need be: in a thread, as a notebook's own runs a loop."""

    def settle() -> Any:
        result = work()
        return asyncio.run(result) if asyncio.iscoroutine(result) else result

    with ThreadPoolExecutor(1) as threads:
        return _understood(lambda: threads.submit(settle).result(), shown)


def _check_sections(text: str, body: str, shown: str) -> None:
    """Refuse a text whose own lines would be read as our headings; partials are checked when it is loaded."""
    without_partials = re.sub(r"\{\{> \w+\}\}", "", text)
    parsed = parse(without_partials, name="imported", shown=shown)
    if any(not section.text for section in parsed.sections) and "{{>" not in body:
        _unsupported("# " + parsed.sections[0].role.capitalize(), shown)


def _unsupported(name: str, where: str) -> NoReturn:
    raise FileFormatError("prompts.dotprompt_unsupported", where=where, name=name)
