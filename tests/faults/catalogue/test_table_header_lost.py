from corpus.ports import Document
from tests.faults.documents import changed, ingested

TERMS = (
    "# A\n\n| Supply | Term |\n| :--- | ---: |\n| Goods | 30 days net |\n| Freight | 21 days |\n\n"
    "| No. | Item | Price |\n|---|---|---|\n| 1 | Bags | 3.10 |\n\nThe end.\n"
)


def converted(text: str) -> str:
    return ingested("table_header_lost", 1.0, [Document("a", "A", text)])[0].text


def test_more_documents_lose_headers_the_stronger_it_is():
    few, many, all_of_them = (changed("table_header_lost", each) for each in (0.2, 0.5, 1.0))

    assert not changed("table_header_lost", 0.0)
    assert few < many < all_of_them
    assert len(all_of_them) == 120


def test_column_names_and_row_labels_go_and_every_row_and_everything_else_stays():
    assert converted(TERMS) == (
        "# A\n\n| 30 days net |\n| 21 days |\n\n| 1 | Bags | 3.10 |\n\nThe end.\n"
    )


def test_a_column_alone_is_data_and_a_table_may_end_the_document():
    assert converted("| Item |\n| --- |\n| Bags |\n") == "| Bags |\n"
    assert converted("| Item | Price |\n| --- | --- |\n| Bags | 3.10 |") == "| 3.10 |"


def test_rows_without_a_rule_and_documents_without_tables_are_left_alone():
    plain = Document("a", "A", "# A\n\n| x | y |\n\nText --- with dashes.\n")

    assert ingested("table_header_lost", 1.0, [plain])[0] is plain
