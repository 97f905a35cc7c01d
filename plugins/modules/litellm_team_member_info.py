#!/usr/bin/python
# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: litellm_team_member_info
short_description: Read the members of the teams of a LiteLLM proxy
version_added: 0.2.0
description:
  - Returns the members of all teams, or those that are asked for.
  - LiteLLM is asked about one team after the other. Without O(team_alias) and O(team_id) that takes a while when there
    are many.
author:
  - inference.gateway contributors (@inference-gateway)
options:
  team_alias:
    description:
      - Only members of the team of this name. It is compared exactly.
    type: str
  team_id:
    description:
      - Only members of the team of this identity.
    type: str
  user_id:
    description:
      - Only the user of this identity.
    type: str
  user_email:
    description:
      - Only the user with this email, in any case of letters.
    type: str
seealso:
  - module: inference.gateway.litellm_team_member
extends_documentation_fragment:
  - inference.gateway._litellm
  - inference.gateway._litellm.info
"""

EXAMPLES = r"""
- name: Read the members of the search team
  inference.gateway.litellm_team_member_info:
    api_base: https://llm.example.com
    api_key: "{{ litellm_master_key }}"
    team_alias: search
  register: team

- name: Read in which teams a user is
  inference.gateway.litellm_team_member_info:
    api_base: https://llm.example.com
    api_key: "{{ litellm_master_key }}"
    user_email: ann@example.com
"""

RETURN = r"""
members:
  description: The members, sorted by the identity of the user. Empty when there is none.
  returned: success
  type: list
  elements: dict
  contains:
    team_id:
      description: Identity of the team.
      type: str
      returned: always
      sample: 2f6c8a0e-5d1f-4c1e-9a55-0f7f0c8b2a11
    team_alias:
      description: Name of the team.
      type: str
      returned: always
      sample: search
    user_id:
      description: Identity of the user.
      type: str
      returned: always
      sample: ann
    user_email:
      description: Email of the user, in small letters.
      type: str
      returned: always
      sample: ann@example.com
    role:
      description: Role in the team.
      type: str
      returned: always
      sample: user
    max_budget_in_team:
      description: Most that the member may spend in the team, in US dollars. V(null) is no limit of their own.
      type: float
      returned: always
      sample: 25.0
    budget_duration:
      description: After which time that spending starts at zero again. V(null) is no period of their own.
      type: str
      returned: always
      sample: 30d
    rpm_limit:
      description: Most requests per minute. V(null) is no limit of their own.
      type: int
      returned: always
      sample: 60
    tpm_limit:
      description: Most tokens per minute. V(null) is no limit of their own.
      type: int
      returned: always
      sample: 100000
    allowed_models:
      description: Models of the team that the member may use. Every model of the team when it is empty.
      type: list
      elements: str
      returned: always
      sample: [chat-small]
    spend:
      description: What the member has spent in the team in this period, in US dollars.
      type: float
      returned: always
      sample: 1.25
"""

import typing as t

from ansible_collections.inference.gateway.plugins.module_utils._client import Client
from ansible_collections.inference.gateway.plugins.module_utils._kinds.member import MEMBER
from ansible_collections.inference.gateway.plugins.module_utils._module import LiteLLMModule
from ansible_collections.inference.gateway.plugins.module_utils._reconcile import views

ASKED = ("team_alias", "team_id", "user_id", "user_email")


def read(module: LiteLLMModule, client: Client) -> dict[str, t.Any]:
    asked = {name: module.params[name] for name in ASKED if module.params[name]}
    if "user_email" in asked:
        asked["user_email"] = asked["user_email"].lower()
    return {"changed": False, "members": views(client, MEMBER, asked)}


def main() -> None:
    module = LiteLLMModule({name: {"type": "str"} for name in ASKED})
    module.run(read)


if __name__ == "__main__":
    main()
