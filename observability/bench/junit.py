"""The report as JUnit XML, which CI systems show as test cases."""

from __future__ import annotations

from collections.abc import Sequence
from xml.etree import ElementTree as ET

from observability.bench.groups import BASELINE
from observability.bench.report import BenchReport, RuleScore
from observability.bench.requirements import Checked


def as_junit(report: BenchReport, checked: Sequence[Checked] = ()) -> str:
    """Return one test case for each requirement, and one for each rule and group of faults.

    Silent faults are grouped by layer, loud ones together. A requirement that
    is not met is a failure. What a rule detects is told in its case and fails
    nothing: no rule is meant to see all. A rule that failed to run is an error.
    """
    root = ET.Element("testsuites", name="stillgreen bench")
    requirements = ET.SubElement(root, "testsuite", name="requirements")
    for one in checked:
        case = ET.SubElement(
            requirements, "testcase", classname="requirement", name=one.requirement.text
        )
        if one.met:
            ET.SubElement(case, "system-out").text = one.told
        else:
            ET.SubElement(case, "failure", message=one.told).text = one.told
    rules = ET.SubElement(root, "testsuite", name="rules")
    for rule in report.rules:
        if rule.info.group != BASELINE:
            _cases(rules, rule, report.failures.get(rule.info.id, ()))
    for suite in (requirements, rules):
        for name, tag in (("tests", "testcase"), ("failures", "failure"), ("errors", "error")):
            suite.set(name, str(len(suite.findall(f".//{tag}"))))
    ET.indent(root)
    return ET.tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def _cases(suite: ET.Element, rule: RuleScore, failures: Sequence[str]) -> None:
    for tally in rule.by_layer:
        case = ET.SubElement(suite, "testcase", classname=rule.info.id, name=tally.group)
        if failures:
            ET.SubElement(case, "error", message=failures[0]).text = "\n".join(failures)
        told = f"{tally.detected} of {tally.episodes} episodes detected"
        ET.SubElement(case, "system-out").text = told
