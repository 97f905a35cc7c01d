# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import json
from typing import Any

import pytest
from conftest import OMIT, Run
from kubernetes_stand_in import TOKEN, KubernetesStandIn


@pytest.fixture
def read(kubernetes: KubernetesStandIn, capsys: pytest.CaptureFixture[str], tmp_path: Any, run: Run) -> Any:
    def read_kinds(*kinds: dict[str, Any], **options: Any) -> Any:
        kubeconfig = tmp_path / "kubeconfig"
        kubeconfig.write_text(json.dumps(kubernetes.kubeconfig))
        # OMIT leaves out the connection to LiteLLM, which this module knows nothing of.
        return run(
            "k8s_objects_info",
            kinds=list(kinds),
            **{"api_base": OMIT, "api_key": OMIT, "kubeconfig": str(kubeconfig)} | options,
        )

    return read_kinds


def test_every_kind_is_read_and_what_cannot_be_says_why(kubernetes: KubernetesStandIn, read: Any) -> None:
    kubernetes.add_secret("llm", **{"api-key": "sk-1"})
    gateway = {"kind": "Gateway", "api_version": "gateway.networking.k8s.io/v1"}
    found = read({"kind": "Secret", "namespace": "apps"}, gateway)
    secrets, gateways = found["reads"]
    assert not found["changed"]
    assert secrets["item"] == {"kind": "Secret", "api_version": "v1", "namespace": "apps"}
    assert [secret["metadata"]["name"] for secret in secrets["resources"]] == ["llm"]
    # In a list the API server does not say of what kind each object is.
    assert [(secret["kind"], secret["apiVersion"]) for secret in secrets["resources"]] == [("Secret", "v1")]
    assert (secrets["api_found"], secrets["msg"]) == (True, "")
    assert (gateways["api_found"], gateways["resources"]) == (False, [])


def test_a_kubeconfig_as_a_dictionary_hides_nothing_else(kubernetes: KubernetesStandIn, read: Any, run: Run) -> None:
    kubernetes.add_secret("stand-in-v1")
    found = read({"kind": "Secret", "namespace": "apps"}, kubeconfig=kubernetes.kubeconfig)
    assert [secret["metadata"]["name"] for secret in found["reads"][0]["resources"]] == ["stand-in-v1"]
    assert found["invocation"]["module_args"]["kubeconfig"]["current-context"] == "stand-in"
    text = read({"kind": "Secret"}, kubeconfig=json.dumps(kubernetes.kubeconfig))
    assert text["msg"].startswith("kubeconfig is the text of a kubeconfig: give the path of its file")
    assert TOKEN not in run.printed  # type: ignore[attr-defined]


@pytest.mark.parametrize("metadata_only", [True, False])
def test_what_is_refused_is_not_taken_for_nothing(
    kubernetes: KubernetesStandIn, read: Any, monkeypatch: pytest.MonkeyPatch, metadata_only: bool
) -> None:
    answer, message = kubernetes.answer, "field label not supported: status.phaze"

    def refuse(method: str, path: str, query: dict[str, str], body: Any) -> Any:
        refused = {"kind": "Status", "message": message, "code": 400, "reason": "BadRequest"}
        return (400, refused) if "fieldSelector" in query else answer(method, path, query, body)

    monkeypatch.setattr(kubernetes, "answer", refuse)
    asked = {"kind": "Secret", "namespace": "apps", "field_selectors": ["status.phaze=x"]}
    (secrets,) = read(asked | {"metadata_only": metadata_only})["reads"]
    assert (secrets["api_found"], secrets["resources"], secrets["msg"]) == (True, None, message)
    assert read(asked, fail_unreadable=True)["msg"] == message


