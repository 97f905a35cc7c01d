# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The role operator: what it makes of the namespace."""

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
DEFINITION = {"apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition"}
APPS = {"apps/v1": {"Deployment": {}}}


@pytest.mark.parametrize(
    ("labels", "apis", "documents", "foreseen"),
    [
        # An upgrade that changes a definition, too: what else it changes is shown.
        (RESTRICTED, APPS, [DEFINITION, DEPLOYMENT], True),
        # Its labels would change.
        ({}, APPS, [DEPLOYMENT], True),
        (None, APPS, [DEPLOYMENT], False),
        (RESTRICTED, APPS, [DEFINITION, DEPLOYMENT, TOOL], False),
        (RESTRICTED, APPS | {"example.com/v1": {"Other": {}}}, [TOOL], False),
        (RESTRICTED, APPS | {"example.com/v1": {"Tool": {}}}, [DEPLOYMENT, TOOL], True),
    ],
)
def test_check_mode_foretells_all_whose_kinds_are_there(
    labels: dict[str, str] | None, apis: dict[str, Any], documents: list[dict[str, Any]], foreseen: bool
) -> None:
    data = operator(labels, gateway_cluster_info={"apis": apis}, __operator_documents=documents)
    assert data["__operator_objects_foreseen"] is foreseen
