# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tell wrong names and wrong values of role variables before any role runs."""

from __future__ import annotations

DOCUMENTATION = r"""
name: variable_problems
short_description: Compare variables with the argument specifications of roles
version_added: 0.1.0
author: inference.gateway contributors
description:
  - Returns one sentence for each variable that has a role's prefix but is none of the role's options,
    and for each one whose value the role would refuse.
  - Ansible validates a role's arguments when the role starts, which is too late for the last role of many,
    and never sees a name that is spelled wrong.
positional: directory
options:
  _input:
    description: Variables with their values.
    type: dict
    required: true
  directory:
    description: Directory with the roles whose C(meta/argument_specs.yml) says what they take.
    type: path
    required: true
"""

EXAMPLES = r"""
- name: Find a name that is spelled wrong
  ansible.builtin.debug:
    msg: "{{ {'proxy_replica': 3} | inference.gateway.variable_problems(role_path ~ '/..') }}"
"""

RETURN = r"""
_value:
  description: One sentence for each problem. Empty when all is right.
  type: list
  elements: str
"""

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import yaml
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ansible_collections.inference.gateway.plugins.plugin_utils._plain import plain


def role_of(name: str, roles: Mapping[str, Any]) -> str | None:
    """The role whose prefix a variable has; of two that fit, the longer name."""
    return max((role for role in roles if name.startswith(f"{role}_")), key=len, default=None)


def wrong_name(name: str, role: str, options: Mapping[str, Any]) -> str:
    close = get_close_matches(name, options, n=1, cutoff=0.75)
    advice = f"did you mean {close[0]}?" if close else f"roles/{role}/meta/argument_specs.yml lists those that are."
    return f"{name} is no variable of the role {role}: {advice}"


def wrong_value(name: str, value: Any, option: Mapping[str, Any]) -> Iterator[str]:
    """What the role's specification says against a value; one that must not be shown is not."""
    result = ArgumentSpecValidator({name: {**option, "required": False}}).validate({name: plain(value)})
    for message in result.error_messages:
        yield (
            f"{name}: its value is not a valid {option.get('type', 'str')}."
            if option.get("no_log")
            else f"{name}: {message}"
        )


def specifications(directory: Path) -> dict[str, dict[str, Any]]:
    """The options of each role below a directory."""
    files = sorted(directory.glob("*/meta/argument_specs.yml"))
    return {
        path.parts[-3]: yaml.safe_load(path.read_text())["argument_specs"]["main"].get("options", {}) for path in files
    }


def variable_problems(variables: Mapping[str, Any], directory: str) -> list[str]:
    roles = specifications(Path(directory))
    problems: list[str] = []
    for name, value in sorted(variables.items()):
        role = role_of(name, roles)
        if role is None:
            continue
        options = roles[role]
        if name not in options:
            problems.append(wrong_name(name, role, options))
        elif value is not None:
            problems.extend(wrong_value(name, value, options[name]))
    return problems


class FilterModule:
    def filters(self) -> dict[str, Any]:
        return {"variable_problems": variable_problems}
