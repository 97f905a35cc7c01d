# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One key takes the place of another. Whatever happens on the way, the Secret holds a key that works."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import requests
from conftest import Run
from kubernetes_stand_in import KubernetesStandIn
from litellm_stand_in import Fault, LiteLLMStandIn, digest

from ansible_collections.inference.gateway.plugins.module_utils._secret import Cluster, KeySecret, SecretError

SECRET = {"name": "backend-llm", "namespace": "apps"}
OURS = {"app.kubernetes.io/managed-by": "inference.gateway"}
FIRST, SECOND = {"generation": "1"}, {"generation": "2"}
KEPT: dict[str, Any] = {
    "models": ["chat-small"],
    "rpm_limit": 60,
    "max_budget": 5,
    "soft_budget": 4,
    "duration": "90d",
    "blocked": False,
    "model_rpm_limit": {"chat-small": 3},
    "metadata": {"owner": "search"},
}


@pytest.fixture
def rotate(run: Run, kubernetes: KubernetesStandIn) -> Run:
    def run_module(**options: Any) -> dict[str, Any]:
        defaults = {"key_alias": "backend", "secret": SECRET, "kubeconfig": kubernetes.kubeconfig}
        return run("litellm_key", **defaults | options)

    return run_module


def held(litellm: LiteLLMStandIn, kubernetes: KubernetesStandIn) -> dict[str, Any]:
    """The key that the Secret holds, which must be one that works."""
    key = litellm.keys[digest(kubernetes.value("backend-llm"))]
    assert not key["blocked"]
    assert key["expires"] is None or datetime.fromisoformat(key["expires"]) > datetime.now(UTC)
    return key


def names(litellm: LiteLLMStandIn) -> list[str]:
    return sorted(key["key_alias"] for key in litellm.keys.values())


def beside(token: str) -> str:
    return f"backend@{token[:8]}"


def made(litellm: LiteLLMStandIn, **ago: float) -> None:
    litellm.key("backend")["created_at"] = (datetime.now(UTC) - timedelta(**ago)).isoformat()


def left(key: dict[str, Any]) -> timedelta:
    return datetime.fromisoformat(key["expires"]) - datetime.now(UTC)


def test_a_rotation(litellm: LiteLLMStandIn, kubernetes: KubernetesStandIn, rotate: Run, run: Run) -> None:
    team_id = litellm.add_team(team_alias="search")
    rotate(team_alias="search", rotation=FIRST, **KEPT)
    old_value, old = kubernetes.value("backend-llm"), held(litellm, kubernetes)
    old["spend"] = 1.25
    old["project_id"], old["config"] = "search-2027", {"old": True}
    old["metadata"]["logging"] = [{"callback_name": "langfuse"}]
    writes = len(litellm.written)

    foretold = rotate(check=True, rotation=SECOND, rpm_limit=30)
    assert len(litellm.written) == writes
    assert kubernetes.value("backend-llm") == old_value
    rotated = rotate(rotation=SECOND, rpm_limit=30)
    assert foretold["diff"] == rotated["diff"]
    assert rotated["diff"] == {
        "before": {
            "rpm_limit": 60,
            "generation": "1",
            "generations": [],
            "value": f"of {old['created_at']}",
            "secret": "holds another value",
        },
        "after": {
            "rpm_limit": 30,
            "generation": "2",
            "generations": [beside(old["token"])],
            "value": "new",
            "secret": "holds the key",
        },
    }

    new = held(litellm, kubernetes)
    assert new["token"] != old["token"]
    assert new["key_alias"] == "backend"
    assert {name: rotated["key"][name] for name in KEPT} == KEPT | {"rpm_limit": 30}
    assert (new["team_id"], new["project_id"]) == (team_id, "search-2027")
    assert (new["spend"], new["config"]) == (1.25, {"old": True})
    assert new["metadata"]["logging"] == [{"callback_name": "langfuse"}]
    assert left(new) > timedelta(days=89)
    # Each has a soft budget of its own.
    assert new["budget_id"] != litellm.keys[old["token"]]["budget_id"]

    former = litellm.keys[old["token"]]
    assert former["key_alias"] == beside(old["token"])
    assert timedelta(hours=23) < left(former) <= timedelta(hours=24)
    assert not former["blocked"]

    assert not rotate(rotation=SECOND, rpm_limit=30)["changed"]
    shown = {key["key_alias"]: key for key in run("litellm_key_info", key_alias="backend")["keys"]}
    assert list(shown) == ["backend", beside(old["token"])]
    assert (shown["backend"]["formerly"], shown[beside(old["token"])]["formerly"]) == (None, "backend")
    assert old_value not in run.printed  # type: ignore[attr-defined]
    assert kubernetes.value("backend-llm") not in run.printed  # type: ignore[attr-defined]


