# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From many results to one table and one verdict."""

from __future__ import annotations

DOCUMENTATION = r"""
name: verify_report
short_description: Make one report of the results of many checks
version_added: 0.1.0
author: inference.gateway contributors
description:
  - Puts each check beside its result.
  - It is a pass only if every check ran and was met, except those that are left out on purpose, and if any ran at all.
positional: results, on_purpose, reasons, seconds
options:
  _input:
    description: All checks, in the order of the report.
    type: list
    elements: dict
    required: true
    suboptions:
      group:
        description: What the check belongs to.
        type: str
        required: true
      name:
        description: Name of the check. Each is used once.
        type: str
        required: true
      look:
        description: The command that looks further when the check is not met.
        type: str
        required: true
  results:
    description: What M(inference.gateway.litellm_probe) and the other filters of the role returned.
    type: list
    elements: dict
    required: true
  on_purpose:
    description: Why checks are left out on purpose, by name of the check.
    type: dict
    default: {}
  reasons:
    description: Why other checks have no result, by name of the check.
    type: dict
    default: {}
  seconds:
    description: Time that all of it took.
    type: float
    default: 0
"""

EXAMPLES = r"""
- name: Print the table
  ansible.builtin.debug:
    msg: "{{ (checks | inference.gateway.verify_report(probe.results)).table }}"
  vars:
    checks:
      - group: access
        name: A request without a key is refused
        look: curl -i https://llm.example.com/v1/models
"""

RETURN = r"""
_value:
  description: The report.
  type: dict
  contains:
    passed:
      description: Whether it is a pass.
      type: bool
    counts:
      description: Number of checks of each status, V(passed), V(failed), V(missed) and V(skipped).
      type: dict
    seconds:
      description: Time that all of it took.
      type: float
    results:
      description: >-
        One result for each check, with its C(group), C(name), C(status), C(expected), C(found), C(seconds) and C(look).
        One that should have run and did not is V(missed), one that was left out on purpose is V(skipped), and
        C(found) says why.
      type: list
      elements: dict
    summary:
      description: The counts as a sentence.
      type: str
    table:
      description: The results as aligned text, and the summary.
      type: str
    failure:
      description: What was not met or did not run, and how to look further. Empty if it is a pass.
      type: str
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from ansible.errors import AnsibleFilterError

from ansible_collections.inference.gateway.plugins.module_utils._report import aligned, by_reason, one_line, printable

Entry = Mapping[str, Any]
STATUSES = ("passed", "failed", "missed", "skipped")


def verify_report(
    checks: Sequence[Entry],
    results: Sequence[Entry],
    on_purpose: Mapping[str, str] | None = None,
    reasons: Mapping[str, str] | None = None,
    seconds: float = 0,
) -> dict[str, Any]:
    twice = [name for name, number in Counter(check["name"] for check in checks).items() if number > 1]
    if twice:
        raise AnsibleFilterError(f"Two checks are called {twice[0]!r}: give each a name of its own.")
    there = {result["name"]: result for result in results}
    rows = [row(check, there.get(check["name"]), on_purpose or {}, reasons or {}) for check in checks]
    counts = {status: len(of(status, rows)) for status in STATUSES}
    unmet = failure(rows, counts)
    told = summary(counts, seconds)
    return {
        "passed": not unmet,
        "counts": counts,
        "seconds": seconds,
        "results": rows,
        "summary": told,
        "table": "\n".join([*table(rows), "", told]),
        "failure": unmet,
    }


def row(check: Entry, result: Entry | None, on_purpose: Mapping[str, str], reasons: Mapping[str, str]) -> Entry:
    name = check["name"]
    if result is not None:
        status = "passed" if result["passed"] else "failed"
        expected, found, seconds = result["expected"], result["found"], result["seconds"]
    elif name in on_purpose:
        status, expected, found, seconds = "skipped", "", on_purpose[name], None
    else:
        status, expected, found, seconds = "missed", "", reasons.get(name, "it was not asked"), None
    return {
        "group": check["group"],
        "name": name,
        "status": status,
        "expected": printable(expected),
        "found": printable(found),
        "seconds": seconds,
        "look": check["look"],
    }


def of(status: str, rows: Sequence[Entry]) -> list[Entry]:
    return [entry for entry in rows if entry["status"] == status]


def table(rows: Sequence[Entry]) -> list[str]:
    cells = [("result", "group", "check", "found", "seconds")]
    for entry in rows:
        time = "" if entry["seconds"] is None else f"{entry['seconds']:.2f}"
        status = entry["status"].upper() if entry["status"] in ("failed", "missed") else entry["status"]
        cells.append((status, entry["group"], entry["name"], one_line(entry["found"]), time))
    return aligned(cells, flexible=3, numbers={4})


def summary(counts: Mapping[str, int], seconds: float) -> str:
    parts = [f"{counts['passed']} of {sum(counts.values())} checks passed"]
    if counts["failed"]:
        parts.append(f"{counts['failed']} failed")
    if counts["missed"]:
        parts.append(f"{counts['missed']} did not run")
    if counts["skipped"]:
        parts.append(f"{counts['skipped']} left out and so not proven")
    return f"{', '.join(parts)}, in {seconds:.0f} s."


def failure(rows: Sequence[Entry], counts: Mapping[str, int]) -> str:
    failed, missed = of("failed", rows), of("missed", rows)
    if not failed and not missed:
        return "" if counts["passed"] else "Every check is left out, so nothing is proven."
    lines = [f"{len(failed)} of {len(rows)} checks failed" + (f", {len(missed)} did not run." if missed else ".")]
    for entry in failed:
        lines += [
            "",
            f"{entry['group']}: {entry['name']}",
            f"  expected  {one_line(entry['expected'])}",
            f"  found     {one_line(entry['found'])}",
            f"  look      {entry['look']}",
        ]
    lines += by_reason((entry["found"], f"{entry['group']}: {entry['name']}") for entry in missed)
    return "\n".join(lines)


class FilterModule:
    def filters(self) -> dict[str, Any]:
        return {"verify_report": verify_report}
