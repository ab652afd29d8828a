"""Fixtures shared by all tests."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The public test data beside the repository; tests that need it say visibly when it is absent."""
    folder = Path(os.environ.get("PORTE_VOIX_SHARED_DATA", ROOT.parent / "shared" / "data"))
    if not folder.is_dir():
        pytest.skip(f"public test data not found at {folder} (set PORTE_VOIX_SHARED_DATA)")
    return folder
