# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From all that was read of a cluster to what is wrong with it."""

from __future__ import annotations

DOCUMENTATION = r"""
name: diagnose
short_description: Tell what is wrong with a gateway by what was read of its cluster
version_added: 0.3.0
author: inference.gateway contributors
description:
  - Judges the objects of a cluster, the logs of its pods and the answers of its parts, and reads nothing itself.
  - The cause of a fault stands before what it brings about. A check that lacks what it looks at did not run, and says
    why.
  - No value of a Secret that was read is in what it returns.
positional: skip
options:
  _input:
    description: What was read, as the role P(inference.gateway.diagnose#role) puts it together.
    type: dict
    required: true
    suboptions:
      names:
        description: Names of the gateway's parts, as C(gateway_cluster_*) has them.
        type: dict
        required: true
      command:
        description: How the playbooks are started, which remedies begin with.
        type: str
        default: ansible-playbook
      now:
        description: Time of the reading, in seconds since 1970.
        type: float
        required: true
      reads:
        description: What M(inference.gateway.k8s_objects_info) read.
        type: list
        elements: dict
        required: true
      logs:
        description: >-
          Results of a loop of C(kubernetes.core.k8s_log) over what P(inference.gateway.diagnose_suspects#filter)
          returns.
        type: list
        elements: dict
      asked:
        description: Results of a loop of C(kubernetes.core.k8s_exec) over the names of the proxy's pods.
        type: list
        elements: dict
      sentinels:
        description: What Valkey's pods say of each other.
        type: dict
      disk:
        description: What C(df) says in PostgreSQL's primary.
        type: dict
      edge:
        description: What the Gateway answers.
        type: dict
      key:
        description: What LiteLLM says of a key.
        type: dict
  skip:
    description: Names of checks, and of parts, to leave out.
    type: list
    elements: str
    default: []
"""

EXAMPLES = r"""
- name: Show what is wrong
  ansible.builtin.debug:
    msg: "{{ (seen | inference.gateway.diagnose).table }}"
"""

RETURN = r"""
_value:
  description: The report.
  type: dict
  contains:
    sound:
      description: Whether every check ran and found nothing, except those that are left out on purpose.
      type: bool
    counts:
      description: Number of results of each status.
      type: dict
    results:
      description: >-
        What each check says, with its C(part), C(check), C(status), C(cause), C(evidence) and C(remedy). A check with
        several findings has one result for each. C(status) is V(broken), V(risk) for what works today and will not when
        something else happens, V(missed) for a check that could not run, whose C(cause) says why, V(skipped), or
        V(sound).
      type: list
      elements: dict
    summary:
      description: The counts as a sentence.
      type: str
    table:
      description: The findings as aligned text, and the summary.
      type: str
    failure:
      description: The findings with evidence and remedy, and what did not run. Empty if it is sound.
      type: str
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from ansible.errors import AnsibleFilterError

from ansible_collections.inference.gateway.plugins.module_utils._report import (
    aligned,
    by_reason,
    one_line,
    printable,
    shortened,
)
from ansible_collections.inference.gateway.plugins.plugin_utils._diagnosis._seen import Seen
from ansible_collections.inference.gateway.plugins.plugin_utils._diagnosis.all import (
    PARTS,
    STATUSES,
    Result,
    diagnosed,
)

# What the checks' remedies begin with, where they are a playbook.
COMMAND = "ansible-playbook"
# Evidence can be a page of an operator's words, of which the first tell.
LONGEST = 500


def diagnose(told: Mapping[str, Any], skip: Collection[str] = ()) -> dict[str, Any]:
    known = [*PARTS, *(check.name for checks in PARTS.values() for check in checks)]
    strange = [name for name in skip if name not in known]
    if strange:
        raise AnsibleFilterError(
            f"diagnose_skip names {', '.join(strange)}, of which there is none: {', '.join(known)}."
        )
    command = told.get("command", COMMAND)
    results = [readable(result, command) for result in diagnosed(Seen(told), skip)]
    found = Counter(result["status"] for result in results)
    counts = {status: found[status] for status in STATUSES}
    summed_up = summary(counts)
    shown = [result for result in results if result["status"] != "sound"]
    return {
        "sound": not (counts["broken"] or counts["risk"] or counts["missed"]),
        "counts": counts,
        "results": results,
        "summary": summed_up,
        "table": "\n".join([*(table(shown) if shown else []), "", summed_up]).strip(),
        "failure": failure(results, summed_up),
    }


def readable(result: Result, command: str) -> Result:
    """A result whose texts are one printable line each, and none too long. Its remedy starts playbooks as it shall."""
    result["remedy"] = result["remedy"].replace(f"{COMMAND} ", f"{command} ")
    for name in ("cause", "evidence", "remedy"):
        result[name] = shortened(one_line(printable(result[name])), LONGEST)  # type: ignore[literal-required]
    return result


def table(results: Sequence[Result]) -> list[str]:
    words = {"broken": "BROKEN", "risk": "RISK", "missed": "DID NOT RUN", "skipped": "left out"}
    lines = [("result", "part", "check", "cause")]
    lines += [(words[each["status"]], each["part"], each["check"], each["cause"]) for each in results]
    return aligned(lines, flexible=3)


def summary(counts: Mapping[str, int]) -> str:
    parts = []
    if counts["broken"]:
        parts.append(f"{counts['broken']} broken")
    if counts["risk"]:
        parts.append(f"{counts['risk']} at risk")
    parts.append(f"{counts['sound']} checks found nothing")
    if counts["missed"]:
        parts.append(f"{counts['missed']} did not run")
    if counts["skipped"]:
        parts.append(f"{counts['skipped']} left out")
    return f"{', '.join(parts)}."


def failure(results: Sequence[Result], summed_up: str) -> str:
    findings = [result for result in results if result["status"] in ("broken", "risk")]
    missed = [result for result in results if result["status"] == "missed"]
    if not findings and not missed:
        return ""
    lines = [summed_up]
    for number, each in enumerate(findings, start=1):
        lines += [
            "",
            f"{number}. {each['part']}: {each['cause']}",
            f"   evidence  {each['evidence']}",
            f"   remedy    {each['remedy']}",
        ]
    lines += by_reason((each["cause"], f"{each['part']}: {each['check']}") for each in missed)
    return "\n".join(lines)


class FilterModule:
    def filters(self) -> dict[str, Any]:
        return {"diagnose": diagnose}
