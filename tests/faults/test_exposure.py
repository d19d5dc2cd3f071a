import pickle
from dataclasses import replace

import pytest

from corpus.chunking import SectionChunker
from corpus.luck import Luck
from corpus.ports import Document
from faults.apply import degrade_part, relevant
from faults.contradictions import check_plan
from faults.errors import NoDocuments, PlanError
from faults.exposure import check_exposure, exposed
from faults.fault import Seam
from faults.plan import ActiveFault, FaultPlan, PlannedFault, parse_fault
from faults.registry import catalogue
from tests.faults.documents import documents
from tests.faults.fakes import LineChunker

INGEST = [entry.fault.id for entry in catalogue() if entry.fault.seam is Seam.DOCUMENTS]
CHUNKERS = [entry.fault.id for entry in catalogue() if entry.fault.seam is Seam.CHUNKER]
OTHERS = [
    entry.fault.id
    for entry in catalogue()
    if entry.fault.seam not in (Seam.DOCUMENTS, Seam.CHUNKER)
]
HALF = [
    ActiveFault("chunks_tiny", documents=0.5),
    ActiveFault("chunks_tiny", vendors=0.5),
    ActiveFault("chunks_tiny", documents=0.7, vendors=0.7),
]


def sources(fault: ActiveFault, given: list[Document]) -> set[str]:
    return {document.id for document in given if exposed(fault, document)}


def cut(document: Document, *faults: ActiveFault) -> list[str]:
    healthy = SectionChunker(lambda text: len(text.split()))
    return [chunk.text for chunk in degrade_part(Seam.CHUNKER, healthy, faults).chunk(document)]


def test_a_share_exposes_about_that_many_documents_and_a_larger_one_these_and_more() -> None:
    given = documents(200)
    some = sources(ActiveFault("chunks_tiny", documents=0.3), given)
    more = sources(ActiveFault("chunks_tiny", documents=0.6), given)

    assert 0.25 < len(some) / len(given) < 0.35
    assert some < more


def test_all_documents_of_a_vendor_are_exposed_or_none_is() -> None:
    given = documents(200)
    hit = sources(ActiveFault("chunks_tiny", vendors=0.3), given)
    vendors = {d.metadata["vendor_id"] for d in given if d.id in hit}

    assert 0.2 < len(vendors) / 200 < 0.4
    assert hit == {d.id for d in given if d.metadata["vendor_id"] in vendors}


def test_with_a_share_of_the_vendors_a_document_without_one_is_not_exposed() -> None:
    policy = Document("P-1", "Travel", "Economy class.", {"doc_type": "policy"})

    assert not exposed(ActiveFault("chunks_tiny", vendors=0.999), policy)
    assert exposed(ActiveFault("chunks_tiny"), policy)


def test_with_both_shares_a_document_is_exposed_if_both_draws_choose_it() -> None:
    given = documents(50)
    both = sources(ActiveFault("chunks_tiny", documents=0.5, vendors=0.5), given)

    assert both == sources(ActiveFault("chunks_tiny", documents=0.5), given) & sources(
        ActiveFault("chunks_tiny", vendors=0.5), given
    )
    assert both


def test_two_faults_expose_documents_independently_of_each_other() -> None:
    given = documents(100)
    one = sources(ActiveFault("chunks_tiny", documents=0.5), given)
    other = sources(ActiveFault("ocr_noise", documents=0.5), given)

    assert 0.15 < len(one & other) / len(given) < 0.35


@pytest.mark.parametrize("fault", CHUNKERS)
@pytest.mark.parametrize("share", [{"documents": 0.5}, {"vendors": 0.5}], ids=str)
def test_exposed_documents_are_cut_badly_and_others_as_ever(
    fault: str, share: dict[str, float]
) -> None:
    part, whole = ActiveFault(fault, **share), ActiveFault(fault)
    given = documents(10)

    for document in given:
        expected = cut(document, whole) if exposed(part, document) else cut(document)
        assert cut(document, part) == expected
    assert any(cut(document, part) != cut(document, whole) for document in given)


def test_an_index_is_named_by_what_was_exposed() -> None:
    shares = [ActiveFault("chunks_tiny"), *HALF, ActiveFault("chunks_tiny", documents=0.6)]
    names = {degrade_part(Seam.CHUNKER, LineChunker(), [each]).fingerprint for each in shares}

    assert len(names) == len(shares)


@pytest.mark.parametrize("fault", INGEST)
def test_documents_that_are_not_exposed_are_ingested_as_they_are_in_their_place(
    fault: str,
) -> None:
    part = ActiveFault(fault, vendors=0.5)
    given = documents(12)
    spared = [document for document in given if not exposed(part, document)]
    kept = {document.id for document in spared}

    found = degrade_part(Seam.DOCUMENTS, given, [part])

    assert [document for document in found if document.id in kept] == spared
    assert list(found) != given
    order = {document.id: number for number, document in enumerate(given)}
    places = [order[document.id] for document in found if document.id in order]
    assert places == sorted(places)


