# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""playbooks/artifacts.yml, for an inventory with few phases and manifests of a line each; no cluster is in reach."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
CERT_MANAGER = """\
kind: Deployment
metadata: {name: cert-manager}
spec: {template: {spec: {containers: [{name: cert-manager-controller, image: quay.io/controller:v2, args: [--v=2]}]}}}
"""
GATEWAY_API = "{kind: CustomResourceDefinition, metadata: {name: gateways}}\n"


def artifacts(directory: Path, manifests: Path, code: int = 0) -> str:
    variables = {
        # Not absolute: it begins where the command is run.
        "artifacts_directory": directory.name,
        "gateway_cluster_manifests": str(manifests),
        "gateway_cluster_phases": ["proxy", "valkey", "model_serving"],
        "prerequisites_cert_manager_version": "v2",
        "prerequisites_gateway_api_version": "v1",
        "prerequisites_metrics_server": False,
        "gateway_cluster_valkey_host": "valkey.example.com",
        "proxy_image": "registry.example.com/litellm:1.108.11",
        "model_serving_runtimes": ["vllm-cpu"],
        "model_serving_version": "v3",
    }
    command = [Path(sys.executable).with_name("ansible-playbook"), "--inventory", "localhost,"]
    command += ["inference.gateway.artifacts", "--extra-vars", json.dumps(variables)]
    environment = os.environ | {
        "ANSIBLE_CONFIG": str(ROOT / "ansible.cfg"),
        "ANSIBLE_PYTHON_INTERPRETER": sys.executable,
        "KUBECONFIG": "/nowhere",
    }
    done = subprocess.run(command, cwd=directory.parent, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout + done.stderr


def test_an_inventory_lists_what_it_needs_and_no_more(tmp_path: Path) -> None:
    manifests, directory = tmp_path / "given", tmp_path / "airgap"
    manifests.mkdir()
    (manifests / "cert-manager-v2.yaml").write_text(CERT_MANAGER)
    (manifests / "gateway-api-v1.yaml").write_text(GATEWAY_API)

    # What is missing is told, and which phases bring it.
    shown = artifacts(directory, manifests, code=2)
    assert "The manifest of kserve v3 cannot be had from" in " ".join(shown.split()), shown

    (manifests / "kserve-v3.yaml").write_text(kserve())
    assert "changed=0" not in artifacts(directory, manifests)
    assert sorted(path.name for path in (directory / "manifests").iterdir()) == [
        "cert-manager-v2.yaml",
        "gateway-api-v1.yaml",
        "kserve-v3.yaml",
    ]
    assert (directory / "manifests" / "cert-manager-v2.yaml").read_text() == CERT_MANAGER
    images = (directory / "images.txt").read_text().split()
    assert {"quay.io/controller:v2", "registry.example.com/litellm:1.108.11"} < set(images)
    assert [image.split(":")[0] for image in images if "vllm" in image] == ["docker.io/vllm/vllm-openai-cpu"]
    # Parts of KServe that are not asked for.
    assert [image for image in images if "llmisvc" in image or "rbac-proxy" in image] == []
    # Valkey is there already, and metrics-server, the database and the Gateway are no phase of this inventory.
    assert [image for image in images if "valkey" in image or "envoy" in image or "postgresql" in image] == []
    assert images == sorted(images)


def kserve() -> str:
    """A manifest with what the role changes of KServe's."""
    controller = {"name": "manager", "image": "docker.io/kserve/kserve-controller:v3"}
    proxy = {"name": "kube-rbac-proxy", "image": "quay.io/brancz/kube-rbac-proxy:v0"}
    left_out = {"name": "manager", "image": "docker.io/kserve/llmisvc-controller:v3"}
    documents = [
        {"kind": "ConfigMap", "metadata": {"name": "inferenceservice-config"}, "data": {}},
        *(
            {
                "kind": "Deployment",
                "metadata": {"name": name},
                "spec": {"template": {"spec": {"containers": containers}}},
            }
            for name, containers in (
                ("kserve-controller-manager", [controller, proxy]),
                ("llmisvc-controller-manager", [left_out]),
            )
        ),
    ]
    return "\n---\n".join(json.dumps(document) for document in documents) + "\n"
