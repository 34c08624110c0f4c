"""The invented charter, as it was, rectified and amended."""

from pathlib import Path

import pytest

from mou.comparison.articles import Article, articles_of

FOLDER = Path(__file__).resolve().parents[3] / "data" / "comparisons"


def charter(name: str) -> tuple[Article, ...]:
    return articles_of((FOLDER / f"{name}.html").read_text("utf-8"))


@pytest.fixture(scope="session")
def old() -> tuple[Article, ...]:
    """The charter as it was signed."""
    return charter("charter")


@pytest.fixture(scope="session")
def rectified() -> tuple[Article, ...]:
    """The charter with one name corrected."""
    return charter("charter-rectified")


@pytest.fixture(scope="session")
def amended() -> tuple[Article, ...]:
    """The charter as it was amended."""
    return charter("charter-amended")
