#!/usr/bin/python
# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: litellm_team_member
short_description: Manage a member of a team of a LiteLLM proxy
version_added: 0.2.0
description:
  - Adds a user to a team, changes the user's role and limits there, and takes the user out of it.
  - The limits are the member's own. Where a member has none, those hold that the team has for all its members, see
    M(inference.gateway.litellm_team). With the first limit of their own, members get copies of the others, and later
    changes of the team's do not reach them.
author:
  - inference.gateway contributors (@inference-gateway)
options:
  team_alias:
    description:
      - Name of the team. Give this or O(team_id).
    type: str
  team_id:
    description:
      - Identity of the team. Give this or O(team_alias).
    type: str
  user_id:
    description:
      - Identity of the user. Give this or O(user_email).
      - LiteLLM creates a user who does not exist.
    type: str
  user_email:
    description:
      - Email of the user, in any case of letters. Give this or O(user_id).
      - LiteLLM creates a user who does not exist, and makes up the identity.
    type: str
  state:
    description:
      - Whether the user is to be a member of the team.
    type: str
    choices: [present, absent]
    default: present
  role:
    description:
      - Role in the team. A V(admin) manages its members and keys, for which LiteLLM needs an enterprise licence.
      - When it is not given, a new member is a V(user).
    type: str
    choices: [user, admin]
  max_budget_in_team:
    description:
      - Most that the member may spend in the team, in US dollars. Per O(budget_duration), or ever when that is not set.
    type: float
  budget_duration:
    description:
      - After which time that spending starts at zero again. A number and a unit, which is V(s), V(m), V(h), V(d), V(w)
        or V(mo), for example V(30d).
      - LiteLLM begins a new period when this changes.
    type: str
  rpm_limit:
    description:
      - Most requests per minute with the keys that the member has in the team.
    type: int
  tpm_limit:
    description:
      - Most tokens per minute with the keys that the member has in the team.
    type: int
  allowed_models:
    description:
      - Models of the team that the member may use.
      - A name that LiteLLM does not serve is an error, because LiteLLM would accept it silently.
      - An empty list means every model of the team.
    type: list
    elements: str
  force:
    description:
      - Take the user out of the team although there are keys of the user in it. They are blocked first, so that they
        stop working at once, and are deleted with the membership.
    type: bool
    default: false
seealso:
  - module: inference.gateway.litellm_team_member_info
  - module: inference.gateway.litellm_team
extends_documentation_fragment:
  - inference.gateway._litellm
  - inference.gateway._litellm.managed
"""

EXAMPLES = r"""
- name: Keep a member of the search team, with a budget of their own
  inference.gateway.litellm_team_member:
    api_base: https://llm.example.com
    api_key: "{{ litellm_master_key }}"
    team_alias: search
    user_email: ann@example.com
    max_budget_in_team: 25
    budget_duration: 30d
    rpm_limit: 60
    allowed_models: [chat-small]

- name: Lift that budget, so that the one holds that the team has for its members
  inference.gateway.litellm_team_member:
    api_base: https://llm.example.com
    api_key: "{{ litellm_master_key }}"
    team_alias: search
    user_email: ann@example.com
    max_budget_in_team: null
    budget_duration: null

- name: Take a member out of the search team, whose keys there are deleted
  inference.gateway.litellm_team_member:
    api_base: https://llm.example.com
    api_key: "{{ litellm_master_key }}"
    team_alias: search
    user_id: bob
    state: absent
    force: true
"""

RETURN = r"""
member:
  description: The member now, or in check mode as it would be. V(null) when the user is not in the team.
  returned: success
  type: dict
  contains:
    team_id:
      description: Identity of the team.
      type: str
      returned: always
      sample: 2f6c8a0e-5d1f-4c1e-9a55-0f7f0c8b2a11
    team_alias:
      description: Name of the team. In check mode V(null) for a new member.
      type: str
      returned: always
      sample: search
    user_id:
      description: Identity of the user. In check mode V(null) for a new member who is named by email.
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

from ansible_collections.inference.gateway.plugins.module_utils._client import ApiError, Client
from ansible_collections.inference.gateway.plugins.module_utils._keys_of import block
from ansible_collections.inference.gateway.plugins.module_utils._kinds._table import FORCE, STATE
from ansible_collections.inference.gateway.plugins.module_utils._kinds.key import KEY
from ansible_collections.inference.gateway.plugins.module_utils._kinds.member import MEMBER, MEMBER_BY_EMAIL
from ansible_collections.inference.gateway.plugins.module_utils._kinds.team import TEAM
from ansible_collections.inference.gateway.plugins.module_utils._module import LiteLLMModule
from ansible_collections.inference.gateway.plugins.module_utils._reconcile import (
    apply,
    find,
    lacking,
    listed,
    make_plan,
)


def manage(module: LiteLLMModule, client: Client) -> dict[str, t.Any]:
    kind = MEMBER if module.params["user_id"] else MEMBER_BY_EMAIL
    goal = module.goal(kind, within=module.parent_of(client, TEAM)["team_id"])
    plan = make_plan(goal, find(client, goal))
    user = plan.there["user_id"] if plan.action == "delete" else None
    # Whom LiteLLM knows by an address alone has no keys: those of no user are the team's.
    keys = listed(client, KEY, team_id=goal.within, user_id=user) if user else []
    if keys and not module.params["force"]:
        raise ApiError(
            f"Member '{goal.alias}' has keys in the team ({len(keys)}), which would be deleted with the membership:"
            " delete them first, or set force to true."
        )
    module.stop_or_foretell(lacking(client, plan))
    if module.check_mode or not plan.changed:
        return plan.result()
    block(client, keys)
    return plan.result(apply(client, plan))


def main() -> None:
    module = LiteLLMModule(
        MEMBER.options()
        | STATE
        | FORCE
        | {
            "team_alias": {"type": "str"},
            "team_id": {"type": "str"},
        },
        required_one_of=[("team_alias", "team_id"), ("user_id", "user_email")],
        mutually_exclusive=[("team_alias", "team_id"), ("user_id", "user_email")],
    )
    module.run(manage)


if __name__ == "__main__":
    main()
