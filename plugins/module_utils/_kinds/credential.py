# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_util is private to the inference.gateway collection. It may change at any time.

"""Credentials: what several models authenticate with."""

from __future__ import annotations

from dataclasses import replace

from ansible_collections.inference.gateway.plugins.module_utils._kinds._secrets import Secrets
from ansible_collections.inference.gateway.plugins.module_utils._kinds._table import (
    BY_NULL,
    FINGERPRINTS_MARK,
    MARKS,
    OWNER,
    OWNER_MARK,
    Call,
    Field,
    Kind,
    Listing,
    Object,
    no_name,
    without_nulls,
)


def read(answer: Object) -> Object:
    """A credential without the nulls that stand for what was taken out of its info."""
    return {**answer, "credential_info": without_nulls(answer.get("credential_info") or {})}


def locked(credential: Object) -> str | None:
    if credential.get("source") != "config":
        return None
    return "it comes from LiteLLM's configuration file, which has to be changed instead"


def lacks(options: Object) -> str | None:
    return None if options.get("credential_values") else "give credential_values"


CREDENTIAL = Kind(
    noun="credential",
    alias="credential_name",
    id="credential_name",
    listing=Listing("/credentials", "credentials"),
    # LiteLLM wants to hear of credential_info whatever is changed, and before 1.106 of the others as well.
    create=Call("/credentials", always={"credential_info": {}}),
    update=Call(
        "/credentials/{id}",
        "credential_name",
        method="PATCH",
        always={"credential_values": {}, "credential_info": {}},
    ),
    delete=(Call("/credentials/{id}", method="DELETE"),),
    fields=(
        Field("credential_name", {"type": "str", "required": True, "no_log": False}, refuse=no_name),
        Field(
            "credential_values",
            {"type": "dict", "no_log": True},
            empty={},
            tidy=without_nulls,
            # LiteLLM shows some of the letters of those that it takes for secret, and all of the others.
            secrets=Secrets(lambda name: True, f"credential_info.{FINGERPRINTS_MARK}"),
            removal="credential_values_to_delete",
            removes_since="1.106.0",
        ),
        # In its database LiteLLM replaces the info, and in its memory, which it lists, it merges it.
        Field("credential_info", {"type": "dict", "no_log": False}, empty={}, tidy=without_nulls, removal=BY_NULL),
        Field("display_name", {"type": "str"}, tidy=str.strip, since="1.106.0"),
        replace(OWNER, at=f"credential_info.{OWNER_MARK}"),
    ),
    shown=("source",),
    metadata="credential_info",
    reserved=MARKS,
    cached=True,
    read=read,
    locked=locked,
    lacks=lacks,
)
