# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_util is private to the inference.gateway collection. It may change at any time.

"""The value of a key: how one is made, what it is known by, and where it is delivered, without asking anybody."""

from __future__ import annotations

import hashlib
import re
import secrets
import typing as t

# The label of the Secrets that keys are delivered into.
MANAGED_BY = {"app.kubernetes.io/managed-by": "inference.gateway"}
# The option that says which one.
DELIVERY: dict[str, t.Any] = {
    "type": "dict",
    "no_log": False,
    "options": {
        "name": {"type": "str", "required": True},
        "namespace": {"type": "str", "required": True},
        "key": {"type": "str", "default": "api-key", "no_log": False},
        "labels": {"type": "dict", "default": {}},
    },
}


UNSENDABLE = "is empty or holds characters that an HTTP header cannot carry: check where it is read"


def new_key() -> str:
    """A key as LiteLLM makes them, with 256 random bits."""
    return f"sk-{secrets.token_urlsafe(32)}"


def no_key(value: str) -> str | None:
    """Why a value cannot be that of a key: nobody could ever send it, or LiteLLM does not take it.

    The line break that a file may end with is no part of it.
    """
    value = value.strip()
    if not is_sendable(value):
        return UNSENDABLE
    return None if value.startswith("sk-") else "does not begin with sk-, which LiteLLM wants of every key"


def is_sendable(value: str) -> bool:
    return bool(re.fullmatch(r"[\x21-\x7e]+", value))


def digest(key: str) -> str:
    """What LiteLLM keeps of a key, and identifies it by."""
    return hashlib.sha256(key.encode()).hexdigest()
