# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What each replica's own metrics say."""

from __future__ import annotations

DOCUMENTATION = r"""
name: verify_metrics
short_description: Compare the metrics of a proxy's replicas with what is expected
version_added: 0.1.0
author: inference.gateway contributors
description:
  - Reads the text that Prometheus would scrape from each replica.
  - A check either names O(_input[].families), which must be there, or one O(_input[].metric), whose samples are added
    up in each replica.
positional: replicas
options:
  _input:
    description: The checks.
    type: list
    elements: dict
    required: true
    suboptions:
      name:
        description: Name of the check.
        type: str
        required: true
      families:
        description: Names of metric families, each of which at least one replica must know.
        type: list
        elements: str
      metric:
        description: Name of the samples to add up.
        type: str
      labels:
        description: Labels that a sample must have to be counted.
        type: dict
        default: {}
      at_least:
        description: The smallest sum that a replica may have.
        type: float
      at_most:
        description: The greatest sum that a replica may have.
        type: float
      replicas:
        description: The number of replicas with such a sum. By default all of them.
        type: int
  replicas:
    description: The results of a loop of C(kubernetes.core.k8s_exec) over the names of the replicas' pods.
    type: list
    elements: dict
    required: true
"""

EXAMPLES = r"""
- name: Tell whether at least two replicas have served requests of a team
  ansible.builtin.debug:
    msg: "{{ checks | inference.gateway.verify_metrics(metrics.results) }}"
  vars:
    checks:
      - name: Requests are spread over the replicas
        metric: litellm_proxy_total_requests_metric_total
        labels: {team_alias: search}
        at_least: 1
        replicas: 2
"""

RETURN = r"""
_value:
  description: One result for each check, with its C(name), C(passed), C(expected), C(found) and C(seconds).
  type: list
  elements: dict
"""

from collections.abc import Mapping, Sequence
from typing import Any

from ansible.errors import AnsibleFilterError

from ansible_collections.inference.gateway.plugins.module_utils._metrics import Metrics, parse


def verify_metrics(checks: Sequence[Mapping[str, Any]], replicas: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    metrics: dict[str, Metrics] = {}
    silent: list[str] = []
    for replica in replicas:
        try:
            metrics[replica["item"]] = read(replica)
        except ValueError as error:
            silent.append(f"{replica['item']}: no metrics ({error})")
    return [
        {
            "name": check["name"],
            "passed": not silent and passed,
            "expected": expected,
            "found": "; ".join(filter(None, (found, *silent))) or "no replica",
            "seconds": None,
        }
        for check in checks
        for passed, expected, found in [families(check, metrics) if "families" in check else sums(check, metrics)]
    ]


def read(replica: Mapping[str, Any]) -> Metrics:
    if replica["rc"] != 0:
        raise ValueError(" ".join(replica["stderr"].split())[-160:])
    return parse(replica["stdout"])


def families(check: Mapping[str, Any], metrics: Mapping[str, Metrics]) -> tuple[bool, str, str]:
    known = {family for each in metrics.values() for family in each.families}
    missing = [family for family in check["families"] if family not in known]
    found = f"without {', '.join(missing)}" if missing else f"all {len(check['families'])} of them"
    return not missing, f"the metrics {', '.join(check['families'])}", found if metrics else ""


def sums(check: Mapping[str, Any], metrics: Mapping[str, Metrics]) -> tuple[bool, str, str]:
    least, most = check.get("at_least"), check.get("at_most")
    if least is None and most is None:
        raise AnsibleFilterError(f"{check['name']!r} sets neither at_least nor at_most, so it would prove nothing.")
    labels = check.get("labels", {})
    there = {pod: added_up(each, check["metric"], labels) for pod, each in metrics.items()}
    fitting = [
        pod
        for pod, value in there.items()
        if value is not None and (least is None or value >= least) and (most is None or value <= most)
    ]
    wanted = check.get("replicas")
    bounds = " and ".join(
        f"at {word} {bound:g}" for word, bound in (("least", least), ("most", most)) if bound is not None
    )
    which = ",".join(f"{name}={value}" for name, value in labels.items())
    return (
        len(fitting) >= (wanted or max(len(metrics), 1)),
        f"{check['metric']}{{{which}}} {bounds} in {f'{wanted} replicas or more' if wanted else 'every replica'}",
        ", ".join(f"{pod} {'has no such metric' if value is None else f'{value:g}'}" for pod, value in there.items()),
    )


def added_up(metrics: Metrics, metric: str, labels: Mapping[str, str]) -> float | None:
    """The sum of a metric's samples with these labels; None if there is no sample at all, whatever its labels."""
    samples = [sample for sample in metrics.samples if sample.name == metric]
    if not samples:
        return None
    fitting = (sample for sample in samples if all(sample.labels.get(name) == labels[name] for name in labels))
    return sum(sample.value for sample in fitting)


class FilterModule:
    def filters(self) -> dict[str, Any]:
        return {"verify_metrics": verify_metrics}