@pytest.mark.parametrize("name", ["llm", "nobody"])
def test_a_single_object(kubernetes: KubernetesStandIn, read: Any, name: str) -> None:
    kubernetes.add_secret("llm", **{"api-key": "sk-1"})
    # Who may read this one need not be allowed to list all.
    kubernetes.forbidden = {"LIST"}
    (secrets,) = read({"kind": "Secret", "namespace": "apps", "name": name})["reads"]
    assert (secrets["api_found"], secrets["msg"]) == (True, "")
    assert [each["metadata"]["name"] for each in secrets["resources"]] == ([name] if name == "llm" else [])


def test_what_is_forbidden_does_not_fail(kubernetes: KubernetesStandIn, read: Any) -> None:
    kubernetes.forbidden = {"LIST"}
    (secrets,) = read({"kind": "Secret", "namespace": "apps"})["reads"]
    assert secrets["resources"] is None
    assert secrets["msg"] == 'secrets is forbidden: User "demo" cannot list resource "secrets"'
    assert kubernetes.written == []


def test_what_is_forbidden_fails_where_everything_is_needed(kubernetes: KubernetesStandIn, read: Any) -> None:
    kubernetes.forbidden = {"LIST"}
    secret = {"kind": "Secret", "namespace": "apps"}
    result = read(secret, secret, fail_unreadable=True)
    assert result["failed"]
    assert result["msg"] == 'secrets is forbidden: User "demo" cannot list resource "secrets"'
    assert "reads" not in result


@pytest.mark.parametrize(
    ("hidden", "left"),
    [(OMIT, {"data"}), ([], {"data", "managedFields"}), (["data"], {"managedFields"})],
)
def test_what_nobody_looks_at_is_left_out(
    kubernetes: KubernetesStandIn, read: Any, hidden: Any, left: set[str]
) -> None:
    kubernetes.add_secret("llm", **{"api-key": "sk-1"})
    kubernetes.secrets["apps", "llm"]["metadata"]["managedFields"] = [{"manager": "somebody"}]
    asked = {"kind": "Secret", "namespace": "apps"} | ({} if hidden is OMIT else {"hidden_fields": hidden})
    (secrets,) = read(asked)["reads"]
    [secret] = secrets["resources"]
    assert {"data", "managedFields"} & (secret.keys() | secret["metadata"].keys()) == left
    # What was asked for is told as it was asked for.
    assert secrets["item"].get("hidden_fields", []) == ([] if hidden is OMIT else hidden)


@pytest.mark.parametrize(("name", "wanted"), [(OMIT, ["llm", "other"]), ("llm", ["llm"]), ("nobody", [])])
def test_of_large_objects_the_metadata_is_enough(
    kubernetes: KubernetesStandIn, read: Any, name: str, wanted: list[str]
) -> None:
    for each in ("llm", "other"):
        kubernetes.add_secret(each, **{"api-key": "sk-1"})
    asked = {"kind": "Secret", "namespace": "apps", "metadata_only": True, "hidden_fields": ["metadata.labels"]}
    (secrets,) = read(asked if name is OMIT else asked | {"name": name})["reads"]
    assert [each["metadata"]["name"] for each in secrets["resources"]] == wanted
    for each in secrets["resources"]:
        assert each["kind"] == "PartialObjectMetadata"
        assert each.keys() == {"kind", "apiVersion", "metadata"}
        assert "labels" not in each["metadata"]
    assert kubernetes.written == []


def test_metadata_that_is_forbidden_or_of_an_unknown_kind(kubernetes: KubernetesStandIn, read: Any) -> None:
    kubernetes.forbidden = {"LIST"}
    gateway = {"kind": "Gateway", "api_version": "gateway.networking.k8s.io/v1", "metadata_only": True}
    secrets, gateways = read({"kind": "Secret", "namespace": "apps", "metadata_only": True}, gateway)["reads"]
    assert secrets["resources"] is None
    assert secrets["msg"] == 'secrets is forbidden: User "demo" cannot list resource "secrets"'
    assert (gateways["api_found"], gateways["resources"]) == (False, [])
