# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whose log is worth reading."""

from __future__ import annotations

DOCUMENTATION = r"""
name: diagnose_suspects
short_description: Tell which containers' logs may say what is wrong
version_added: 0.3.0
author: inference.gateway contributors
description:
  - Finds the containers that ran and are not well, with the log to read of each.
  - Of the pods of one workload, which mostly fail alike, two are enough.
options:
  _input:
    description: Pods, as C(kubernetes.core.k8s_info) returns them.
    type: list
    elements: dict
    required: true
"""

EXAMPLES = r"""
- name: Read the logs of what is not well
  kubernetes.core.k8s_log:
    namespace: "{{ item.namespace }}"
    name: "{{ item.pod }}"
    container: "{{ item.container }}"
    previous: "{{ item.previous }}"
  loop: "{{ pods.resources | inference.gateway.diagnose_suspects }}"
"""

RETURN = r"""
_value:
  description: >-
    One entry for each container, with its C(namespace), C(pod) and C(container), and C(previous), whether the log is
    that of the container which ended before.
  type: list
  elements: dict
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ansible_collections.inference.gateway.plugins.plugin_utils._diagnosis._seen import get, name_of
from ansible_collections.inference.gateway.plugins.plugin_utils._diagnosis.cluster import workload

OF_ONE_WORKLOAD = 2


def diagnose_suspects(pods: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    seen: Counter[str] = Counter()
    suspects = []
    for pod in pods:
        entries = [] if get(pod, "metadata", "deletionTimestamp") else list(unwell(pod))
        if entries and seen[workload(pod)] < OF_ONE_WORKLOAD:
            seen[workload(pod)] += 1
            suspects += entries
    return suspects


def unwell(pod: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for kind in ("initContainerStatuses", "containerStatuses"):
        for status in get(pod, "status", kind, default=[]):
            state, restarts = status.get("state") or {}, status.get("restartCount", 0)
            ended_well = get(state, "terminated", "exitCode") == 0
            ran = "waiting" not in state or restarts > 0
            if ran and not status.get("ready") and not ended_well:
                yield {
                    "namespace": pod["metadata"]["namespace"],
                    "pod": name_of(pod),
                    "container": status["name"],
                    "previous": "waiting" in state,
                }


class FilterModule:
    def filters(self) -> dict[str, Any]:
        return {"diagnose_suspects": diagnose_suspects}
