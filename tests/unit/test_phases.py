# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""playbooks/site.yml: which phases run is what the inventory says, and nothing else."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from kubernetes_stand_in import KubernetesStandIn
from role_data import RoleData

ROOT = Path(__file__).parents[2]
PHASES: list[str] = RoleData("gateway_cluster")["gateway_cluster_phases"]


def test_every_phase_is_asked_for() -> None:
    [play] = yaml.safe_load((ROOT / "playbooks" / "site.yml").read_text())
    roles = {each["role"].removeprefix("inference.gateway."): each.get("when") for each in play["roles"]}
    assert roles.pop("prerequisites") is None
    assert roles == {phase: f"'{phase}' in gateway_cluster_active_phases" for phase in PHASES}


@pytest.mark.parametrize("playbook", ["site", "tenants"])
@pytest.mark.parametrize("option", [[], ["--tags", "proxy"]])
def test_without_an_inventory_nothing_is_applied(playbook: str, option: list[str], tmp_path: Path) -> None:
    # The project's own configuration, which `make` names, has an inventory.
    (tmp_path / "ansible.cfg").touch()
    environment = os.environ | {
        "ANSIBLE_COLLECTIONS_PATH": str(ROOT / "collections"),
        "ANSIBLE_CONFIG": str(tmp_path / "ansible.cfg"),
        "KUBECONFIG": "/nonexistent",
    }
    command = [Path(sys.executable).with_name("ansible-playbook"), f"inference.gateway.{playbook}", *option]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert "No inventory was given: name the one that describes the gateway, by --inventory." in done.stdout
    assert "No Kubernetes cluster answers" not in done.stdout
    assert done.returncode == 2


@pytest.mark.parametrize("phases", [[], ["tenants"]])
def test_a_phase_that_is_not_asked_for_does_nothing(
    phases: list[str], kubernetes: KubernetesStandIn, tmp_path: Path
) -> None:
    (tmp_path / "kubeconfig").write_text(json.dumps(kubernetes.kubeconfig))
    variables = {"gateway_cluster_kubeconfig": str(tmp_path / "kubeconfig"), "gateway_cluster_phases": phases}
    command = [Path(sys.executable).with_name("ansible-playbook"), "--inventory", "localhost,"]
    command += ["inference.gateway.site", "--tags", ",".join(PHASES), "--extra-vars", json.dumps(variables)]
    environment = os.environ | {
        "ANSIBLE_CONFIG": str(ROOT / "ansible.cfg"),
        "ANSIBLE_DISPLAY_SKIPPED_HOSTS": "false",
        "ANSIBLE_LOCAL_TEMP": str(tmp_path / "local"),
        "ANSIBLE_PYTHON_INTERPRETER": sys.executable,
    }
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    began = set(re.findall(r"TASK \[inference\.gateway\.(\w+) :", done.stdout))
    assert began & set(PHASES) == set(phases)
