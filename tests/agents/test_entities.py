from __future__ import annotations

import pytest

from agents.entities import EntityFinder, Gazetteer
from corpus.ports import Entity
from tests.agents.fakes import GAZETTEER

FINDER = EntityFinder(GAZETTEER)


def ids(text: str) -> list[str]:
    return [entity.id for entity in FINDER.find(text)]


@pytest.mark.parametrize(
    "text",
    [
        "INV-2026-0133",
        "what about inv 2026-0133",
        "invoice 2026/133",
        "Invoice no. 0133 please",
        "INV20260133",
        "inv_2026_0133",
        "invoice #133",
        "invoice 133 is due when?",
        "inv 133",
        "Invoice number: 2026-0133",
    ],
)
def test_an_invoice_is_found_however_its_number_is_written(text: str) -> None:
    assert ids(text) == ["INV-2026-0133"]


@pytest.mark.parametrize(
    "text", ["PO-2026-0042", "purchase order 2026/42", "PO 42", "p.o. no. 42", "order 0042"]
)
def test_a_purchase_order_is_found_however_its_number_is_written(text: str) -> None:
    assert ids(text) == ["PO-2026-0042"]


@pytest.mark.parametrize(
    "text",
    [
        "invoice 30 days overdue",
        "invoices in 2026",
        "all invoices of 2026-03",
        "an invoice over 5000 EUR",
        "GR-2026-0042",
        "what was PAY-2026-0012 for",
        "the order of 2026-03-13",
        "invoice 2026",
        "how many invoices in March 2026 from 12 vendors",
    ],
)
def test_other_numbers_are_no_invoices_and_orders(text: str) -> None:
    assert ids(text) == []


def test_a_short_number_is_enough_for_an_invoice_but_not_for_an_order() -> None:
    assert ids("What does invoice 42 come to?") == ["INV-2026-0042"]
    assert ids("May I order 42 chairs?") == []


def test_several_invoices_are_all_found() -> None:
    assert ids("compare invoices 2026-0012 and 2026-0013") == ["INV-2026-0012", "INV-2026-0013"]


def test_a_well_formed_number_that_nobody_knows_is_found_too() -> None:
    assert ids("INV-2026-9999") == ["INV-2026-9999"]


def test_without_a_year_the_latest_invoice_of_that_number_is_meant() -> None:
    finder = EntityFinder(Gazetteer(invoices=["INV-2025-0007", "INV-2026-0007"]))
    assert [e.id for e in finder.find("invoice no. 7")] == ["INV-2026-0007"]


@pytest.mark.parametrize(
    "text",
    [
        "Nordkai Logistik GmbH",
        "nordkai logistik",
        "Why was Nordkai not paid?",
        "NORDKAI'S invoices",
        "Nordkay Logistic",
        "Nordaki",
        "what do we owe Nord Kai",
        "vendor 1001",
        "V-1001",
        "v1001",
    ],
)
def test_a_vendor_is_found_by_id_whole_or_partial_name_and_with_a_slip_of_the_pen(
    text: str,
) -> None:
    assert ids(text) == ["V-1001"]


def test_a_name_that_two_vendors_share_is_told_apart_by_the_word_that_follows() -> None:
    assert ids("Kestrel Cargo") == ["V-1003"]
    assert ids("invoices of Kestrel") == ["V-1002", "V-1003"]


@pytest.mark.parametrize(
    "text",
    [
        "Which office supplies may I order?",
        "What is the logistics budget?",
        "Is optical equipment taxed?",
        "Who approves cargo claims?",
        "Does the policy cover hotel costs in Nordic countries?",
    ],
)
def test_ordinary_words_are_no_vendors(text: str) -> None:
    found = [entity for entity in FINDER.find(text) if entity.name != "Office Supplies Inc"]
    assert found == []


def test_an_ordinary_word_alone_never_stands_for_a_vendor() -> None:
    assert ids("Which office has the invoice?") == []
    assert ids("What did we buy from Office Supplies?") == ["V-1004"]


def test_the_names_are_the_gazetteers() -> None:
    finder = EntityFinder(Gazetteer(vendors=[Entity("vendor", "V-9", "Åkesson A/S")]))
    assert finder.names == {"V-9": "Åkesson A/S"}
    assert [e.id for e in finder.find("akesson")] == ["V-9"]
