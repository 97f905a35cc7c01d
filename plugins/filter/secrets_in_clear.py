# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tell where settings hold a secret themselves, before anybody can read it there."""

from __future__ import annotations

DOCUMENTATION = r"""
name: secrets_in_clear
short_description: Tell where settings of LiteLLM hold a secret in clear text
version_added: 0.4.0
author: inference.gateway contributors
description:
  - Walks settings and returns the place of each secret that is written into them, never the secret.
  - A secret is a text below a name that is one of a secret, such as C(api_key), C(vertex_credentials), C(Authorization)
    or C(webhook_url); and under any name a private key, or a URL with a password.
  - C(os.environ/NAME), by which LiteLLM takes a value from its environment, and C(oidc/PROVIDER) are no secrets.
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

SECRET_NAME = re.compile(
    r"(^|_)(password|passwd|passphrase|secret|token|authorization|cookie|dsn|connection_string|webhook(_url)?)$"
    r"|_key$|(^|_)apikey$|credentials?$"
)
# Prices for each token, names that caches and buckets know things by, the open half of a pair, marks in a prompt.
SOUNDS_SECRET = re.compile(r"(^|_)per_(\w+_)?token$|(^|_)(cache|object|public)_key$|^[be]os_token$")
# What its owner reads from a file may be named by the file's path.
READ_FROM_FILE = re.compile(r"(credentials|identity_token)$")
SECRET_VALUE = re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY|://[^/\s:@]*:[^/\s@]+@")
REFERENCE = re.compile(r"os\.environ/|oidc/")
WORDS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|[^A-Za-z0-9]+")


def snake_case(name: Any) -> str:
    """Names of settings, headers and variables alike: x_api_key of X-Api-Key, client_secret of clientSecret."""
    return WORDS.sub("_", str(name)).lower()


def is_secret_name(name: str) -> bool:
    return bool(SECRET_NAME.search(name)) and not SOUNDS_SECRET.search(name)


def texts(value: Any) -> Iterator[str]:
    """All texts of a value, and of what is inside it."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from texts(each)
    elif isinstance(value, Sequence):
        for each in value:
            yield from texts(each)


def is_open(name: str, text: str) -> bool:
    from_file = READ_FROM_FILE.search(name) and text.startswith("/")
    return bool(text) and not REFERENCE.match(text) and not from_file


def places(value: Any, where: str) -> Iterator[str]:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            name, place = snake_case(key), f"{where}.{key}" if where else str(key)
            if not is_secret_name(name):
                yield from places(inner, place)
            elif any(is_open(name, text) for text in texts(inner)):
                yield place
    elif isinstance(value, str):
        if SECRET_VALUE.search(value):
            yield where
    elif isinstance(value, Sequence):
        for position, inner in enumerate(value):
            called = inner.get("model_name", position) if isinstance(inner, Mapping) else position
            yield from places(inner, f"{where}[{called}]")


def secrets_in_clear(settings: Mapping[str, Any]) -> list[str]:
    return list(dict.fromkeys(places(settings, "")))


class FilterModule:
    def filters(self) -> dict[str, Any]:
        return {"secrets_in_clear": secrets_in_clear}
