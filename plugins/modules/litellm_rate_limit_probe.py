#!/usr/bin/python
# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: litellm_rate_limit_probe
short_description: Find out at which request a LiteLLM gateway says that a limit is reached
version_added: 0.2.0
description:
  - Sends a number of short chats, one after the other or all at once, and returns how many of them were answered and
    how many were refused.
  - No request is repeated, and each has a connection of its own, so that a load balancer is free to choose another
    replica each time. A limit that each replica counts for itself shows as one that lets too many pass.
  - A limit that is not what was expected does not fail the task. RV(exact) tells it.
author:
  - inference.gateway contributors (@inference-gateway)
options:
  api_key:
    description:
      - The key whose limit is tried.
      - When it is not given, the environment variables E(LITELLM_MASTER_KEY) and then E(LITELLM_API_KEY) are used.
  keys:
    description:
      - Keys that take turns, in place of O(api_key), to try a limit that they share, as the keys of a team do.
    type: list
    elements: str
    default: []
  model:
    description:
      - Model to ask, as LiteLLM lists it.
    type: str
    required: true
  prompt:
    description:
      - What each request says.
    type: str
    default: Hi
  max_tokens:
    description:
      - Most tokens of each answer.
    type: int
    default: 1
  requests:
    description:
      - Number of requests, at most 200.
    type: int
    required: true
  parallel:
    description:
      - Send them all at once, at most 32 at a time.
    type: bool
    default: false
  expected_limit:
    description:
      - Number of requests that should be answered, which must be less than O(requests).
    type: int
notes:
  - LiteLLM counts in windows of a minute, which begin with the first request. Use a key that was not used for a minute,
    and fewer requests than take a minute, or the count is that of two windows.
seealso:
  - module: inference.gateway.litellm_chat
  - module: inference.gateway.litellm_probe
extends_documentation_fragment:
  - inference.gateway._litellm
  - inference.gateway._litellm.asking
"""

EXAMPLES = r"""
- name: Try a key with rpm_limit 10
  inference.gateway.litellm_rate_limit_probe:
    api_base: https://llm.example.com
    api_key: "{{ search_key }}"
    model: chat-small
    requests: 15
    expected_limit: 10
  register: limit
  failed_when: limit is failed or not limit.exact

- name: See how much two keys of one team are given together, when both ask at once
  inference.gateway.litellm_rate_limit_probe:
    api_base: https://llm.example.com
    keys: ["{{ first_key }}", "{{ second_key }}"]
    model: chat-small
    requests: 40
    parallel: true
  register: limit
"""

RETURN = r"""
statuses:
  description: Number of answers with each HTTP status. Under V(no answer) those that did not come.
  returned: success
  type: dict
  sample: {"200": 10, "429": 5}
found:
  description: The same in words, and without O(parallel) in the order in which they came.
  returned: success
  type: str
  sample: 10 x 200, then 5 x 429
exact:
  description:
    - Whether exactly O(expected_limit) requests were answered, all others were refused with 429, and without
      O(parallel) the first of them were the ones that were answered.
    - V(null) without O(expected_limit).
  returned: success
  type: bool
  sample: true
first_refusal:
  description: What the first 429 said. V(null) when there was none.
  returned: success
  type: dict
  contains:
    message:
      description: LiteLLM's words.
      type: str
      returned: always
      sample: "Rate limit exceeded for api_key: ***. Limit type: requests. Current limit: 10, Remaining: 0."
    limit_type:
      description: What was counted, which is V(requests), V(tokens) or V(max_parallel_requests).
      type: str
      returned: always
      sample: requests
    retry_after:
      description: After how many seconds to try again.
      type: int
      returned: always
      sample: 60
    reset_at:
      description: When the count begins anew.
      type: str
      returned: always
      sample: 2026-11-26 04:43:19 UTC
unexpected:
  description: The first answer that is neither 200 nor 429, in one line. V(null) when there was none.
  returned: success
  type: str
  sample: 403 (The requested model 'chat-large' is not available for this API key.)
seconds:
  description: Time that all of it took.
  returned: success
  type: float
  sample: 1.204
"""

import time
import typing as t
from collections import Counter
from itertools import cycle, islice

from ansible_collections.inference.gateway.plugins.module_utils._chat import question
from ansible_collections.inference.gateway.plugins.module_utils._client import ApiError, Client
from ansible_collections.inference.gateway.plugins.module_utils._connection import checked_key
from ansible_collections.inference.gateway.plugins.module_utils._module import LiteLLMModule
from ansible_collections.inference.gateway.plugins.module_utils._probe import (
    MOST_REQUESTS,
    Answer,
    ask_all,
    excerpt,
    in_words,
    look_up,
    series,
)


def probe(module: LiteLLMModule, client: Client) -> dict[str, t.Any]:
    params = module.params
    number, limit, at_once = params["requests"], params["expected_limit"], params["parallel"]
    if not 1 <= number <= MOST_REQUESTS:
        raise ApiError(f"requests is {number}: give a number from 1 to {MOST_REQUESTS}, more would be a load test.")
    if limit is not None and not 0 <= limit < number:
        raise ApiError(
            f"expected_limit is {limit} of {number} requests, which cannot show it: give more requests than the limit."
        )
    keys = {f"keys[{place}]": key for place, key in enumerate(params["keys"])} or {"api_key": params["api_key"]}
    questions = [question(params, checked_key(key, name)) for name, key in keys.items()]
    began = time.monotonic()
    answers = ask_all(client.connection, list(islice(cycle(questions), number)), at_once=at_once)
    came = series(answers, at_once=at_once)
    wanted = [(label, count) for label, count in (("200", limit), ("429", number - (limit or 0))) if count]
    strange = next((answer for answer in answers if answer.status not in (200, 429)), None)
    refused = next((answer for answer in answers if answer.status == 429), None)
    return {
        "changed": False,
        "statuses": dict(Counter(answer.label for answer in answers)),
        "found": in_words(came, at_once=at_once),
        "exact": None if limit is None else came == wanted,
        "first_refusal": refused and refusal(refused),
        "unexpected": strange and strange.describe(),
        "seconds": round(time.monotonic() - began, 3),
    }


def refusal(answer: Answer) -> dict[str, t.Any]:
    after = answer.headers.get("retry-after", "")
    said = look_up(answer.document, "error.message")
    return {
        "message": excerpt(str(said[0])) if said else None,
        "limit_type": answer.headers.get("rate_limit_type"),
        "retry_after": int(after) if after.isdecimal() else None,
        "reset_at": answer.headers.get("reset_at"),
    }


def main() -> None:
    LiteLLMModule(
        {
            "keys": {"type": "list", "elements": "str", "default": [], "no_log": True},
            "model": {"type": "str", "required": True},
            "prompt": {"type": "str", "default": "Hi"},
            "max_tokens": {"type": "int", "default": 1, "no_log": False},
            "requests": {"type": "int", "required": True},
            "parallel": {"type": "bool", "default": False},
            "expected_limit": {"type": "int"},
        },
        supports_check_mode=False,
    ).run(probe)


if __name__ == "__main__":
    main()
