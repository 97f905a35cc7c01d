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
  - A secret is a text below a name that is one of a secret, such as C(api_key), C(vertex_credentials), C(Authorization)
    or C(webhook_url); and under any name a private key, or a URL with a password.
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

SECRET_NAME = re.compile(
    r"(^|_)(password|passwd|passphrase|secret|token|authorization|cookie|dsn|connection_string|webhook(_url)?)$"
    r"|_key$|(^|_)apikey$|credentials?$"
)
# Prices for each token, names that caches, buckets and nodes know things by, the open half of a pair, marks in a
# prompt, a switch of Hugging Face.
SOUNDS_SECRET = re.compile(
    r"(^|_)per_(\w+_)?token$|(^|_)(cache|object|public|topology)_key$|^[be]os_token$|(^|_)disable_implicit_token$"
)
# What its owner reads from a file may be named by the file's path.
READ_FROM_FILE = re.compile(r"(credentials|identity_token)$")
SECRET_VALUE = re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY|://[^/\s:@]*:[^/\s@]+@")
REFERENCE = re.compile(r"os\.environ/|oidc/|\$\(\w+\)$")
ARGUMENT = re.compile(r"(--[\w.-]+)(?:=(.*))?$", re.DOTALL)
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
    name = snake_case(called)
    if not is_secret_name(name):
        yield from places(value, place)
    elif any(is_open(name, text) for text in texts(value)):
        yield place


def places(value: Any, where: str) -> Iterator[str]:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from places_of(key, inner, f"{where}.{key}" if where else str(key))
    elif isinstance(value, str):
        if SECRET_VALUE.search(value):
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
