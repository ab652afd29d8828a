"""What differs from machine to machine: ``copilot.toml`` in the workspace, then ``COPILOT_*`` variables.

Secrets come from the environment only: a key written into ``copilot.toml`` is refused.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from copilot.errors import FileFormatError, SettingsError
from copilot.yamlfile import nearest

FILE_NAME = "copilot.toml"


class Settings(BaseSettings):
    """All settings. Each is ``COPILOT_<NAME>`` in the environment or ``<name>`` in ``copilot.toml``."""

    model_config = SettingsConfigDict(env_prefix="COPILOT_", extra="forbid", frozen=True)

    llm: str = Field(
        default="",
        description="Model that drafts: a name at the endpoint (`mistral-small`) or a LangChain name "
        "(`mistralai:mistral-small`). Empty: the offline drafter.",
    )
    llm_base_url: str = Field(
        default="",
        description="Address of an OpenAI-compatible endpoint (`http://127.0.0.1:11434/v1`). "
        "Empty: the provider's own.",
    )
    llm_api_key: SecretStr = Field(
        default=SecretStr(""),
        description="Key of the endpoint. Environment only, never in the file.",
    )
    llm_timeout: float = Field(
        default=30.0, gt=0, description="Seconds in which a whole answer must have come, retries included."
    )
    llm_retries: int = Field(default=2, ge=0, le=10, description="Attempts after the first one.")
    llm_price_input: float | None = Field(
        default=None, ge=0, description="Price of a million input tokens; empty: no cost is shown."
    )
    llm_price_output: float | None = Field(
        default=None, ge=0, description="Price of a million output tokens."
    )
    llm_currency: str = Field(default="EUR", description="Currency of the prices, ISO 4217.")
    llm_daily_limit: float | None = Field(
        default=None,
        ge=0,
        description="Spending limit a day, in that currency; beyond it the offline drafter writes.",
    )
    embeddings: str = Field(
        default="embedded",
        description="Embedder: `embedded`, `openai:MODEL`, or any name LangChain's `init_embeddings` knows.",
    )
    embeddings_base_url: str = Field(
        default="", description="Address of an OpenAI-compatible embeddings endpoint."
    )
    moderation: str = Field(
        default="", description="Model of an OpenAI-compatible `/moderations` endpoint. Empty: none."
    )
    triage_model: bool = Field(
        default=False,
        description="Whether the model that drafts also reads each comment beside the rules, ten seconds at "
        "most; it can only make a verdict graver.",
    )
    store: str = Field(
        default="",
        description="SQLAlchemy address of the store (`postgresql+psycopg://…`). "
        "Empty: SQLite in `.copilot/store.db`.",
    )
    chroma: str = Field(
        default="", description="`host:port` of a Chroma server. Empty: embedded in `.copilot/index/`."
    )
    language: str = Field(
        default="", description="Language of messages, `fr` or `en`. Empty: that of the system."
    )
    retention_days: int = Field(
        default=365, ge=1, description="Days after which comments are anonymised in the store."
    )
    four_eyes: bool = Field(
        default=False, description="Nobody approves a text that she submitted herself (with accounts only)."
    )
    host: str = Field(default="127.0.0.1", description="Address on which the screens are served.")
    oidc_issuer: str = Field(
        default="",
        description="Address of an OpenID Connect provider through which people sign in. "
        "Empty: accounts with passwords only.",
    )
    oidc_client_id: str = Field(default="", description="Client id that the provider gave to Porte-voix.")
    oidc_client_secret: SecretStr = Field(
        default=SecretStr(""), description="Secret of that client. Environment only, never in the file."
    )
    oidc_name_claim: str = Field(
        default="email",
        description="Claim that holds the name of a person's account; an e-mail must be verified.",
    )
    oidc_role_claim: str = Field(default="roles", description="Claim that lists a person's roles or groups.")
    oidc_roles: dict[str, Literal["agent", "manager", "admin"]] = Field(
        default_factory=dict,
        description="What a value of that claim gives here, as a table (`cm-team = 'agent'`); "
        "nobody without one comes in.",
    )
    port: int = Field(default=7860, ge=0, le=65535, description="Port of the screens; 0: any free one.")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Let the environment win over the file, which arrives as keyword arguments."""
        return env_settings, init_settings


def load_settings(workspace: Path) -> Settings:
    """Read the settings that hold in a workspace.

    Raises:
        FileFormatError: ``copilot.toml`` is not valid TOML, or holds a secret or an unknown key.
        SettingsError: a value is impossible.
    """
    path = workspace / FILE_NAME
    values = _read(path) if path.is_file() else {}
    try:
        return Settings(**values)
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(map(str, first["loc"]))
        raise SettingsError("settings.wrong_value", name=name, problem=first["msg"]) from error


def _read(path: Path) -> dict[str, Any]:
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise FileFormatError("settings.broken", where=FILE_NAME, problem=str(error)) from error
    for name in values:
        if name.endswith(("api_key", "secret")):
            raise FileFormatError(
                "settings.secret", where=FILE_NAME, name=name, variable=f"COPILOT_{name.upper()}"
            )
        if name not in Settings.model_fields:
            near = nearest(name, Settings.model_fields)
            raise FileFormatError(
                "yamlfile.unknown_key_near" if near else "yamlfile.unknown_key",
                where=FILE_NAME,
                name=name,
                near=near,
                allowed=", ".join(Settings.model_fields),
            )
    return values
