from faults.taxonomies import coverage, taxonomies


def test_every_fault_names_items_that_exist() -> None:
    assert "chunks_tiny" in coverage()[("RAGEC", "E1")]


def test_an_item_is_realised_or_it_is_said_why_not() -> None:
    realised = coverage()
    for taxonomy in taxonomies():
        for item in taxonomy.items:
            is_realised = bool(realised[taxonomy.prefix, item.key])
            assert is_realised != bool(item.outside), f"{taxonomy.prefix} {item.key}"


def test_the_taxonomies_are_whole() -> None:
    sizes = {taxonomy.prefix: len(taxonomy.items) for taxonomy in taxonomies()}
    assert sizes == {"RAGEC": 16, "FP": 7, "MAST": 14, "OWASP": 20}
