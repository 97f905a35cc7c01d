# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tests of users and of customers ask alike, of the stand-in and of the real LiteLLM."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


def keeps_object_permission(run: Callable[..., dict[str, Any]], kind: str, user_id: str, alias: str) -> None:
    """Gives, replaces and clears the object_permission of a user or a customer, whose `alias` stays as it is."""
    one: dict[str, Any] = {"vector_stores": ["a"], "mcp_tool_permissions": {"git": ["log"]}}
    other: dict[str, Any] = {"vector_stores": ["a", "b"], "agents": ["c"]}
    kept = {"user_id": user_id, alias: "kept"}
    for given, before, after in [
        (one, {}, one),
        (other, one, other),
        (None, other, {}),
        (other, {}, other),
        (one, other, one),
        ({}, one, {}),
    ]:
        foretold = run(f"litellm_{kind}", check=True, **kept, object_permission=given)
        changed = run(f"litellm_{kind}", **kept, object_permission=given)
        assert changed["diff"] == foretold["diff"]
        assert changed["diff"]["before"].get("object_permission", {}) == before
        assert changed[kind]["object_permission"] == after
        again = run(f"litellm_{kind}", **kept, object_permission=given)
        assert not again["changed"]
        assert again[kind][alias] == "kept"
    assert run(f"litellm_{kind}_info", user_id=user_id)[f"{kind}s"] == [again[kind]]
