# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

import pytest
from ansible.errors import AnsibleFilterError

from ansible_collections.inference.gateway.plugins.filter.verify_report import verify_report

CHECKS = [
    {"group": "api", "name": "A chat is answered", "look": "kubectl logs deployment/litellm-proxy"},
    {"group": "limits", "name": "The limit is exact", "look": "kubectl logs statefulset/valkey"},
]


def result(name: str, passed: bool = True, **more: Any) -> dict[str, Any]:
    return {"name": name, "passed": passed, "expected": "200", "found": "200", "seconds": 0.125} | more


def test_a_pass() -> None:
    report = verify_report(CHECKS, [result("The limit is exact"), result("A chat is answered")], seconds=12)
    assert (report["passed"], report["failure"]) == (True, "")
    assert report["counts"] == {"passed": 2, "failed": 0, "missed": 0, "skipped": 0}
    assert (report["seconds"], report["summary"]) == (12, "2 of 2 checks passed, in 12 s.")
    assert report["table"].splitlines() == [
        "result  group   check               found  seconds",
        "------  ------  ------------------  -----  -------",
        "passed  api     A chat is answered  200       0.12",
        "passed  limits  The limit is exact  200       0.12",
        "",
        "2 of 2 checks passed, in 12 s.",
    ]
    assert report["results"][0] == {
        "group": "api",
        "name": "A chat is answered",
        "status": "passed",
        "expected": "200",
        "found": "200",
        "seconds": 0.125,
        "look": "kubectl logs deployment/litellm-proxy",
    }


def test_a_failure_says_what_was_expected_what_came_and_where_to_look() -> None:
    bad = result("The limit is exact", passed=False, expected="10 x 200, then 5 x 429", found="15 x 200")
    report = verify_report(CHECKS, [result("A chat is answered"), bad])
    assert "FAILED  limits  The limit is exact  15 x 200" in report["table"]
    assert "1 of 2 checks passed, 1 failed, in 0 s." in report["table"]
    assert report["failure"].splitlines() == [
        "1 of 2 checks failed.",
        "",
        "limits: The limit is exact",
        "  expected  10 x 200, then 5 x 429",
        "  found     15 x 200",
        "  look      kubectl logs statefulset/valkey",
    ]


def test_a_check_that_did_not_run_is_no_pass() -> None:
    report = verify_report(CHECKS, [result("A chat is answered")], {}, {"The limit is exact": "no team\ncould be made"})
    assert "MISSED  limits  The limit is exact  no team could be made" in report["table"]
    assert "1 of 2 checks passed, 1 did not run, in 0 s." in report["table"]
    assert (report["passed"], report["counts"]["missed"], report["counts"]["skipped"]) == (False, 1, 0)
    assert report["failure"].splitlines() == [
        "0 of 2 checks failed, 1 did not run.",
        "",
        "did not run: no team could be made",
        "  limits: The limit is exact",
    ]


def test_a_check_without_result_and_reason_is_no_pass_either() -> None:
    report = verify_report(CHECKS, [])
    assert report["failure"].splitlines() == [
        "0 of 2 checks failed, 2 did not run.",
        "",
        "did not run: it was not asked",
        "  api: A chat is answered",
        "  limits: The limit is exact",
    ]
    assert report["results"][0]["found"] == "it was not asked"


def test_a_check_that_is_left_out_on_purpose_does_not_fail() -> None:
    report = verify_report(CHECKS, [result("A chat is answered")], {"The limit is exact": "verify_skip leaves it out"})
    assert (report["passed"], report["failure"]) == (True, "")
    assert (report["counts"]["missed"], report["counts"]["skipped"]) == (0, 1)
    assert "skipped  limits  The limit is exact  verify_skip leaves it out" in report["table"]
    assert "1 of 2 checks passed, 1 left out and so not proven, in 0 s." in report["table"]


def test_leaving_out_everything_proves_nothing() -> None:
    report = verify_report(CHECKS, [], {check["name"]: "verify_skip leaves it out" for check in CHECKS})
    assert (report["passed"], report["failure"]) == (False, "Every check is left out, so nothing is proven.")


def test_what_no_terminal_and_no_file_should_be_given_is_taken_out() -> None:
    found = "a\x00b\x1b[2Jc\x9bd\ud800e\ufffff\u00e9 \U0001f600\tg"
    report = verify_report(CHECKS[:1], [result("A chat is answered", passed=False, found=found, expected="\x07")])
    assert report["results"][0]["found"] == "a\ufffdb\ufffd[2Jc\ufffdd\ufffde\ufffdf\u00e9 \U0001f600\tg"
    assert report["results"][0]["expected"] == "\ufffd"
    assert "\x1b" not in report["table"] + report["failure"]


def test_long_texts_fit_into_the_table_and_stay_whole_in_the_failure() -> None:
    found = "x" * 300
    report = verify_report(CHECKS, [result(check["name"], passed=False, found=found) for check in CHECKS])
    assert max(len(line) for line in report["table"].splitlines()) == 110
    assert "xxx..." in report["table"]
    assert found in report["failure"]


def test_two_checks_of_one_name_are_refused() -> None:
    with pytest.raises(AnsibleFilterError, match="Two checks are called 'A chat is answered'"):
        verify_report([CHECKS[0], CHECKS[0]], [])
