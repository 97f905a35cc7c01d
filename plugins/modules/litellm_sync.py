#!/usr/bin/python
# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: litellm_sync
short_description: Keep all objects of a LiteLLM proxy as one declaration says
version_added: 0.2.0
description:
  - Creates, changes and deletes thousands of objects of all kinds in one run. It reads everything by page, compares it
    with the declaration, and writes only what differs, many objects at the same time.
  - The whole declaration is looked through before anything is written. All that is wrong with it is reported at once.
  - When some objects cannot be written, the others are, and the module fails with the list of those that could not.
    Running it again goes on from there.
author:
  - inference.gateway contributors (@inference-gateway)
options:
  owner:
    description:
      - Name of this declaration. It is remembered in the metadata of each object.
      - An object that belongs to another declaration is not changed. Changing it is an error.
      - An object that belongs to none becomes part of this declaration.
    type: str
  take_over_from:
    description:
      - Names of other declarations whose objects may become part of this one, for a declaration that was renamed, or an
        object that moves.
    type: list
    elements: str
  prune:
    description:
      - Delete the objects that belong to O(owner) and are not declared any more. Only of the kinds that are given, so
        that an empty list deletes all of its kind that belong to O(owner).
      - LiteLLM has no place to note an owner for O(budgets), O(team_members) and O(customers), so that these are never
        deleted by this. An entry with C(state=absent) deletes them.
      - The Secret of a key that is deleted by this stays, because the declaration does not say any more where it is.
        An entry with C(state=absent) takes both away.
    type: bool
    default: false
  credentials:
    description:
      - The credentials. Each entry takes the options of M(inference.gateway.litellm_credential), besides those of the
        connection.
    type: list
    elements: dict
  models:
    description:
      - The models. Each entry takes the options of M(inference.gateway.litellm_model), besides those of the connection.
      - Several entries may have one C(model_name), each with a C(model_id) of its own.
      - The names and access groups of the models that are declared may be used in the other entries.
    type: list
    elements: dict
  budgets:
    description:
      - The budgets. Each entry takes the options of M(inference.gateway.litellm_budget), besides those of the
        connection.
    type: list
    elements: dict
  organizations:
    description:
      - The organizations. Each entry takes the options of M(inference.gateway.litellm_organization), besides those of
        the connection.
    type: list
    elements: dict
  teams:
    description:
      - The teams. Each entry takes the options of M(inference.gateway.litellm_team), besides those of the connection.
      - C(organization_alias) may be that of an organization of the same declaration, or of any other in LiteLLM.
      - A team is deleted after the keys that are deleted in the same run.
    type: list
    elements: dict
  users:
    description:
      - The users. Each entry takes the options of M(inference.gateway.litellm_user), besides those of the connection.
    type: list
    elements: dict
  team_members:
    description:
      - The members of teams. Each entry takes the options of M(inference.gateway.litellm_team_member), besides those of
        the connection.
      - C(team_alias) may be that of a team of the same declaration, or of any other in LiteLLM.
      - LiteLLM tells of the members of one team at a time, so that reading them takes one request for each of its
        teams.
    type: list
    elements: dict
  keys:
    description:
      - The keys. Each entry takes the options of M(inference.gateway.litellm_key), besides those of the connection,
        and of the cluster, which are the same for all.
      - C(team_alias), C(user_id) and C(budget_id) may be those of the same declaration, or of any other in LiteLLM.
      - There is no C(rotation) here, nor C(token). M(inference.gateway.litellm_key) rotates and renames keys. The older
        generations of a key stay until that deletes them, or the key itself is deleted.
    type: list
    elements: dict
  customers:
    description:
      - The customers. Each entry takes the options of M(inference.gateway.litellm_customer), besides those of the
        connection.
      - C(budget_id) may be that of a budget of the same declaration, or of any other in LiteLLM.
    type: list
    elements: dict
  parallel:
    description:
      - How many objects are read and written at the same time, each over a connection of its own.
    type: int
    default: 8
  kubeconfig:
    description:
      - Path to the kubeconfig, or the dictionary that is in it, of the cluster that the Secrets of the keys are in.
      - When it is not given, the environment variable E(K8S_AUTH_KUBECONFIG) is used, then the cluster that this runs
        in, then E(KUBECONFIG), then C(~/.kube/config). The other C(K8S_AUTH_) variables of C(kubernetes.core) work too.
      - Whoever runs this must be allowed to list Secrets in the namespaces, too.
    type: raw
  context:
    description:
      - Context in the kubeconfig.
      - When it is not given, the environment variable E(K8S_AUTH_CONTEXT) is used.
    type: str
