"""Fields are read from documents that nobody prepared, in many layouts and notations.

Run with ``-s`` to see the share of fields that are right, document by document.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from corpus.luck import Luck
from services.llm.profiles import find_profile
from services.llm.simulator import Simulator
from services.llm.wire import ChatCompletionRequest

FOLDER = Path(__file__).parent / "documents"
NAMES = sorted(path.stem for path in FOLDER.glob("*.yml"))
RIGHT_IN_ALL = 0.85
RIGHT_IN_EACH = 0.6


def extract(simulator: Simulator, name: str, model: str = "sim-careful") -> dict[str, Any]:
    """Return what the model makes of a document, by field."""
    fields = yaml.safe_load((FOLDER / f"{name}.yml").read_text("utf-8"))
    schema = {
        "type": "object",
        "properties": {
            field: {key: part for key, part in spec.items() if key != "expect"}
            for field, spec in fields.items()
        },
    }
    text = (FOLDER / f"{name}.txt").read_text("utf-8")
    document = f'<document id="D1" source="S1" title="">\n{text}\n</document>'
    request = ChatCompletionRequest.model_validate(
        {
            "model": model,
            "messages": [{"role": "user", "content": f"Extract the fields.\n{document}"}],
            "response_format": {
                "type": "json_schema",
                "json_schema": {"name": "fields", "schema": schema},
            },
        }
    )
    found: dict[str, Any] = json.loads(
        simulator.complete(request, find_profile(model), Luck(1)).content
    )
    return found


def marks(simulator: Simulator, name: str) -> dict[str, bool]:
    """Return for each field of a document whether it was read right."""
    expected = yaml.safe_load((FOLDER / f"{name}.yml").read_text("utf-8"))
    found = extract(simulator, name)
    judged = {}
    for field, spec in expected.items():
        judged[field] = found[field] == spec["expect"]
        if not judged[field]:
            print(f"{name}: {field} is {found[field]!r}, not {spec['expect']!r}")  # noqa: T201
    return judged


@pytest.mark.parametrize("name", NAMES)
def test_most_fields_of_a_document_are_read_right(simulator: Simulator, name: str):
    judged = marks(simulator, name)
    assert sum(judged.values()) / len(judged) >= RIGHT_IN_EACH


def test_of_all_fields_enough_are_read_right(simulator: Simulator):
    judged = [right for name in NAMES for right in marks(simulator, name).values()]
    print(f"{sum(judged)} of {len(judged)} fields are right")  # noqa: T201
    assert len(NAMES) >= 12
    assert sum(judged) / len(judged) >= RIGHT_IN_ALL
