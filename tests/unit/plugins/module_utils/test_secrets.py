# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from ansible_collections.inference.gateway.plugins.module_utils._kinds.model import MODEL, secret


@pytest.mark.parametrize(
    ("name", "hidden"),
    [
        *((name, True) for name in ("apikey", "apiKey", "X-ApiKey", "APIKey", "passwd", "db_pwd_password", "bearer")),
        *((name, True) for name in ("x-accesstoken", "client_secret", "clientSecret")),
        *((name, False) for name in ("max_tokens", "maxTokens", "api_base", "keepalive_seconds", "tokenizer")),
        *((name, False) for name in ("input_cost_per_token", "litellm_credential_name", "default_api_key_rpm_limit")),
    ],
)
def test_names_of_secrets(name: str, hidden: bool) -> None:
    assert secret(name) is hidden


def test_a_short_text_of_a_header_is_hidden_only_where_it_stands() -> None:
    params = {"extra_headers": {"X-Region": "eu", "X-Team": "5d1f-7hT2", "Authorization": "mine"}, "tags": ["eu"]}
    assert MODEL.secret_texts({"litellm_params": params}) == {"5d1f-7hT2", "mine"}
    [field] = MODEL.hiding()
    assert field.secrets.hidden(params) == {"extra_headers": "(hidden)", "tags": ["eu"]}
