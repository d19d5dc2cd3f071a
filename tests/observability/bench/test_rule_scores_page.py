from __future__ import annotations

from pathlib import Path

from observability.bench.requirements import FIGURES

DOCS = Path(__file__).parents[3] / "docs"


def test_the_documentation_names_every_figure_that_can_be_required() -> None:
    page = (DOCS / "rule-scores.md").read_text(encoding="utf-8")
    assert all(f"| `{name}` | {each.describes} |" in page for name, each in FIGURES.items())
