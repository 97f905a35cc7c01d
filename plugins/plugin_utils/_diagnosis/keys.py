# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This plugin_util is private to the inference.gateway collection. It may change at any time.
"""Why a tenant's key is refused."""

from __future__ import annotations

from collections.abc import Iterator

from ansible_collections.inference.gateway.plugins.module_utils._model_names import not_served
from ansible_collections.inference.gateway.plugins.plugin_utils._diagnosis._seen import (
    Check,
    Finding,
    Seen,
    Thing,
    UnreadError,
    get,
    moment,
)

# What a key may be allowed that is no name of a model.
ALL = frozenset({"all-proxy-models", "all-team-models", "*"})


def key_of(seen: Seen) -> Thing | None:
    """What LiteLLM knows of the key that was asked for; None if none was."""
    told = seen.key
    if not told:
        return None
    if told.get("reason"):
        raise UnreadError(told["reason"])
    return told


def known(seen: Seen) -> Iterator[Finding]:
    told = key_of(seen)
    if told is None or told.get("found"):
        return
    yield Finding(
        f"LiteLLM does not know the key {told['what']}: it was deleted, replaced, or is of another gateway.",
        f"no key of LiteLLM has this {told['by']}",
        "deliver it anew: ansible-playbook inference.gateway.tenants (tenants_keys)",
    )


def holders(told: Thing) -> Iterator[tuple[str, Thing, str]]:
    """Whose limits count: what it is, what LiteLLM knows of it, and where that is changed."""
    yield f"key {told['what']}", told["found"], "litellm_key / tenants_keys"
    team = told.get("team") or {}
    # A budget of 0 is no limit to LiteLLM for a team, while it refuses a key that has it.
    yield (
        f"team {team.get('team_alias')}",
        {**team, "max_budget": team.get("max_budget") or None},
        ("litellm_team / tenants_teams"),
    )


def usable(seen: Seen) -> Iterator[Finding]:
    told = key_of(seen)
    if told is None or not told.get("found"):
        return
    for what, each, change in holders(told):
        if each.get("blocked"):
            yield Finding(f"The {what} is blocked.", "blocked is true", f"set blocked: false ({change})")
        if expired(each, seen.now):
            yield Finding(
                f"The {what} has expired.", f"expires {each['expires']}", f"give it a new duration ({change})"
            )
        spent, most = each.get("spend") or 0, each.get("max_budget")
        if most is not None and spent >= most:
            reset = f", starts anew at {each['budget_reset_at']}" if each.get("budget_reset_at") else ""
            yield Finding(
                f"The budget of the {what} is spent.",
                f"{spent:.6g} of {most:g} US dollars{reset}",
                f"raise max_budget, or wait for the next period ({change})",
            )
        for limit in ("rpm_limit", "tpm_limit", "max_parallel_requests"):
            if each.get(limit) == 0:
                yield Finding(f"The {what} may send nothing.", f"{limit} is 0", f"raise {limit} ({change})")


def expired(key: Thing, now: float) -> bool:
    expires = key.get("expires")
    try:
        return bool(expires) and moment(expires) <= now
    except (AttributeError, ValueError):
        raise UnreadError(f"LiteLLM says that the key expires at {expires}, which is no time") from None


def models(seen: Seen) -> Iterator[Finding]:
    told = key_of(seen)
    if told is None or not told.get("found") or not told.get("model"):
        return
    for what, each, change in holders(told):
        if not permits(told, each):
            yield Finding(
                f"The {what} may not use the model {told['model']}.",
                f"models: {', '.join(each['models'])}",
                f"add {told['model']} to its models ({change})",
            )


def permits(told: Thing, holder: Thing) -> bool:
    """Whether the model is among those of a key or of a team, as far as that can be told from outside."""
    allowed, served = set(holder.get("models") or []), set(told.get("served") or []) - ALL
    aliases = {**get(told, "team", "model_aliases", default={}), **get(told, "found", "aliases", default={})}
    model = aliases.get(told["model"], told["model"])
    if not allowed or ALL & allowed or told["model"] in allowed or not not_served([model], allowed):
        return True
    # What is no model is an access group, or an alias of the router: LiteLLM alone knows what is behind.
    return bool(holder.get("access_group_ids") or not_served(allowed | {model}, served))


def refusal(seen: Seen) -> Iterator[Finding]:
    """What LiteLLM says to the key itself, where its value is at hand."""
    told = key_of(seen)
    answer = (told or {}).get("answer")
    if answer and not answer.get("passed") and not any(usable(seen)) and not any(known(seen)):
        yield Finding(
            f"The key {told['what']} is refused.",
            f"/v1/models answers {answer.get('found')}",
            "401: not the value that LiteLLM knows; 403: routes or models; 429: wait for the minute to pass",
        )


CHECKS = (
    Check("The key is known", known),
    Check("The key is valid", usable),
    Check("The key may use the model", models),
    Check("The key is accepted", refusal),
)
