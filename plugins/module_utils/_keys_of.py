# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_util is private to the inference.gateway collection. It may change at any time.

"""The keys of what is to be deleted: LiteLLM deletes them with it."""

from __future__ import annotations

import typing as t

from ansible_collections.inference.gateway.plugins.module_utils._client import ApiError, Client
from ansible_collections.inference.gateway.plugins.module_utils._kinds._table import Object
from ansible_collections.inference.gateway.plugins.module_utils._kinds.key import KEY
from ansible_collections.inference.gateway.plugins.module_utils._reconcile import Plan, listed


def keys_of(client: Client, plan: Plan, *, force: bool) -> list[Object]:
    """The keys that would be deleted with an object, such as a team. That takes force."""
    if plan.action != "delete":
        return []
    kind = plan.kind
    keys = listed(client, KEY, **{kind.id: plan.there[kind.id]})
    if keys and not force:
        raise ApiError(
            f"{kind.noun.capitalize()} '{plan.goal.alias}' has keys ({len(keys)}), which would be deleted with it:"
            " delete them first, or set force to true."
        )
    return keys


def block(client: Client, keys: t.Iterable[Object]) -> None:
    """Stop the keys: LiteLLM goes on to accept deleted ones for a minute, blocked ones not for a moment."""
    for key in keys:
        client.post("/key/block", {"key": key["token"]})
