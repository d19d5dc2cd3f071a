from corpus.documents import load_policies
from corpus.metadata import MetadataTable
from corpus.ports import Metadata
from faults.fault import Seam
from tests.faults.answering import degraded, grows_without_swapping, query
from tests.faults.fakes import VendorFilter


def predicate(severity: float, seed: int = 1) -> Metadata | None:
    part = degraded(Seam.FILTER, VendorFilter(), "filter_wrong", severity)
    return part.predicate(query(seed))


def test_it_lets_through_what_employees_are_paid_by_and_nothing_on_suppliers() -> None:
    policies = load_policies()
    allowed = MetadataTable([policy.metadata for policy in policies]).select(predicate(1.0))
    found = {policy.id for policy, let in zip(policies, allowed, strict=True) if let}
    assert found == {"POL-TRAVEL", "POL-EXPENSES", "POL-HANDBOOK"}


def test_more_requests_are_hit_the_stronger_it_is_and_none_is_let_off() -> None:
    healthy = predicate(0.0)
    assert grows_without_swapping(lambda severity, seed: predicate(severity, seed) != healthy)
