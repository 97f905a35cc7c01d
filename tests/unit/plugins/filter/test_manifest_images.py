# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.inference.gateway.plugins.filter.manifest_images import manifest_images


def deployment(**container: Any) -> dict[str, Any]:
    return {"kind": "Deployment", "spec": {"template": {"spec": {"containers": [container]}}}}


def config(**data: str) -> dict[str, Any]:
    return {"kind": "ConfigMap", "data": data}


DIGEST = "sha256:" + "a" * 64


@pytest.mark.parametrize(
    ("document", "images"),
    [
        (deployment(image="quay.io/jetstack/webhook:v1"), ["quay.io/jetstack/webhook:v1"]),
        (deployment(image=f"ghcr.io/one/two@{DIGEST}"), [f"ghcr.io/one/two@{DIGEST}"]),
        (deployment(image="kserve/agent:v1"), ["docker.io/kserve/agent:v1"]),
        (deployment(image="nginx:1.29"), ["docker.io/library/nginx:1.29"]),
        (deployment(image="localhost:5000/x:1"), ["localhost:5000/x:1"]),
        (deployment(args=["--acme-http01-solver-image=quay.io/jetstack/solver:v1"]), ["quay.io/jetstack/solver:v1"]),
        (
            deployment(env=[{"name": "OPERATOR_IMAGE_NAME", "value": "ghcr.io/cnpg:1"}, {"name": "A", "value": "b:c"}]),
            ["ghcr.io/cnpg:1"],
        ),
        (deployment(env=[{"name": "IMAGE", "valueFrom": {"secretKeyRef": {"name": "x"}}}]), []),
        (config(agent='{\n "image": "kserve/agent:v2", "memory": "1Gi"\n}'), ["docker.io/kserve/agent:v2"]),
        (config(envoy="provider:\n  rateLimit:\n    image: docker.io/ratelimit:1\n"), ["docker.io/ratelimit:1"]),
        (config(_example='{\n "image": "kserve/agent:v2"\n}'), []),
        (config(text="an image, said\nof nothing: [in particular"), []),
        # As the Barman Cloud plugin of CloudNativePG is told of its sidecar.
        (
            {
                "kind": "Secret",
                "metadata": {"name": "plugin-barman-cloud-8tfddg42gf"},
                "data": {
                    "SIDECAR_IMAGE": "Z2hjci5pby9jbG91ZG5hdGl2ZS1wZy9wbHVnaW4tYmFybWFuLWNsb3VkLXNpZGVjYXI6djAuMTQuMA=="
                },
            },
            ["ghcr.io/cloudnative-pg/plugin-barman-cloud-sidecar:v0.14.0"],
        ),
        ({"kind": "Secret", "stringData": {"IMAGE_NAME": "quay.io/x/y:1"}}, ["quay.io/x/y:1"]),
        ({"kind": "Secret", "data": {"tls.key": "//79"}}, []),
        ({"kind": "Secret", "metadata": {"name": "empty"}}, []),
        (config(SIDECAR_IMAGE_NAME="quay.io/x/y:1", IMAGE_PULL_POLICY="Always"), ["quay.io/x/y:1"]),
        (config(text="image: quay.io/x/y:1\nwhen: 2024-13-45\n"), []),
        # A name without a tag is one that something else is still added to.
        (config(explainer='{\n "image": "kserve/explainer"\n}'), []),
        ({"kind": "CustomResourceDefinition", "spec": {"image": "quay.io/x/y:1"}}, []),
        ({"kind": "Widget", "spec": {"image": {"type": "string"}}}, []),
    ],
)
def test_images_of_an_object(document: dict[str, Any], images: list[str]) -> None:
    assert manifest_images([document]) == images


def test_each_image_is_named_once_and_in_order() -> None:
    documents = [
        deployment(image="quay.io/b/b:1"),
        deployment(image="quay.io/a/a:1"),
        deployment(image="quay.io/b/b:1"),
    ]
    assert manifest_images(documents) == ["quay.io/a/a:1", "quay.io/b/b:1"]
