# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The cluster of KUBECONFIG, asked by kubectl."""

from __future__ import annotations

import base64
import json
import os
import subprocess

NAMESPACE = os.environ.get("GATEWAY_NAMESPACE", "inference-gateway")


def kubectl(*arguments: str, stdin: str | None = None, check: bool = True) -> str:
    """What it prints. What it complains about ends the test, unless `check` is false."""
    done = subprocess.run(
        ["kubectl", *arguments], input=stdin, capture_output=True, text=True, timeout=300, check=False
    )
    assert not check or done.returncode == 0, f"kubectl {' '.join(arguments)}: {done.stderr}"
    return done.stdout


def secret(name: str, entry: str = "api-key") -> str:
    """One value of a Secret in the gateway's namespace."""
    data = json.loads(kubectl("get", "secret", name, "-n", NAMESPACE, "-o", "json"))["data"]
    return base64.b64decode(data[entry]).decode()
