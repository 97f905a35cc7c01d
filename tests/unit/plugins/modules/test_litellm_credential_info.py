# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

import pytest
from conftest import Run
from litellm_stand_in import LiteLLMStandIn


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({}, ["azure", "azure/west", "config"]),
        ({"credential_name": "azure"}, ["azure"]),
        ({"credential_name": "azur"}, []),
        ({"credential_name": "config"}, ["config"]),
    ],
)
def test_credentials_by_what_is_asked_for(
    litellm: LiteLLMStandIn, run: Run, asked: dict[str, Any], found: list[str]
) -> None:
    litellm.add_credential("config", source="config", api_key="x")
    for name in ("azure/west", "azure"):
        litellm.add_credential(name, api_key="x")
    for check in (True, False):
        result = run("litellm_credential_info", check=check, **asked)
        assert not result["changed"]
        assert [credential["credential_name"] for credential in result["credentials"]] == found
    assert not litellm.written


def test_what_is_said_of_a_credential_is_not_secret(litellm: LiteLLMStandIn, run: Run) -> None:
    values = {"api_key": "k9-5tK9mZ2qRw7x", "vertex_credentials": {"private_key": "deep-down"}, "region": "west-1"}
    run("litellm_credential", credential_name="azure", credential_values=values, credential_info={"a": 1})
    before = len(run.printed)  # type: ignore[attr-defined]
    assert run("litellm_credential_info")["credentials"] == [
        {
            "credential_name": "azure",
            "credential_values": dict.fromkeys(values, "(hidden)"),
            "credential_info": {"a": 1},
            "display_name": None,
            "source": "db",
        }
    ]
    for secret in ("k9", "7x", "deep-down", "west-1", "fingerprint"):
        assert secret not in run.printed[before:]  # type: ignore[attr-defined]
