# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import re
from pathlib import Path

import pytest
from ansible.parsing.dataloader import DataLoader
from ansible.template import Templar

from ansible_collections.inference.gateway.plugins.filter.operator_calls import operator_calls

ROLES = Path(__file__).parents[4] / "roles"


def a_role(directory: Path, tasks: str) -> str:
    path = directory / "proxy" / "tasks" / "install.yml"
    path.parent.mkdir(parents=True)
    path.write_text(tasks)
    return str(directory)


@pytest.mark.parametrize(
    ("condition", "wanted"),
    [
        ("", True),
        ("when: switch", True),
        ("when: not switch", False),
        ("when: [switch, not switch]", False),
        ("when: [switch, some_version == 'v1']", True),
    ],
)
def test_what_a_task_says_is_templated_where_it_is_used(tmp_path: Path, condition: str, wanted: bool) -> None:
    tasks = f"""
- name: Something else
  ansible.builtin.debug: {{msg: hello}}
- name: An operator
  ansible.builtin.include_role: {{name: inference.gateway.operator}}
  vars:
    operator_name: some
    operator_version: "{{{{ some_version }}}}"
    operator_exclude: [{{kind: Secret, name: "{{{{ some_version }}}}-.*"}}]
  {condition}
"""
    [call] = operator_calls(a_role(tmp_path, tasks))
    templar = Templar(DataLoader(), variables={"some_version": "v1", "switch": True})
    assert templar.template(call) == {
        "role": "proxy",
        "wanted": wanted,
        "operator_name": "some",
        "operator_version": "v1",
        "operator_exclude": [{"kind": "Secret", "name": "v1-.*"}],
    }


def test_no_call_of_a_role_is_missed() -> None:
    """Wherever a role has an operator installed, the list of what is needed knows it."""
    called = re.compile(r"name: inference\.gateway\.operator\n(?!\s+tasks_from)")
    texts = [path.read_text() for path in ROLES.glob("*/tasks/*.yml")]
    names = [call["operator_name"] for call in operator_calls(str(ROLES))]
    assert len(names) == sum(len(called.findall(text)) for text in texts)
    assert {"cert-manager", "cloudnative-pg", "envoy-gateway", "gateway-api", "kserve"} <= set(names)
