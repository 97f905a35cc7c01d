# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What Kubernetes objects say of themselves: whether the cluster is what they ask for."""

from __future__ import annotations

DOCUMENTATION = r"""
name: verify_rollouts
short_description: Tell whether Kubernetes objects are rolled out
version_added: 0.1.0
author: inference.gateway contributors
description:
  - Finds the objects that each check names, and compares their status with their specification.
  - A status that was written for an older generation of the object counts as not rolled out.
positional: objects
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
      kind:
        description: Kind of the objects.
        type: str
        choices: [Cluster, Deployment, Gateway, HTTPRoute, InferenceService, Job, StatefulSet]
        required: true
      objects:
        description: Names of the objects. All of them must be there and rolled out.
        type: list
        elements: str
        required: true
  objects:
    description: The objects that are there, as C(kubernetes.core.k8s_info) returns them.
    type: list
    elements: dict
    required: true
"""

EXAMPLES = r"""
- name: Tell whether the proxy is rolled out
  ansible.builtin.debug:
    msg: "{{ checks | inference.gateway.verify_rollouts(deployments.resources) }}"
  vars:
    checks:
      - {name: LiteLLM proxy, kind: Deployment, objects: [litellm-proxy]}
"""

RETURN = r"""
_value:
  description: One result for each check, with its C(name), C(passed), C(expected), C(found) and C(seconds).
  type: list
  elements: dict
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ansible.errors import AnsibleFilterError

from ansible_collections.inference.gateway.plugins.plugin_utils._rollouts import (
    Thing,
    Verdict,
    by_parents,
    workload,
)


def job(thing: Thing) -> Verdict:
    ended = [condition for condition in conditions(thing) if condition["type"] in ("Complete", "Failed")]
    done = any(condition["type"] == "Complete" and condition["status"] == "True" for condition in ended)
    failed = next((condition for condition in ended if condition["type"] == "Failed"), None)
    if failed:
        return False, "complete", f"failed: {failed.get('message') or failed.get('reason')}"
    return done, "complete", "complete" if done else f"{thing.get('status', {}).get('active', 0)} pods at work"


def database(thing: Thing) -> Verdict:
    status, wanted = thing.get("status", {}), thing["spec"].get("instances", 1)
    ready, phase = status.get("readyInstances", 0), status.get("phase", "no phase")
    expected = f"{wanted} of {wanted} instances ready"
    if phase != "Cluster in healthy state":
        return False, expected, f"{ready} of {wanted} instances ready, {phase}"
    return ready == wanted, expected, f"{ready} of {wanted} instances ready"


def conditioned(*types: str) -> Callable[[Thing], Verdict]:
    """The judge of a kind that tells by conditions of these types, all of which must be true."""

    def judge(thing: Thing) -> Verdict:
        told = conditions(thing)
        found = [
            " ".join(filter(None, (kind, condition["status"], condition.get("reason"), condition.get("message"))))
            for kind in types
            for condition in [c for c in told if c["type"] == kind] or [{"status": "not told"}]
            if condition["status"] != "True" or stale(thing, condition)
        ]
        expected = " and ".join(types)
        return not found, expected, "; ".join(found) or expected

    return judge


def conditions(thing: Thing) -> list[Thing]:
    return by_parents(thing) if thing["kind"] == "HTTPRoute" else thing.get("status", {}).get("conditions", [])


def stale(thing: Thing, condition: Thing) -> bool:
    return condition.get("observedGeneration", thing["metadata"]["generation"]) < thing["metadata"]["generation"]


JUDGES: dict[str, Callable[[Thing], Verdict]] = {
    "Cluster": database,
    "Deployment": workload,
    "Gateway": conditioned("Accepted", "Programmed"),
    "HTTPRoute": conditioned("Accepted", "ResolvedRefs"),
    "InferenceService": conditioned("Ready"),
    "Job": job,
    "StatefulSet": workload,
}


def verify_rollouts(checks: Sequence[Thing], objects: Sequence[Thing]) -> list[dict[str, Any]]:
    there = {(thing["kind"], thing["metadata"]["name"]): thing for thing in objects}
    return [verdict(check, there) for check in checks]


def verdict(check: Thing, there: Mapping[tuple[str, str], Thing]) -> dict[str, Any]:
    kind, names = check["kind"], check["objects"]
    if kind not in JUDGES:
        raise AnsibleFilterError(f"{check['name']!r} is about a {kind}, but only {', '.join(JUDGES)} can be judged.")
    if not names:
        raise AnsibleFilterError(f"{check['name']!r} names no object, so it would prove nothing.")
    judged = {name: JUDGES[kind](there[kind, name]) for name in names if (kind, name) in there}
    nothing = (False, "rolled out", "not there")
    return {
        "name": check["name"],
        "passed": len(judged) == len(names) and all(met for met, _expected, _found in judged.values()),
        "expected": told({name: judged.get(name, nothing)[1] for name in names}),
        "found": told({name: judged.get(name, nothing)[2] for name in names}),
        "seconds": None,
    }


def told(texts: Mapping[str, str]) -> str:
    """The texts with their names; without, where one text is all there is to say."""
    if len(set(texts.values())) == 1:
        return next(iter(texts.values()))
    return "; ".join(f"{name}: {text}" for name, text in texts.items())


class FilterModule:
    def filters(self) -> dict[str, Any]:
        return {"verify_rollouts": verify_rollouts}
