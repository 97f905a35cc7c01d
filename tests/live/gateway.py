# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The running gateway, found by KUBECONFIG and, where the Gateway's own address does not lead there, by GATEWAY_URL."""

from __future__ import annotations

import os
import uuid

import requests
from cluster import NAMESPACE, kubectl, secret

MODEL = os.environ.get("GATEWAY_TERSE_MODEL", "echo")


class Gateway:
    """The administrator's way in, for keys of the drills."""

    def __init__(self) -> None:
        self.url = os.environ.get("GATEWAY_URL") or "http://" + kubectl(
            *("get", "gateway", "inference", "-n", NAMESPACE, "-o", "jsonpath={.status.addresses[0].value}")
        )
        self.headers = {"Authorization": f"Bearer {secret('litellm-proxy-master-key', 'master-key')}"}

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
