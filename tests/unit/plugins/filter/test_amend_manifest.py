# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

import pytest
import yaml
from ansible._internal._datatag._tags import Origin
from ansible.errors import AnsibleFilterError

from ansible_collections.inference.gateway.plugins.filter.amend_manifest import amend_manifest

MANIFEST = """\
---
# an empty document, as upstream likes to begin with
---
apiVersion: v1
kind: Namespace
metadata: {name: tool}
---
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: tools.example.com}
---
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: routes.other.example.com}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: tool, namespace: tool, labels: {app: tool}}
spec:
  replicas: 1
  template: {spec: {containers: [{name: tool, args: [--one, --two]}]}}
"""


def names(documents: list[dict[str, Any]]) -> list[str]:
    return [f"{document['kind']}/{document['metadata']['name']}" for document in documents]


def override(definition: object, kind: str = "Deployment", name: str = "tool") -> dict[str, Any]:
    return {"kind": kind, "name": name, "definition": definition}


def test_nothing_to_amend_keeps_every_document_in_order() -> None:
    assert names(amend_manifest(MANIFEST)) == [
        "Namespace/tool",
        "CustomResourceDefinition/tools.example.com",
        "CustomResourceDefinition/routes.other.example.com",
        "Deployment/tool",
    ]


@pytest.mark.parametrize(
    ("exclude", "left_out"),
    [
        ([{"kind": "Deployment", "name": "tool"}], {"Deployment/tool"}),
        ([{"kind": "Deployment", "name": "too"}], set()),
        ([{"kind": "Service", "name": "tool"}], set()),
        (
            [{"kind": "CustomResourceDefinition", "name": r".*\.other\.example\.com"}],
            {"CustomResourceDefinition/routes.other.example.com"},
        ),
        (
            [{"kind": "CustomResourceDefinition"}],
            {"CustomResourceDefinition/tools.example.com", "CustomResourceDefinition/routes.other.example.com"},
        ),
        ([{"kind": "Namespace"}, {"kind": "Deployment"}], {"Namespace/tool", "Deployment/tool"}),
    ],
)
def test_exclude(exclude: list[dict[str, str]], left_out: set[str]) -> None:
    assert set(names(amend_manifest(MANIFEST))) - set(names(amend_manifest(MANIFEST, exclude))) == left_out


def test_a_string_of_ansibles_own_class() -> None:
    tagged = Origin(description="a variable").tag(MANIFEST)
    assert Origin.is_tagged_on(tagged)
    assert names(amend_manifest(tagged)) == names(amend_manifest(MANIFEST))


def test_yaml_is_read_as_kubernetes_reads_it() -> None:
    (document,) = amend_manifest("kind: A\nmetadata: {name: a}\nenum: [=, '!=', =~]\nmade: 2026-11-26")
    assert (document["enum"], document["made"]) == (["=", "!=", "=~"], "2026-11-26")


def test_an_unread_kind_is_not_even_parsed() -> None:
    broken = MANIFEST.replace("metadata: {name: tools.example.com}", "metadata: {name: tools.example.com")
    assert names(amend_manifest(broken, unread=["CustomResourceDefinition"])) == ["Namespace/tool", "Deployment/tool"]


def test_text_that_looks_like_a_document_is_none() -> None:
    inside = {"data": {"text": "---\nkind: CustomResourceDefinition\n"}}
    manifest = MANIFEST + "---\n" + yaml.safe_dump({"kind": "ConfigMap", "metadata": {"name": "tool"}} | inside)
    assert names(amend_manifest(manifest, unread=["CustomResourceDefinition"]))[-1] == "ConfigMap/tool"


def test_an_override_of_an_unread_kind_is_no_error() -> None:
    change = override({"spec": {}}, kind="CustomResourceDefinition", name="tools.example.com")
    assert names(amend_manifest(MANIFEST, overrides=[change], unread=["CustomResourceDefinition"])) == [
        "Namespace/tool",
        "Deployment/tool",
    ]


@pytest.mark.parametrize(
    ("definition", "expected"),
    [
        (
            {"replicas": 2},
            {"replicas": 2, "template": {"spec": {"containers": [{"name": "tool", "args": ["--one", "--two"]}]}}},
        ),
        ({"replicas": None}, {"template": {"spec": {"containers": [{"name": "tool", "args": ["--one", "--two"]}]}}}),
        (
            {"absent": None},
            {"replicas": 1, "template": {"spec": {"containers": [{"name": "tool", "args": ["--one", "--two"]}]}}},
        ),
        ({"template": {"spec": {"containers": []}}}, {"replicas": 1, "template": {"spec": {"containers": []}}}),
        (
            {"strategy": {"rollingUpdate": {"maxSurge": 0, "maxUnavailable": None}}, "template": None},
            {"replicas": 1, "strategy": {"rollingUpdate": {"maxSurge": 0}}},
        ),
        ({"replicas": {"deep": {"er": 1}}, "template": 0}, {"replicas": {"deep": {"er": 1}}, "template": 0}),
    ],
    ids=[
        "replace",
        "delete",
        "delete what is not there",
        "lists are replaced",
        "new mapping drops null",
        "change of type",
    ],
)
def test_override_merges(definition: dict[str, Any], expected: dict[str, Any]) -> None:
    deployment = amend_manifest(MANIFEST, [], [override({"spec": definition})])[-1]
    assert deployment["spec"] == expected
    assert deployment["metadata"] == {"name": "tool", "namespace": "tool", "labels": {"app": "tool"}}


