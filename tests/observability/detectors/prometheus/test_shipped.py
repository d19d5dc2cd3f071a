from pathlib import Path

import observability
from observability.detectors.prometheus.rules import PrometheusRules
from tests.observability.detectors.prometheus.points import needs_prometheus

SHIPPED = Path(observability.__file__).parent / "dashboards" / "prometheus" / "rules.yml"
GUIDE = Path(observability.__file__).parents[1] / "docs" / "prometheus-rules.md"


@needs_prometheus
def test_the_shipped_rules_are_right_for_promtool_and_each_has_a_place_in_the_guide() -> None:
    loaded = PrometheusRules()
    _, problems = loaded.load(SHIPPED)
    assert problems == ()
    assert {info.group for info in loaded.infos.values()} == {"infrastructure", "quality"}
    places = GUIDE.read_text(encoding="utf-8").lower()
    for info in loaded.infos.values():
        page, _, place = info.runbook.partition("#")
        assert page == "docs/prometheus-rules.md"
        assert f"### {place}\n" in places
        assert info.title
