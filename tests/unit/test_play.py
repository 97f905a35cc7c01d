# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The modules as Ansible itself starts them: what it passes on, and what it shows."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from kubernetes_stand_in import TOKEN, KubernetesStandIn
from litellm_stand_in import MASTER_KEY, LiteLLMStandIn, digest

ROOT = Path(__file__).parents[2]
GIVEN = "sk-given-6yT1uI9oP3aS"
OTHER = "sk-other-4kL8mN2bV5cX"


@pytest.fixture
def play(litellm: LiteLLMStandIn, tmp_path: Path) -> Any:
    def run_play(*tasks: dict[str, Any], arguments: tuple[str, ...] = (), **variables: Any) -> str:
        connection = {"api_base": litellm.url, "api_key": "{{ master_key }}"}
        playbook = {
            "hosts": "localhost",
            "gather_facts": False,
            "module_defaults": {"group/inference.gateway.litellm": connection},
            "tasks": list(tasks),
        }
        (tmp_path / "play.yml").write_text(yaml.safe_dump([playbook]))
        # From a file of its own: -vvvv shows the command line.
        (tmp_path / "vars.json").write_text(json.dumps({"master_key": MASTER_KEY} | variables))
        program = str(Path(sys.executable).with_name("ansible-playbook"))
        inputs = ["--inventory", "localhost,", "--connection", "local", "--extra-vars", f"@{tmp_path / 'vars.json'}"]
        environment = os.environ | {
            "ANSIBLE_CONFIG": str(ROOT / "ansible.cfg"),
            "ANSIBLE_LOCAL_TEMP": str(tmp_path / "local"),
            "ANSIBLE_REMOTE_TEMP": str(tmp_path / "remote"),
            "ANSIBLE_PYTHON_INTERPRETER": sys.executable,
        }
        command = [program, *inputs, *arguments, str(tmp_path / "play.yml")]
        ended = subprocess.run(command, env=environment, cwd=tmp_path, capture_output=True, text=True, check=False)
        assert ended.returncode == 0, ended.stdout + ended.stderr
        assert "[WARNING]" not in ended.stderr
        return ended.stdout + ended.stderr

    return run_play


def test_null_clears_and_omit_leaves_alone(litellm: LiteLLMStandIn, play: Any) -> None:
    litellm.add_team(team_alias="search", rpm_limit=5, max_budget=5, models=["chat-small"])
    team = {
        "team_alias": "search",
        "rpm_limit": "{{ nothing }}",
        "max_budget": "{{ absent | default(omit) }}",
        "models": [],
    }
    play({"inference.gateway.litellm_team": team}, nothing=None)
    kept = litellm.team("search")
    assert (kept["rpm_limit"], kept["max_budget"], kept["models"]) == (None, 5.0, [])


def test_null_and_omit_are_told_apart_in_each_entry_of_a_declaration(litellm: LiteLLMStandIn, play: Any) -> None:
    litellm.add_team(team_alias="search", rpm_limit=5, max_budget=5, models=["chat-small"])
    team = {
        "team_alias": "search",
        "rpm_limit": "{{ nothing }}",
        "max_budget": "{{ absent | default(omit) }}",
        "models": [],
    }
    play({"inference.gateway.litellm_sync": {"teams": [team]}}, nothing=None)
    kept = litellm.team("search")
    assert (kept["rpm_limit"], kept["max_budget"], kept["models"]) == (None, 5.0, [])


def test_no_secret_is_shown_or_left_behind(
    litellm: LiteLLMStandIn, kubernetes: KubernetesStandIn, play: Any, tmp_path: Path
) -> None:
    kubeconfig = tmp_path / "kubeconfig"
    kubeconfig.write_text(json.dumps(kubernetes.kubeconfig))
    delivered = {
        "key_alias": "backend",
        "rpm_limit": "{{ limit }}",
        "secret": {"name": "backend-llm", "namespace": "apps"},
        "kubeconfig": str(kubeconfig),
    }
    tasks = [
        {"inference.gateway.litellm_key": delivered},
        {"inference.gateway.litellm_key": {"key_alias": "given", "key": "{{ given }}"}},
        {"inference.gateway.litellm_sync": {"kubeconfig": str(kubeconfig), "keys": "{{ declared }}"}},
        {"inference.gateway.litellm_key_info": {}, "register": "keys"},
        {"ansible.builtin.debug": {"var": "keys"}},
    ]
    declared = [
        {"key_alias": "app", "rpm_limit": 5, "secret": {"name": "app-llm", "namespace": "apps"}},
        {"key_alias": "vaulted", "key": OTHER},
    ]
    shown = play(*tasks, arguments=("-vvvv", "--diff"), limit=5, given=GIVEN, declared=declared)
    shown += play(*tasks, arguments=("-vvvv", "--diff", "--check"), limit=6, given=GIVEN, declared=declared)
    assert "rpm_limit: 6" in shown.replace('"', "")
    kubeconfig.unlink()
    (tmp_path / "vars.json").unlink()
    left = [path.read_text(errors="replace") for path in tmp_path.rglob("*") if path.is_file()]
    for secret in (MASTER_KEY, GIVEN, OTHER, TOKEN, kubernetes.value("backend-llm"), kubernetes.value("app-llm")):
        for text in (shown, *left):
            assert secret not in text
    for secret in (MASTER_KEY, TOKEN):
        assert digest(secret) not in shown


def test_with_pipelining_arguments_never_lie_in_a_file(litellm: LiteLLMStandIn, play: Any) -> None:
    """As the playbooks set it: where files go that Ansible hands to modules, none can be written here."""
    pipelining = {"ansible_pipelining": True, "ansible_remote_tmp": "/dev/null/nowhere"}
    play({"inference.gateway.litellm_key": {"key_alias": "given", "key": GIVEN}}, **pipelining)
    assert litellm.key("given")["key_alias"] == "given"


def test_a_delivered_key_is_read_and_not_shown(kubernetes: KubernetesStandIn, play: Any, tmp_path: Path) -> None:
    kubernetes.add_secret("backend-llm", **{"api-key": GIVEN})
    kubeconfig = tmp_path / "kubeconfig"
    kubeconfig.write_text(json.dumps(kubernetes.kubeconfig))
    value = f"lookup('inference.gateway.delivered_key', 'backend-llm', namespace='apps', kubeconfig='{kubeconfig}')"
    hidden = {"ansible.builtin.set_fact": {"header": f"Bearer {{{{ {value} }}}}"}, "no_log": True}
    compared = {"ansible.builtin.assert": {"that": f"{value} | hash('sha256') == '{digest(GIVEN)}'"}}
    shown = play(hidden, compared, arguments=("-vvvv",))
    assert "ok=2" in shown
    assert GIVEN not in shown


def test_a_key_is_no_argument_of_a_process(litellm: LiteLLMStandIn, kubernetes: KubernetesStandIn, play: Any) -> None:
    """While a module runs, no process of the machine has the key among its arguments."""
    seen: list[bytes] = []
    answer = litellm.answer

    def look_around(request: Any) -> Any:
        for arguments in Path("/proc").glob("[0-9]*/cmdline"):
            try:
                seen.append(arguments.read_bytes())
            except OSError:
                continue  # the process has ended
        return answer(request)

    litellm.answer = look_around  # type: ignore[method-assign]
    play({"inference.gateway.litellm_key": {"key_alias": "given", "key": "{{ given }}"}}, given=GIVEN)
    assert any(b"ansible" in arguments for arguments in seen)
    assert not any(secret.encode() in arguments for arguments in seen for secret in (GIVEN, MASTER_KEY))
