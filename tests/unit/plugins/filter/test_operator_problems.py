# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from role_data import RoleData

from ansible_collections.inference.gateway.plugins.filter.operator_problems import operator_problems

MARK = {"kind": "CustomResourceDefinition", "name": "issuers.cert-manager.io"}
CERT_MANAGER = {
    "name": "cert-manager",
    "version": "v1.21.2",
    "wanted": True,
    "variable": "prerequisites_cert_manager",
    "api": "cert-manager.io/v1",
    "mark": MARK,
}
TAKE_OVER = {"take_over": "prerequisites_gateway_api_take_over"}


def found(
    *managers: str, operator: dict[str, Any] | None = None, apis: tuple[str, ...] = (), **metadata: Any
) -> list[str]:
    """What is said of an operator whose mark these managers describe; there is no mark without any."""
    fields = [{"manager": manager} for manager in managers]
    fields.append({"manager": "kube-apiserver", "subresource": "status"})
    mark = {"metadata": {"name": MARK["name"], "managedFields": fields} | metadata}
    reads = [
        # Definitions are also read by their label, without those who manage them.
        {"item": {"kind": MARK["kind"]}, "resources": [{"metadata": {"name": MARK["name"]}}]},
        {"item": MARK | {"hidden_fields": ["spec"]}, "resources": [mark] if managers else []},
    ]
    return operator_problems([CERT_MANAGER | (operator or {})], reads, {api: {} for api in apis})


def test_what_is_not_there_or_was_put_there_by_the_collection_can_be_installed() -> None:
    assert found() == []
    assert found("cert-manager-cainjector", "inference.gateway") == []


@pytest.mark.parametrize(
    ("metadata", "title", "owner"),
    [
        ({}, "cert-manager", "kubectl-client-side-apply"),
        ({"labels": {"app.kubernetes.io/version": "v1.19.1"}}, "cert-manager v1.19.1", "kubectl-client-side-apply"),
        ({"annotations": {"meta.helm.sh/release-name": "certs"}}, "cert-manager", "the Helm release certs"),
        ({"managedFields": None}, "cert-manager", "somebody else"),
    ],
)
def test_what_somebody_else_has_put_there(metadata: dict[str, Any], title: str, owner: str) -> None:
    assert found("kubectl-client-side-apply", **metadata) == [
        f"{title} is in the cluster already, put there by {owner}: set prerequisites_cert_manager to false to "
        "use it as it is, or remove it first to have v1.21.2 installed."
    ]


def test_what_may_be_taken_over() -> None:
    annotations = {
        "gateway.networking.k8s.io/bundle-version": "v1.4.0",
        "gateway.networking.k8s.io/channel": "experimental",
    }
    assert found("helm", operator=TAKE_OVER, annotations=annotations) == [
        "cert-manager v1.4.0 experimental is in the cluster already, put there by helm: set prerequisites_cert_manager "
        "to false to use it as it is, or prerequisites_gateway_api_take_over to true to make it v1.21.2."
    ]
    assert found("helm", operator=TAKE_OVER | {"taken_over": True}) == []


def test_what_is_to_be_used_as_it_is() -> None:
    absent = {"wanted": False}
    assert found("helm", operator=absent, apis=("cert-manager.io/v1",)) == []
    assert found(operator=absent) == [
        "prerequisites_cert_manager is false, but the cluster has no cert-manager (cert-manager.io/v1): install it, "
        "or set prerequisites_cert_manager to true."
    ]
    assert found(operator=absent | {"needed": False}) == []


def test_manifests_that_are_missing(tmp_path: Path) -> None:
    file = tmp_path / "cert-manager-v1.21.2.yaml"
    assert operator_problems([CERT_MANAGER], [], {}, str(tmp_path)) == [
        f"The manifest of cert-manager v1.21.2 is missing: there is no file {file}."
    ]
    assert operator_problems([CERT_MANAGER | {"wanted": False, "needed": False}], [], {}, str(tmp_path)) == []
    file.touch()
    assert operator_problems([CERT_MANAGER], [], {}, str(tmp_path)) == []


@pytest.mark.parametrize(
    ("role", "variables", "told"),
    [
        (
            "database",
            {"database_backup_destination": "s3://backups/here"},
            ["database_operator", "database_backup_plugin"],
        ),
        ("database", {}, ["database_operator"]),
        ("model_serving", {}, ["model_serving_operator"]),
        ("gateway", {}, ["gateway_operator"]),
    ],
)
def test_what_the_phases_install(role: str, variables: dict[str, Any], told: list[str]) -> None:
    """By the table of each role, whose marks are among what its preflight reads."""

    def problems(apis: dict[str, Any], **more: Any) -> list[str]:
        data = RoleData(role, **variables, **more)
        reads = [
            {"item": each, "resources": [{"metadata": {"managedFields": [{"manager": "helm"}]}}]}
            for each in data[f"__{role}_kinds"]
        ]
        return operator_problems(data[f"__{role}_operators"], reads, apis)

    said = problems({})
    assert [sentence.split("set ")[1].split(" to false")[0] for sentence in said] == told
    unwanted = dict.fromkeys(told, False)
    assert [sentence.split(" is false")[0] for sentence in problems({}, **unwanted)] == told
    known = {each["api"]: {} for each in RoleData(role, **variables)[f"__{role}_operators"]}
    assert problems(known, **unwanted) == []
