# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What callbacks of a team or a key authenticate with: LiteLLM encrypts it in their metadata."""

from __future__ import annotations

from typing import Any

import pytest
from conftest import Run
from stack import Stack


def logging_to(secret: str) -> dict[str, Any]:
    variables = {"langfuse_public_key": "pk-lf-1", "langfuse_secret_key": secret, "langfuse_host": "http://127.0.0.1:9"}
    return {"logging": [{"callback_name": "langfuse", "callback_type": "failure", "callback_vars": variables}]}


@pytest.mark.parametrize("module", ["litellm_team", "litellm_key"])
def test_it_is_kept_known_again_and_never_shown(run: Run, name: str, module: str) -> None:
    named: dict[str, Any] = {"team_alias": name}
    if module == "litellm_key":
        named = {"key_alias": name, "key": f"sk-{name}-of-this-test"}
    for secret in ("TOPSECRET-one", "TOPSECRET-two"):
        options = named | {"metadata": logging_to(secret) | {"cost_center": "4711"}}
        for changed in (True, False):
            result = run(module, **options)
            assert result.get("changed") == changed, result
            assert "TOPSECRET" not in str(result)
    assert run(module, **named | {"metadata": {"cost_center": "4712"}})["changed"]
    assert not run(module, **options | {"metadata": logging_to(secret) | {"cost_center": "4712"}})["changed"]


def test_litellm_really_encrypts_it(stack: Stack, run: Run, name: str) -> None:
    run("litellm_team", team_alias=name, metadata=logging_to("TOPSECRET-one"))
    [team] = [
        each
        for each in stack.request("GET", "/v2/team/list", params={"team_alias": name}).json()["teams"]
        if each["team_alias"] == name
    ]
    variables = team["metadata"]["logging"][0]["callback_vars"]
    assert variables["langfuse_host"] == "http://127.0.0.1:9"
    assert "TOPSECRET" not in variables["langfuse_secret_key"]
