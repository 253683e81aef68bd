"""In which order files of tests are given to the workers."""

from __future__ import annotations

import pytest


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest begin, so that no worker is left alone with them at the end."""
    items.sort(key=lambda item: item.get_closest_marker("integration") is None)
