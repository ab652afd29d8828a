"""The error tree.

    CopilotError                 anything we can explain to the user
    ├── InputError               what the user gave cannot be used (text, option, file)
    │   ├── FileFormatError      a file has a mistake: carries file:line
    │   └── UnreadableFileError  a file cannot be read at all
    ├── WorkspaceError           no workspace here, a read-only folder, another process writes
    ├── SettingsError            a setting is unknown or impossible
    ├── DamagedIndexError        the index is missing, damaged, or was built by another embedder
    ├── StoreError               the store cannot be opened or written
    ├── PermissionDenied         the actor's role does not allow the verb
    ├── ConflictError            somebody else changed the same thing meanwhile
    └── LLMError                 the endpoint: base of all below
        ├── LLMAuthError         401, 403
        ├── LLMRateLimitError    429, carries ``retry_after`` in seconds
        ├── LLMTimeoutError      no whole answer within the total time limit
        ├── LLMUnavailableError  5xx, refused or cut connection
        ├── LLMContractError     the answer breaks the promised form
        └── LLMBudgetError       the daily spending limit is reached

Every error is a message key of the catalogues with its parameters, so that each face says it in the
user's language: what, where (``file:line``), how to mend.
"""

from __future__ import annotations

from typing import Any


class CopilotError(Exception):
    """An explained error.

    Args:
        key: message key, ``module.name`` of ``copilot/messages/<language>/module.yml``.
        where: ``path`` or ``path:line`` or ``path:line:column``, empty if nowhere in a file.
        params: values for the message's placeholders.
    """

    def __init__(self, key: str, /, *, where: str = "", **params: Any) -> None:
        super().__init__(key)
        self.key = key
        self.where = where
        self.params = params

    def in_language(self, language: str) -> str:
        """Return the full sentence in ``fr`` or ``en``, with the place in front when there is one."""
        from copilot.messages import message

        text = message(self.key, language, **self.params)
        separator = "\u00a0: " if language == "fr" else ": "
        return f"{self.where}{separator}{text}" if self.where else text

    def __str__(self) -> str:
        return self.in_language("en")


class InputError(CopilotError):
    """What the user gave cannot be used."""


class FileFormatError(InputError):
    """A file has a mistake at ``where``."""


class UnreadableFileError(InputError):
    """A file cannot be read at all."""


class WorkspaceError(CopilotError):
    """The workspace folder cannot serve."""


class SettingsError(CopilotError):
    """A setting is unknown or impossible."""


class DamagedIndexError(CopilotError):
    """The index is missing, damaged, or was built by another embedder."""


class StoreError(CopilotError):
    """The store cannot be opened or written."""


class PermissionDenied(CopilotError):
    """The actor's role does not allow the verb."""


class ConflictError(CopilotError):
    """Somebody else changed the same thing meanwhile."""


class LLMError(CopilotError):
    """The endpoint could not serve."""


class LLMAuthError(LLMError):
    """The endpoint refused the key (401, 403)."""


class LLMRateLimitError(LLMError):
    """The endpoint asks to slow down (429)."""

    def __init__(self, key: str, /, *, retry_after: float | None = None, **params: Any) -> None:
        super().__init__(key, **params)
        self.retry_after = retry_after


class LLMTimeoutError(LLMError):
    """No whole answer came within the total time limit."""


class LLMUnavailableError(LLMError):
    """The endpoint failed or the connection was refused or cut."""


class LLMContractError(LLMError):
    """The answer breaks the promised form."""


class LLMBudgetError(LLMError):
    """The daily spending limit is reached."""
