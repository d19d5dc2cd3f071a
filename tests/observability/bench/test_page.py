from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest

from observability.bench.leaderboard import Entry, leaderboard
from observability.bench.page import bench_page
from observability.bench.report import BenchReport, Provenance, bench_report
from observability.bench.requirements import check, parse_requirement
from tests.observability.bench.campaign import campaign_report
from tests.observability.bench.episodes import episode, info, watched


@pytest.fixture(scope="module")
def report() -> BenchReport:
    return campaign_report(seeds=2)


@pytest.fixture(scope="module")
def page(report: BenchReport) -> str:
    return bench_page(report, check(report, [parse_requirement("recall>=0.99")]))


class _Wellformed(HTMLParser):
    _empty = frozenset({"meta", "br"})

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.inline_styles = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.inline_styles += any(name == "style" for name, _ in attrs)
        if tag not in self._empty:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        pass

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_every_element_is_closed_and_none_has_a_style_that_the_policy_would_refuse(
    page: str,
) -> None:
    parser = _Wellformed()
    parser.feed(page)
    assert parser.open == []
    assert parser.inline_styles == 0


def test_the_page_asks_for_nothing_outside_of_itself(page: str) -> None:
    assert not re.search(r"(src|href)=\"(?!#)|url\(|@import|<script", page)
    assert "default-src 'none'" in page


def test_the_first_sentence_says_what_infrastructure_rules_and_the_rule_set_saw(
    page: str,
) -> None:
    assert re.search(
        r"Infrastructure rules saw \d+ of 42 silent episodes \(\d+ % by chance\), the rule set",
        page,
    )


def test_every_plot_has_a_title_and_stands_as_a_table_too(page: str) -> None:
    pictures = re.findall(r"<svg [^>]*>(.{7})", page)
    assert len(pictures) == page.count("<figure>") > 3
    assert set(pictures) == {"<title>"}
    assert page.count("<figure>") == page.count("The same as a table")


def test_baselines_stand_in_the_table_of_rules(page: str) -> None:
    table = page.partition('id="rules"')[2].partition("</section>")[0]
    assert all(f">{name}<" in table for name in ("never", "always", "random", "baselines"))


def test_an_unmet_requirement_is_told_with_the_figure(page: str) -> None:
    assert "not met</b> <code>recall&gt;=0.99</code>" in page


def test_a_bench_without_silent_episodes_says_so() -> None:
    only = [watched(episode(kind="healthy"), r=[3])]
    page = bench_page(bench_report(only, {"r": info("r")}, {}, Provenance()))
    assert "There was no silent episode to see." in page


def test_rule_sets_stand_against_each_other_if_there_are_some(
    report: BenchReport, page: str
) -> None:
    board = leaderboard([Entry("theirs", {"r": info("r")}, [watched(episode(), r=[60])])], 1.0)
    assert "Leaderboard" in bench_page(report, (), board)
    assert "Leaderboard" not in page


def test_names_that_other_people_wrote_are_escaped() -> None:
    name = "<b>bold</b>"
    mine = [watched(episode(fault=name), **{name: [60]})]
    page = bench_page(bench_report(mine, {name: info(name)}, {}, Provenance()))
    assert "<b>bold" not in page
    assert "&lt;b&gt;bold" in page