# When


@pytest.mark.parametrize(
    ("first", "then", "rotated"),
    [
        (None, {"generation": "1"}, True),  # the first time that one is asked for
        ({"generation": "1"}, {"generation": 1}, False),
        ({"generation": "1"}, {}, False),
        ({"generation": "1"}, {"generation": "2"}, True),
        ({"generation": "2"}, {"generation": "1"}, True),
        ({"generation": "1"}, {"generation": ""}, False),
        ({"generation": ""}, {"generation": ""}, False),
        ({"generation": "1"}, None, False),
    ],
)
def test_by_generation(litellm: LiteLLMStandIn, rotate: Run, first: Any, then: Any, rotated: bool) -> None:
    rotate(rotation=first)
    for check in (True, False):
        assert rotate(rotation=then, check=check)["changed"] == rotated
    assert len(litellm.keys) == 1 + rotated
    assert not rotate(rotation=then)["changed"]


@pytest.mark.parametrize(
    ("every", "age", "rotated"),
    [
        ("90d", {"days": 89.9}, False),
        ("90d", {"days": 90.1}, True),
        ("3mo", {"days": 90.1}, True),
        ("12h", {"hours": 11}, False),
        ("12h", {"hours": 13}, True),
        ("1w", {"days": 8}, True),
        ("9999999999d", {"days": 4000}, False),  # longer than time is counted
        (None, {"days": 4000}, False),
    ],
)
def test_by_age(litellm: LiteLLMStandIn, rotate: Run, every: str | None, age: dict[str, float], rotated: bool) -> None:
    rotate()
    made(litellm, **age)
    for check in (True, False):
        assert rotate(rotation={"every": every}, check=check)["changed"] == rotated
    assert len(litellm.keys) == 1 + rotated
    assert not rotate(rotation={"every": every})["changed"]


def test_a_key_of_unknown_age_is_old(litellm: LiteLLMStandIn, rotate: Run) -> None:
    rotate()
    litellm.key("backend")["created_at"] = None
    assert rotate(rotation={"every": "90d"})["changed"]
    assert not rotate(rotation={"every": "90d"})["changed"]


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"rotation": {"every": "monthly"}}, "rotation.every is 'monthly', give a number and a unit"),
        ({"rotation": {"grace": "-1h"}}, "rotation.grace is '-1h', give a number and a unit"),
        ({"rotation": FIRST, "secret": None}, "missing parameter(s) required by 'rotation': secret"),
        ({"rotation": FIRST, "key": "sk-given-0vB3nM5kJ7hG"}, "mutually exclusive: key|rotation"),
        ({"rotation": FIRST, "token": "f00"}, "mutually exclusive: token|rotation"),
    ],
)
def test_what_cannot_be_asked_for(litellm: LiteLLMStandIn, rotate: Run, options: Any, sentence: str) -> None:
    result = rotate(**options)
    assert result["failed"]
    assert sentence in result["msg"]
    assert not litellm.requests


# The old key


