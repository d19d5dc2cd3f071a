"""The report as JUnit XML, which CI systems show as test cases."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from xml.etree import ElementTree as ET

from observability.bench.detection import Outcome
from observability.bench.groups import BASELINE
from observability.bench.report import BenchReport
from observability.bench.requirements import Checked


def as_junit(
    report: BenchReport,
    checked: Sequence[Checked],
    by_rule: Mapping[str, Sequence[Outcome]],
) -> str:
    """Return one test case for each requirement, and one for each rule and layer of faults.

    A requirement that is not met is a failure. What a rule detects of the
    faults of a layer is told in its case and fails nothing: no rule is meant to
    see all. A rule that failed to run is an error. ``by_rule`` are the outcomes
    of single rules.
    """
    root = ET.Element("testsuites", name="stillgreen bench")
    requirements = ET.SubElement(root, "testsuite", name="requirements")
    for one in checked:
        case = ET.SubElement(
            requirements, "testcase", classname="requirement", name=one.requirement.text
        )
        if not one.met:
            ET.SubElement(case, "failure", message=one.told).text = one.told
        else:
            ET.SubElement(case, "system-out").text = one.told
    rules = ET.SubElement(root, "testsuite", name="rules")
    for rule in report.rules:
        if rule.info.group != BASELINE:
            _cases(rules, rule.info.id, by_rule.get(rule.info.id, ()), report)
    for suite in (requirements, rules):
        for name, tag in (("tests", "testcase"), ("failures", "failure"), ("errors", "error")):
            suite.set(name, str(len(suite.findall(f".//{tag}"))))
    ET.indent(root)
    return ET.tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def _cases(
    suite: ET.Element,
    rule: str,
    outcomes: Sequence[Outcome],
    report: BenchReport,
) -> None:
    groups: dict[str, list[Outcome]] = {}
    for each in outcomes:
        # A control and a loud fault are told apart from the silent faults of a layer.
        group = report.layers[each.fault] if each.kind == "silent" else each.kind
        groups.setdefault(group, []).append(each)
    for group, mine in sorted(groups.items()):
        case = ET.SubElement(suite, "testcase", classname=rule, name=group)
        if rule in report.failures:
            reasons = report.failures[rule]
            ET.SubElement(case, "error", message=reasons[0]).text = "\n".join(reasons)
        found = sum(each.detected for each in mine)
        ET.SubElement(case, "system-out").text = f"{found} of {len(mine)} episodes detected"
