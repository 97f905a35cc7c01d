# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The role operator: what it makes of the namespace, and of the manifest's documents."""

from __future__ import annotations

from typing import Any

import pytest
from role_data import RoleData

RESTRICTED = {"pod-security.kubernetes.io/enforce": "restricted", "pod-security.kubernetes.io/warn": "restricted"}


def operator(labels: dict[str, str] | None = None, **variables: Any) -> RoleData:
    there = [] if labels is None else [{"metadata": {"name": "tool", "labels": labels}}]
    found = {"reads": [{"item": {"kind": "Namespace", "name": "tool"}, "resources": there, "msg": ""}]}
    return RoleData("operator", **{"operator_read": found, "operator_namespace": "tool"} | variables)


@pytest.mark.parametrize(
    ("variables", "labels"),
    [
        ({}, RESTRICTED),
        ({"operator_pod_security": ""}, {}),
        ({"operator_namespace_labels": {"a": "b"}}, RESTRICTED | {"a": "b"}),
        ({"operator_pod_security": "", "operator_namespace_labels": {"a": "b"}}, {"a": "b"}),
    ],
)
def test_labels_of_the_namespace(variables: dict[str, Any], labels: dict[str, str]) -> None:
    assert operator(**variables)["__operator_namespace_labels"] == labels


def test_a_namespace_that_has_its_labels_is_left_alone() -> None:
    more = {"operator_namespace_labels": {"a": "b"}}
    assert operator(**more)["__operator_namespace_is_kept"] is False
    assert operator(RESTRICTED, **more)["__operator_namespace_is_kept"] is False
    assert operator(RESTRICTED | {"a": "b", "c": "d"}, **more)["__operator_namespace_is_kept"] is True


DEPLOYMENT = {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "tool"}}
TOOL = {"apiVersion": "example.com/v1", "kind": "Tool", "metadata": {"name": "first"}}
DEFINITION = {
    "apiVersion": "apiextensions.k8s.io/v1",
    "kind": "CustomResourceDefinition",
    "spec": {"names": {"kind": "Tool"}},
}
APPS = {"apps/v1": {"Deployment": {}}}
TOOLS = APPS | {"example.com/v1": {"Tool": {}}}
SKIPPED = {"changed": False, "skipped": True}


def applied(*changed: bool) -> dict[str, Any]:
    """What kubernetes.core.k8s says of one definition, or of several."""
    results = [{"changed": each, "result": DEFINITION} for each in changed]
    return results[0] if len(results) == 1 else {"changed": any(changed), "result": {"results": results}}


@pytest.mark.parametrize(
    ("labels", "apis", "definitions", "foreseen"),
    [
        # Nothing of it was applied, for it is as it was.
        (RESTRICTED, TOOLS, SKIPPED, [DEPLOYMENT, TOOL]),
        (RESTRICTED, TOOLS, applied(False), [DEPLOYMENT, TOOL]),
        # Its labels would change.
        ({}, TOOLS, applied(False, False), [DEPLOYMENT, TOOL]),
        # An upgrade: what else it changes is shown, but a field that only the new definition has would be refused.
        (RESTRICTED, TOOLS, applied(True), [DEPLOYMENT]),
        (RESTRICTED, TOOLS, applied(False, True), [DEPLOYMENT]),
        # Kinds that would be new, and one of an operator that is not there yet.
        (RESTRICTED, APPS, applied(True), [DEPLOYMENT]),
        (RESTRICTED, APPS | {"example.com/v1": {"Other": {}}}, SKIPPED, [DEPLOYMENT]),
        (None, TOOLS, SKIPPED, []),
    ],
)
def test_check_mode_foretells_what_the_server_can_judge(
    labels: dict[str, str] | None, apis: dict[str, Any], definitions: dict[str, Any], foreseen: list[dict[str, Any]]
) -> None:
    data = operator(
        labels,
        gateway_cluster_info={"apis": apis},
        __operator_documents=[DEFINITION, DEPLOYMENT, TOOL],
        __operator_applied_kinds=definitions,
        ansible_check_mode=True,
    )
    assert data["__operator_objects"] == foreseen
    data.variables["ansible_check_mode"] = False
    assert data["__operator_objects"] == [DEPLOYMENT, TOOL]


def job(image: str) -> dict[str, Any]:
    documents = [
        {"kind": "Job", "metadata": {"name": "certgen", "namespace": "tool"}, "spec": {"image": image}},
        DEPLOYMENT,
    ]
    objects = operator(__operator_documents=documents)["__operator_objects"]
    assert objects == [DEPLOYMENT, documents[0] | {"metadata": objects[-1]["metadata"]}]
    assert objects[-1]["metadata"]["namespace"] == "tool"
    return objects[-1]


def test_a_job_of_something_else_has_another_name() -> None:
    """Kubernetes changes none."""
    names = [job(image)["metadata"]["name"] for image in ("tool:1", "tool:1", "mirror/tool:1")]
    assert all(name.startswith("certgen-") for name in names)
    assert names[0] == names[1] != names[2]
