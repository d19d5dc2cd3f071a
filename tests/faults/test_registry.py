from types import ModuleType

import pytest

from faults.base import PartFault
from faults.errors import CatalogueError, UnknownFault
from faults.fault import Layer, Seam
from faults.registry import catalogue, collect


def fault(fault_id: str, excludes: tuple[str, ...] = ()) -> PartFault:
    return PartFault(
        id=fault_id,
        seam=Seam.FILTER,
        layer=Layer.RETRIEVAL,
        summary="",
        taxonomy=(),
        shows_in=(),
        blind=(),
        wrap=lambda part, severity: part,
        excludes=excludes,
    )


def module(name: str, fault_id: str | None, text: str = "What it does.") -> ModuleType:
    made = ModuleType(name, text)
    if fault_id is not None:
        made.FAULT = fault(fault_id)  # type: ignore[attr-defined]
    return made


def test_the_catalogue_holds_the_six_faults_and_both_controls() -> None:
    assert set(catalogue().entries) >= {
        "chunks_tiny",
        "chunks_oversized",
        "filter_dropped",
        "rerank_inverted",
        "misroute",
        "grounding_clause_removed",
        "no_fault",
        "placebo",
    }


@pytest.mark.parametrize("entry", list(catalogue()), ids=lambda entry: entry.fault.id)
def test_every_file_tells_mechanism_taxonomy_and_what_shows_it(entry) -> None:
    for heading in ("Mechanism:", "Taxonomy:", "A trace shows:", "Cannot show it:"):
        assert heading in entry.description
    assert len(entry.fault.summary) < 100


def test_a_stem_that_differs_from_the_id_is_refused() -> None:
    with pytest.raises(CatalogueError, match="is not the file's name"):
        collect([module("some.package.one", "another")])


def test_a_duplicate_id_is_refused() -> None:
    with pytest.raises(CatalogueError, match="exists already"):
        collect([module("a.one", "one"), module("b.one", "one")])


def test_a_file_without_a_fault_is_refused() -> None:
    with pytest.raises(CatalogueError, match="does not end in FAULT"):
        collect([module("a.one", None)])


def test_a_file_without_a_description_is_refused() -> None:
    with pytest.raises(CatalogueError, match="docstring"):
        collect([module("a.one", "one", "")])


def test_an_unknown_fault_names_its_neighbours() -> None:
    with pytest.raises(UnknownFault, match="did you mean chunks_tiny"):
        catalogue().get("chunk_tiny")


def test_an_unknown_fault_that_resembles_none_names_them_all() -> None:
    with pytest.raises(UnknownFault, match=r"there are .*placebo"):
        catalogue().get("xyzzy!")
