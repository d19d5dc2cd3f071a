from __future__ import annotations

from pathlib import Path

import yaml

import corpus.documents
from corpus.ledger import approving
from corpus.ledger.vocabulary import ROLE_TITLES


def test_the_bands_of_the_ledger_are_those_of_the_policy() -> None:
    path = Path(corpus.documents.__file__).parent / "policies" / "approval_bands.yml"
    policy = yaml.safe_load(path.read_text(encoding="utf-8"))
    for name, bands in (
        ("with_purchase_order", approving.WITH_ORDER),
        ("without_purchase_order", approving.WITHOUT_ORDER),
        ("framework_call_off", approving.CALL_OFF),
    ):
        assert [(b["up_to"], tuple(b["approvers"])) for b in policy[name]] == list(bands)
    assert policy["automatic_release_up_to"] == approving.AUTOMATIC_UP_TO
    assert policy["role_titles"] == ROLE_TITLES
