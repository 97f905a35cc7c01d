# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Find out which operators roles install, where they say it: in their tasks."""

from __future__ import annotations

DOCUMENTATION = r"""
name: operator_calls
short_description: List the operators that roles install
version_added: 0.3.0
author: inference.gateway contributors
description:
  - Reads every C(tasks/install.yml) below a directory of roles, and returns the variables of each task there that calls
    the role P(inference.gateway.operator#role).
  - What an operator is and where it comes from is said in one place that way, by the role that installs it.
  - The values are the templates that the tasks have. They say what they say to the role once they are used where the
    variables of the roles are known.
options:
  _input:
    description: Directory with the roles.
    type: path
    required: true
"""

EXAMPLES = r"""
- name: Show which operators there are
  ansible.builtin.debug:
    msg: "{{ item.operator_name }} {{ item.operator_version }}"
  loop: "{{ (role_path ~ '/..') | inference.gateway.operator_calls }}"
  when: item.wanted
"""

RETURN = r"""
_value:
  description:
    - The variables of each call, such as C(operator_name) and C(operator_version), and besides them C(role), which
      installs it, and C(wanted), the conditions under which it does.
  type: list
  elements: dict
"""

from pathlib import Path
from typing import Any

import yaml
from ansible.template import trust_as_template

OPERATOR = "inference.gateway.operator"


def trusted(value: Any) -> Any:
    """The texts of a role's own tasks are templates, wherever they are read."""
    if isinstance(value, dict):
        return {name: trusted(each) for name, each in value.items()}
    if isinstance(value, list):
        return [trusted(each) for each in value]
    return trust_as_template(value) if isinstance(value, str) else value


def wanted(task: dict[str, Any]) -> str:
    conditions = task.get("when", True)
    conditions = conditions if isinstance(conditions, list) else [conditions]
    return "{{ " + " and ".join(f"({condition})" for condition in conditions) + " }}"


def operator_calls(directory: str) -> list[dict[str, Any]]:
    return [
        trusted({**task["vars"], "role": path.parts[-3], "wanted": wanted(task)})
        for path in sorted(Path(directory).glob("*/tasks/install.yml"))
        for task in yaml.safe_load(path.read_text())
        if task.get("ansible.builtin.include_role", {}).get("name") == OPERATOR
    ]


class FilterModule:
    def filters(self) -> dict[str, Any]:
        return {"operator_calls": operator_calls}
