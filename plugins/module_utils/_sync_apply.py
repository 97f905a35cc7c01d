# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_util is private to the inference.gateway collection. It may change at any time.

"""A complete plan's way into LiteLLM: many objects at once, and each write read back."""

from __future__ import annotations

import itertools
import threading
import typing as t
from dataclasses import dataclass

from ansible_collections.inference.gateway.plugins.module_utils._client import PAGE_SIZE, ApiError, Client
from ansible_collections.inference.gateway.plugins.module_utils._declaration import Problem
from ansible_collections.inference.gateway.plugins.module_utils._kinds._table import Identity, Kind
from ansible_collections.inference.gateway.plugins.module_utils._kinds.all import SECTIONS, Section
from ansible_collections.inference.gateway.plugins.module_utils._kinds.key import KEY
from ansible_collections.inference.gateway.plugins.module_utils._reconcile import (
    Plan,
    Rows,
    find_by_id,
    listed,
    make_plan,
    not_kept,
    readings,
    writes,
)
from ansible_collections.inference.gateway.plugins.module_utils._rotation import Generations
from ansible_collections.inference.gateway.plugins.module_utils._secret import SecretError, take_back
from ansible_collections.inference.gateway.plugins.module_utils._sync_plan import Step

NOT_TRIED = "was not tried, for there was no answer to others"


@dataclass
class Attempt:
    """How far a step has come."""

    step: Step
    left: Plan  # what is still to be done
    delivered: bool = False
    trouble: ApiError | None = None  # what was answered to the last try
    unfinished: bool = False  # whether LiteLLM may yet do what some try has begun
    error: str | None = None  # why it has failed

    @property
    def refused(self) -> bool:
        """Whether the last answer leaves no doubt that nothing was done."""
        gone_already = self.left.action == "delete" and self.trouble and self.trouble.status in self.left.kind.gone
        return bool(self.trouble and not self.trouble.unfinished and not gone_already)


