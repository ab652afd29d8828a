"""The catalogues of what the product says, one folder a language, one file a module.

A key is ``file.name``; placeholders are ``{name}``. A catalogue file is read when first asked for.
"""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import Any

from copilot.records import Localized

LANGUAGES = ("fr", "en")


@cache
def catalogue(name: str, language: str) -> dict[str, str]:
    """Return all messages of one file.

    Raises:
        KeyError: there is no such catalogue.
    """
    import yaml

    file = resources.files(__name__) / language / f"{name}.yml"
    if not file.is_file():
        raise KeyError(f"no catalogue {language}/{name}.yml")
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return dict(yaml.load(file.read_text(encoding="utf-8"), Loader=loader))


def message(key: str, language: str, /, **params: Any) -> str:
    """Return the message ``key`` in ``fr`` or, for any other language, in English.

    A ``Localized`` parameter is put in the same language.

    Raises:
        KeyError: the key or one of its parameters is missing.
    """
    file, _, name = key.partition(".")
    text = catalogue(file, "fr" if language == "fr" else "en")[name]
    own = {k: v.get(language) if isinstance(v, Localized) else v for k, v in params.items()}
    return text.format(**own) if own else text


def localized(key: str, /, **params: Any) -> Localized:
    """Return the message in both languages; a ``Localized`` parameter is put in its own language."""
    return Localized(message(key, "fr", **params), message(key, "en", **params))
