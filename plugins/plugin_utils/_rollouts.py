# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the status of a workload says of its rollout, and that of a route of who takes it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Thing = Mapping[str, Any]
# Whether it is rolled out, what was expected, and what was found.
Verdict = tuple[bool, str, str]


def workload(thing: Thing) -> Verdict:
    """The verdict on a DaemonSet, Deployment or StatefulSet, all of whose pods must be ready and of its last change."""
    wanted, there, ready, updated = _counted(thing)
    observed = thing.get("status", {}).get("observedGeneration", 0) >= thing["metadata"]["generation"]
    found = f"{ready} of {wanted} replicas ready, {updated} up to date"
    if there > wanted:
        found += f", {there - wanted} too many"
    if not observed:
        found += ", the last change not seen yet"
    expected = f"{max(wanted, 1)} of {max(wanted, 1)} replicas ready and up to date"
    met = observed and there == ready == updated == wanted > 0
    return met, expected, expected if met else found


def _counted(thing: Thing) -> tuple[int, int, int, int]:
    """How many pods are wanted, are there, are ready, and are of the last change."""
    status = thing.get("status", {})
    if thing["kind"] == "DaemonSet":
        wanted, names = status.get("desiredNumberScheduled", 0), _OF_DAEMON_SETS
    else:
        wanted, names = thing["spec"].get("replicas", 1), _OF_REPLICAS
    there, ready, updated = (status.get(name, 0) for name in names)
    return wanted, there, ready, updated


def by_parents(route: Thing) -> list[Thing]:
    """The conditions that the Gateways of a route tell.

    What another one said of it, before the route was led elsewhere, may still stand in its status.
    """
    wanted = [each.get("name") for each in route["spec"].get("parentRefs") or []]
    return [
        condition
        for parent in route.get("status", {}).get("parents") or []
        for condition in parent.get("conditions") or []
        if parent["parentRef"].get("name") in wanted
    ]


_OF_DAEMON_SETS = ("currentNumberScheduled", "numberReady", "updatedNumberScheduled")
_OF_REPLICAS = ("replicas", "readyReplicas", "updatedReplicas")
