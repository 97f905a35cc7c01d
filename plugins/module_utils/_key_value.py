# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_util is private to the inference.gateway collection. It may change at any time.

"""The value of a key: how one is made, what it is known by, and where it is delivered, without asking anybody."""

from __future__ import annotations

import hashlib
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


def new_key() -> str:
    """A key as LiteLLM makes them, with 256 random bits."""
    return f"sk-{secrets.token_urlsafe(32)}"


def digest(key: str) -> str:
    """What LiteLLM keeps of a key, and identifies it by."""
    return hashlib.sha256(key.encode()).hexdigest()
