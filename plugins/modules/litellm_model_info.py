#!/usr/bin/python
# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: litellm_model_info
short_description: Read the models of a LiteLLM proxy
version_added: 0.2.0
description:
  - Returns all deployments of models, or those that are asked for. Those that come from LiteLLM's configuration file
    are among them.
author:
  - inference.gateway contributors (@inference-gateway)
options:
  model_name:
    description:
      - Only the deployments of this name. It is compared exactly.
    type: str
  model_id:
    description:
      - Only the deployment of this identity.
    type: str
seealso:
  - module: inference.gateway.litellm_model
extends_documentation_fragment:
  - inference.gateway._litellm
  - inference.gateway._litellm.info
"""

EXAMPLES = r"""
- name: Read all models
  inference.gateway.litellm_model_info:
    api_base: https://llm.example.com
    api_key: "{{ litellm_master_key }}"
  register: models

- name: Read the deployments of one name
  inference.gateway.litellm_model_info:
    api_base: https://llm.example.com
    api_key: "{{ litellm_master_key }}"
    model_name: chat-small
"""

RETURN = r"""
models:
  description: The deployments, sorted by name and identity. Empty when there is none.
  returned: success
  type: list
  elements: dict
  contains:
    model_id:
      description: Identity of the deployment.
      type: str
      returned: always
      sample: chat-small-fra
    model_name:
      description: Name that requests ask for. Several deployments may have one name.
      type: str
      returned: always
      sample: chat-small
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
        model: hosted_vllm/qwen
        api_base: http://vllm.fra.example.com/v1
        input_cost_per_token: 0.0000001
    model_info:
      description: What is known of the model. LiteLLM adds what it knows itself.
      type: dict
      returned: always
      sample:
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
from ansible_collections.inference.gateway.plugins.module_utils._kinds.model import MODEL
from ansible_collections.inference.gateway.plugins.module_utils._module import LiteLLMModule
from ansible_collections.inference.gateway.plugins.module_utils._reconcile import views


def read(module: LiteLLMModule, client: Client) -> dict[str, t.Any]:
    asked = {name: module.params[name] for name in ("model_name", "model_id")}
    return {"changed": False, "models": views(client, MODEL, asked)}


def main() -> None:
    module = LiteLLMModule({"model_name": {"type": "str"}, "model_id": {"type": "str"}})
    module.run(read)


if __name__ == "__main__":
    main()