@pytest.mark.parametrize("grace", [None, ""])
def test_without_a_grace_the_old_key_goes_at_once(
    litellm: LiteLLMStandIn, kubernetes: KubernetesStandIn, rotate: Run, grace: str | None
) -> None:
    rotate(rotation=FIRST)
    old = held(litellm, kubernetes)
    foretold = rotate(rotation=SECOND | {"grace": grace}, check=True)
    rotated = rotate(rotation=SECOND | {"grace": grace})
    assert foretold["diff"] == rotated["diff"]
    assert "generations" not in rotated["diff"]["after"]
    assert held(litellm, kubernetes)["key_alias"] == "backend"
    assert names(litellm) == ["backend"]
    assert litellm.deleted_keys[old["token"]]["blocked"]


def test_an_old_key_goes_away_when_it_has_expired(
    litellm: LiteLLMStandIn, kubernetes: KubernetesStandIn, rotate: Run
) -> None:
    rotate(rotation=FIRST)
    old = held(litellm, kubernetes)["token"]
    rotate(rotation=SECOND)
    assert not rotate()["changed"]
    litellm.keys[old]["expires"] = (datetime.now(UTC) - timedelta(seconds=1)).isoformat()
    for check in (True, False):
        cleared = rotate(check=check)
        assert cleared["diff"] == {"before": {"generations": [beside(old)]}, "after": {"generations": []}}
    assert names(litellm) == ["backend"]
    assert not rotate()["changed"]


def test_the_grace_prolongs_nothing(litellm: LiteLLMStandIn, kubernetes: KubernetesStandIn, rotate: Run) -> None:
    rotate(rotation=FIRST, duration="2h")
    old = held(litellm, kubernetes)
    rotate(rotation=SECOND)
    assert litellm.keys[old["token"]]["expires"] == old["expires"]
    assert left(held(litellm, kubernetes)) > timedelta(minutes=119)


def test_an_expired_key_is_replaced_and_not_kept(
    litellm: LiteLLMStandIn, kubernetes: KubernetesStandIn, rotate: Run
) -> None:
    rotate(rotation=FIRST, duration="2h")
    litellm.key("backend")["expires"] = "2026-01-01T00:00:00Z"
    assert rotate(rotation=SECOND)["changed"]
    assert names(litellm) == ["backend"]
    assert held(litellm, kubernetes)["key_alias"] == "backend"


def test_an_expiry_that_was_set_elsewhere_is_kept(
    litellm: LiteLLMStandIn, kubernetes: KubernetesStandIn, rotate: Run
) -> None:
    rotate()
    litellm.key("backend")["expires"] = (datetime.now(UTC) + timedelta(days=3)).isoformat()
    rotate(rotation=SECOND)
    assert timedelta(days=2.9) < left(held(litellm, kubernetes)) < timedelta(days=3.1)
    litellm.key("backend")["expires"] = "2026-01-01T00:00:00Z"
    writes = len(litellm.written)
    assert rotate(rotation=FIRST)["msg"] == (
        "Key 'backend' has expired: say in duration how long its successor is valid."
    )
    assert len(litellm.written) == writes
    assert rotate(rotation=FIRST, duration=None)["key"]["expires"] is None


def test_a_blocked_key_has_a_blocked_successor(litellm: LiteLLMStandIn, rotate: Run) -> None:
    rotate(blocked=True)
    assert rotate(rotation=FIRST)["key"]["blocked"]


def test_what_only_a_licence_allows_is_kept_without_one(litellm: LiteLLMStandIn, rotate: Run) -> None:
    rotate(metadata={"tags": ["batch"]})
    assert rotate(rotation=FIRST)["key"]["tags"] == ["batch"]
    assert rotate(rotation=SECOND, tags=[])["key"]["tags"] == []
    assert rotate(rotation=FIRST, metadata={"tags": ["other"], "a": 1})["key"]["tags"] == ["other"]


