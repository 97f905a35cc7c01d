# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

import pytest
from ansible.errors import AnsibleError
from ansible.plugins.loader import lookup_loader
from kubernetes_stand_in import KubernetesStandIn

VALUE = "sk-backend-6nR3wT9yK2pL"


@pytest.fixture
def look(kubernetes: KubernetesStandIn) -> Any:
    def run(*names: str, **options: Any) -> list[str]:
        lookup = lookup_loader.get("inference.gateway.delivered_key")
        return lookup.run([*names], None, **{"namespace": "apps", "kubeconfig": kubernetes.kubeconfig} | options)

    return run


def test_the_value_of_each_secret(kubernetes: KubernetesStandIn, look: Any) -> None:
    kubernetes.add_secret("backend-llm", **{"api-key": VALUE})
    kubernetes.add_secret("others", frontend="sk-frontend")
    assert look("backend-llm") == [VALUE]
    assert look("others", entry="frontend") == ["sk-frontend"]
    assert look("backend-llm", "backend-llm") == [VALUE, VALUE]
    assert look() == []
    assert not kubernetes.written


@pytest.mark.parametrize(
    ("names", "options", "sentence"),
    [
        (
            ["frontend-llm"],
            {},
            "Secret apps/frontend-llm does not exist: check its name, or have the key delivered first.",
        ),
        (["backend-llm"], {"namespace": "shop"}, "Secret shop/backend-llm does not exist"),
        (["backend-llm"], {"entry": "other"}, "Secret apps/backend-llm has no entry other with a key in it"),
        (
            ["backend-llm"],
            {"kubeconfig": "/does/not/exist"},
            "No Kubernetes cluster is known for Secret apps/backend-llm",
        ),
        (["backend-llm"], {"namespace": None}, "namespace"),
    ],
)
def test_what_cannot_be_read_is_said_in_a_sentence(
    kubernetes: KubernetesStandIn, look: Any, names: list[str], options: dict[str, Any], sentence: str
) -> None:
    kubernetes.add_secret("backend-llm", **{"api-key": VALUE})
    with pytest.raises(AnsibleError) as caught:
        look(*names, **options)
    assert sentence in str(caught.value)
    assert VALUE not in str(caught.value)


def test_who_may_not_read_is_told_so(kubernetes: KubernetesStandIn, look: Any) -> None:
    kubernetes.forbidden = {"GET"}
    with pytest.raises(AnsibleError, match=r"Cannot read Secret apps/backend-llm \(403\)"):
        look("backend-llm")
