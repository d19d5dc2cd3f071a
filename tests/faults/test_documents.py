from itertools import permutations

import pytest

from faults.apply import degrade_part
from faults.fault import Seam
from faults.plan import ActiveFault
from faults.registry import catalogue
from tests.faults.documents import documents

INGEST = [entry.fault.id for entry in catalogue() if entry.fault.seam is Seam.DOCUMENTS]


@pytest.mark.parametrize("pair", list(permutations(INGEST, 2)), ids="+".join)
def test_two_faults_of_the_ingest_act_on_one_anothers_documents(pair: tuple[str, str]) -> None:
    given = documents(6)
    alone = degrade_part(Seam.DOCUMENTS, given, [ActiveFault(pair[1], 0.3)])

    both = degrade_part(Seam.DOCUMENTS, given, [ActiveFault(fault, 0.3) for fault in pair])

    assert len({document.id for document in both}) == len(both)
    assert list(both) != list(alone)


@pytest.mark.parametrize("fault", INGEST)
def test_documents_that_something_stands_before_are_ingested_as_they_are(fault: str) -> None:
    given = documents(6)
    plain = degrade_part(Seam.DOCUMENTS, given, [ActiveFault(fault)])

    behind = degrade_part(Seam.DOCUMENTS, given, [ActiveFault("placebo"), ActiveFault(fault)])

    def fields(part: object) -> list[tuple[object, ...]]:
        return [(d.id, d.title, d.text, dict(d.metadata)) for d in part]  # type: ignore[attr-defined]

    assert fields(behind) == fields(plain)
    assert degrade_part(Seam.DOCUMENTS, given, [ActiveFault(fault, 0.0)]) is given
