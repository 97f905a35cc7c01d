# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tell why operators cannot be installed, or used as they are."""

from __future__ import annotations

DOCUMENTATION = r"""
name: operator_problems
short_description: Tell why operators cannot be installed, or used as they are
version_added: 0.6.0
author: inference.gateway contributors
description:
  - Returns a sentence for each operator that somebody else has put into the cluster although it is to be installed,
    for each that is to be used as it is and is not there, and for each whose manifest is missing.
  - Who put it there is told by the field managers of one of its objects, its mark.
positional: reads, apis, manifests
options:
  _input:
    description: What is to be there.
    type: list
    elements: dict
    required: true
    suboptions:
      name:
        description: Its name, which is also the first part of its manifest's file name.
        type: str
        required: true
      version:
        description: Version to install.
        type: str
        required: true
      wanted:
        description: Whether to install it. If not, it is expected to be there.
        type: bool
        required: true
      variable:
        description: The variable that says so.
        type: str
        required: true
      api:
        description: Group and version of its API, by which the cluster tells that it is there.
        type: str
        required: true
      needed:
        description: Whether it has to be there if it is not installed.
        type: bool
        default: true
      mark:
        description: C(kind) and C(name) of an object that it always has. O(reads) has it with its managed fields.
        type: dict
        required: true
      take_over:
        description: The variable that allows to install it over that of somebody else, if there is one.
        type: str
      taken_over:
        description: What that variable says.
        type: bool
        default: false
  reads:
    description: What RV(inference.gateway.k8s_objects_info#module:reads) returned, with the marks among it.
    type: list
    elements: dict
    required: true
  apis:
    description: The APIs of the cluster, as C(kubernetes.core.k8s_cluster_info) returns them.
    type: dict
    required: true
  manifests:
    description: Directory with the manifests. Empty means that they come from the internet.
    type: path
    default: ""
"""

EXAMPLES = r"""
- name: Find out whether CloudNativePG can be installed
  ansible.builtin.debug:
    msg: "{{ [operator] | inference.gateway.operator_problems(there.reads, cluster.apis) }}"
  vars:
    operator:
      name: cloudnative-pg
      version: 1.30.0
      wanted: true
      variable: database_operator
      api: postgresql.cnpg.io/v1
      mark: {kind: CustomResourceDefinition, name: clusters.postgresql.cnpg.io}
"""

RETURN = r"""
_value:
  description: One sentence for each problem. Empty when all is right.
  type: list
  elements: str
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from ansible_collections.inference.gateway.plugins.plugin_utils._managers import managers

Thing = Mapping[str, Any]

OURS = "inference.gateway"
HELM_RELEASE = "meta.helm.sh/release-name"
GATEWAY_API = "gateway.networking.k8s.io/"


def operator_problems(
    operators: Sequence[Thing], reads: Sequence[Thing], apis: Mapping[str, Any], manifests: str = ""
) -> list[str]:
    return [sentence for operator in operators for sentence in problems(operator, reads, apis, manifests)]


def problems(operator: Thing, reads: Sequence[Thing], apis: Mapping[str, Any], manifests: str) -> Iterator[str]:
    name, version, variable = operator["name"], operator["version"], operator["variable"]
    if not operator["wanted"]:
        if operator.get("needed", True) and operator["api"] not in apis:
            yield (
                f"{variable} is false, but the cluster has no {name} ({operator['api']}): install it, "
                f"or set {variable} to true."
            )
        return

    file = Path(manifests) / f"{name}-{version}.yaml"
    if manifests and not file.is_file():
        yield f"The manifest of {name} {version} is missing: there is no file {file}."

    mark = marked(operator["mark"], reads)
    if mark and OURS not in managers(mark) and not operator.get("taken_over"):
        instead = (
            f"or {operator['take_over']} to true to make it {version}"
            if "take_over" in operator
            else f"or remove it first to have {version} installed"
        )
        yield (
            f"{title(name, mark)} is in the cluster already, put there by {owner(mark)}: "
            f"set {variable} to false to use it as it is, {instead}."
        )


def marked(mark: Thing, reads: Sequence[Thing]) -> Thing:
    """The mark as it is in the cluster, if it is; definitions are also read by their label, without their fields."""
    there = [
        thing
        for read in reads
        if (read["item"].get("kind"), read["item"].get("name")) == (mark["kind"], mark["name"])
        for thing in read["resources"] or []
    ]
    return there[0] if there else {}


def owner(mark: Thing) -> str:
    release = (mark["metadata"].get("annotations") or {}).get(HELM_RELEASE)
    return f"the Helm release {release}" if release else " and ".join(managers(mark)) or "somebody else"


def title(name: str, mark: Thing) -> str:
    """Its name, with version and channel as far as the mark tells them."""
    annotations, labels = (mark["metadata"].get(part) or {} for part in ("annotations", "labels"))
    version = annotations.get(f"{GATEWAY_API}bundle-version") or labels.get("app.kubernetes.io/version")
    return " ".join(part for part in (name, version, annotations.get(f"{GATEWAY_API}channel")) if part)


class FilterModule:
    def filters(self) -> dict[str, Any]:
        return {"operator_problems": operator_problems}
