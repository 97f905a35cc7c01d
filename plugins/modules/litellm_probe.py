#!/usr/bin/python
# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: litellm_probe
short_description: Ask a LiteLLM gateway questions and compare the answers with what is expected
version_added: 0.1.0
author:
  - inference.gateway contributors (@inference-gateway)
description:
  - Sends the requests of a list of checks, one check after the other, and returns for each what was expected and
    what was found.
  - No request is repeated, no redirect is followed, and every request has a connection of its own, so that a load
    balancer is free to choose another replica each time.
  - A check that is not met does not fail the task, only bad input does. Whoever asks decides what the results are
    worth.
extends_documentation_fragment:
  - inference.gateway._litellm
attributes:
  check_mode:
    support: partial
    details: Only checks whose O(checks[].method) is V(GET) are sent in check mode, and only they have a result.
  diff_mode:
    support: none
  idempotent:
    support: N/A
    details: This module changes nothing by itself. The requests that it is given may.
options:
  keys:
    description: Keys that checks use, by name. The values never appear in the results.
    type: dict
    default: {}
  checks:
    description: What to ask, and what to expect.
    type: list
    elements: dict
    required: true
    suboptions:
      name:
        description: Name of the check. Each is used once.
        type: str
        required: true
      group:
        description: Returned with the result, for whoever reports it.
        type: str
      look:
        description: The command that looks further when the check is not met. Returned with the result as well.
        type: str
      path:
        description: Path of the request, below O(api_base).
        type: str
        required: true
      method:
        description: Method of the request. The default is V(POST) with a O(checks[].body), and V(GET) without.
        type: str
        choices: [GET, POST, PUT, PATCH, DELETE]
      key:
        description:
          - Name of the key in O(keys) to send, V(master) for O(api_key), or nothing, to send none.
          - Of several names, each request takes the next.
        type: list
        elements: str
        default: []
      body:
        description: Sent as JSON.
        type: dict
      stream:
        description:
          - Read the answer as server-sent events, as they come.
          - There must be two or more of them, and the last must be C([DONE]).
        type: bool
        default: false
      parallel:
        description:
          - Send the requests of O(checks[].expect.statuses) all at once, at most 32 at a time, in place of one after
            the other.
        type: bool
        default: false
      expect:
        description:
          - What is expected.
          - Exactly one of O(checks[].expect.status) and O(checks[].expect.statuses) is required.
          - What looks into a body, which O(checks[].expect.json), O(checks[].expect.includes) and
            O(checks[].expect.filled) do, needs O(checks[].expect.status), and no O(checks[].stream).
        type: dict
        required: true
        suboptions:
          status:
            description: HTTP status codes, one of which the answer must have.
            type: list
            elements: int
            default: []
          statuses:
            description:
              - Number of answers with each HTTP status code. As many requests are sent as this adds up to, at most 200.
              - Without O(checks[].parallel) they must also come in this order.
            type: dict
            default: {}
          json:
            description:
              - Values in the body, by dotted path. Each must be equal.
              - In a path a number is a place in a list, and C(*) stands for every element, as in C(data.*.id).
            type: dict
            default: {}
          includes:
            description: Lists of values, by dotted path. All of them must be among the values found there.
            type: dict
            default: {}
          filled:
            description: Dotted paths at which there must be a value that is not empty.
            type: list
            elements: str
            default: []
          spread:
            description:
              - Seconds that must lie at least between the first event of a stream and its last.
              - Needs O(checks[].stream).
            type: float
            default: 0
"""

EXAMPLES = r"""
- name: Prove that the gateway answers, streams, and refuses at exactly the limit
  inference.gateway.litellm_probe:
    api_base: https://llm.example.com
    keys:
      app: "{{ app_key }}"
      limited: "{{ limited_key }}"
    checks:
      - name: A request without a key is refused
        path: /v1/models
        expect: {status: [401]}
      - name: The model is listed
        path: /v1/models
        key: app
        expect: {status: [200], includes: {data.*.id: [small-chat]}}
      - name: A chat is streamed
        path: /v1/chat/completions
        key: app
        body: {model: small-chat, stream: true, max_tokens: 64, messages: [{role: user, content: Count to twenty.}]}
        stream: true
        expect: {status: [200], spread: 0.1}
      - name: The eleventh request within a minute is refused
        path: /v1/chat/completions
        key: limited
        body: {model: small-chat, max_tokens: 1, messages: [{role: user, content: Hi}]}
        expect: {statuses: {200: 10, 429: 5}}
  register: probe

- name: Fail if one of the checks was not met
  ansible.builtin.assert:
    that: probe.results | rejectattr('passed') | length == 0
"""

RETURN = r"""
results:
  description: One result for each check, in the same order.
  returned: success
  type: list
  elements: dict
  contains:
    name:
      description: Name of the check.
      type: str
      sample: The eleventh request within a minute is refused
    group:
      description: Group of the check.
      type: str
      sample: limits
    passed:
      description: Whether everything was as expected.
      type: bool
      sample: false
    expected:
      description: What was expected, in words.
      type: str
      sample: 10 x 200, then 5 x 429
    found:
      description: What was found, in words.
      type: str
      sample: 15 x 200
    seconds:
      description: Time that the check took.
      type: float
      sample: 1.204
    look:
      description: The command that looks further.
      type: str
      sample: kubectl -n inference-gateway logs deployment/litellm-proxy
"""

import typing as t

from ansible_collections.inference.gateway.plugins.module_utils._checks import complaints, run
from ansible_collections.inference.gateway.plugins.module_utils._client import ApiError, Client
from ansible_collections.inference.gateway.plugins.module_utils._module import LiteLLMModule

EXPECT = {
    "status": {"type": "list", "elements": "int", "default": []},
    "statuses": {"type": "dict", "default": {}},
    "json": {"type": "dict", "default": {}},
    "includes": {"type": "dict", "default": {}},
    "filled": {"type": "list", "elements": "str", "default": []},
    "spread": {"type": "float", "default": 0},
}
CHECK = {
    "name": {"type": "str", "required": True},
    "group": {"type": "str"},
    "look": {"type": "str"},
    "path": {"type": "str", "required": True},
    "method": {"type": "str", "choices": ["GET", "POST", "PUT", "PATCH", "DELETE"]},
    "key": {"type": "list", "elements": "str", "default": [], "no_log": False},
    "body": {"type": "dict"},
    "stream": {"type": "bool", "default": False},
    "parallel": {"type": "bool", "default": False},
    "expect": {"type": "dict", "required": True, "options": EXPECT},
}


def probe(module: LiteLLMModule, client: Client) -> dict[str, t.Any]:
    params = module.params
    keys = params["keys"] | {"master": params["api_key"].strip()}
    for check in params["checks"]:
        check["method"] = check["method"] or ("GET" if check["body"] is None else "POST")
    wrong = list(complaints(keys, params["checks"]))
    if wrong:
        raise ApiError("\n".join(wrong))
    checks = [check for check in params["checks"] if check["method"] == "GET" or not module.check_mode]
    return {"changed": False, "results": [run(client.connection, keys, check) for check in checks]}


def main() -> None:
    LiteLLMModule(
        {
            "keys": {"type": "dict", "default": {}, "no_log": True},
            "checks": {"type": "list", "elements": "dict", "required": True, "options": CHECK},
        }
    ).run(probe)


if __name__ == "__main__":
    main()
