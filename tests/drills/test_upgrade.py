# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""site.yml brings the gateway to another version of LiteLLM under steady load: how many requests fail?

For a gateway with an older version than the one that the inventory says (`molecule/upgrade`).
"""

from __future__ import annotations

import time

import pytest
from cluster import NAMESPACE, kubectl
from gateway import MODEL, Gateway
from load import Load
from playbook import play

# Seconds of load before the upgrade, and after it.
BEFORE, AFTER = 5, 10


def image() -> str:
    path = "jsonpath={.spec.template.spec.containers[0].image}"
    return kubectl("get", "deployment", "litellm-proxy", "-n", NAMESPACE, "-o", path)


def test_an_upgrade_costs_no_request(gateway: Gateway, key: str, capsys: pytest.CaptureFixture[str]) -> None:
    former = image()
    with Load(gateway.url, key, MODEL) as record:
        time.sleep(BEFORE)
        started = time.monotonic()
        play("site", seconds=1200)
        seconds = time.monotonic() - started
        time.sleep(AFTER)
    with capsys.disabled():
        print(f"\nfrom {former} to {image()}: {seconds:.0f} s, {record}")
    assert image() != former
    assert record.failed == 0
