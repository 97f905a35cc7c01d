# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_util is private to the inference.gateway collection. It may change at any time.

"""What is a secret, by its name or by its form: the same for modules, which hide it, and for filters, which find it."""

from __future__ import annotations

import re
import typing as t
from collections.abc import Iterator, Mapping, Sequence

# Also where words run together, as in apikey.
SECRET_NAME = re.compile(
    r"(passw(or)?d|pwd|passphrase|secret|credential|bearer)s?$"
    r"|(^|_)(token|authorization|cookie|dsn|connection_string|webhook(_url)?)$"
    r"|_key(_data)?$|(access|api|auth|private|subscription)_?(key|token)s?$"
)
# Prices and times of each token, names that caches, buckets and nodes know things by, the open half of a pair, marks in
# a prompt, a switch of Hugging Face, what only names Secrets.
SOUNDS_SECRET = re.compile(
    r"(^|_)per_(\w+_)?(key|token)$|(^|_)(first|next|last)_token$|(^|_)(cache|object|public|topology)_key$|^[be]os_token$"
    r"|(^|_)(disable_implicit_token|pull_secrets)$"
)
SECRET_FORM = re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY|://[^/\s:@]*:[^/\s@]+@")
REFERENCE = re.compile(r"os\.environ/|oidc/|\$\(\w+\)$")
WORDS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|[^A-Za-z0-9]+")

# LiteLLM leaves out, masks or encrypts what has one of these words in its name, unless it is a price (LiteLLM 1.108,
# SensitiveDataMasker). Many of them are no secrets, as in key_alias.
WITHHELD_WORDS = frozenset(
    {
        "access",
        "auth",
        "authorization",
        "certificate",
        "cookie",
        "credential",
        "credentials",
        "fingerprint",
        "key",
        "password",
        "private",
        "secret",
        "tenancy",
        "token",
    }
)
WITHHELD_NAMES = frozenset({"gcs_path_service_account"})
SHOWN_NEVERTHELESS = frozenset({"default_api_key_rpm_limit", "default_api_key_tpm_limit", "litellm_credential_name"})


def snake_case(name: t.Any) -> str:
    """Names of settings, headers and variables alike: x_api_key of X-Api-Key, client_secret of clientSecret."""
    return WORDS.sub("_", str(name)).lower()


def is_secret_name(name: t.Any) -> bool:
    # The second of several may have a number.
    plain = snake_case(name).rstrip("_0123456789")
    return bool(SECRET_NAME.search(plain)) and not SOUNDS_SECRET.search(plain)


def is_withheld_name(name: t.Any) -> bool:
    """Whether it is a secret, or LiteLLM takes it for one and does not give it back."""
    words = snake_case(name).split("_")
    if name in SHOWN_NEVERTHELESS or "cost" in words:
        return False
    return not WITHHELD_WORDS.isdisjoint(words) or name in WITHHELD_NAMES or is_secret_name(name)


def is_secret_text(value: t.Any) -> bool:
    """Whether it is a private key or a URL with a password, whatever its name."""
    return isinstance(value, str) and bool(SECRET_FORM.search(value))


def is_reference(value: t.Any) -> bool:
    """Whether it only says where a value is found: LiteLLM, or Kubernetes for a container, puts that in its place."""
    return isinstance(value, str) and bool(REFERENCE.match(value))


def texts(value: t.Any) -> Iterator[str]:
    """All texts of a value and of what is inside it, numbers as texts; none that are empty, for they tell nothing."""
    if isinstance(value, str):
        yield from [value] if value.strip() else []
    elif isinstance(value, (int, float)):
        # To Python, true and false are numbers.
        yield from [] if isinstance(value, bool) else [str(value)]
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from texts(each)
    elif isinstance(value, Sequence):
        for each in value:
            yield from texts(each)
