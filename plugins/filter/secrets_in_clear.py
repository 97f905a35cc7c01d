# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tell where settings hold a secret themselves, before anybody can read it there."""

from __future__ import annotations

DOCUMENTATION = r"""
name: secrets_in_clear
short_description: Tell where settings of LiteLLM, or of a container, hold a secret in clear text
version_added: 0.4.0
author: inference.gateway contributors
description:
  - Walks settings and returns the place of each secret that is written into them, never the secret.
  - A secret is a text or a number below a name that is one of a secret, such as C(api_key), C(vertex_credentials),
    C(Authorization) or C(webhook_url); and under any name a private key, or a URL with a password.
  - In a list the C(name) of a container's variable names its C(value), and an argument like C(--api-key) what follows.
  - C(os.environ/NAME), by which LiteLLM takes a value from its environment, C(oidc/PROVIDER), and C($(NAME)), by which
    Kubernetes does so in a container, are no secrets.
options:
  _input:
    description: The settings.
    type: dict
    required: true
"""

EXAMPLES = r"""
- name: Find out whether a configuration can go into a ConfigMap
  ansible.builtin.assert:
    that: "config | inference.gateway.secrets_in_clear | length == 0"
  vars:
    config:
      model_list:
        - model_name: gpt-4o
          litellm_params: {model: openai/gpt-4o, api_key: os.environ/OPENAI_API_KEY}
"""

RETURN = r"""
_value:
  description: Places of secrets, as in C(model_list[gpt-4o].litellm_params.api_key).
  type: list
  elements: str
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ansible_collections.inference.gateway.plugins.module_utils._secret_names import (
    is_reference,
    is_secret_name,
    is_secret_text,
    snake_case,
    texts,
)

# What its owner reads from a file may be named by the file's path.
READ_FROM_FILE = re.compile(r"(credentials|identity_token)$")
ARGUMENT = re.compile(r"(--[\w.-]+)(?:=(.*))?$", re.DOTALL)


def is_open(name: Any, text: str) -> bool:
    from_file = READ_FROM_FILE.search(snake_case(name)) and text.startswith("/")
    return not is_reference(text) and not from_file


def elements(values: Sequence[Any]) -> Iterator[tuple[Any, Any]]:
    """What is in a list, and what each is called: variables and models have a name, arguments follow theirs."""
    option = None
    for position, value in enumerate(values):
        if isinstance(value, str) and (argument := ARGUMENT.match(value)):
            option, text = argument.groups()
            if text is None:
                continue
            yield option, text
        elif isinstance(value, Mapping):
            called = value.get("model_name", value.get("name", position))
            yield called, value["value"] if value.keys() == {"name", "value"} else value
        else:
            yield option or position, value
        option = None


def places_of(called: Any, value: Any, place: str) -> Iterator[str]:
    if not is_secret_name(called):
        yield from places(value, place)
    elif any(is_open(called, text) for text in texts(value)):
        yield place


def places(value: Any, where: str) -> Iterator[str]:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from places_of(key, inner, f"{where}.{key}" if where else str(key))
    elif isinstance(value, str):
        if is_secret_text(value):
            yield where
    elif isinstance(value, Sequence):
        for called, inner in elements(value):
            place = f"{where}[{called}]"
            yield from places_of(called, inner, place) if isinstance(inner, str) else places(inner, place)


def secrets_in_clear(settings: Mapping[str, Any]) -> list[str]:
    return list(dict.fromkeys(places(settings, "")))


class FilterModule:
    def filters(self) -> dict[str, Any]:
        return {"secrets_in_clear": secrets_in_clear}