class Applier:
    """Carries steps out, kind after kind: what is referred to first, and what is deleted in the opposite order."""

    def __init__(self, client: Client, rows: t.Callable[[Kind], Rows]) -> None:
        self._client = client
        self._rows = rows  # what was there before
        self._stopped: ApiError | None = None  # why nothing more is tried: there was no answer any more
        self._asking = threading.Lock()
        self._lost: dict[tuple[str, Identity | None], Step] = {}  # what could not be created, by noun and identity
        self._held: dict[tuple[str, Identity | None], Step] = {}  # what something needs that could not change
        self.done: list[Step] = []
        self.failed: list[Problem] = []

    def apply(self, steps: t.Iterable[Step]) -> None:
        changing = [step for step in steps if step.action != "none"]
        for section in SECTIONS:
            self._settle(section, [step for step in changing if step.section is section and step.action != "delete"])
        for section in reversed(SECTIONS):
            self._settle(section, [step for step in changing if step.section is section and step.action == "delete"])

    def _settle(self, section: Section, steps: list[Step]) -> None:
        """Carry out the steps of one kind, and read the objects back.

        The second round is for answers that were lost on their way (the reading tells what has happened), and for what
        the server's own defaults put into new objects. What differs after that, LiteLLM does not keep.
        """
        attempts = [Attempt(step, step.plan, error=self._impossible(step)) for step in steps]
        waiting = [attempt for attempt in attempts if not attempt.error]
        for _round in range(2):
            self._client.each(self._try, waiting)
            waiting = self._verified(section.kind, waiting)
        for attempt in waiting:
            attempt.error = _sentence(attempt)
        self._client.each(self._tidy_up, [each for each in attempts if each.delivered or each.step.empties])
        for attempt in attempts:
            self._note(attempt)

    def _impossible(self, step: Step) -> str | None:
        """Why a step is not to be tried after what has happened before."""
        lost = next((self._lost[each] for each in step.references().items() if each in self._lost), None)
        if lost:
            return f"was not tried, for {_name(lost)} could not be created"
        held = self._held.get((step.kind.noun, step.identity)) if step.action == "delete" else None
        if held:
            return f"was not tried, for {_name(held)} refers to it and could not be changed"
        return NOT_TRIED if self._stopped else None

    def _try(self, attempt: Attempt) -> None:
        if self._stopped:
            attempt.error = str(attempt.trouble or NOT_TRIED)
            return
        step, attempt.trouble = attempt.step, None
        try:
            if step.replaces:
                self._succeed(attempt)
            self._deliver(attempt)
            for request in writes(attempt.left):
                self._client.send(*request)
        except SecretError as error:
            attempt.error = str(error)
            self._stopped = self._stopped or (error if error.unfinished else None)
        except ApiError as error:
            attempt.trouble = error
            attempt.unfinished = attempt.unfinished or error.unfinished
            if error.status is None or error.status >= 500:
                self._ask_whether_it_is_there(step.kind)

    def _deliver(self, attempt: Attempt) -> None:
        """Write the value of a key into its Secret, before there is a key that nobody knows."""
        delivery = attempt.step.delivery
        if delivery and delivery.secret and not attempt.delivered:
            delivery.secret.write(delivery.value)
            attempt.delivered = True

    def _succeed(self, attempt: Attempt) -> None:
        """Let another key take the place of the one that is there. No step of that leaves none that works."""
        goal, delivery, others = attempt.left.goal, attempt.step.delivery, self._rows(KEY).beside(attempt.step.alias)
        keys = Generations(self._client, goal.alias, attempt.step.replaces, others, check=False)
        if attempt.left.action == "create":
            keys.make(goal.options, delivery.value, delivery.secret, None)
            attempt.left, attempt.delivered = make_plan(goal, keys.current), delivery.secret is not None
        keys.settle(delivery.value, None)

    def _ask_whether_it_is_there(self, kind: Kind) -> None:
        """See whether an error was that of one request, or all others would have it as well."""
        with self._asking:
            if self._stopped is None:
                listing = kind.listing
                try:
                    self._client.get(listing.path, **listing.query, **({listing.size: 1} if listing.size else {}))
                except ApiError as error:
                    self._stopped = error

    def _verified(self, kind: Kind, attempts: list[Attempt]) -> list[Attempt]:
        """Those that are worth another try, after all were read back."""
        tried = [attempt for attempt in attempts if not attempt.error]
        for _reading in readings(kind):
            try:
                rows = self._read_back(kind, tried)
            except ApiError as error:
                self._stopped = self._stopped or error
                for attempt in tried:
                    attempt.error = str(attempt.trouble or f"was accepted, but could not be read back: {error}")
                return []
            undone = [attempt for attempt in tried if _is_undone(attempt, rows)]
            if all(attempt.refused for attempt in undone):
                break
        for attempt in undone:
            if attempt.refused:
                attempt.error = _sentence(attempt)
        return [attempt for attempt in undone if not attempt.error]

    def _read_back(self, kind: Kind, attempts: list[Attempt]) -> Rows:
        """What has become of the objects: one by one when they are few, or else all there are, by page."""
        steps = [attempt.step for attempt in attempts if attempt.step.plan.changed]
        identities = set().union(*(step.identities for step in steps))
        if not steps:
            return Rows(kind, ())
        if kind.within:
            parents = {step.plan.goal.within for step in steps}
            found = self._client.each(lambda parent: listed(self._client, kind, **{kind.within: parent}), parents)
            return Rows(kind, itertools.chain.from_iterable(found))
        single = (kind.id in kind.listing.filters or kind.listing.one) and None not in identities
        if single and len(identities) * PAGE_SIZE <= len(self._rows(kind).by_id):
            found = self._client.each(lambda identity: find_by_id(self._client, kind, identity), identities)
            return Rows(kind, filter(None, found))
        return Rows(kind, listed(self._client, kind))

    def _tidy_up(self, attempt: Attempt) -> None:
        """Leave no Secret with a key that does not exist."""
        step = attempt.step
        try:
            if attempt.error and step.delivery and step.delivery.new:
                secret, value = step.delivery.secret, step.delivery.value
                told = (
                    f"{secret} may hold a key that does not exist, which the next run mends."
                    if self._stopped
                    else take_back(self._client, secret, value, unfinished=attempt.unfinished)
                )
                attempt.error = f"{attempt.error.rstrip('.')}. {told}"
            elif step.empties and not attempt.error:
                step.empties.remove()
        except ApiError as error:
            attempt.error = str(error)

    def _note(self, attempt: Attempt) -> None:
        step = attempt.step
        if attempt.error is None:
            self.done.append(step)
            return
        self.failed.append(step.problem(attempt.error))
        if attempt.left.action == "create":
            self._lost[step.kind.noun, step.identity] = step
        for reference in step.held().items():
            self._held[reference] = step


def _is_undone(attempt: Attempt, rows: Rows) -> bool:
    """Whether an object is not as planned, whatever was answered. What is left to be done is noted."""
    step, goal = attempt.step, attempt.step.plan.goal
    if not step.plan.changed:
        return False
    there = rows.by_id.get(step.identity) if step.identity else next(iter(rows.named(goal)), None)
    attempt.left = make_plan(goal, there)
    return attempt.left.changed or bool(step.replaces and step.kind.identity(step.replaces) in rows.by_id)


def _sentence(attempt: Attempt) -> str:
    """Why an object is not as planned after all."""
    if attempt.trouble or attempt.left.changed:
        return str(attempt.trouble or not_kept(attempt.left))
    return f"LiteLLM answered that the old {_name(attempt.step)} was deleted, but still lists it: look into its log."


def _name(step: Step) -> str:
    return f"{step.kind.noun} '{step.alias}'"
