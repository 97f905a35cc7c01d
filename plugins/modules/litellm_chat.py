#!/usr/bin/python
# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: litellm_chat
short_description: Ask a model through a LiteLLM gateway, and time the answer
version_added: 0.2.0
description:
  - Sends one chat completion, whole or as a stream, and returns what came and how long it took.
  - Fails when the answer is not a chat, such as a refusal, a page of HTML, or a stream that was cut off.
  - The request is sent once, over a connection of its own. It is not repeated, so that the time is that of one request.
author:
  - inference.gateway contributors (@inference-gateway)
options:
  api_key:
    description:
      - The key to ask with, as a rule that of a tenant.
      - When it is not given, the environment variables E(LITELLM_MASTER_KEY) and then E(LITELLM_API_KEY) are used.
  model:
    description:
      - Model to ask, as LiteLLM lists it.
    type: str
    required: true
  prompt:
    description:
      - What to say, as one message of a user.
      - Exactly one of O(prompt) and O(messages) is required.
    type: str
  messages:
    description:
      - What to say, as messages with C(role) and C(content), word for word.
    type: list
    elements: dict
  max_tokens:
    description:
      - Most tokens of the answer.
    type: int
  stream:
    description:
      - Have the answer sent as it comes into being, and note when its first token came.
      - All of it must come within O(timeout).
    type: bool
    default: false
  parameters:
    description:
      - Further parameters of the chat completion, word for word, for example C(temperature).
      - What the other options say is not to be repeated here.
    type: dict
    default: {}
seealso:
  - module: inference.gateway.litellm_rate_limit_probe
  - module: inference.gateway.litellm_probe
extends_documentation_fragment:
  - inference.gateway._litellm
  - inference.gateway._litellm.asking
"""

EXAMPLES = r"""
- name: Ask with the key of a tenant
  inference.gateway.litellm_chat:
    api_base: https://llm.example.com
    api_key: "{{ search_key }}"
    model: chat-small
    prompt: What is the capital of France?
    max_tokens: 20
  register: chat

- name: Fail if the first token takes more than two seconds
  inference.gateway.litellm_chat:
    api_base: https://llm.example.com
    api_key: "{{ search_key }}"
    model: chat-small
    messages:
      - {role: system, content: You answer in one sentence.}
      - {role: user, content: "Why is the sky blue?"}
    stream: true
    parameters: {temperature: 0}
  register: chat
  failed_when: chat is failed or chat.seconds_to_first_token > 2
"""

RETURN = r"""
content:
  description: What the model said. Empty when it called a tool, or thought until O(max_tokens) were used up.
  returned: success
  type: str
  sample: Paris.
model:
  description: The model, as the answer names it.
  returned: success
  type: str
  sample: chat-small
finish_reason:
  description: Why the answer ended, such as V(stop), V(length) or V(tool_calls).
  returned: success
  type: str
  sample: stop
prompt_tokens:
  description: Tokens of the question. V(null) when the model does not count them.
  returned: success
  type: int
  sample: 14
completion_tokens:
  description: Tokens of the answer. V(null) when the model does not count them.
  returned: success
  type: int
  sample: 3
seconds:
  description: Time from the request to the end of the answer, with the time for the connection.
  returned: success
  type: float
  sample: 0.412
seconds_to_first_token:
  description: Time from the request to the first token. V(null) without O(stream), and when no token came.
  returned: success
  type: float
  sample: 0.106
call_id:
  description: LiteLLM's name for the request, by which its logs know it.
  returned: success
  type: str
  sample: 52331d4d-f12e-4e12-b6b2-563337c3ba3d
"""

import typing as t

from ansible_collections.inference.gateway.plugins.module_utils._chat import question, read
from ansible_collections.inference.gateway.plugins.module_utils._client import Client
from ansible_collections.inference.gateway.plugins.module_utils._connection import checked_key
from ansible_collections.inference.gateway.plugins.module_utils._module import LiteLLMModule
from ansible_collections.inference.gateway.plugins.module_utils._probe import ask


def chat(module: LiteLLMModule, client: Client) -> dict[str, t.Any]:
    asked = question(module.params, checked_key(module.params["api_key"]))
    return {"changed": False} | read(client.base, asked, ask(client.connection, asked))


def main() -> None:
    LiteLLMModule(
        {
            "model": {"type": "str", "required": True},
            "prompt": {"type": "str"},
            "messages": {"type": "list", "elements": "dict"},
            "max_tokens": {"type": "int", "no_log": False},
            "stream": {"type": "bool", "default": False},
            "parameters": {"type": "dict", "default": {}},
        },
        supports_check_mode=False,
        mutually_exclusive=[("prompt", "messages")],
        required_one_of=[("prompt", "messages")],
    ).run(chat)


if __name__ == "__main__":
    main()