def test_overrides_apply_in_order_and_to_every_match() -> None:
    crd = "CustomResourceDefinition"
    documents = amend_manifest(
        MANIFEST,
        overrides=[
            {"kind": crd, "definition": {"metadata": {"labels": {"a": "1"}}}},
            override({"metadata": {"labels": {"a": "2"}}}, crd, r"tools\..*"),
        ],
    )
    assert [document["metadata"].get("labels") for document in documents] == [
        None,
        {"a": "2"},
        {"a": "1"},
        {"app": "tool"},
    ]


def test_an_override_may_rename() -> None:
    assert "Deployment/renamed" in names(amend_manifest(MANIFEST, [], [override({"metadata": {"name": "renamed"}})]))


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"tool": {"args": ["--three"]}}, [{"name": "tool", "args": ["--three"]}, {"name": "proxy"}]),
        ({"tool": {"args": None, "image": "i"}}, [{"name": "tool", "image": "i"}, {"name": "proxy"}]),
        ({"proxy": None}, [{"name": "tool", "args": ["--one"]}]),
        ([{"name": "other"}], [{"name": "other"}]),
        ({"tool": {"args": {"-": ["--two"]}}}, [{"name": "tool", "args": ["--one", "--two"]}, {"name": "proxy"}]),
        ({"tool": None, "proxy": {"args": {"-": ["--two"]}}}, [{"name": "proxy", "args": ["--two"]}]),
        ({"-": [{"name": "log"}], "tool": None}, [{"name": "proxy"}, {"name": "log"}]),
    ],
    ids=[
        "one field",
        "delete and add a field",
        "delete an element",
        "a list replaces",
        "add an element",
        "begin a list",
        "delete one and add one",
    ],
)
def test_a_mapping_for_a_list_goes_by_name(change: object, expected: list[dict[str, Any]]) -> None:
    text = "{kind: Pod, metadata: {name: a}, spec: {containers: [{name: tool, args: [--one]}, {name: proxy}]}}"
    (pod,) = amend_manifest(text, overrides=[override({"spec": {"containers": change}}, "Pod", "a")])
    assert pod["spec"]["containers"] == expected


def test_each_override_adds_to_what_is_there_by_then() -> None:
    def adding(argument: str) -> dict[str, Any]:
        return override({"spec": {"template": {"spec": {"containers": {"tool": {"args": {"-": [argument]}}}}}}})

    rules = [adding("--three"), adding("--four")]
    for _once_more in range(2):
        deployment = amend_manifest(MANIFEST, overrides=rules)[-1]
        (container,) = deployment["spec"]["template"]["spec"]["containers"]
        assert container["args"] == ["--one", "--two", "--three", "--four"]


def test_the_given_rules_are_not_changed() -> None:
    rule = override({"spec": {"template": {"spec": {"nodeSelector": {"a": "b"}}}}})
    amend_manifest(MANIFEST, overrides=[rule, override({"spec": {"template": {"spec": {"nodeSelector": {"a": "c"}}}}})])
    assert rule["definition"]["spec"]["template"]["spec"] == {"nodeSelector": {"a": "b"}}


@pytest.mark.parametrize(
    ("text", "rules", "message"),
    [
        ("a: [", {}, "not valid YAML"),
        ("<html>Not Found</html>", {}, "Document 1 of the manifest is no Kubernetes object"),
        ("{kind: A, metadata: {name: a}}\n---\n{kind: B, metadata: {}}", {}, "Document 2 of the manifest"),
        ("{kind: A, metadata: null}", {}, "Document 1 of the manifest"),
        (
            MANIFEST,
            {"overrides": [override({}, name="gone")]},
            "for Deployment 'gone', which the manifest does not hold",
        ),
        (
            MANIFEST,
            {"exclude": [{"kind": "Deployment"}], "overrides": [override({})]},
            "for Deployment 'tool', which the manifest does not hold",
        ),
        (MANIFEST, {"overrides": [{"kind": "Deployment", "name": "tool"}]}, "needs a definition"),
        (MANIFEST, {"overrides": [override(["spec"])]}, "needs a definition"),
        (
            MANIFEST,
            {"overrides": [override({"spec": {"template": {"spec": {"containers": {"gone": None}}}}})]},
            "names 'gone', which is not among ['tool']",
        ),
        (
            MANIFEST,
            {"overrides": [override({"spec": {"template": {"spec": {"containers": {"-": "tool"}}}}})]},
            "has 'tool' at the end of a list ('-'), which has to be a list",
        ),
        (MANIFEST, {"exclude": [{"name": "tool"}]}, "needs 'kind'"),
        (MANIFEST, {"exclude": [{"kind": "Deployment", "name": "("}]}, "no regular expression"),
    ],
)
def test_bad_input_is_one_sentence(text: str, rules: dict[str, Any], message: str) -> None:
    with pytest.raises(AnsibleFilterError, match=r"^[A-Z].*\.$") as caught:
        amend_manifest(text, **rules)
    assert message in str(caught.value)
