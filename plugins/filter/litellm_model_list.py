# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What makes an InferenceService makes LiteLLM's entry for it, too."""

from __future__ import annotations

DOCUMENTATION = r"""
name: litellm_model_list
short_description: Make LiteLLM's model list of the models that KServe serves
version_added: 0.1.0
author: inference.gateway contributors
description:
  - Turns each model of C(model_serving_models) into an entry of LiteLLM's C(model_list).
  - The entry calls the predictor's Service inside the cluster, by vLLM's OpenAI-compatible interface.
positional: namespace, domain
options:
  _input:
    description: Models as the role P(inference.gateway.model_serving#role) takes them.
    type: list
    elements: dict
    required: true
  namespace:
    description: Namespace of the InferenceServices.
    type: str
    required: true
  domain:
    description: DNS domain of the cluster's Services.
    type: str
    default: cluster.local
"""

EXAMPLES = r"""
- name: Show LiteLLM's entry for a model with a price
  ansible.builtin.debug:
    msg: "{{ models | inference.gateway.litellm_model_list('models') }}"
  vars:
    models:
      - name: qwen
        runtime: vllm
        litellm_params: {input_cost_per_token: 0.000001}
"""

RETURN = r"""
_value:
  description: Entries of LiteLLM's C(model_list). A model's own C(litellm_params) and C(model_info) are added and win.
  type: list
  elements: dict
"""

from collections.abc import Iterable, Mapping
from typing import Any

from ansible.errors import AnsibleFilterError


def entry(model: Mapping[str, Any], namespace: str, domain: str) -> dict[str, Any]:
    if not model.get("name"):
        raise AnsibleFilterError("A model needs a name.")
    name = model["name"]
    return {
        "model_name": name,
        "litellm_params": {
            "model": f"hosted_vllm/{name}",
            "api_base": f"http://{name}-predictor.{namespace}.svc.{domain}/v1",
            **(model.get("litellm_params") or {}),
        },
        # With an ID of its own the model stays the same one to LiteLLM when its parameters change.
        "model_info": {"id": name, **(model.get("model_info") or {})},
    }


def litellm_model_list(
    models: Iterable[Mapping[str, Any]], namespace: str, domain: str = "cluster.local"
) -> list[dict[str, Any]]:
    return [entry(model, namespace, domain) for model in models]


class FilterModule:
    def filters(self) -> dict[str, Any]:
        return {"litellm_model_list": litellm_model_list}
