# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The whole modules through ansible-playbook, with connection options given once."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from stack import Stack

pytestmark = pytest.mark.once
ROOT = Path(__file__).parents[2]
PROGRAM = Path(sys.executable).with_name("ansible-playbook")


def play(stack: Stack, tmp_path: Path, tasks: list[dict[str, object]], *options: str) -> dict[str, int]:
    """Run tasks as a play of their own and return its recap of localhost."""
    playbook = [
        {
            "hosts": "localhost",
            "connection": "local",
            "gather_facts": False,
            "vars": {"ansible_python_interpreter": sys.executable},
            "module_defaults": {"group/inference.gateway.litellm": {"api_base": stack.url}},
            "tasks": tasks,
        }
    ]
    path = tmp_path / "playbook.yml"
    path.write_text(yaml.safe_dump(playbook))
    environment = os.environ | {
        "ANSIBLE_CONFIG": str(ROOT / "ansible.cfg"),
        "ANSIBLE_STDOUT_CALLBACK": "ansible.posix.json",
        "ANSIBLE_LOCALHOST_WARNING": "false",
        "ANSIBLE_INVENTORY_UNPARSED_WARNING": "false",
        "LITELLM_MASTER_KEY": stack.master_key,
    }
    done = subprocess.run(
        [str(PROGRAM), "--inventory", "localhost,", *options, str(path)],
        cwd=ROOT, env=environment, capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    assert stack.master_key not in done.stdout + done.stderr
    assert "[WARNING]" not in done.stderr, done.stderr
    assert done.returncode == 0, done.stdout + done.stderr
    return json.loads(done.stdout)["stats"]["localhost"]


@pytest.fixture
def tasks(name: str) -> list[dict[str, object]]:
    return [
        {"inference.gateway.litellm_team": {"team_alias": name, "rpm_limit": 60, "max_budget": 5}},
        {"inference.gateway.litellm_team_info": {"team_alias": name}},
        {"inference.gateway.litellm_key_info": {"team_alias": name}, "when": "not ansible_check_mode"},
    ]


def test_a_play_foretells_changes_and_then_keeps(stack: Stack, tmp_path: Path, tasks: list[dict[str, object]]) -> None:
    assert play(stack, tmp_path, tasks, "--check", "--diff")["changed"] == 1
    assert play(stack, tmp_path, tasks, "--diff")["changed"] == 1
    assert play(stack, tmp_path, tasks)["changed"] == 0
    assert play(stack, tmp_path, tasks, "--check")["changed"] == 0


def test_null_of_a_play_clears(stack: Stack, tmp_path: Path, tasks: list[dict[str, object]], name: str) -> None:
    play(stack, tmp_path, tasks)
    clear = [{"inference.gateway.litellm_team": {"team_alias": name, "max_budget": None}}]
    assert play(stack, tmp_path, clear)["changed"] == 1
    assert play(stack, tmp_path, clear)["changed"] == 0
    [team] = stack.request("GET", "/v2/team/list", params={"team_alias": name}).json()["teams"]
    assert (team["max_budget"], team["rpm_limit"]) == (None, 60)
