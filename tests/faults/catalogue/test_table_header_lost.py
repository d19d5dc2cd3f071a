from corpus.ports import Document
from tests.faults.documents import changed, ingested

HEADER = "| Step | Role | Approver |"


def test_more_documents_lose_headers_the_stronger_it_is():
    few, many, all_of_them = (changed("table_header_lost", each) for each in (0.2, 0.5, 1.0))

    assert not changed("table_header_lost", 0.0)
    assert few < many < all_of_them
    assert len(all_of_them) == 120


def test_header_and_rule_go_and_every_row_and_everything_else_stays():
    text = ingested("table_header_lost", 1.0)[0].text

    assert HEADER not in text
    assert "---" not in text
    assert "| 1 | Department head | Ida Holm |\n| 2 | Head of Finance | Otto Lang |\n" in text
    assert "- Total: 1,250.80 EUR" in text


def test_rows_without_a_rule_and_documents_without_tables_are_left_alone():
    plain = Document("a", "A", "# A\n\n| x | y |\n\nText --- with dashes.\n")

    assert ingested("table_header_lost", 1.0, [plain])[0] is plain
