# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The report of a verification as systems for continuous integration read it."""

from __future__ import annotations

DOCUMENTATION = r"""
name: verify_junit
short_description: Write the report of a verification as JUnit XML
version_added: 0.2.0
author: inference.gateway contributors
description:
  - Makes a test suite of each group and a test case of each check.
  - A check that failed is a C(failure), one that should have run and did not is an C(error), one that was left out on
    purpose is C(skipped). So whatever reads it comes to the same verdict as the role.
options:
  _input:
    description: The report, as the role P(inference.gateway.verify#role) writes it to C(verify.json).
    type: dict
    required: true
    suboptions:
      started:
        description: Time of the beginning, in UTC and as ISO 8601 has it.
        type: str
        required: true
      seconds:
        description: Time that all of it took.
        type: float
        required: true
      results:
        description: Results of the filter P(inference.gateway.verify_report#filter).
        type: list
        elements: dict
        required: true
"""

EXAMPLES = r"""
- name: Make JUnit XML of a report that was kept as JSON
  ansible.builtin.copy:
    content: "{{ lookup('ansible.builtin.file', 'verify.json') | from_json | inference.gateway.verify_junit }}"
    dest: verify.xml
    mode: "0644"
"""

RETURN = r"""
_value:
  description: The text of an XML file.
  type: str
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any
from xml.etree.ElementTree import Element, SubElement, indent, tostring

# How JUnit tells of a check that did not pass: the element, and the attribute that counts such elements.
OUTCOMES = {"failed": ("failure", "failures"), "missed": ("error", "errors"), "skipped": ("skipped", "skipped")}


def verify_junit(report: Mapping[str, Any]) -> str:
    results = report["results"]
    root = Element("testsuites", name="verify", timestamp=report["started"], **figures(results, report["seconds"]))
    for group in dict.fromkeys(result["group"] for result in results):
        cases = [result for result in results if result["group"] == group]
        time = sum(result["seconds"] or 0 for result in cases)
        suite = SubElement(root, "testsuite", name=group, timestamp=report["started"], **figures(cases, time))
        for result in cases:
            add_case(suite, result)
    indent(root)
    return tostring(root, encoding="utf-8", xml_declaration=True).decode() + "\n"


def figures(results: Sequence[Mapping[str, Any]], time: float) -> dict[str, str]:
    counts = Counter(result["status"] for result in results)
    counted = {attribute: str(counts[status]) for status, (_element, attribute) in OUTCOMES.items()}
    return {"tests": str(len(results)), **counted, "time": f"{time:.3f}"}


def add_case(suite: Element, result: Mapping[str, Any]) -> None:
    case = SubElement(suite, "testcase", classname=result["group"], name=result["name"])
    if result["seconds"] is not None:
        case.set("time", f"{result['seconds']:.3f}")
    if result["status"] == "passed":
        return
    element, _attribute = OUTCOMES[result["status"]]
    outcome = SubElement(case, element, message=result["found"])
    if result["status"] != "skipped":
        parts = ("expected", "found", "look")
        outcome.text = "\n".join(f"{part:<8}  {result[part]}" for part in parts if result[part])


class FilterModule:
    def filters(self) -> dict[str, Any]:
        return {"verify_junit": verify_junit}
