#!/usr/bin/python
# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: litellm_key_info
short_description: Read the API keys of a LiteLLM proxy
description:
  - Returns what is known of all keys, or of those that are asked for. Neither their values nor the hashes of these.
author:
  - inference.gateway contributors (@inference-gateway)
options:
  key_alias:
    description:
      - Only the key of this name.
    type: str
  team_alias:
    description:
      - Only keys of the team of this name.
    type: str
  team_id:
    description:
      - Only keys of the team of this identity.
    type: str
seealso:
  - module: inference.gateway.litellm_key
extends_documentation_fragment:
  - inference.gateway._litellm
  - inference.gateway._litellm.info
"""

EXAMPLES = r"""
- name: Read all keys of the search team
  inference.gateway.litellm_key_info:
    api_base: https://llm.example.com
    api_key: "{{ litellm_master_key }}"
    team_alias: search
  register: search

- name: Read one key
  inference.gateway.litellm_key_info:
    api_base: https://llm.example.com
    api_key: "{{ litellm_master_key }}"
    key_alias: search-backend
"""

RETURN = r"""
keys:
  description: The keys, sorted by alias, without their values. Empty when there is none.
  returned: success
  type: list
  elements: dict
  contains:
    key_alias:
      description: Name of the key. V(null) for a key that was made without one.
      type: str
      returned: always
      sample: search-backend
    team_id:
      description: Identity of the team that it belongs to.
      type: str
      returned: always
      sample: 2f6c8a0e-5d1f-4c1e-9a55-0f7f0c8b2a11
    models:
      description: Models that it may use. Every model of its team when it is empty.
      type: list
      elements: str
      returned: always
      sample: [chat-small]
    rpm_limit:
      description: Most requests per minute. V(null) is no limit.
      type: int
      returned: always
      sample: 120
    tpm_limit:
      description: Most tokens per minute. V(null) is no limit.
      type: int
      returned: always
      sample: 200000
    max_parallel_requests:
      description: Most requests at the same time. V(null) is no limit.
      type: int
      returned: always
      sample: 8
    max_budget:
      description: Most that may be spent with it, in US dollars. V(null) is no limit.
      type: float
      returned: always
      sample: 50.0
    budget_duration:
      description: After which time the spending starts at zero again.
      type: str
      returned: always
      sample: 30d
    budget_reset_at:
      description: When that happens next.
      type: str
      returned: always
      sample: "2026-12-01T00:00:00Z"
    duration:
      description: How long it was made valid, if this collection did that.
      type: str
      returned: always
      sample: 90d
    expires:
      description: When it stops being valid. V(null) is never.
      type: str
      returned: always
      sample: "2027-02-22T09:30:00Z"
    spend:
      description: What was spent with it in this period, in US dollars.
      type: float
      returned: always
      sample: 1.25
    blocked:
      description: Whether it is blocked. V(null) when it never was.
      type: bool
      returned: always
      sample: false
    metadata:
      description: The data kept with it, without what LiteLLM keeps there for fields of its own.
      type: dict
      returned: always
      sample: {}
"""

import typing as t

from ansible_collections.inference.gateway.plugins.module_utils._client import ApiError, Client
from ansible_collections.inference.gateway.plugins.module_utils._kinds.key import KEY
from ansible_collections.inference.gateway.plugins.module_utils._kinds.team import TEAM
from ansible_collections.inference.gateway.plugins.module_utils._module import LiteLLMModule
from ansible_collections.inference.gateway.plugins.module_utils._reconcile import Goal, find, views


def read(module: LiteLLMModule, client: Client) -> dict[str, t.Any]:
    asked = {name: module.params[name] for name in ("key_alias", "team_id")}
    alias = module.params["team_alias"]
    if alias:
        team = find(client, Goal(TEAM, alias, {}))
        if team is None:
            raise ApiError(f"There is no team '{alias}'.")
        asked["team_id"] = team["team_id"]
    return {"changed": False, "keys": views(client, KEY, asked)}


def main() -> None:
    module = LiteLLMModule(
        {
            "key_alias": {"type": "str", "no_log": False},
            "team_alias": {"type": "str"},
            "team_id": {"type": "str"},
        },
        mutually_exclusive=[("team_alias", "team_id")],
    )
    module.run(read)


if __name__ == "__main__":
    main()
