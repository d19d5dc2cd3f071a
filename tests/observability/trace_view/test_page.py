import base64
import hashlib
import re
from html.parser import HTMLParser

from observability.telemetry import semconv as s
from observability.trace_view import build_tree, compare
from observability.trace_view.page import comparison_page, tree_page
from tests.observability.trace_view.sample import changed, question

EVIL = "</script><script>alert(1)</script><img src=x onerror=alert(2)>\"'&"


class Reader(HTMLParser):
    """Collects tags with their attributes, and the text between them."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.depth = 0
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self.depth += tag == "details"

    def handle_endtag(self, tag: str) -> None:
        self.depth -= tag == "details"

    def handle_data(self, data: str) -> None:
        self.text += data


def _two() -> str:
    both = compare(build_tree(question()), build_tree(question("b" * 32, healthy=False)))
    return comparison_page(both, "http://localhost:16686/")


def test_a_page_of_two_traces_holds_one_marked_step_and_links_to_it() -> None:
    page = Reader(_two())
    marked = [attributes for _, attributes in page.tags if attributes.get("id") == "parting"]
    assert len(marked) == 1
    assert "parts" in str(marked[0]["class"])
    assert ("a", {"class": "jump", "href": "#parting"}) in page.tags
    assert "Where the two runs part" in page.text
    assert page.depth == 0


def test_a_page_links_to_jaeger_where_an_address_is_given() -> None:
    a, b = "a" * 32, "b" * 32
    links = [attributes.get("href") for tag, attributes in Reader(_two()).tags if tag == "a"]
    assert f"http://localhost:16686/trace/{a}...{b}" in links
    assert "jaeger" not in tree_page(build_tree(question())).lower().split("</style>")[1]


def test_a_page_loads_nothing_and_allows_only_its_own_style_and_script() -> None:
    page = _two()
    tags = Reader(page).tags
    for tag, attributes in tags:
        assert tag not in {"link", "img", "iframe", "object", "base", "form"}
        assert "src" not in attributes
        assert "style" not in attributes
        assert not any(name.startswith("on") for name in attributes)
    policy = next(str(a["content"]) for t, a in tags if a.get("http-equiv"))
    assert "default-src 'none'" in policy
    for tag in ("style", "script"):
        (content,) = re.findall(rf"<{tag}>(.*?)</{tag}>", page, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy
        for outside in ("url(", "@import", "://", "fetch(", "import("):
            assert outside not in content


def test_what_was_recorded_is_text_and_never_markup() -> None:
    spans = changed(
        question(),
        "invoke_workflow finance_qa",
        {s.INPUT_VALUE: EVIL, s.OUTPUT_VALUE: EVIL, s.VALIDATION_VERDICT: EVIL, EVIL: EVIL},
    )
    for page in (
        tree_page(build_tree(spans)),
        comparison_page(compare(build_tree(question()), build_tree(spans))),
    ):
        read = Reader(page)
        assert sum(tag == "script" for tag, _ in read.tags) == 1
        assert not any(tag == "img" for tag, _ in read.tags)
        assert EVIL in read.text


def test_every_step_can_be_folded_and_reached_by_the_keyboard() -> None:
    page = tree_page(build_tree(question()))
    rows = re.findall(r'<details class="row[^>]*>\s*<summary>', page)
    assert len(rows) == len(question())


def test_all_attributes_are_on_the_page_and_the_ignored_ones_say_so() -> None:
    page = Reader(_two()).text
    assert s.RETRIEVAL_CANDIDATES in page
    assert "not compared: duration" in page
