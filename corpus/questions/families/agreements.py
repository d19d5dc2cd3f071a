"""Questions about what was agreed with a vendor."""

from __future__ import annotations

from collections.abc import Callable

from corpus.documents.words import percent
from corpus.ledger.kinds import TaxTreatment
from corpus.ledger.records import Agreement
from corpus.questions.question import Case, GoldAnswer, GoldPart, Kind, nothing, one
from corpus.questions.sources import ANY, Family, Sources

TAX_ALTERNATIVES = {
    TaxTreatment.STANDARD: ("standard rate", "standard-rate", "19 %", "19%", "19 percent"),
    TaxTreatment.REDUCED: ("reduced rate", "reduced-rate", "7 %", "7%", "7 percent"),
    TaxTreatment.REVERSE_CHARGE: ("reverse charge", "reverse-charge", "reverse_charge"),
    TaxTreatment.EXPORT: (
        "tax-free",
        "tax free",
        "third country",
        "tax_free_import",
        "import VAT",
        "0 %",
        "0%",
        "exempt",
    ),
}


def _cases(
    gold: Callable[[Agreement], GoldAnswer], fact: str, routes: frozenset[str]
) -> Callable[[Sources], list[Case]]:
    def cases(sources: Sources) -> list[Case]:
        return [
            Case(
                key=agreement.id,
                fill={
                    "vendor": sources.spoken(agreement.vendor_id),
                    "agreement_id": agreement.id,
                },
                gold=gold(agreement),
                evidence=sources.evidence(agreement.id, fact),
                routes=routes,
            )
            for agreement in sources.world.agreements
        ]

    return cases


def _terms(agreement: Agreement) -> GoldAnswer:
    return one(Kind.DURATION, f"{agreement.payment_days} days")


def _discount(agreement: Agreement) -> GoldAnswer:
    if agreement.discount_percent is None:
        return nothing(Kind.PERCENT)
    return GoldAnswer(
        (
            GoldPart(Kind.PERCENT, (percent(agreement.discount_percent),)),
            GoldPart(Kind.DURATION, (f"{agreement.discount_days} days",)),
        )
    )


def _tax(agreement: Agreement) -> GoldAnswer:
    return one(Kind.TEXT, *TAX_ALTERNATIVES[agreement.tax_treatment])


FAMILIES = (
    Family("payment_terms", _cases(_terms, "terms", ANY)),
    Family("early_discount", _cases(_discount, "discount", ANY)),
    Family(
        "contract_currency",
        _cases(lambda a: one(Kind.CURRENCY, a.currency), "currency", ANY),
    ),
    Family(
        "agreement_end",
        _cases(lambda a: one(Kind.DATE, a.end.isoformat()), "end", ANY),
    ),
    Family(
        "notice_period",
        _cases(lambda a: one(Kind.DURATION, f"{a.notice_days} days"), "notice", ANY),
    ),
    Family("tax_treatment", _cases(_tax, "tax", ANY)),
    Family("vendor_contact", _cases(lambda a: one(Kind.PERSON, a.contact), "contact", ANY)),
)
