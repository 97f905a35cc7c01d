# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Find the objects that are there and that no description asks for any more."""

from __future__ import annotations

DOCUMENTATION = r"""
name: superfluous
short_description: Find Kubernetes objects that are no longer described
version_added: 0.4.0
author: inference.gateway contributors
description:
  - Returns the objects that are there but are not among those described, told apart by kind, namespace and name.
  - What may be removed is decided by what is looked for, so look only for objects that are one's own.
positional: described
options:
  _input:
    description: The objects that are there, as C(kubernetes.core.k8s_info) returns them.
    type: list
    elements: dict
    required: true
  described:
    description: The objects that are to be there.
    type: list
    elements: dict
    required: true
  manager:
    description:
      - Field manager by which the objects that may be removed were applied, as C(metadata.managedFields) names it.
      - Without it every object that is there may be.
    type: str
    version_added: 0.8.0
"""

EXAMPLES = r"""
- name: Remove what is no longer described
  kubernetes.core.k8s:
    state: absent
    api_version: "{{ item.apiVersion }}"
    kind: "{{ item.kind }}"
    namespace: "{{ item.metadata.namespace }}"
    name: "{{ item.metadata.name }}"
  loop: "{{ monitors.resources | inference.gateway.superfluous(described) }}"
"""

RETURN = r"""
_value:
  description: Those of the objects that are not described, in their order.
  type: list
  elements: dict
"""

from collections.abc import Mapping, Sequence
from typing import Any

from ansible_collections.inference.gateway.plugins.plugin_utils._managers import managers

Thing = Mapping[str, Any]


def superfluous(there: Sequence[Thing], described: Sequence[Thing], manager: str | None = None) -> list[Thing]:
    wanted = {identity(thing) for thing in described}
    return [thing for thing in there if identity(thing) not in wanted and manager in (None, *managers(thing))]


def identity(thing: Thing) -> tuple[str, str, str]:
    return thing["kind"], thing["metadata"].get("namespace", ""), thing["metadata"]["name"]


class FilterModule:
    def filters(self) -> dict[str, Any]:
        return {"superfluous": superfluous}