def test_several_old_keys_at_once(litellm: LiteLLMStandIn, kubernetes: KubernetesStandIn, rotate: Run) -> None:
    tokens = []
    for generation in ("1", "2", "3"):
        rotate(rotation={"generation": generation})
        tokens.append(held(litellm, kubernetes)["token"])
    assert names(litellm) == sorted(["backend", beside(tokens[0]), beside(tokens[1])])
    gone = rotate(state="absent")
    assert gone["diff"]["before"]["generations"] == sorted([beside(tokens[0]), beside(tokens[1])])
    assert gone["diff"]["after"] == {"generations": [], "secret": "does not hold the key"}
    assert not litellm.keys
    assert not kubernetes.secrets
    assert all(key["blocked"] for key in litellm.deleted_keys.values())
    assert not rotate(state="absent")["changed"]


def test_a_key_of_a_like_name_is_none_of_its_generations(litellm: LiteLLMStandIn, rotate: Run, run: Run) -> None:
    for alias in ("backend@home", "my-backend@12345678", "backend-eu"):
        litellm.add_key(f"sk-{alias}", key_alias=alias)
    rotate(rotation=FIRST)
    assert [key["key_alias"] for key in run("litellm_key_info", key_alias="backend")["keys"]] == ["backend"]
    rotate(state="absent")
    assert names(litellm) == ["backend-eu", "backend@home", "my-backend@12345678"]


# The value


def test_recreate_leaves_the_old_value_the_grace(
    litellm: LiteLLMStandIn, kubernetes: KubernetesStandIn, rotate: Run
) -> None:
    rotate(rotation=FIRST)
    old = held(litellm, kubernetes)["token"]
    kubernetes.secrets.clear()
    assert "its value is lost" in rotate(rotation=FIRST)["msg"]
    assert rotate(rotation=FIRST | {"grace": "1h"}, recreate=True)["changed"]
    assert held(litellm, kubernetes)["key_alias"] == "backend"
    assert left(litellm.keys[old]) <= timedelta(hours=1)


def test_a_lost_value_is_no_hindrance_to_a_rotation(
    litellm: LiteLLMStandIn, kubernetes: KubernetesStandIn, rotate: Run
) -> None:
    rotate(rotation=FIRST)
    kubernetes.secrets.clear()
    assert rotate(rotation=SECOND)["changed"]
    assert held(litellm, kubernetes)["key_alias"] == "backend"
    assert len(litellm.keys) == 2


def test_a_secret_with_an_old_value_has_lost_the_new_one(
    litellm: LiteLLMStandIn, kubernetes: KubernetesStandIn, rotate: Run
) -> None:
    rotate(rotation=FIRST)
    old = kubernetes.value("backend-llm")
    rotate(rotation=SECOND)
    kubernetes.add_secret("backend-llm", OURS, **{"api-key": old})
    assert "its value is lost, Secret apps/backend-llm does not hold it" in rotate(rotation=SECOND)["msg"]
    assert rotate(rotation=SECOND, recreate=True)["changed"]
    assert held(litellm, kubernetes)["key_alias"] == "backend"


# Trouble


class KilledError(BaseException):
    """Stands for the end of a run's process."""


# How many requests a rotation has, to LiteLLM and to Kubernetes. At each of them, everything goes wrong.
REQUESTS = range(1, 14)
Make = Callable[[], Any]


@contextmanager
def interrupted(decide: Callable[[int, Make, Exception], Any]) -> Iterator[None]:
    """Have a function decide about each request of a module: its number, what makes it, and how it fails."""
    numbers = itertools.count(1)
    with pytest.MonkeyPatch.context() as patch:
        for owner, name, trouble in (
            (requests.Session, "request", requests.ConnectionError("broken off")),
            (Cluster, "ask", SecretError("Cannot reach the Secret: the Kubernetes API does not answer.")),
        ):
            original = getattr(owner, name)

            def deciding(*given: Any, original: Any = original, trouble: Any = trouble, **named: Any) -> Any:
                return decide(next(numbers), lambda: original(*given, **named), trouble)

            patch.setattr(owner, name, deciding)
        yield


