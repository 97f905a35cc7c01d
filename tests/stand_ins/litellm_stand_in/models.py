# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Models: those of the configuration file, and the deployments in the database."""

from __future__ import annotations

import math
import re
import uuid
from typing import Any

from .base import Base, Body, Endpoints, RefusedError, error, page_of, without_nulls

PRICES = ("input_cost_per_token", "output_cost_per_token")
CLEARABLE = (*PRICES, "litellm_credential_name")
LEFT_OUT = ("api_key", "client_secret", "vertex_credentials", "aws_access_key_id", "aws_secret_access_key")
MASKED = {"key", "secret", "token", "password", "credential", "credentials", "access", "auth", "authorization"}
# What it adds to what it lists.
PARAMETERS = {"use_in_pass_through": False, "merge_reasoning_content_in_choices": False}
KNOWN = {"key": "gpt", "max_tokens": 32768, "mode": "chat", "supports_vision": None, "input_cost_per_token": 2e-06}


class Models(Base):
    def __init__(self) -> None:
        super().__init__()
        self.models = ["chat-small", "chat-large"]  # the names in the configuration file
        self.deployments: dict[str, Body] = {}
        self.store_model_in_db = True
        self.environment = {"os.environ/BASE": "http://from-the-environment/v1"}
        self._deployments_before: dict[str, Body] = {}

    def endpoints(self) -> Endpoints:
        return super().endpoints() | {
            ("GET", "/v1/models"): self._served,
            ("GET", "/v2/model/info"): self._model_list,
            ("POST", "/model/new"): self._model_new,
            ("PATCH", "/model/{model_id}/update"): self._model_update,
            ("POST", "/model/delete"): self._model_delete,
        }

    def add_model(self, name: str, model_id: str | None = None, **parameters: Any) -> str:
        """As somebody else would, who knows nothing of fingerprints."""
        info = {"id": model_id} if model_id else {}
        body = {"model_name": name, "litellm_params": {"model": "openai/gpt"} | parameters, "model_info": info}
        return self._model_new(body)["model_id"]

    def deployment(self, name: str) -> Body:
        return next(row for row in self.deployments.values() if row["model_name"] == name)

    def _served(self, query: Body) -> Body:
        names = dict.fromkeys([*self.models, *(row["model_name"] for row in self.deployments.values())])
        return {"data": [{"id": name} for name in names], "object": "list"}

    def _model_list(self, query: Body) -> Body:
        # From memory, which another replica brings up to date after a while; so no database is needed.
        deployments = self.listed_of(self._deployments_before, self.deployments)
        config = [
            {
                "model_id": f"config-{name}",
                "model_name": name,
                "litellm_params": {"model": f"openai/{name}"},
                "model_info": {},
            }
            for name in self.models
        ]
        rows = [
            self._listed(row)
            for row in [*config, *deployments]
            # A part of the name in any case; the identity is exact.
            if query.get("search", "").lower() in row["model_name"].lower()
            and query.get("modelId", row["model_id"]) == row["model_id"]
        ]
        return page_of(rows, query, "size", "data", "total_count", "current_page", most=math.inf)

    def _listed(self, row: Body) -> Body:
        said = {"id": row["model_id"], "db_model": "blocked" in row, "blocked": row.get("blocked")}
        # Values from the environment are given back as they were read.
        parameters = {name: self.environment.get(str(value), value) for name, value in row["litellm_params"].items()}
        shown = {name: value for name, value in parameters.items() if name not in LEFT_OUT}
        return {
            "model_name": row["model_name"],
            "litellm_params": PARAMETERS | masked(shown),
            "model_info": KNOWN | row["model_info"] | said,
        }

    def _model_new(self, body: Body) -> Body:
        self.need_database()
        self._need_store()
        if not (body.get("litellm_params") or {}).get("model"):
            entry = {"loc": ["body", "litellm_params", "model"], "msg": "Field required", "input": body}
            raise RefusedError(422, {"detail": [entry]})
        # Prices in model_info are dropped, and those in litellm_params are put there.
        info = {name: value for name, value in (body.get("model_info") or {}).items() if name not in PRICES}
        model_id = info.get("id") or str(uuid.uuid4())
        if model_id in self.deployments:
            raise error(500, "{'error': 'Failed to add model to db. Check your server logs for more details.'}")
        parameters = typed(body["litellm_params"])
        self._deployments_before = self.remember(self.deployments)
        self.deployments[model_id] = {
            "model_id": model_id,
            "model_name": body["model_name"],
            "litellm_params": parameters,
            "model_info": without_nulls(info) | {"id": model_id} | prices(parameters),
            "blocked": bool(body.get("blocked")),
        }
        self._drop({})
        return self._answer(model_id)

    def _model_update(self, body: Body) -> Body:
        self.need_database()
        self._need_store()
        model_id = body["model_id"]
        if model_id not in self.deployments:
            if model_id in (f"config-{name}" for name in self.models):
                raise error(400, "Cannot edit config-based model. Store model in DB via /model/new first.")
            raise error(404, f"Model {model_id} not found on proxy.", "not_found_error")
        row = self.deployments[model_id]
        parameters = row["litellm_params"] | typed(body.get("litellm_params") or {})
        info = row["model_info"]
        if body.get("model_info") is not None:
            # It is given an id when it has none.
            changes = {"id": str(uuid.uuid4())} | without_nulls(body["model_info"])
            info = info | {name: value for name, value in changes.items() if name not in PRICES}
        # Null takes out some parameters, and says nothing of the others, nor of model_info.
        for name in [name for name, value in (body.get("litellm_params") or {}).items() if value is None]:
            if name in CLEARABLE:
                parameters.pop(name, None)
                info.pop(name, None)
        self._deployments_before = self.remember(self.deployments)
        self.deployments[model_id] = row | {
            "model_name": body.get("model_name") or row["model_name"],
            "litellm_params": parameters,
            "model_info": info | prices(parameters),
            "blocked": row["blocked"] if body.get("blocked") is None else body["blocked"],
        }
        self._drop(row["litellm_params"])
        return self._answer(model_id)

    def _model_delete(self, body: Body) -> Body:
        self.need_database()
        self._need_store()
        if body["id"] not in self.deployments:
            raise error(400, f"{{'error': 'Model with id={body['id']} not found in db'}}", "auth_error")
        self._deployments_before = self.remember(self.deployments)
        del self.deployments[body["id"]]
        return {"message": f"Model: {body['id']} deleted successfully"}

    def _need_store(self) -> None:
        if not self.store_model_in_db:
            raise error(500, "{'error': \"Set `'STORE_MODEL_IN_DB='True'` in your env to enable this feature.\"}")

    def _drop(self, before: Body) -> None:
        for row in self.deployments.values():
            for name in self.dropped & row["litellm_params"].keys():
                row["litellm_params"][name] = before.get(name)

    def _answer(self, model_id: str) -> Body:
        """The row with each parameter encrypted, never twice the same."""
        row = self.deployments[model_id]
        return row | {"litellm_params": {name: uuid.uuid4().hex for name in row["litellm_params"]}}


def typed(parameters: Body) -> Body:
    """Without nulls, and with numbers and truth values for what says one."""
    types = {"rpm": int, "input_cost_per_token": float, "drop_params": lambda value: str(value).lower() == "true"}
    return {name: types.get(name, lambda value: value)(value) for name, value in without_nulls(parameters).items()}


def prices(parameters: Body) -> Body:
    return {name: parameters[name] for name in PRICES if name in parameters}


def masked(values: Body) -> Body:
    """What has such a word in its name, at any depth, with the first and the last four letters."""
    shown = {}
    for name, value in values.items():
        words = set(re.split("[-_]", name.lower()))
        if isinstance(value, dict):
            shown[name] = masked(value)
        elif words & MASKED and "cost" not in words and name != "litellm_credential_name":
            shown[name] = mask(value)
        else:
            shown[name] = value
    return shown


def mask(value: Any) -> Any:
    if isinstance(value, list):
        return [mask(each) for each in value]
    text = str(value)
    return "*" * len(text) if len(text) <= 8 else f"{text[:4]}{'*' * (len(text) - 8)}{text[-4:]}"
