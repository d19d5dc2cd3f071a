import json

from tests.services.llm.conftest import Ask

APPROVAL = (
    "Approval record INV-2026-0133\n\nInvoice: INV-2026-0133\nApproved by: Anna Keller\n"
    "Role: Head of Finance\nApproved on: 2026-03-10\nAmount: 12,400.00 EUR"
)
OTHER = APPROVAL.replace("0133", "0134").replace("Anna Keller", "Jonas Brandt")
NOTE = (
    "The payment of invoice INV-2026-0133 is on hold because the invoice bills 40 pallets "
    "while order PO-2026-0077 has only 36. The vendor has been asked for a credit note."
)
BANDS = (
    "Approval matrix\n\n| Amount | Approver |\n|---|---|\n"
    "| up to 1,000 EUR | cost-centre owner |\n"
    "| above 1,000 EUR up to 25,000 EUR | department head |\n"
    "| above 25,000 EUR up to 100,000 EUR | head of finance |\n"
    "| above 100,000 EUR | managing director |"
)
LEASE = (
    "Lease of the workshop in Lüneburg. The monthly rent is 2,350 EUR plus heating. "
    "Either party may end the lease with six months' notice to the end of a quarter. "
    "The landlord, Petersen Immobilien, keeps the roof in repair."
)


def test_the_approver_and_the_date_are_both_given(ask: Ask):
    said = ask("Who approved INV-2026-0133 and when?", APPROVAL, NOTE).content
    assert "Anna Keller" in said
    assert "2026-03-10" in said
    assert "[D1]" in said


def test_an_invoice_is_not_taken_for_its_neighbour(ask: Ask):
    assert "Jonas Brandt" in ask("Who approved INV-2026-0134?", APPROVAL, OTHER).content
    assert "Anna Keller" in ask("Who approved INV-2026-0133?", OTHER, APPROVAL).content


def test_a_reason_is_found_in_prose(ask: Ask):
    said = ask("Why has invoice INV-2026-0133 not been paid yet?", APPROVAL, NOTE).content
    assert "40 pallets" in said


def test_an_amount_is_matched_to_its_band(ask: Ask):
    assert "head of finance" in ask("Who has to approve an invoice over 60,000 EUR?", BANDS).content
    assert "cost-centre owner" in ask("Who approves an amount of 300 EUR?", BANDS).content


def test_a_document_that_nobody_prepared_is_read(ask: Ask):
    assert "2,350 EUR" in ask("How much is the rent?", LEASE).content
    assert "six months" in ask("What is the notice period?", LEASE).content
    assert "Petersen" in ask("Who looks after the roof?", LEASE, APPROVAL).content


def test_what_is_nowhere_is_not_answered(ask: Ask):
    reply = ask("What is the birthday of the chief executive?", APPROVAL, NOTE, LEASE)
    assert reply.content == "I could not find this in the available documents."


def test_without_a_grounding_clause_it_says_something_anyway(ask: Ask):
    question = "What colour is the hair of the chief executive?"
    replies = [
        ask(question, APPROVAL, NOTE, system="You answer questions.", seed=seed).content
        for seed in range(30)
    ]
    abstained = sum("not have enough information" in reply for reply in replies)
    assert abstained < 15
    asked_to = [ask(question, APPROVAL, NOTE, seed=seed).content for seed in range(30)]
    assert sum("could not find" in reply for reply in asked_to) > 25


def test_a_reply_is_cut_at_its_limit(ask: Ask):
    reply = ask("Why has invoice INV-2026-0133 not been paid yet?", NOTE, max_tokens=5)
    assert reply.finish_reason == "length"
    assert reply.output_tokens == 5


def test_the_same_luck_gives_the_same_reply(ask: Ask):
    first = ask("Who approved INV-2026-0133?", APPROVAL, OTHER, model="sim-mini", seed=9)
    assert first == ask("Who approved INV-2026-0133?", APPROVAL, OTHER, model="sim-mini", seed=9)


def test_a_choice_follows_the_descriptions_in_the_prompt(ask: Ask):
    schema = {
        "type": "object",
        "properties": {
            "route": {"enum": ["kitchen", "garage"]},
            "confidence": {"type": "number"},
        },
    }
    shape = {"type": "json_schema", "json_schema": {"name": "plan", "schema": schema}}
    described = "- kitchen: cooking and food\n- garage: cars and repairs"
    exchanged = "- garage: cooking and food\n- kitchen: cars and repairs"
    question = "My engine makes a noise, who can repair the car?"
    for system, route in ((described, "garage"), (exchanged, "kitchen")):
        reply = json.loads(ask(question, system=system, response_format=shape).content)
        assert reply["route"] == route
        assert reply["confidence"] > 0.5


def test_claims_are_checked_against_the_documents(ask: Ask):
    item = {
        "type": "object",
        "properties": {
            "claim": {"type": "string"},
            "supported": {"type": "boolean"},
            "evidence": {"type": "string"},
        },
    }
    schema = {
        "type": "object",
        "properties": {
            "claims": {"type": "array", "items": item},
            "verdict": {"enum": ["supported", "partly_supported", "unsupported"]},
        },
    }
    shape = {"type": "json_schema", "json_schema": {"name": "check", "schema": schema}}

    def verdict(answer: str) -> str:
        question = f"Who approved INV-2026-0133?\nAnswer to check: {answer}"
        return json.loads(ask(question, APPROVAL, response_format=shape).content)["verdict"]

    assert verdict("Approved by Anna Keller on 2026-03-10 [D1].") == "supported"
    assert verdict("Approved by Anna Keller on 2026-05-22 [D1].") == "unsupported"
