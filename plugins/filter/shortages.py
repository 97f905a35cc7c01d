# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tell that pods cannot fit on the nodes of a cluster before any of them waits for a place."""

from __future__ import annotations

DOCUMENTATION = r"""
name: shortages
short_description: Tell what a cluster's nodes lack for pods
version_added: 0.3.0
author: inference.gateway contributors
description:
  - Compares what pods ask for, CPU, memory and devices such as V(nvidia.com/gpu), with what ready nodes that take pods
    have, and returns one clause for each that is too little, over all nodes or on the largest of them.
  - Only what is certain is told. Other pods on these nodes, taints and affinities may make it worse.
positional: nodes
options:
  _input:
    description: Pods as C({name, count, resources}), the resources as in a container of Kubernetes.
    type: list
    elements: dict
    required: true
  nodes:
    description: The nodes, as Kubernetes describes them.
    type: list
    elements: dict
    required: true
"""

EXAMPLES = r"""
- name: Find out whether the database fits
  ansible.builtin.assert:
    that: pods | inference.gateway.shortages(found.resources) | length == 0
  vars:
    pods:
      - {name: database, count: 3, resources: {requests: {cpu: "4", memory: 16Gi}}}
"""

RETURN = r"""
_value:
  description: One clause for each shortage, without a full stop. Empty when all is right.
  type: list
  elements: str
"""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from ansible_collections.inference.gateway.plugins.plugin_utils._quantity import FACTORS, number

# Pods by what they are called: how many there are, and what each asks for.
Asked = Mapping[str, tuple[int, Mapping[str, Decimal]]]


def said(resource: str, amount: Decimal) -> str:
    if resource in ("memory", "ephemeral-storage"):
        return f"{float(amount / FACTORS['Gi']):.4g}Gi of {resource}"
    return f"{float(amount):.10g} {'CPU' if resource == 'cpu' else resource}"


def requested(pod: Mapping[str, Any]) -> dict[str, Decimal]:
    """What one pod asks for. Where only a limit is given, Kubernetes asks for the limit."""
    resources = pod.get("resources") or {}
    amounts = {**(resources.get("limits") or {}), **(resources.get("requests") or {})}
    return {resource: number(amount) for resource, amount in amounts.items()}


def takes_pods(node: Mapping[str, Any]) -> bool:
    conditions = node.get("status", {}).get("conditions") or []
    ready = any(each["type"] == "Ready" and each["status"] == "True" for each in conditions)
    return ready and not node.get("spec", {}).get("unschedulable")


def shortage(resource: str, pods: Asked, nodes: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    there = [number(node["status"]["allocatable"].get(resource, 0)) for node in nodes]
    asked = {pod: (count, amounts[resource]) for pod, (count, amounts) in pods.items() if amounts.get(resource)}
    total = sum(count * amount for count, amount in asked.values())
    if total > sum(there):
        parts = [f"{pod} {count} x {said(resource, amount)}" for pod, (count, amount) in asked.items() if count]
        yield (
            f"the pods ask for {said(resource, total)} ({', '.join(parts)}), "
            f"but the nodes that take pods have {said(resource, sum(there))} in all"
        )
        return
    largest = max(there, default=0)
    for pod, (count, amount) in asked.items():
        if count and amount > largest:
            yield (
                f"a pod of {pod} asks for {said(resource, amount)}, "
                f"but no node that takes pods has more than {said(resource, largest)}"
            )


def shortages(pods: Sequence[Mapping[str, Any]], nodes: Sequence[Mapping[str, Any]]) -> list[str]:
    usable = [node for node in nodes if takes_pods(node)]
    asked = {pod["name"]: (int(pod["count"]), requested(pod)) for pod in pods}
    resources = sorted({resource for _count, amounts in asked.values() for resource in amounts})
    return [clause for resource in resources for clause in shortage(resource, asked, usable)]


class FilterModule:
    def filters(self) -> dict[str, Any]:
        return {"shortages": shortages}
