#!/usr/bin/python
# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: litellm_model
short_description: Manage a model of a LiteLLM proxy
version_added: 0.2.0
description:
  - Creates, changes and deletes a deployment of a model, which is where requests for a model name are sent to.
  - Deployments are kept in LiteLLM's database, and LiteLLM must be configured with C(store_model_in_db).
  - LiteLLM shares the requests for a name among all deployments of this name. A deployment is found by O(model_id), or
    by O(model_name) when there is only one of this name in the database.
  - A deployment that comes from LiteLLM's configuration file can be neither changed nor deleted. Trying to is an error.
  - LiteLLM keeps a deployment that it turns out not to be able to serve, for example because it does not know the
    provider. It says so when it is written, and this module fails. A later run finds it as described.
author:
  - inference.gateway contributors (@inference-gateway)
options:
  model_name:
    description:
      - Name that requests ask for. A pattern such as V(openai/*) is possible.
      - To be changed it needs LiteLLM 1.101 or newer.
    type: str
    required: true
  model_id:
    description:
      - Identity of the deployment.
      - With it, a deployment that has another name is renamed to O(model_name), and a new one gets this identity. It is
        needed when several deployments have one name, and to delete one whose name the configuration file has, too.
      - When it is not given, one is made up for a new deployment.
    type: str
  state:
    description:
      - Whether the deployment is to be there.
    type: str
    choices: [present, absent]
    default: present
  litellm_params:
    description:
      - How the model is called, and what it may and costs. For example C(model), C(api_base), C(api_key),
        C(litellm_credential_name), C(rpm), C(tpm) (per minute), C(timeout) (seconds), C(input_cost_per_token) and
        C(output_cost_per_token) (US dollars). The deployment needs at least C(model).
      - Only what is named here is compared and changed, so that an empty dictionary changes nothing. With V(null) a
        parameter is removed. LiteLLM can do that with prices and, from 1.103 on, C(litellm_credential_name) alone. With
        others it is an error.
      - A credential that does not exist is an error, because LiteLLM would accept its name silently.
      - LiteLLM does not give back parameters whose name has a word such as C(key), C(secret), C(token), C(password) or
        C(credentials), nor those that refer to its environment, as in C(os.environ/OPENAI_API_KEY). With the model, a
        salted fingerprint of each is kept, so that the same value is no change. When somebody else changes such a
        parameter, that is not seen. A parameter that was not set by this module is set once.
      - The same goes for all C(headers) and C(extra_headers), and for parameters with other names of secrets, such as
        C(apikey), C(passwd) or C(bearer), and for URLs with a password. LiteLLM gives these back, and shows them to its
        admins.
    type: dict
  model_info:
    description:
      - What is to be known of the model. For example C(mode), C(access_groups), C(base_model) and C(max_tokens), or
        anything else. Prices belong in O(litellm_params).
      - Only what is named here is compared and changed, so that an empty dictionary changes nothing. LiteLLM cannot
        remove what is there, which V(null) would mean.
      - LiteLLM shows it to whoever may use the model.
    type: dict
  blocked:
    description:
      - Whether the deployment is to get no requests for now.
    type: bool
seealso:
  - module: inference.gateway.litellm_model_info
  - module: inference.gateway.litellm_credential
extends_documentation_fragment:
  - inference.gateway._litellm
  - inference.gateway._litellm.managed
"""

EXAMPLES = r"""
- name: Keep a model that a provider serves
  inference.gateway.litellm_model:
    api_base: https://llm.example.com
    api_key: "{{ litellm_master_key }}"
    model_name: chat-large
    litellm_params:
      model: openai/gpt-4.1
      api_key: "{{ vaulted_openai_key }}"
      rpm: 500
      tpm: 200000
    model_info:
      access_groups: [production]

- name: Keep two deployments of one name, among which requests are shared
  inference.gateway.litellm_model:
    api_base: https://llm.example.com
    api_key: "{{ litellm_master_key }}"
    model_name: chat-small
    model_id: "chat-small-{{ item }}"
    litellm_params:
      model: hosted_vllm/qwen
      api_base: "http://vllm.{{ item }}.example.com/v1"
      input_cost_per_token: 0.0000001
      output_cost_per_token: 0.0000004
  loop: [fra, ams]

- name: Let a model authenticate with a credential that several models share
  inference.gateway.litellm_model:
    api_base: https://llm.example.com
    api_key: "{{ litellm_master_key }}"
    model_name: embedding
    litellm_params:
      model: azure/text-embedding-3-large
      litellm_credential_name: azure-west
    model_info:
      mode: embedding

- name: Take one deployment out of use
  inference.gateway.litellm_model:
    api_base: https://llm.example.com
    api_key: "{{ litellm_master_key }}"
    model_name: chat-small
    model_id: chat-small-ams
    blocked: true

- name: Delete a model
  inference.gateway.litellm_model:
    api_base: https://llm.example.com
    api_key: "{{ litellm_master_key }}"
    model_name: chat-large
    state: absent
"""

RETURN = r"""
model:
  description: The deployment as it is now, or in check mode as it would be. V(null) when it is not there.
  returned: success
  type: dict
  contains:
    model_id:
      description: Identity of the deployment. In check mode V(null) for one that is to be created.
      type: str
      returned: always
      sample: 5f1c9b1e-2f64-4a30-9d52-3a8a8a0e3c11
    model_name:
      description: Name that requests ask for.
      type: str
      returned: always
      sample: chat-large
    db_model:
      description: Whether it is in LiteLLM's database, and not in its configuration file.
      type: bool
      returned: always
      sample: true
    litellm_params:
      description: How the model is called. In the place of what is secret stands V((hidden\)).
      type: dict
      returned: always
      sample:
        model: openai/gpt-4.1
        api_key: (hidden)
        rpm: 500
        tpm: 200000
    model_info:
      description: What is known of the model. LiteLLM adds what it knows itself.
      type: dict
      returned: always
      sample:
        access_groups: [production]
        mode: chat
        max_tokens: 32768
    blocked:
      description: Whether it gets no requests for now.
      type: bool
      returned: always
      sample: false
"""

import typing as t

from ansible_collections.inference.gateway.plugins.module_utils._client import Client
from ansible_collections.inference.gateway.plugins.module_utils._kinds._table import STATE
from ansible_collections.inference.gateway.plugins.module_utils._kinds.credential import CREDENTIAL
from ansible_collections.inference.gateway.plugins.module_utils._kinds.model import MODEL
from ansible_collections.inference.gateway.plugins.module_utils._module import LiteLLMModule
from ansible_collections.inference.gateway.plugins.module_utils._reconcile import (
    Plan,
    apply,
    find,
    find_by_id,
    lacking,
    make_plan,
    new_credential,
    readings,
)


def manage(module: LiteLLMModule, client: Client) -> dict[str, t.Any]:
    goal = module.goal(MODEL, identity=module.params["model_id"])
    plan = make_plan(goal, find(client, goal))
    plan.refuse_impossible()
    module.stop_or_foretell(lacking(client, plan))
    module.stop_or_foretell(unknown_credential(module, client, plan))
    if module.check_mode or not plan.changed:
        return plan.result()
    return plan.result(apply(client, plan))


def unknown_credential(module: LiteLLMModule, client: Client, plan: Plan) -> str | None:
    """The sentence about a credential that does not exist. A replica may not know yet of one that was just made."""
    name = new_credential(plan)
    for _reading in [None] if module.check_mode else readings(CREDENTIAL):
        if not name or find_by_id(client, CREDENTIAL, name):
            return None
    return f"litellm_params.litellm_credential_name is {name}, but there is no such credential: create it first."


def main() -> None:
    module = LiteLLMModule(
        MODEL.options()
        | STATE
        | {
            "model_id": {"type": "str"},
        },
        secrets=MODEL.secret_texts,
    )
    module.run(manage)


if __name__ == "__main__":
    main()