notes:
  - In an entry, C(null) and an option that is not given differ as they do in the kind's own module, and so do the Jinja
    filter C(default(omit)) and C(default(none)).
  - The options of an entry that do not exist are never shown, in case one of them is a misspelt secret.
  - Kinds that are not given are not read, apart from those that entries refer to, and those that may need something
    that is to be deleted.
requirements:
  - kubernetes, for keys with C(secret)
seealso:
  - module: inference.gateway.litellm_export
  - module: inference.gateway.litellm_credential
  - module: inference.gateway.litellm_model
  - module: inference.gateway.litellm_budget
  - module: inference.gateway.litellm_organization
  - module: inference.gateway.litellm_team
  - module: inference.gateway.litellm_user
  - module: inference.gateway.litellm_team_member
  - module: inference.gateway.litellm_key
  - module: inference.gateway.litellm_customer
extends_documentation_fragment:
  - inference.gateway._litellm
  - inference.gateway._litellm.managed
"""

EXAMPLES = r"""
- name: Keep the tenants of the platform
  inference.gateway.litellm_sync:
    api_base: https://llm.example.com
    api_key: "{{ litellm_master_key }}"
    owner: platform
    prune: true
    teams:
      - team_alias: search
        models: [chat-small, chat-large]
        max_budget: 250
        budget_duration: 30d
      - team_alias: retired
        state: absent
        force: true
    keys:
      - key_alias: search-backend
        team_alias: search
        rpm_limit: 120
        secret:
          name: search-backend-llm
          namespace: search
      - key_alias: search-batch
        team_alias: search
        key: "{{ vaulted_batch_key }}"

- name: Keep models, who may use them, and what they may spend
  inference.gateway.litellm_sync:
    api_base: https://llm.example.com
    api_key: "{{ litellm_master_key }}"
    owner: platform
    credentials:
      - credential_name: openai
        credential_values:
          api_key: "{{ openai_api_key }}"
    models:
      - model_name: chat-large
        litellm_params:
          model: openai/gpt-4.1
          litellm_credential_name: openai
    budgets:
      - budget_id: trial
        max_budget: 5
    teams:
      - team_alias: search
        models: [chat-large]
    users:
      - user_id: alice
        user_email: alice@example.com
    team_members:
      - team_alias: search
        user_id: alice
        max_budget_in_team: 20
    customers:
      - user_id: shop-4711
        budget_id: trial

- name: See what a thousand keys of a file would change
  inference.gateway.litellm_sync:
    api_base: https://llm.example.com
    api_key: "{{ litellm_master_key }}"
    owner: platform
    keys: "{{ lookup('ansible.builtin.file', 'keys.json') | from_json }}"
  check_mode: true
  diff: true
"""

RETURN = r"""
plan:
  description:
    - What was changed, or would be in check mode, one entry for each object that differs from the declaration.
    - Also what could not be changed, when the module fails. See RV(errors).
  returned: always, unless LiteLLM could not be read
  type: list
  elements: dict
  contains:
    kind:
      description: Kind of the object.
      type: str
      returned: always
      sample: key
    name:
      description: Alias of the object. After that of a member comes the team, as in V(alice in search).
      type: str
      returned: always
      sample: search-backend
    action:
      description: What is done, one of V(create), V(update) and V(delete).
      type: str
      returned: always
      sample: update
    before:
      description: The options that change, as they were.
      type: dict
      returned: always
      sample:
        rpm_limit: 60
    after:
      description: The options that change, as they are to be.
      type: dict
      returned: always
      sample:
        rpm_limit: 120