def settled(
    litellm: LiteLLMStandIn, kubernetes: KubernetesStandIn, rotate: Run, others: list[str], **options: Any
) -> None:
    """The next run brings all to its end, as it foretells, and the one after it changes nothing."""
    foretold = rotate(check=True, **options)
    done = rotate(**options)
    assert "failed" not in done, done
    assert foretold["diff"] == done["diff"]
    new = held(litellm, kubernetes)
    assert new["key_alias"] == "backend"
    assert new["metadata"] == {"inference_gateway_generation": "2"}
    assert names(litellm) == sorted(["backend", *others])
    assert not rotate(**options)["changed"]


def test_all_requests_of_a_rotation_are_tried(rotate: Run) -> None:
    rotate(rotation=FIRST)
    counted: list[int] = []
    with interrupted(lambda number, make, _trouble: [counted.append(number), make()][1]):
        rotate(rotation=SECOND)
    assert counted == list(REQUESTS)


@pytest.mark.parametrize("number", REQUESTS)
@pytest.mark.parametrize("done", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("grace", ["24h", None])
def test_a_rotation_that_dies_is_finished_by_the_next_run(
    litellm: LiteLLMStandIn, kubernetes: KubernetesStandIn, rotate: Run, number: int, done: bool, grace: str | None
) -> None:
    def die(count: int, make: Make, _trouble: Exception) -> Any:
        if count != number:
            return make()
        if done:
            make()
        raise KilledError

    rotate(rotation=FIRST)
    old, rotation = held(litellm, kubernetes)["token"], SECOND | {"grace": grace}
    with interrupted(die), pytest.raises(KilledError):
        rotate(rotation=rotation)
    held(litellm, kubernetes)
    settled(litellm, kubernetes, rotate, [beside(old)] if grace else [], rotation=rotation)


@pytest.mark.parametrize("number", REQUESTS)
@pytest.mark.parametrize("done", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("lasting", [False, True], ids=["once", "from then on"])
def test_a_rotation_that_fails_is_finished_by_the_next_run(
    litellm: LiteLLMStandIn, kubernetes: KubernetesStandIn, rotate: Run, number: int, done: bool, lasting: bool
) -> None:
    def fail(count: int, make: Make, trouble: Exception) -> Any:
        if count < number or (count > number and not lasting):
            return make()
        if done and count == number:
            make()
        raise trouble

    rotate(rotation=FIRST)
    old = held(litellm, kubernetes)["token"]
    with interrupted(fail):
        result = rotate(rotation=SECOND)
    held(litellm, kubernetes)
    if "failed" in result:
        assert "\n" not in result["msg"]
        assert ".." not in result["msg"]
    settled(litellm, kubernetes, rotate, [beside(old)], rotation=SECOND)


@pytest.mark.parametrize("number", REQUESTS)
def test_two_rotations_at_the_same_time(
    litellm: LiteLLMStandIn, kubernetes: KubernetesStandIn, rotate: Run, number: int
) -> None:
    """The whole of one takes place before a request of the other."""
    quicker: list[dict[str, Any]] = []

    def interfere(count: int, make: Make, _trouble: Exception) -> Any:
        if count == number and not quicker:
            quicker.append({})
            quicker.append(rotate(rotation=SECOND))
        return make()

    rotate(rotation=FIRST)
    old = held(litellm, kubernetes)["token"]
    with interrupted(interfere):
        slower = rotate(rotation=SECOND)
    assert "failed" not in quicker[1]
    assert "failed" not in slower or "\n" not in slower["msg"]
    settled(litellm, kubernetes, rotate, [beside(old)], rotation=SECOND)


def test_a_successor_that_another_run_has_deleted_is_not_delivered(
    litellm: LiteLLMStandIn, kubernetes: KubernetesStandIn, rotate: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    rotate(rotation=FIRST)
    old, write = held(litellm, kubernetes)["token"], KeySecret.write

    def too_late(secret: KeySecret, value: str) -> None:
        del litellm.keys[digest(value)]
        write(secret, value)

    with monkeypatch.context() as patch:
        patch.setattr(KeySecret, "write", too_late)
        assert rotate(rotation=SECOND)["msg"] == (
            "Another run makes a successor of key 'backend' at the same time. Key 'backend' is as it was before."
        )
    assert held(litellm, kubernetes)["token"] == old
    settled(litellm, kubernetes, rotate, [beside(old)], rotation=SECOND)


@pytest.mark.parametrize("number", REQUESTS)
@pytest.mark.parametrize("done", [False, True], ids=["before", "after"])
def test_nothing_is_left_of_a_rotation_that_is_wanted_no_more(
    litellm: LiteLLMStandIn, kubernetes: KubernetesStandIn, rotate: Run, number: int, done: bool
) -> None:
    def die(count: int, make: Make, _trouble: Exception) -> Any:
        if count != number:
            return make()
        if done:
            make()
        raise KilledError

    rotate(rotation=FIRST)
    with interrupted(die), pytest.raises(KilledError):
        rotate(rotation=SECOND)
    assert "failed" not in rotate()
    key = held(litellm, kubernetes)
    assert key["key_alias"] == "backend"
    assert all(left(other) > timedelta() for other in litellm.keys.values() if other is not key)
    assert not rotate()["changed"]
    assert rotate(state="absent")["changed"]
    assert not litellm.keys
    assert not kubernetes.secrets


@pytest.mark.parametrize(
    ("path", "sentence"),
    [
        ("/key/generate", "was refused (400): not today. Key 'backend' is as it was before."),
        ("/key/update", "was refused (400): not today. The next run finishes the rotation."),
    ],
)
def test_what_litellm_refuses_is_said(
    litellm: LiteLLMStandIn, kubernetes: KubernetesStandIn, rotate: Run, path: str, sentence: str
) -> None:
    rotate(rotation=FIRST)
    old = held(litellm, kubernetes)["token"]
    litellm.faults = [Fault("POST", path, status=400, body=b'{"error": {"message": "not today"}}')]
    assert rotate(rotation=SECOND)["msg"].endswith(sentence)
    held(litellm, kubernetes)
    settled(litellm, kubernetes, rotate, [beside(old)], rotation=SECOND)


def test_a_secret_that_cannot_be_written(litellm: LiteLLMStandIn, kubernetes: KubernetesStandIn, rotate: Run) -> None:
    rotate(rotation=FIRST)
    old = held(litellm, kubernetes)["token"]
    kubernetes.forbidden = {"PATCH"}
    result = rotate(rotation=SECOND)
    assert result["msg"].startswith("Cannot change Secret apps/backend-llm (403)")
    assert result["msg"].endswith("Key 'backend' is as it was before.")
    assert list(litellm.keys) == [old]
    kubernetes.forbidden = set()
    settled(litellm, kubernetes, rotate, [beside(old)], rotation=SECOND)


def test_a_field_that_litellm_does_not_keep(
    litellm: LiteLLMStandIn, kubernetes: KubernetesStandIn, rotate: Run
) -> None:
    rotate(rotation=FIRST)
    old = held(litellm, kubernetes)["token"]
    litellm.dropped = {"tpm_limit"}
    result = rotate(rotation=SECOND, tpm_limit=9)
    assert "did not keep tpm_limit (wanted 9, kept None)" in result["msg"]
    assert result["msg"].endswith("Key 'backend' is as it was before.")
    assert list(litellm.keys) == [old]


def test_a_task_without_the_secret_leaves_an_unfinished_rotation_alone(
    litellm: LiteLLMStandIn, kubernetes: KubernetesStandIn, rotate: Run, run: Run
) -> None:
    rotate(rotation=FIRST)
    old = held(litellm, kubernetes)["token"]
    litellm.faults = [Fault("POST", "/key/update", status=400)]
    assert rotate(rotation=SECOND)["failed"]
    assert run("litellm_key", key_alias="backend", rpm_limit=5)["changed"]
    assert held(litellm, kubernetes)["token"] != old
    assert rotate(rotation=SECOND, rpm_limit=5)["changed"]
    assert names(litellm) == ["backend", beside(old)]
