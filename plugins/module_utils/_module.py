# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_util is private to the inference.gateway collection. It may change at any time.

"""What every module of the collection is started with."""

from __future__ import annotations

import typing as t

from ansible.module_utils.basic import missing_required_lib

from ansible_collections.inference.gateway.plugins.module_utils import _connection
from ansible_collections.inference.gateway.plugins.module_utils._client import ApiError, Client
from ansible_collections.inference.gateway.plugins.module_utils._hiding import HidingModule
from ansible_collections.inference.gateway.plugins.module_utils._kinds._table import Kind
from ansible_collections.inference.gateway.plugins.module_utils._reconcile import Goal, find, find_by_id


class LiteLLMModule(HidingModule):
    """A module with the connection options, which knows `null` from "not given".

    AnsibleModule turns both into None. Here an option that is given as `null` is in `given`: it is to be cleared.
    """

    def __init__(
        self,
        argument_spec: dict[str, dict[str, t.Any]],
        *,
        supports_check_mode: bool = True,
        **constraints: t.Any,
    ) -> None:
        spec = _connection.ARGUMENT_SPEC | argument_spec
        super().__init__(spec, supports_check_mode=supports_check_mode, **constraints)

    def _load_params(self) -> None:
        super()._load_params()
        self.given = frozenset(self.params)
        # AnsibleModule would look for an empty value among the choices.
        chosen = {name for name, spec in self.argument_spec.items() if "choices" in spec and "default" not in spec}
        self.params = {
            name: value for name, value in self.params.items() if name not in chosen or value not in (None, "")
        }

    def goal(self, kind: Kind, *, identity: str | None = None, within: str | None = None) -> Goal:
        """What the options ask for, checked as far as that goes without LiteLLM."""
        wanted = kind.wanted(self.params, self.given)
        refusals = kind.refusals(wanted)
        if refusals:
            raise ApiError(f"{'. '.join(refusals)}.")
        if kind.within and not within:
            raise ApiError(f"{kind.within} is empty: say what the {kind.noun} belongs to.")
        options = wanted if self.params["state"] == "present" else None
        return Goal(kind, wanted.get(kind.alias, self.params[kind.alias]), options, identity or None, within)

    def parent_of(self, client: Client, kind: Kind) -> dict[str, t.Any]:
        """The identity of the object that this one is to belong to, by the field's name, if the options say so.

        What is named must exist, for LiteLLM would accept some things that do not.
        """
        alias, identity = self.params[kind.alias], self.params[kind.id]
        if not {kind.alias, kind.id} & self.given:
            return {}
        if not alias and not identity:
            return {kind.id: None}
        there = find(client, Goal(kind, alias, {})) if alias else find_by_id(client, kind, identity)
        if not there and self.params["state"] == "present":
            named = f"'{alias}'" if alias else f"with the {kind.id} '{identity}'"
            self.stop_or_foretell(f"There is no {kind.noun} {named}: create it first.")
        return {kind.id: there[kind.id] if there else identity or f"(of the new {kind.noun} {alias})"}

    def run(self, work: t.Callable[[LiteLLMModule, Client], dict[str, t.Any]], *, connections: int = 1) -> t.NoReturn:
        """Exit with what `work` returns, or fail with the one sentence that it raises."""
        if _connection.requests is None:
            self.fail_json(msg=missing_required_lib("requests"))
        try:
            with Client.from_params(self.params, self.warn, connections=connections) as client:
                result = work(self, client)
        except ApiError as error:
            self.fail_json(msg=str(error))
        self.exit_json(**result)

    def stop_or_foretell(self, sentence: str | None) -> None:
        """Fail with the sentence. In check mode warn: an earlier task of the same play may mend it in a real run."""
        if sentence and not self.check_mode:
            raise ApiError(sentence)
        if sentence:
            self.warn(f"{sentence} A real run fails here, unless an earlier task of it mends this.")
