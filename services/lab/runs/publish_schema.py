"""Writes the JSON schema of scenario files to ``docs/``: ``python -m …publish_schema``."""

from __future__ import annotations

import json
from pathlib import Path

from services.lab.runs.scenario_file import schema

PUBLISHED = Path(__file__).parents[3] / "docs" / "scenario.schema.json"

if __name__ == "__main__":
    PUBLISHED.write_text(json.dumps(schema(), indent=2) + "\n", encoding="utf-8")