summary:
  description: How many objects were dealt with in which way, or would be in check mode.
  returned: always, unless LiteLLM could not be read
  type: dict
  contains:
    created:
      description: Objects that are new.
      type: int
      returned: always
      sample: 40
    updated:
      description: Objects that were changed.
      type: int
      returned: always
      sample: 2
    deleted:
      description: Objects that are gone.
      type: int
      returned: always
      sample: 1
    unchanged:
      description: Declared objects that were already as declared.
      type: int
      returned: always
      sample: 957
    failed:
      description: Objects that could not be changed.
      type: int
      returned: always
      sample: 0
errors:
  description:
    - What went wrong, one entry for each object. Empty when all is well.
    - In check mode, also what a real run would fail with, unless an earlier task of it mends that.
  returned: always
  type: list
  elements: dict
  contains:
    kind:
      description: Kind of the object.
      type: str
      returned: always
      sample: key
    name:
      description: Alias of the object.
      type: str
      returned: always
      sample: search-app
    error:
      description: What went wrong, where, and what to do about it.
      type: str
      returned: always
      sample: "keys[17] ('search-app'): unknown option rpm_limt, perhaps rpm_limit is meant"
"""

import typing as t
from collections import Counter

from ansible_collections.inference.gateway.plugins.module_utils import _kubeconfig
from ansible_collections.inference.gateway.plugins.module_utils._client import ApiError, Client
from ansible_collections.inference.gateway.plugins.module_utils._declaration import (
    Entry,
    Problem,
    read_entries,
    shown,
)
from ansible_collections.inference.gateway.plugins.module_utils._kinds._table import no_name
from ansible_collections.inference.gateway.plugins.module_utils._kinds.all import SECTIONS
from ansible_collections.inference.gateway.plugins.module_utils._module import LiteLLMModule
from ansible_collections.inference.gateway.plugins.module_utils._reconcile import Live, served_models
from ansible_collections.inference.gateway.plugins.module_utils._secret import (
    Cluster,
    KeySecret,
    Secret,
    read_secrets,
)
from ansible_collections.inference.gateway.plugins.module_utils._sync_apply import Applier
from ansible_collections.inference.gateway.plugins.module_utils._sync_plan import Planner

TOLD_AT_ONCE = 5  # errors in one sentence; all of them are in `errors`
DONE = {"create": "created", "update": "updated", "delete": "deleted"}


class SyncModule(LiteLLMModule):
    """A module that keeps the declaration as it was given in `lists`, and shows what may be shown of it."""

    def _load_params(self) -> None:
        super()._load_params()
        self.lists = {each.name: self.params[each.name] for each in SECTIONS if self.params.get(each.name) is not None}
        # Ansible looks for each secret in each text that it prints, which takes minutes where both are thousands: so it
        # never gets to know those of the declaration.
        self.params = shown(self.params)


def sync(module: SyncModule, client: Client) -> dict[str, t.Any]:
    owner = module.params["owner"]
    if owner is not None and no_name(owner):
        raise ApiError(f"owner is {owner!r}, {no_name(owner)}.")
    entries, problems = read_entries(module.lists)
    if problems:
        fail(module, problems)
    live = Live(client)
    planner = make_plans(module, client, live, entries)
    steps = [step for step in planner.steps if step.action != "none"]
    changes = [planner.shown(step) for step in steps]
    result = {"changed": bool(steps), "plan": changes, "errors": as_errors(planner.doubts)}
    if module._diff:
        result["diff"] = [difference(change) for change in changes]
    unchanged = len(planner.steps) - len(steps)
    if module.check_mode:
        return result | {"summary": summary([step.action for step in steps], unchanged)}
    applier = Applier(client, live)
    applier.apply(steps)
    result |= {
        "changed": bool(applier.done),
        "summary": summary([step.action for step in applier.done], unchanged, len(applier.failed)),
    }
    if applier.failed:
        fail(module, applier.failed, f"{len(applier.failed)} of {len(steps)} changes failed.", **result)
    return result


def make_plans(module: SyncModule, client: Client, live: Live, entries: list[Entry]) -> Planner:
    """The complete plan. What it cannot be is an error before anything is written."""
    params = module.params
    places = {place(entry) for entry in entries if entry.params.get("secret")}
    secrets = read_secrets(Cluster(params["kubeconfig"], params["context"]), places, client.each)

    def secret_of(entry: Entry) -> KeySecret | None:
        where = entry.params.get("secret")
        return KeySecret(where, secrets[place(entry)]) if where else None

    planner = Planner(live, secret_of, params["owner"], params["take_over_from"] or ())
    for section in SECTIONS:
        if section.name in module.lists:
            planner.declared(section, [entry for entry in entries if entry.section is section])
            if params["prune"]:
                planner.prune(section)
    planner.finish(lambda: served_models(client), client.too_old)
    planner.doubts += nowhere(entries, secrets, client)
    if not module.check_mode:
        planner.problems += planner.doubts
    elif planner.doubts:
        module.warn(f"{told(planner.doubts)} A real run fails here, unless an earlier task of it mends this.")
    if planner.problems:
        fail(module, planner.problems)
    return planner


def nowhere(entries: list[Entry], secrets: dict[tuple[str, str], Secret], client: Client) -> list[Problem]:
    """What is wrong with namespaces that Secrets are to be made in, once for each of them."""
    known = {secret.namespace for secret in secrets.values() if secret.there}
    first: dict[str, Entry] = {}
    for entry in entries:
        if entry.params.get("secret") and entry.params["state"] == "present" and place(entry)[0] not in known:
            first.setdefault(place(entry)[0], entry)
    told = client.each(lambda entry: secrets[place(entry)].nowhere, first.values())
    return [entry.problem(sentence) for entry, sentence in zip(first.values(), told, strict=True) if sentence]


def place(entry: Entry) -> tuple[str, str]:
    return entry.params["secret"]["namespace"], entry.params["secret"]["name"]


def difference(change: dict[str, t.Any]) -> dict[str, t.Any]:
    header = f"{change['kind']} {change['name']}"
    return {"before_header": header, "after_header": header, "before": change["before"], "after": change["after"]}


def summary(actions: list[str], unchanged: int, failed: int = 0) -> dict[str, int]:
    counted = Counter(actions)
    return {DONE[action]: counted[action] for action in DONE} | {"unchanged": unchanged, "failed": failed}


def as_errors(problems: list[Problem]) -> list[dict[str, str]]:
    return [problem._asdict() for problem in problems]


def told(problems: list[Problem]) -> str:
    """The first of the problems in one line."""
    rest = len(problems) - TOLD_AT_ONCE
    first = " ".join(f"{problem.error}." for problem in problems[:TOLD_AT_ONCE])
    return f"{first} And {rest} more, which errors lists." if rest > 0 else first


def fail(
    module: SyncModule, problems: list[Problem], lead: str = "Nothing was changed.", **result: t.Any
) -> t.NoReturn:
    module.fail_json(msg=f"{lead} {told(problems)}", **result | {"errors": as_errors(problems)})


def main() -> None:
    module = SyncModule(
        _kubeconfig.ARGUMENT_SPEC
        | {
            "owner": {"type": "str"},
            "take_over_from": {"type": "list", "elements": "str"},
            "prune": {"type": "bool", "default": False},
            "parallel": {"type": "int", "default": 8},
        }
        | {section.name: {"type": "list", "elements": "dict", "no_log": False} for section in SECTIONS},
        required_if=[("prune", True, ["owner"])],
        required_by={"take_over_from": "owner"},
        secrets=_kubeconfig.secret_texts,
        # The system's log is not the place for thousands of entries.
        no_log=True,
    )
    module.run(sync, connections=module.params["parallel"])


if __name__ == "__main__":
    main()
