# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

import pytest
from ansible.errors import AnsibleFilterError

from ansible_collections.inference.gateway.plugins.test.rolled_out import rolled_out

REPLICAS = {"observedGeneration": 3, "replicas": 2, "readyReplicas": 2, "updatedReplicas": 2}
SCHEDULED = {
    "observedGeneration": 3,
    "desiredNumberScheduled": 2,
    "currentNumberScheduled": 2,
    "numberReady": 2,
    "updatedNumberScheduled": 2,
}


def workload(kind: str, status: dict[str, Any]) -> dict[str, Any]:
    return {"kind": kind, "metadata": {"generation": 3}, "spec": {"replicas": 2}, "status": status}


@pytest.mark.parametrize(
    ("kind", "status"), [("Deployment", REPLICAS), ("StatefulSet", REPLICAS), ("DaemonSet", SCHEDULED)]
)
def test_a_rollout_is_done_when_every_pod_is_ready_and_new(kind: str, status: dict[str, Any]) -> None:
    assert rolled_out(workload(kind, status))
    for name in status:
        assert not rolled_out(workload(kind, status | {name: 1})), name
    assert not rolled_out(workload(kind, {}))


def test_nothing_wanted_is_nothing_rolled_out() -> None:
    none = {"observedGeneration": 3, "desiredNumberScheduled": 0}
    assert not rolled_out(workload("DaemonSet", none))


def test_other_kinds_have_no_rollout() -> None:
    with pytest.raises(AnsibleFilterError, match="A Job has no rollout"):
        rolled_out(workload("Job", {}))
