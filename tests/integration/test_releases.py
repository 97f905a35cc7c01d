# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an older LiteLLM cannot do: the modules say so and write nothing, and it really cannot."""

from __future__ import annotations

import secrets
import time
from typing import Any

import pytest
from conftest import Run
from releases import is_there
from stack import MODEL, VERSION, Stack

from ansible_collections.inference.gateway.plugins.module_utils._client import Client
from ansible_collections.inference.gateway.plugins.module_utils._connection import Connection
from ansible_collections.inference.gateway.plugins.module_utils._kinds._table import Field, Kind, Request
from ansible_collections.inference.gateway.plugins.module_utils._kinds.all import KINDS
from ansible_collections.inference.gateway.plugins.module_utils._versions import NEWEST

VALUES: dict[str, Any] = {
    "blocked": True,
    "budget_duration": "30d",
    "denied_passthrough_routes": ["/rerank"],
    "display_name": "some",
    "end_user_budget_id": "some",
    "model_max_budget": {MODEL: {"max_budget": 1.0, "budget_duration": "1d"}},
    "models": ["all-proxy-models"],
    "require_trace_id": True,
    "rpm_limit": 5,
    "soft_budget": 2.5,
    "tpd_limit": 1000,
    "tpm_limit": 500,
}
FIELDS = [pytest.param(kind, field, id=f"{noun}-{field.name}") for noun, kind in KINDS.items() for field in kind.fields]


def without(since: str) -> pytest.MarkDecorator:
    """The fields for which the tables name a release that is newer than this LiteLLM."""
    found = [each for each in FIELDS if not is_there(getattr(each.values[1], since))]
    return pytest.mark.parametrize(("kind", "field"), found)


@pytest.fixture
def new(name: str, kind: Kind) -> dict[str, Any]:
    """What makes the one object of a test."""
    needed = {
        "credential": {"credential_values": {"one": "some-value", "other": "other-value"}},
        "model": {"litellm_params": {"model": f"hosted_vllm/{MODEL}", "api_base": "http://simulator:8000/v1"}},
        "key": {"key": f"sk-{secrets.token_urlsafe(24)}"},
    }
    return {kind.alias: name, **needed.get(kind.noun, {})}


@pytest.fixture
def keep(run: Run, kind: Kind, new: dict[str, Any]) -> Run:
    return lambda **options: run(f"litellm_{kind.noun}", **new | options)


def told(stack: Stack, what: str, since: str) -> str:
    return f"LiteLLM {VERSION} at {stack.url} is too old for {what}: it takes {since} or newer."


def send(stack: Stack, request: Request) -> None:
    """Past the modules, what they would have sent."""
    stack.request(request.method, request.path, json=request.body).raise_for_status()


@without("since")
def test_a_field_that_it_has_not_yet(
    stack: Stack, run: Run, keep: Run, name: str, new: dict[str, Any], kind: Kind, field: Field
) -> None:
    def there() -> list[dict[str, Any]]:
        return run(f"litellm_{kind.noun}_info", **{kind.alias: name})[f"{kind.noun}s"]

    given = {field.name: VALUES[field.name]}
    assert keep(**given)["msg"] == told(stack, f"{field.name} of {kind.noun} '{name}'", field.since)
    assert keep(check=True, **given)["changed"]
    assert there() == []
    send(stack, kind.create.request(None, new | given))
    assert [made[field.name] for made in there()] == [field.empty]


@without("changes_since")
def test_a_name_that_it_does_not_change_yet(stack: Stack, keep: Run, name: str, kind: Kind, field: Field) -> None:
    made = keep()[kind.noun]
    other = {field.name: f"{name}-other"}
    what = f"changing {field.name} of {kind.noun} '{name}-other'"
    assert keep(**other, **{kind.id: made[kind.id]})["msg"] == told(stack, what, field.changes_since)
    send(stack, kind.update.request(made[kind.id], other))
    time.sleep(5)  # what it lists from memory is by then what is in its database
    assert keep()[kind.noun] == made


@without("clears_since")
def test_a_field_that_it_does_not_clear_yet(stack: Stack, keep: Run, name: str, kind: Kind, field: Field) -> None:
    if field.name == "model_max_budget":
        pytest.skip("LiteLLM takes it of a new user only with an enterprise licence.")
    made = keep(**{field.name: VALUES[field.name]})[kind.noun]
    assert made[field.name] == VALUES[field.name]
    what = f"clearing {field.name} of {kind.noun} '{name}'"
    assert keep(**{field.name: None})["msg"] == told(stack, what, field.clears_since)
    send(stack, kind.update.request(made[kind.id], {field.name: field.sent(field.empty, made[field.name])}))
    assert keep()[kind.noun] == made


@without("removes_since")
def test_entries_that_it_does_not_remove_yet(stack: Stack, keep: Run, name: str, kind: Kind, field: Field) -> None:
    made = keep()[kind.noun]
    what = f"removing entries of {field.name} of {kind.noun} '{name}'"
    assert keep(**{field.name: {"one": "some-value"}})["msg"] == told(stack, what, field.removes_since)
    send(stack, kind.update.request(made[kind.id], {field.removal: ["other"]}))
    assert keep()[kind.noun] == made


def test_the_version_is_told_without_a_key(stack: Stack) -> None:
    warnings: list[str] = []
    with Client(Connection(stack.url), "sk-nobody", warnings.append) as client:
        assert str(client.version) == VERSION
        assert client.version[:2] <= NEWEST
        assert client.too_old({"a guild": "99.0.0"}) == told(stack, "a guild", "99.0.0")
    assert warnings == []
