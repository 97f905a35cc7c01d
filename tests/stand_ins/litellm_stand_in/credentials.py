# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Credentials, which LiteLLM has in its database and, a little differently, in its memory."""

from __future__ import annotations

import copy
from typing import Any

from .base import Base, Body, Endpoints, RefusedError, error, without_nulls

HIDING = ("authorization", "token", "key", "secret", "credentials", "password", "passwd")


class Credentials(Base):
    def __init__(self) -> None:
        super().__init__()
        self.credentials: dict[str, Body] = {}  # in the database
        self.credentials_in_memory: dict[str, Body] = {}
        self._credentials_before: dict[str, Body] = {}

    def endpoints(self) -> Endpoints:
        return super().endpoints() | {
            ("GET", "/credentials"): self._credential_list,
            ("POST", "/credentials"): self._credential_new,
            ("PATCH", "/credentials/{name}"): self._credential_update,
            ("DELETE", "/credentials/{name}"): self._credential_delete,
        }

    def add_credential(self, name: str, source: str = "db", info: Body | None = None, **values: Any) -> None:
        """As somebody else would, or the configuration file."""
        row = {"credential_name": name, "credential_values": values, "credential_info": info or {}}
        if source == "db":
            self._credential_new(row)
        else:
            self.credentials_in_memory[name] = row | {"display_name": None, "source": source}

    def reload(self) -> None:
        """What LiteLLM does every half minute, and when it starts."""
        kept = {name: row for name, row in self.credentials_in_memory.items() if row["source"] == "config"}
        self.credentials_in_memory = kept | copy.deepcopy(self.credentials)

    def _credential_list(self, query: Body) -> Body:
        # From memory: no database is needed.
        rows = self.listed_of(self._credentials_before, self.credentials_in_memory)
        listed = [row | {"credential_values": masked(row["credential_values"])} for row in rows]
        return {"success": True, "credentials": listed}

    def _credential_new(self, body: Body) -> Body:
        self.need_database()
        name = body["credential_name"]
        if not body.get("credential_values"):
            entry = {
                "loc": ["body"],
                "msg": "Value error, Either credential_values or model_id must be set",
                "input": body,
            }
            raise RefusedError(422, {"detail": [entry]})
        if not isinstance(body.get("credential_info"), dict):
            raise RefusedError(422, {"detail": [{"loc": ["body", "credential_info"], "msg": "Field required"}]})
        if self.credentials_in_memory.get(name, {}).get("source") == "config":
            raise error(409, f"Credential '{name}' is defined in config. Edit config.yaml to change it.")
        if name in self.credentials:
            raise error(409, f"Credential '{name}' already exists. Update it with PATCH /credentials/{name}")
        self._credentials_before = self.remember(self.credentials_in_memory)
        self.credentials[name] = {
            "credential_name": name,
            "display_name": display_name(body),
            "credential_values": without_nulls(body["credential_values"]),
            "credential_info": body["credential_info"],
            "source": "db",
        }
        self.credentials_in_memory[name] = copy.deepcopy(self.credentials[name])
        return {"success": True, "message": "Credential created successfully"}

    def _credential_update(self, body: Body) -> Body:
        self.need_database()
        name = body["name"]
        needed = ["credential_info", *(["credential_name", "credential_values"] if self.older_than(1, 106) else [])]
        missing = [{"loc": ["body", each], "msg": "Field required"} for each in needed if body.get(each) is None]
        if missing:
            raise RefusedError(422, {"detail": missing})
        values, gone = body.get("credential_values") or {}, body.get("credential_values_to_delete") or ()
        if values.keys() & set(gone):
            raise error(400, f"credential_values_to_delete overlaps credential_values for key(s): {gone}")
        self._need_credential(name)
        self._credentials_before = self.remember(self.credentials_in_memory)
        for rows in (self.credentials, self.credentials_in_memory):
            row = rows[name]
            kept = {each: row["credential_values"][each] for each in row["credential_values"] if each not in gone}
            row["credential_values"] = kept | without_nulls(values)
            if "display_name" in body:
                row["display_name"] = display_name(body)
        # The database gets the info that was sent, unless that is empty; the memory adds it to what it has.
        self.credentials[name]["credential_info"] = body["credential_info"] or self.credentials[name]["credential_info"]
        self.credentials_in_memory[name]["credential_info"] |= body["credential_info"]
        return {"success": True, "message": "Credential updated successfully"}

    def _credential_delete(self, body: Body) -> Body:
        self.need_database()
        self._need_credential(body["name"])
        self._credentials_before = self.remember(self.credentials_in_memory)
        del self.credentials[body["name"]], self.credentials_in_memory[body["name"]]
        return {"success": True, "message": "Credential deleted successfully"}

    def _need_credential(self, name: str) -> None:
        if name in self.credentials:
            return
        if name in self.credentials_in_memory:
            raise error(405, f"Credential '{name}' is defined in config and cannot be edited from the API or UI.")
        raise error(404, "Credential not found in DB.", "not_found_error")


def display_name(body: Body) -> str | None:
    name = body.get("display_name")
    if name is not None and not name.strip():
        raise error(400, "display_name cannot be blank. Send null to clear it or omit the field to leave it unchanged.")
    return name


def masked(values: Body) -> Body:
    """What has such a word anywhere in its name, with two letters at each end."""
    return {
        name: mask(value) if any(word in name.lower() for word in HIDING) else value for name, value in values.items()
    }


def mask(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    return "*****" if len(value) <= 4 else f"{value[:2]}****{value[-2:]}"
