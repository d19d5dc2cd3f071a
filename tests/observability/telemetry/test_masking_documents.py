from corpus.documents import load_policies, render
from corpus.ledger import WorldSettings, generate
from observability.telemetry import mask


def test_in_a_companys_papers_exactly_the_private_numbers_are_masked() -> None:
    world = generate(WorldSettings(seed=11, vendors=20, invoices=60))
    private = [(v.iban, v.tax_id, v.email) for v in world.vendors]
    for rendered in render(world):
        text = rendered.document.text
        expected = text
        for iban, tax_id, email in private:
            expected = expected.replace(iban, "[iban]").replace(email, "[email]")
            expected = expected.replace(tax_id, "[tax-number]")
        assert _without_addresses(mask(text)) == _without_addresses(expected)


def test_in_the_policies_nothing_is_masked_but_addresses() -> None:
    for policy in load_policies():
        masked = mask(policy.text)
        assert "[iban]" not in masked
        assert "[tax-number]" not in masked


def _without_addresses(text: str) -> list[str]:
    # The company's own people write too, and their addresses are masked like any other.
    return [word for word in text.split() if "@" not in word and "[email]" not in word]
