#!/usr/bin/python
# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: litellm_user
short_description: Manage a user of a LiteLLM proxy
version_added: 0.2.0
description:
  - Creates, changes and deletes a user, with the models that the user may use and the limits of all the user's keys
    together.
  - A user has keys, is a member of teams, and may sign in to LiteLLM's pages. Whoever only uses an application that
    has a key is a customer. See M(inference.gateway.litellm_customer).
  - A user is found by O(user_id), which LiteLLM keeps unique and cannot change. Keys and teams refer to it. For a user
    who came to be by single sign-on, M(inference.gateway.litellm_user_info) finds it by address.
  - A user is created without a key. See M(inference.gateway.litellm_key).
author:
  - inference.gateway contributors (@inference-gateway)
options:
  user_id:
    description:
      - Identity of the user.
    type: str
    required: true
  state:
    description:
      - Whether the user is to be there.
      - A user who is deleted is taken out of all teams as well.
    type: str
    choices: [present, absent]
    default: present
  user_email:
    description:
      - Address of the user. It is an error when another user has it, in whatever case of letters.
      - LiteLLM cannot clear it.
    type: str
  user_alias:
    description:
      - Name of the user, as people read it.
    type: str
  user_role:
    description:
      - What the user may do in LiteLLM. V(proxy_admin) everything, V(proxy_admin_viewer) see everything,
        V(internal_user) have keys and see the own spending, V(internal_user_viewer) only see these.
      - LiteLLM cannot clear it.
    type: str
    choices: [proxy_admin, proxy_admin_viewer, internal_user, internal_user_viewer]
  sso_user_id:
    description:
      - Identity of the user at the provider of single sign-on.
      - LiteLLM takes it of a new user only.
    type: str
  models:
    description:
      - Models that the user may use, as LiteLLM's list of models names them, with keys that belong to no team. Model
        access groups, patterns such as V(openai/*), V(all-proxy-models) and V(no-default-models) are possible.
      - A name that LiteLLM does not serve is an error, because LiteLLM would accept it silently.
      - When there are none, the user may use every model. LiteLLM cannot clear them. V(all-proxy-models) means the
        same.
    type: list
    elements: str
  object_permission:
    description:
      - Which other things the user may use. A dictionary of lists, by the names that LiteLLM has for them, such as
        C(vector_stores), C(mcp_servers), C(mcp_access_groups), C(agents), C(agent_access_groups), C(search_tools) and
        C(skills), and of the dictionary C(mcp_tool_permissions).
      - What is not named in it is cleared.
    type: dict
    version_added: 0.3.0
  rpm_limit:
    description:
      - Most requests per minute, of all the user's keys together.
      - To be cleared it needs LiteLLM 1.106 or newer.
    type: int
  tpm_limit:
    description:
      - Most tokens per minute, of all the user's keys together.
      - To be cleared it needs LiteLLM 1.106 or newer.
    type: int
  max_parallel_requests:
    description:
      - Most requests at the same time. LiteLLM 1.106 keeps this of a user, but only heeds that of a key.
      - LiteLLM cannot clear it.
    type: int
  max_budget:
    description:
      - Most that the user may spend with keys that belong to no team, in US dollars. Per O(budget_duration), or ever
        when that is not set.
    type: float
  budget_duration:
    description:
      - After which time the spending starts at zero again. A number and a unit, which is V(s), V(m), V(h), V(d), V(w)
        or V(mo), for example V(30d).
      - LiteLLM begins a new period when this changes, and rounds its end, for example to the first of a month.
      - To be cleared it needs LiteLLM 1.102 or newer.
    type: str
  model_max_budget:
    description:
      - Most that the user may spend on single models. For each name of a model a dictionary with C(max_budget) in US
        dollars and C(budget_duration).
      - LiteLLM takes it of a new user only with an enterprise licence.
      - To be cleared it needs LiteLLM 1.102 or newer.
    type: dict
  metadata:
    description:
      - Any data to keep with the user.
      - What LiteLLM keeps there for fields of its own, such as C(model_rpm_limit), is only touched when it is named
        here.
      - It cannot be changed of a user whom a directory keeps by SCIM, for LiteLLM replaces all of it, and does not show
        what the directory has said. The same goes for O(inference.gateway.litellm_sync#module:owner).
    type: dict
  force:
    description:
      - Delete the user although there are keys of the user. They are blocked first, so that they stop working at once,
        and are deleted with the user.
    type: bool
    default: false
seealso:
  - module: inference.gateway.litellm_user_info
  - module: inference.gateway.litellm_key
  - module: inference.gateway.litellm_customer
extends_documentation_fragment:
  - inference.gateway._litellm
  - inference.gateway._litellm.managed
"""

EXAMPLES = r"""
- name: Keep a user with a budget
  inference.gateway.litellm_user:
    api_base: https://llm.example.com
    api_key: "{{ litellm_master_key }}"
    user_id: alice
    user_email: alice@example.com
    user_role: internal_user
    models: [chat-small]
    rpm_limit: 60
    max_budget: 20
    budget_duration: 30d

- name: Lift the budget, and leave everything else as it is
  inference.gateway.litellm_user:
    api_base: https://llm.example.com
    api_key: "{{ litellm_master_key }}"
    user_id: alice
    max_budget: null
    budget_duration: null

- name: Find a user who came to be by single sign-on
  inference.gateway.litellm_user_info:
    api_base: https://llm.example.com
    api_key: "{{ litellm_master_key }}"
    user_email: bob@example.com
  register: bob

- name: Make that user an admin
  inference.gateway.litellm_user:
    api_base: https://llm.example.com
    api_key: "{{ litellm_master_key }}"
    user_id: "{{ bob.users[0].user_id }}"
    user_role: proxy_admin

- name: Delete a user with all keys
  inference.gateway.litellm_user:
    api_base: https://llm.example.com
    api_key: "{{ litellm_master_key }}"
    user_id: alice
    state: absent
    force: true
"""

RETURN = r"""
user:
  description: The user as it is now, or in check mode as it would be. V(null) when it is not there.
  returned: success
  type: dict
  contains:
    user_id:
      description: Identity of the user.
      type: str
      returned: always
      sample: alice
    user_email:
      description: Address of the user.
      type: str
      returned: always
      sample: alice@example.com
    user_alias:
      description: Name of the user, as people read it.
      type: str
      returned: always
      sample: Alice
    user_role:
      description: What the user may do in LiteLLM.
      type: str
      returned: always
      sample: internal_user
    sso_user_id:
      description: Identity of the user at the provider of single sign-on.
      type: str
      returned: always
      sample: 00u1a2b3c4
    teams:
      description: Identities of the teams that the user is a member of.
      type: list
      elements: str
      returned: always
      sample: [2f6c8a0e-5d1f-4c1e-9a55-0f7f0c8b2a11]
    models:
      description: Models that the user may use. Every model when it is empty.
      type: list
      elements: str
      returned: always
      sample: [chat-small]
    object_permission:
      description: Which other things the user may use.
      type: dict
      returned: always
      sample: {vector_stores: [handbook]}
    rpm_limit:
      description: Most requests per minute. V(null) is no limit.
      type: int
      returned: always
      sample: 60
    tpm_limit:
      description: Most tokens per minute. V(null) is no limit.
      type: int
      returned: always
      sample: 100000
    max_parallel_requests:
      description: Most requests at the same time. V(null) is no limit.
      type: int
      returned: always
      sample: 4
    max_budget:
      description: Most that the user may spend, in US dollars. V(null) is no limit.
      type: float
      returned: always
      sample: 20.0
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
    model_max_budget:
      description: Most that the user may spend on single models.
      type: dict
      returned: always
      sample:
        chat-large:
          max_budget: 5.0
          budget_duration: 30d
    spend:
      description: What the user has spent in this period, in US dollars.
      type: float
      returned: always
      sample: 1.25
    metadata:
      description: The data kept with the user, without what LiteLLM keeps there for fields of its own.
      type: dict
      returned: always
      sample:
        cost_center: "4711"
"""

import typing as t

from ansible_collections.inference.gateway.plugins.module_utils._client import Client
from ansible_collections.inference.gateway.plugins.module_utils._keys_of import block, keys_of
from ansible_collections.inference.gateway.plugins.module_utils._kinds._table import FORCE, STATE
from ansible_collections.inference.gateway.plugins.module_utils._kinds.user import USER
from ansible_collections.inference.gateway.plugins.module_utils._module import LiteLLMModule
from ansible_collections.inference.gateway.plugins.module_utils._reconcile import (
    Plan,
    apply,
    filtered,
    find,
    lacking,
    make_plan,
)


def manage(module: LiteLLMModule, client: Client) -> dict[str, t.Any]:
    goal = module.goal(USER)
    plan = make_plan(goal, find(client, goal))
    plan.refuse_impossible()
    keys = keys_of(client, plan, force=module.params["force"])
    module.stop_or_foretell(taken_address(client, plan))
    module.stop_or_foretell(lacking(client, plan))
    if module.check_mode or not plan.changed:
        return plan.result()
    block(client, keys)
    return plan.result(apply(client, plan))


def taken_address(client: Client, plan: Plan) -> str | None:
    """The sentence about another user with the same address: LiteLLM looks for one only when a user is created."""
    address = plan.after.get("user_email")
    if not address:
        return None
    for user in filtered(client, USER, user_email=address):
        if (user["user_email"] or "").lower() == address.lower() and user["user_id"] != plan.goal.alias:
            return f"user_email is {address}, which is the address of user '{user['user_id']}'."
    return None


def main() -> None:
    module = LiteLLMModule(USER.options() | STATE | FORCE, secrets=USER.secret_texts)
    module.run(manage)


if __name__ == "__main__":
    main()
