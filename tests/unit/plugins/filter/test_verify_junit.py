# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any
from xml.etree import ElementTree

from ansible_collections.inference.gateway.plugins.filter.verify_junit import verify_junit
from ansible_collections.inference.gateway.plugins.filter.verify_report import verify_report

CHECKS = [
    {"group": "api", "name": "A chat is answered", "look": "curl"},
    {"group": "limits", "name": "The limit is exact", "look": "kubectl logs statefulset/valkey"},
    {"group": "limits", "name": "Two replicas", "look": "kubectl get pods"},
    {"group": "budget", "name": "No budget", "look": "kubectl logs"},
]
RESULTS = [
    {"name": "A chat is answered", "passed": True, "expected": "200", "found": "200", "seconds": 0.125},
    {"name": "The limit is exact", "passed": False, "expected": "10 x 200", "found": "15 x 200", "seconds": 0.25},
]
STARTED = "2026-11-26T04:26:29Z"


def junit(results: list[dict[str, Any]]) -> ElementTree.Element:
    report = verify_report(CHECKS, results, {"No budget": "verify_skip leaves it out"}, {"Two replicas": "no pod"}, 12)
    text = verify_junit(report | {"started": STARTED})
    assert text.startswith("<?xml version='1.0' encoding='utf-8'?>\n<testsuites ")
    return ElementTree.fromstring(text)  # noqa: S314


def test_each_group_is_a_suite_with_its_figures() -> None:
    root = junit(RESULTS)
    figures = {"tests": "4", "failures": "1", "errors": "1", "skipped": "1", "time": "12.000"}
    assert root.attrib == {"name": "verify", "timestamp": STARTED, **figures}
    assert [(suite.tag, suite.attrib.pop("timestamp")) for suite in root] == [("testsuite", STARTED)] * 3
    assert [suite.attrib for suite in root] == [
        {"name": "api", "tests": "1", "failures": "0", "errors": "0", "skipped": "0", "time": "0.125"},
        {"name": "limits", "tests": "2", "failures": "1", "errors": "1", "skipped": "0", "time": "0.250"},
        {"name": "budget", "tests": "1", "failures": "0", "errors": "0", "skipped": "1", "time": "0.000"},
    ]


def test_each_check_is_a_case_with_its_outcome() -> None:
    passed, failed, missed, skipped = junit(RESULTS).iter("testcase")
    assert passed.attrib == {"classname": "api", "name": "A chat is answered", "time": "0.125"}
    assert list(passed) == []
    assert [
        (outcome.tag, outcome.get("message"), outcome.text) for case in (failed, missed, skipped) for outcome in case
    ] == [
        (
            "failure",
            "15 x 200",
            "expected  10 x 200\nfound     15 x 200\nlook      kubectl logs statefulset/valkey",
        ),
        ("error", "no pod", "found     no pod\nlook      kubectl get pods"),
        ("skipped", "verify_skip leaves it out", None),
    ]
    assert "time" not in missed.attrib


def test_a_text_from_elsewhere_is_nothing_but_text() -> None:
    found = "]]></failure><evil a='\"'>&lt; \x00\x1b \ud800 <![CDATA[ \u00e9"
    [failure] = junit([RESULTS[0], {**RESULTS[1], "found": found}]).iter("failure")
    assert failure.get("message") == found.replace("\x00", "\ufffd").replace("\x1b", "\ufffd").replace(
        "\ud800", "\ufffd"
    )
    assert list(failure) == []
