"""Fixtures shared by all tests."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

from tests.browser import browser, page, screens, visitor  # noqa: F401

if TYPE_CHECKING:
    from copilot import Copilot

ROOT = Path(__file__).resolve().parent.parent

# The same examples at every run: a refusal means the change. `--hypothesis-profile=explore` tries others.
settings.register_profile("same", derandomize=True)
settings.register_profile("explore", derandomize=False, max_examples=1000, deadline=None)
settings.load_profile("same")


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The public test data beside the repository; tests that need it say visibly when it is absent."""
    folder = Path(os.environ.get("PORTE_VOIX_SHARED_DATA", ROOT.parent / "shared" / "data"))
    if not folder.is_dir():
        pytest.skip(f"public test data not found at {folder} (set PORTE_VOIX_SHARED_DATA)")
    return folder


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """A PostgreSQL server of our own on a unix socket: the address without the database's name."""
    found = shutil.which("initdb") or next(
        iter(sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))), None
    )
    if found is None:
        pytest.skip("PostgreSQL's initdb was not found (Debian: postgresql)")
    programs = (
        Path(found).resolve().parent if "postgresql" in str(Path(found).resolve()) else Path(found).parent
    )
    # A socket path may hold 107 bytes at most, and the server refuses to run as root.
    folder = Path(subprocess.check_output(["mktemp", "-d"], text=True).strip())
    as_owner: list[str] = []
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres")
        as_owner = ["runuser", "-u", "postgres", "--"]
    data = folder / "data"
    run = {"check": True, "stdout": subprocess.DEVNULL, "cwd": folder}
    subprocess.run(
        [*as_owner, str(programs / "initdb"), "-D", str(data), "-A", "trust", "-U", "postgres", "-N"], **run
    )
    options = f"-c listen_addresses='' -c unix_socket_directories={folder} -c fsync=off"
    control = [*as_owner, str(programs / "pg_ctl"), "-D", str(data), "-l", str(folder / "log"), "-w"]
    subprocess.run([*control, "-o", options, "start"], **run)
    yield f"postgresql+psycopg://postgres@/{{}}?host={folder}"
    subprocess.run([*control, "-m", "immediate", "stop"], **run)
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def postgresql_address(postgresql_server: str, request: pytest.FixtureRequest) -> str:
    """The address of an empty database."""
    import sqlalchemy

    name = f"t{abs(hash(request.node.nodeid)):x}"
    engine = sqlalchemy.create_engine(postgresql_server.format("postgres"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(sqlalchemy.text(f"CREATE DATABASE {name}"))
    engine.dispose()
    return postgresql_server.format(name)


NOW = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
SAMPLE_PARTS = ("brand.yml", "knowledge", "prompts")


def copy_sample(folder: Path) -> Path:
    """Copy the sample workspace (the repository itself) without its state."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in SAMPLE_PARTS:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, folder / name)
        elif source.is_file():
            shutil.copy(source, folder / name)
    return folder


@pytest.fixture(scope="session")
def ingested_sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample workspace, ingested once: read it, or copy it to change it."""
    from copilot import Copilot

    folder = copy_sample(tmp_path_factory.mktemp("sample") / "cyclamene")
    Copilot(folder, clock=lambda: NOW).ingest()
    return folder


@pytest.fixture
def sample(ingested_sample: Path, tmp_path: Path) -> Copilot:
    """A copy of the ingested sample workspace, on 20 November 2026."""
    from copilot import Copilot

    folder = tmp_path / "cyclamene"
    shutil.copytree(ingested_sample, folder)
    return Copilot(folder, clock=lambda: NOW)
