# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest

from ansible_collections.inference.gateway.plugins.filter.secrets_in_clear import secrets_in_clear
from ansible_collections.inference.gateway.plugins.module_utils._kinds.model import MODEL
from ansible_collections.inference.gateway.plugins.module_utils._secret_names import (
    is_secret_name,
    is_withheld_name,
)


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
    assert is_withheld_name(name) is hidden


@pytest.mark.parametrize(
    ("name", "secret"),
    [
        *((name, True) for name in ("apikey", "api_keys", "apitoken", "bearer", "aws_bearer", "clientsecret", "pwd")),
        *(
            (name, True)
            for name in ("OPENAI_API_KEY_2", "password1", "client-key-data", "webhookUrl", "secrets", "dsn")
        ),
        # LiteLLM does not give these back, but they are no secrets.
        *((name, False) for name in ("key_alias", "aws_access_key_id", "langfuse_public_key", "key_id", "auth_header")),
        *((name, False) for name in ("tpm_per_key", "bos_token", "client-certificate-data")),
    ],
)
def test_what_is_a_secret_to_modules_and_filters_alike(name: str, secret: bool) -> None:
    assert is_secret_name(name) is secret
    assert bool(secrets_in_clear({name: "S3cretS3cret"})) is secret
    assert secrets_in_clear({name: 4711}) == secrets_in_clear({name: "S3cretS3cret"})
    assert is_withheld_name(name) or not secret


def test_a_short_text_of_a_header_is_hidden_only_where_it_stands() -> None:
    params = {"extra_headers": {"X-Region": "eu", "X-Team": "5d1f-7hT2", "Authorization": "mine"}, "tags": ["eu"]}
    assert MODEL.secret_texts({"litellm_params": params}) == {"5d1f-7hT2", "mine"}
    [field] = MODEL.hiding()
    assert field.secrets.hidden(params) == {"extra_headers": "(hidden)", "tags": ["eu"]}
