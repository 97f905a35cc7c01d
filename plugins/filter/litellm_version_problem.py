# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tell a LiteLLM that the gateway cannot run with before it runs."""

from __future__ import annotations

DOCUMENTATION = r"""
name: litellm_version_problem
short_description: Tell what is wrong with a version of LiteLLM
version_added: 0.2.0
author: inference.gateway contributors
description:
  - Returns a sentence when a version is no version, is one of the two releases that steal credentials, or is older than
    what is needed.
  - The collection keeps one table of what came with which version of LiteLLM. This filter reads it.
positional: needs
options:
  _input:
    description: The version, as in V(1.108.11) or as in the tag of an image, such as V(main-v1.108.11-stable).
    type: str
    required: true
  needs:
    description: What is needed of it.
    type: list
    elements: str
    choices: [sentinel_password, prepared_statements_off, coordination_redis, database_tls]
    default: []
"""

EXAMPLES = r"""
- name: Find out whether all replicas of this LiteLLM count limits together
  ansible.builtin.assert:
    that: problem | length == 0
    fail_msg: "{{ problem }}"
  vars:
    problem: "{{ '1.92.3' | inference.gateway.litellm_version_problem(['coordination_redis']) }}"
"""

RETURN = r"""
_value:
  description: The sentence. Empty when all is right.
  type: str
"""

from collections.abc import Sequence
from typing import Any

from ansible.errors import AnsibleFilterError

from ansible_collections.inference.gateway.plugins.module_utils._versions import FEATURES, Version, stealing, too_old


def litellm_version_problem(version: Any, needs: Sequence[str] = ()) -> str:
    strange = [name for name in needs if name not in FEATURES]
    if strange:
        raise AnsibleFilterError(f"litellm_version_problem knows no {', '.join(strange)}, only {', '.join(FEATURES)}.")
    parsed = Version.parse(version)
    if parsed is None:
        return f"'{version}' is no version of LiteLLM: give one with all three numbers, as in 1.108.11."
    return stealing(parsed) or too_old(parsed, {FEATURES[name].what: FEATURES[name].since for name in needs}) or ""


class FilterModule:
    def filters(self) -> dict[str, Any]:
        return {"litellm_version_problem": litellm_version_problem}
