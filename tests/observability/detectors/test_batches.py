from __future__ import annotations

from itertools import pairwise

import numpy as np
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from observability.detectors.detector import detector_kinds
from observability.detectors.learned import Learned
from observability.detectors.reference import of_labels, of_numbers
from observability.detectors.rule_set import RuleSet
from observability.detectors.yaml_rule import YamlRule
from tests.observability.detectors.making import requests, yaml_rule


def rules() -> dict[str, YamlRule]:
    reference = of_numbers(np.linspace(0, 1, 200))
    found = {
        "single": yaml_rule("condition: top_score < 0.3\ncooldown: 2"),
        "share": yaml_rule(
            "condition: top_score < 0.3\nwindow: {requests: 5}\nminimum: 2\nshare: 0.5"
        ),
        "time": yaml_rule("condition: top_score < 0.3\nwindow: {time: 4s}\nminimum: 2\nshare: 0.5"),
        "grouped": yaml_rule(
            "where: top_score > 0.1\ncondition: top_score < 0.5\nfor: 2\ngroup_by: route"
        ),
        "labels": yaml_rule(
            "detector: {kind: psi, signal: route}\nwindow: {requests: 6}\nthreshold: 0.3"
        ).with_learned(Learned(reference=of_labels(["a", "b"] * 10))),
    }
    for name, kind in detector_kinds().items():
        window = "\nwindow: {requests: 6}" if kind.windowed else ""
        threshold = "" if kind.decides else "\nthreshold: 0.5"
        text = f"detector: {{kind: {name}, signal: top_score}}\nminimum: 3{window}{threshold}"
        found[name] = yaml_rule(text).with_learned(Learned(reference=reference))
    return found


RULES = RuleSet(rules())
ROWS = st.lists(
    st.tuples(
        st.one_of(st.none(), st.sampled_from([0.05, 0.2, 0.4, 0.8])),
        st.sampled_from(["a", "b", None]),
    ),
    min_size=1,
    max_size=40,
)


def fed(table: pa.Table, cuts: list[int]) -> dict[str, tuple[list[int], list[float], list[bool]]]:
    """Return alarms, statistics and flags of all rules over a table fed in pieces."""
    made = RULES
    made.reset()
    found: dict[str, tuple[list[int], list[float], list[bool]]] = {
        name: ([], [], []) for name in made.rules
    }
    edges = [0, *sorted(set(cuts)), table.num_rows]
    for start, end in pairwise(edges):
        said = made.feed(table.slice(start, end - start))
        assert not said.failures
        for name, track in said.tracks.items():
            alarms, statistic, flagged = found[name]
            alarms += [start + place for place in track.alarms]
            statistic += track.statistic.tolist()
            flagged += track.flagged.tolist()
    return found


@settings(max_examples=15, deadline=None)
@given(rows=ROWS, cuts=st.lists(st.integers(0, 40), max_size=4))
def test_batches_give_what_all_at_once_gives(
    rows: list[tuple[float | None, str | None]], cuts: list[int]
) -> None:
    table = requests({"top_score": [row[0] for row in rows], "route": [row[1] for row in rows]})
    whole = fed(table, [])
    pieces = fed(table, [cut for cut in cuts if cut <= len(rows)])
    for name, (alarms, statistic, flagged) in whole.items():
        assert pieces[name][0] == alarms, name
        np.testing.assert_array_equal(pieces[name][1], statistic, name)
        assert pieces[name][2] == flagged, name
