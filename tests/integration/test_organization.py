# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

import pytest
from conftest import Run
from stack import Stack


@pytest.mark.parametrize("options", [{}, {"check": True}, {"state": "absent"}, {"rpm_limit": 5, "models": []}])
def test_without_a_licence_one_sentence_says_so(stack: Stack, run: Run, name: str, options: dict[str, Any]) -> None:
    refused = run("litellm_organization", organization_alias=name, **options)
    assert refused["failed"]
    assert refused["msg"].startswith(
        f"GET {stack.url}/organization/list was refused (403), this needs an enterprise licence of LiteLLM."
        " LiteLLM said: Organizations are only available for LiteLLM Enterprise users."
    )
    assert refused["msg"] == run("litellm_organization_info")["msg"]