@pytest.mark.parametrize("fault", INGEST)
def test_a_fault_makes_of_exposed_documents_what_it_makes_of_these_alone(fault: str) -> None:
    part = ActiveFault(fault, 0.7, documents=0.5)
    given = documents(12)
    alone = [document for document in given if exposed(part, document)]
    spared = {document.id for document in given} - {document.id for document in alone}

    found = degrade_part(Seam.DOCUMENTS, given, [part])

    expected = degrade_part(Seam.DOCUMENTS, alone, [ActiveFault(fault, 0.7)])
    assert [document for document in found if document.id not in spared] == list(expected)


def test_copies_stand_behind_the_document_that_they_are_of() -> None:
    given = documents(3)
    found = degrade_part(
        Seam.DOCUMENTS, given, [ActiveFault("duplicates_flood", 0.01, documents=0.5)]
    )

    copies = [number for number, each in enumerate(found) if each.id.endswith("-N1")]
    assert copies
    assert all(found[number].id == f"{found[number - 1].id}-N1" for number in copies)


def test_if_no_document_is_exposed_the_very_same_documents_are_ingested() -> None:
    given = [Document("P-1", "Travel", "Economy class.", {})]

    assert degrade_part(Seam.DOCUMENTS, given, [ActiveFault("ocr_noise", vendors=0.9)]) is given


@pytest.mark.parametrize("fault", [*INGEST, *CHUNKERS])
def test_full_shares_are_the_fault_as_it_ever_was(fault: str) -> None:
    plain, explicit = ActiveFault(fault, 0.5), ActiveFault(fault, 0.5, 1.0, 1.0)
    given = documents(6)
    worse = catalogue().get(fault)

    assert plain == explicit == parse_fault(f"{fault}=0.5")
    assert str(plain) == f"{fault}=0.5"
    if worse.seam is Seam.CHUNKER:
        chunker = degrade_part(Seam.CHUNKER, LineChunker(), [plain])
        assert "exposed" not in chunker.fingerprint
        assert type(chunker).__module__ == f"faults.catalogue.{fault}"
    else:
        assert degrade_part(Seam.DOCUMENTS, given, [plain]) == degrade_part(
            Seam.DOCUMENTS, given, [explicit]
        )


def test_faults_are_sorted_by_id_and_severity_before_their_shares() -> None:
    given = [
        ActiveFault("b", 0.1, 0.1),
        ActiveFault("a", 1.0, 0.1),
        ActiveFault("a", 0.5),
        ActiveFault("a", 1.0),
    ]
    assert sorted(given) == [given[2], given[1], given[3], given[0]]


@pytest.mark.parametrize("fault", HALF, ids=str)
def test_shares_reach_the_assembly_that_a_request_is_answered_by(fault: ActiveFault) -> None:
    plan = FaultPlan((PlannedFault(fault, begins_ns=0, ramp_ns=100),))

    assert plan.active(Luck(1), 1000) == plan.everything() == (fault,)
    assert relevant([Seam.CHUNKER], plan.active(Luck(1), 1000)) == (fault,)
    assert plan.active(Luck(1), 0) == (replace(fault, severity=0.2),)
    assert {each.severity for active in plan.sets() for each in active} == {0.2, 0.4, 0.6, 0.8, 1.0}
    assert pickle.loads(pickle.dumps(fault)) == fault


@pytest.mark.parametrize("share", [{"documents": 0.0}, {"vendors": 0.0}], ids=str)
def test_a_fault_that_nothing_is_exposed_to_is_never_in_place(share: dict[str, float]) -> None:
    plan = FaultPlan((PlannedFault(ActiveFault("chunks_tiny", **share)),))

    assert plan.active(Luck(1)) == plan.everything() == ()
    assert tuple(plan.sets()) == ((),)
    check_plan(FaultPlan((*plan.faults, PlannedFault(ActiveFault("boundary_blind")))))


@pytest.mark.parametrize(
    "share", [{"documents": 1.1}, {"vendors": -0.1}, {"vendors": float("nan")}]
)
def test_a_share_outside_0_to_1_is_refused(share: dict[str, float]) -> None:
    with pytest.raises(PlanError, match="outside 0 to 1"):
        ActiveFault("chunks_tiny", **share)


@pytest.mark.parametrize("fault", OTHERS)
def test_a_fault_of_no_documents_is_refused_for_a_share_of_them(fault: str) -> None:
    part = ActiveFault(fault, vendors=0.3)

    with pytest.raises(NoDocuments, match=f"{fault}: .* faults of the documents and of the chunk"):
        check_plan(FaultPlan((PlannedFault(part),)))
    check_exposure(ActiveFault(fault))


def test_what_shares_a_fault_has_is_told_with_its_name() -> None:
    assert str(ActiveFault("ocr_noise", 0.5, vendors=0.3)) == "ocr_noise=0.5 vendors=0.3"
    assert str(ActiveFault("ocr_noise", documents=0.2)) == "ocr_noise documents=0.2"
