# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The running gateway, found by KUBECONFIG and, where the Gateway's own address does not lead there, by GATEWAY_URL."""

from __future__ import annotations

import os
import subprocess
import uuid

import requests

NAMESPACE = os.environ.get("GATEWAY_NAMESPACE", "inference-gateway")
MODEL = os.environ.get("GATEWAY_TERSE_MODEL", "echo")


def kubectl(*arguments: str, check: bool = True) -> str:
    done = subprocess.run(["kubectl", *arguments], capture_output=True, text=True, timeout=300, check=False)
    assert not check or done.returncode == 0, f"kubectl {' '.join(arguments)}: {done.stderr}"
    return done.stdout


class Gateway:
    """The administrator's way in, for keys of the drills."""

    def __init__(self) -> None:
        self.url = os.environ.get("GATEWAY_URL") or "http://" + kubectl(
            *("get", "gateway", "inference", "-n", NAMESPACE, "-o", "jsonpath={.status.addresses[0].value}")
        )
        encoded = kubectl(
            *("get", "secret", "litellm-proxy-master-key", "-n", NAMESPACE),
            *("-o", 'go-template={{index .data "master-key" | base64decode}}'),
        )
        self.headers = {"Authorization": f"Bearer {encoded}"}

    def post(self, path: str, **body: object) -> dict[str, object]:
        answer = requests.post(self.url + path, json=body, headers=self.headers, timeout=60)
        assert answer.ok, f"{path}: HTTP {answer.status_code}: {answer.text}"
        return answer.json()

    def make_key(self, **fields: object) -> str:
        return str(
            self.post("/key/generate", key_alias=f"drill-{uuid.uuid4().hex[:8]}", duration="1h", **fields)["key"]
        )

    def delete_key(self, key: str) -> None:
        self.post("/key/delete", keys=[key])
