from __future__ import annotations

from pathlib import Path

import pytest

from corpus.documents import (
    DocumentFileError,
    Rendered,
    load_policies,
    read_documents,
    render,
    write_documents,
)
from corpus.documents.draft import Draft
from corpus.ledger import World, WorldSettings, generate


@pytest.fixture(scope="module")
def world() -> World:
    return generate(WorldSettings())


@pytest.fixture(scope="module")
def rendered(world: World) -> list[Rendered]:
    return render(world)


def test_the_default_world_fills_a_filing_room(rendered: list[Rendered]) -> None:
    assert len(rendered) >= 850
    assert len({item.document.id for item in rendered}) == len(rendered)
    kinds = {item.document.metadata["doc_type"] for item in rendered}
    assert kinds == {
        "invoice",
        "agreement",
        "purchase_order",
        "goods_receipt",
        "match_report",
        "approval",
        "email",
        "payment_run",
    }


def test_the_same_world_is_rendered_to_the_same_documents(
    world: World, rendered: list[Rendered]
) -> None:
    assert render(world) == rendered


def test_metadata_name_records_that_exist(world: World, rendered: list[Rendered]) -> None:
    vendors = {vendor.id: vendor.full_name for vendor in world.vendors}
    invoices = {invoice.id: invoice for invoice in world.invoices}
    orders = {order.id: order for order in world.purchase_orders}
    for item in rendered:
        data = item.document.metadata
        assert data["date"]
        if "vendor_id" in data:
            assert data["vendor"] == vendors[str(data["vendor_id"])]
        if "invoice_id" in data:
            assert invoices[str(data["invoice_id"])].vendor_id == data["vendor_id"]
        if "po_id" in data:
            assert orders[str(data["po_id"])].vendor_id == data["vendor_id"]


def test_every_hold_is_told_in_the_document_that_it_names(
    world: World, rendered: list[Rendered]
) -> None:
    facts = {item.document.id: item.facts for item in rendered}
    for hold in world.holds:
        assert {"reason", f"held:{hold.invoice_id}"} & set(facts[hold.told_in])


def test_the_reason_of_a_delay_is_not_in_the_invoice(
    world: World, rendered: list[Rendered]
) -> None:
    reasons = {
        i.facts["reason"]
        for i in rendered
        if i.document.metadata["doc_type"] == "email" and "reason" in i.facts
    }
    assert reasons
    invoices = [i.document.text for i in rendered if i.document.metadata["doc_type"] == "invoice"]
    assert not any(reason in text for reason in reasons for text in invoices)


def test_a_fact_must_stand_in_the_text() -> None:
    draft = Draft("D-1", "A document", doc_type="note")
    draft.fact("total", "Total: 3.00 EUR")
    with pytest.raises(ValueError, match="total"):
        draft.done()


def test_documents_survive_being_written_and_read(rendered: list[Rendered], tmp_path: Path) -> None:
    documents = sorted((item.document for item in rendered), key=lambda d: f"{d.id}.md")
    assert write_documents(documents, tmp_path) == len(documents)
    assert read_documents(tmp_path) == documents


def test_the_policies_are_several_pages_long() -> None:
    policies = load_policies()
    assert len(policies) >= 9
    for policy in policies:
        assert policy.metadata["doc_type"] == "policy"
        assert len(policy.text) > 6000


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("# No front matter", "no front matter"),
        ("---\nid: [\n---\ntext", "not YAML"),
        ("---\ntitle: Without id\n---\ntext", "without id"),
    ],
)
def test_a_malformed_file_is_named(content: str, message: str, tmp_path: Path) -> None:
    (tmp_path / "odd.md").write_text(content)
    with pytest.raises(DocumentFileError, match=rf"odd[.]md .*{message}"):
        read_documents(tmp_path)


def test_a_binary_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "odd.md").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(DocumentFileError, match=r"odd[.]md cannot be read"):
        read_documents(tmp_path)


def test_a_folder_that_is_none_is_named(tmp_path: Path) -> None:
    with pytest.raises(DocumentFileError, match="not a folder"):
        read_documents(tmp_path / "none")
