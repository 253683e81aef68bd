"""Builds are shared: each fixture is one build for many tests."""

from __future__ import annotations

import pytest

from tests.integration.builds import Built, run_make


@pytest.fixture(scope="session")
def five(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """The five documents, built by the newcomer's own command."""
    out = tmp_path_factory.mktemp("five") / "out of the project's folder"
    return Built(out, *run_make("build", f"OUT={out}"))
