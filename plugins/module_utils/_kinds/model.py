# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_util is private to the inference.gateway collection. It may change at any time.

"""Models: the deployments that LiteLLM keeps in its database."""

from __future__ import annotations

from dataclasses import replace

from ansible_collections.inference.gateway.plugins.module_utils._kinds._secrets import HIDDEN, Secrets
from ansible_collections.inference.gateway.plugins.module_utils._kinds._table import (
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
from ansible_collections.inference.gateway.plugins.module_utils._secret_names import is_withheld_name

HEADERS = frozenset({"extra_headers", "headers"})

# Null takes out these parameters, and no others.
REMOVABLE = {
    "cache_control_injection_points": "1.103.0",
    "cache_creation_input_token_cost": None,
    "cache_read_input_token_cost": None,
    "input_cost_per_character": None,
    "input_cost_per_token": None,
    "litellm_credential_name": "1.103.0",
    "output_cost_per_character": None,
    "output_cost_per_token": None,
    "tiered_pricing": None,
}
STAYS = "LiteLLM adds and changes only; delete the model and create it anew without it"

# What LiteLLM puts into model_info itself, or takes from elsewhere.
NOT_INFO = {
    "id": "give it as model_id",
    "blocked": "give it as blocked",
    "db_model": "LiteLLM says that itself",
    FINGERPRINTS_MARK: "it is kept by this collection",
    OWNER_MARK: "it is kept by this collection",
}


def no_info(info: Object) -> str | None:
    """Prices in model_info would be taken for an echo of LiteLLM's own list of prices, and dropped."""
    for name in info:
        if name in NOT_INFO:
            return f"{name} does not belong there: {NOT_INFO[name]}"
        if name == "tiered_pricing" or ("cost" in name.split("_") and name != "cost_per_ptu_per_hour"):
            return f"{name} does not belong there: give prices in litellm_params"
    return None


def read(answer: Object) -> Object:
    """A deployment without nesting; without the nulls of some hundred properties that LiteLLM knows of models."""
    info = answer.get("model_info") or {}
    known = info.get(FINGERPRINTS_MARK)
    secrets = dict.fromkeys(known, HIDDEN) if isinstance(known, dict) else {}
    return {
        "model_name": answer.get("model_name"),
        "model_id": info.get("id"),
        "db_model": bool(info.get("db_model")),
        "blocked": bool(info.get("blocked")),
        "litellm_params": without_nulls(answer.get("litellm_params") or {}) | secrets,
        "model_info": {name: info[name] for name in without_nulls(info) if name not in ("id", "db_model", "blocked")},
    }


def locked(model: Object) -> str | None:
    if model["db_model"]:
        return None
    return (
        f"{model['model_id']} comes from LiteLLM's configuration file, which has to be changed instead"
        " (to add a deployment of this name in the database, give it a model_id of its own)"
    )


def lacks(options: Object) -> str | None:
    if "/" in (options["model_id"] or ""):
        return f"model_id is '{options['model_id']}', and LiteLLM cannot change a model with a slash in it"
    named = (options.get("litellm_params") or {}).get("model")
    return None if named else "give litellm_params with at least model, as in openai/gpt-4.1"


MODEL = Kind(
    noun="model",
    alias="model_name",
    id="model_id",
    # Not /model/info, which cannot look for a name, and lists all that a pattern such as openai/* stands for.
    listing=Listing("/v2/model/info", "data", "size", filters={"model_name": "search", "model_id": "modelId"}),
    create=Call("/model/new", "model_info.id"),
    # Not /model/update, which forgets parameters. Without the id in model_info, LiteLLM would make up another.
    update=Call("/model/{id}/update", "model_info.id", method="PATCH"),
    delete=(Call("/model/delete", "id"),),
    fields=(
        # Before, LiteLLM goes on to serve a model under its old name when nothing else of it changes.
        Field("model_name", {"type": "str", "required": True}, changes_since="1.101.0", refuse=no_name),
        Field(
            "litellm_params",
            {"type": "dict"},
            empty={},
            partial=True,
            stays=STAYS,
            removable=REMOVABLE,
            secrets=Secrets(is_withheld_name, f"model_info.{FINGERPRINTS_MARK}", carriers=HEADERS),
        ),
        Field("model_info", {"type": "dict"}, empty={}, partial=True, stays=STAYS, refuse=no_info),
        Field("blocked", {"type": "bool"}, empty=False),
        replace(OWNER, at=f"model_info.{OWNER_MARK}"),
    ),
    shown=("model_id", "db_model"),
    metadata="model_info",
    reserved=MARKS,
    shared=True,
    cached=True,
    gone=frozenset({400, 404}),
    read=read,
    locked=locked,
    lacks=lacks,
)
