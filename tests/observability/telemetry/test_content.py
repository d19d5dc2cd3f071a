import pytest

from observability.telemetry import ContentPolicy, mask
from observability.telemetry.content import cut


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("to DE89 3704 0044 0532 0130 00 today", "to [iban] today"),
        ("IBAN DE89370400440532013000.", "IBAN [iban]."),
        ("GB29 NWBK 6016 1331 9268 19", "[iban]"),
        ("NL91ABNA0417164300, NO9386011117947", "[iban], [iban]"),
        ("VAT DE123456789", "VAT [tax-number]"),
        ("VAT ID: DE 123 456 789.", "VAT ID: [tax-number]."),
        ("ATU12345678 and FR12345678901", "[tax-number] and [tax-number]"),
        ("NL123456789B01", "[tax-number]"),
        ("CHE-123.456.789, Zug", "[tax-number], Zug"),
        ("Steuernummer 12/345/67890", "Steuernummer [tax-number]"),
        ("write to ann.b-c+x@accounts.example.co.uk now", "write to [email] now"),
    ],
)
def test_accounts_tax_numbers_and_addresses_are_masked(text: str, masked: str) -> None:
    assert mask(text) == masked


@pytest.mark.parametrize(
    "text",
    [
        "INV-2026-0001 of PO-2026-0014 was paid in RUN-2026-03-13",
        "Net EUR 12,345.67 plus 19 % VAT is EUR 14,691.35",
        "V-1001 delivered GR-2026-0412 on 2026-06-30 at 10:15",
        "POL-PAYMENT-TERMS section 4 allows 30 days net",
        "the agreement FA-1001 ends 31/12/2026",
        "IT spending in FY 2026 was up, DE and FR were flat",
        "30/06/2026",
        "@home",
    ],
)
def test_records_amounts_and_dates_are_left_as_they_are(text: str) -> None:
    assert mask(text) == text


@pytest.mark.parametrize("gap", [0, 30, 99, 100, 101, 150, 199, 200, 201, 1000])
def test_each_of_several_numbers_is_masked_however_far_apart(gap: int) -> None:
    between = " " + "word " * (gap // 5) + "x" * (gap % 5) + " "
    numbers = ["DE89370400440532013000", "a.b@example.org", "12/345/67890", "DE123456789"]
    tags = ["[iban]", "[email]", "[tax-number]", "[tax-number]"]
    assert mask(between + between.join(numbers) + between) == between + between.join(tags) + between


def test_a_long_text_is_cut_and_says_how_much_is_missing() -> None:
    assert cut("abcdef", 4) == "abcd… [2 more characters]"
    assert cut("abcd", 4) == "abcd"


def test_a_number_across_the_cut_is_masked_whole() -> None:
    policy = ContentPolicy(None, 12)
    assert policy.prepare("account DE89370400440532013000") == "account [iba… [2 more characters]"


def test_without_a_setting_fiction_is_seen_and_own_documents_are_not() -> None:
    policy = ContentPolicy(None, 100)
    assert policy.captures()
    with policy.fictional(True):
        assert policy.captures()
    with policy.fictional(False):
        assert not policy.captures()
        with policy.fictional(True):
            assert not policy.captures()
    assert policy.captures()


@pytest.mark.parametrize("setting", [True, False])
def test_a_setting_decides_alone(setting: bool) -> None:
    policy = ContentPolicy(setting, 100)
    for is_fictional in (True, False):
        with policy.fictional(is_fictional):
            assert policy.captures() is setting
