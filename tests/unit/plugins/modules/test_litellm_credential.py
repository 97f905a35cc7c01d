# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from conftest import Run
from litellm_stand_in import Fault, LiteLLMStandIn

VALUES: dict[str, Any] = {
    "api_key": "provider-7hT2mK9qLw",
    "api_base": "https://west.example.com",
    "vertex_credentials": {"private_key": 'line\n"end"\'s', "deep": ["d33p-5xQ9"]},
}
INFO: dict[str, Any] = {"custom_llm_provider": "azure", "mine": {"a": None}}
HIDDEN, ANOTHER = "(hidden)", "(hidden, another value)"
SHOWN = dict.fromkeys(VALUES, HIDDEN)


@pytest.fixture(autouse=True)
def _nothing_secret_is_printed_or_logged(run: Run, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """After every test: no value is in what the modules printed, nor in what they wrote into the system's log."""
    logged: list[str] = []
    monkeypatch.setattr(
        "ansible.module_utils.basic.AnsibleModule.log", lambda self, msg, log_args=None: logged.append(str(msg))
    )
    yield
    shown = run.printed + "".join(logged)  # type: ignore[attr-defined]
    assert logged
    for secret in ("7hT2mK9qLw", "west.example", "line", "d33p", "changed-", "inference_gateway_fingerprints"):
        assert secret not in shown


@pytest.fixture
def keep(run: Run) -> Run:
    """The module for a name as LiteLLM has it in its paths."""

    def run_module(**options: Any) -> dict[str, Any]:
        return run("litellm_credential", **{"credential_name": "azure/west 1"} | options)

    return run_module


def test_life_of_a_credential(litellm: LiteLLMStandIn, keep: Run) -> None:
    options = {"credential_values": VALUES, "credential_info": INFO, "display_name": "West"}
    shown = options | {"credential_name": "azure/west 1", "credential_values": SHOWN}
    foretold = keep(check=True, **options)
    assert foretold["diff"] == {"before": {}, "after": shown}
    assert foretold["credential"] == shown | {"source": None}
    assert not litellm.written

    created = keep(**options)
    assert created["diff"] == foretold["diff"]
    assert created["credential"] == shown | {"source": "db"}
    assert litellm.credentials["azure/west 1"]["credential_values"] == VALUES

    for check in (True, False):
        again = keep(check=check, **options)
        assert not again["changed"]
        assert again["credential"] == created["credential"]
    litellm.reload()
    assert not keep(**options)["changed"]
    assert len(litellm.written) == 1

    assert keep(check=True, state="absent")["changed"]
    assert litellm.credentials
    gone = keep(state="absent")
    assert gone["diff"] == {"before": shown, "after": {}}
    assert gone["credential"] is None
    assert not litellm.credentials
    assert not keep(state="absent")["changed"]


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("api_key", "changed-1"),
        ("api_base", "http://changed-2"),
        ("vertex_credentials", {"private_key": "changed-3"}),
        ("vertex_credentials", "changed-4"),
    ],
)
def test_a_value_that_is_another_one(litellm: LiteLLMStandIn, keep: Run, name: str, other: Any) -> None:
    keep(credential_values=VALUES, credential_info=INFO)
    for check in (True, False):
        changed = keep(check=check, credential_values=VALUES | {name: other})
        assert changed["diff"] == {
            "before": {"credential_values": SHOWN},
            "after": {"credential_values": SHOWN | {name: ANOTHER}},
        }
    litellm.reload()
    assert litellm.credentials["azure/west 1"]["credential_values"] == VALUES | {name: other}
    assert not keep(credential_values=VALUES | {name: other}, credential_info=INFO)["changed"]
    assert keep(credential_values=VALUES)["changed"]


def test_what_is_given_is_made_exactly_that(litellm: LiteLLMStandIn, keep: Run) -> None:
    keep(credential_values=VALUES, credential_info=INFO)
    fewer = {"credential_values": {"api_key": VALUES["api_key"], "api_base": None}, "credential_info": {"new": 1}}
    changed = keep(**fewer)
    assert changed["diff"] == {
        "before": {"credential_values": SHOWN, "credential_info": INFO},
        "after": {"credential_values": {"api_key": HIDDEN}, "credential_info": {"new": 1}},
    }
    assert not keep(**fewer)["changed"]
    litellm.reload()
    assert not keep(**fewer)["changed"]
    assert litellm.credentials["azure/west 1"]["credential_values"] == {"api_key": VALUES["api_key"]}
    # A value that comes back is a new one.
    assert keep(credential_values=VALUES)["diff"]["after"] == {"credential_values": SHOWN}


@pytest.mark.parametrize("empty", [None, {}])
@pytest.mark.parametrize("name", ["credential_values", "credential_info", "display_name"])
def test_each_is_cleared_alone(litellm: LiteLLMStandIn, keep: Run, name: str, empty: Any) -> None:
    options = {"credential_values": VALUES, "credential_info": INFO, "display_name": "West"}
    nothing = None if name == "display_name" else {}
    keep(**options)
    cleared = keep(**{name: nothing if empty == {} else empty})
    assert list(cleared["diff"]["after"].items()) == [(name, nothing)]
    for reload in (False, True):
        if reload:
            litellm.reload()
        assert not keep(**options | {name: nothing})["changed"]


def test_what_somebody_else_changed_is_seen_as_far_as_litellm_shows_it(litellm: LiteLLMStandIn, keep: Run) -> None:
    keep(credential_values=VALUES)
    path = "/credentials/azure/west 1"
    litellm.do("PATCH", path, {"credential_info": {}, "credential_values_to_delete": ["api_key"]})
    assert keep(credential_values=VALUES)["changed"]
    litellm.do("PATCH", path, {"credential_info": {}, "credential_values": {"added": "x"}})
    changed = keep(credential_values=VALUES)
    assert changed["diff"]["before"] == {"credential_values": SHOWN | {"added": HIDDEN}}
    litellm.do("PATCH", path, {"credential_info": {}, "credential_values": {"api_key": "changed-5"}})
    assert not keep(credential_values=VALUES)["changed"]


def test_a_credential_that_somebody_else_made_is_set_once(litellm: LiteLLMStandIn, keep: Run) -> None:
    litellm.add_credential("azure/west 1", info=INFO, **VALUES)
    assert keep(credential_values=VALUES)["diff"]["after"] == {"credential_values": dict.fromkeys(VALUES, ANOTHER)}
    assert not keep(credential_values=VALUES, credential_info=INFO)["changed"]


def test_the_displayed_name_is_compared_as_litellm_keeps_it(keep: Run) -> None:
    keep(credential_values=VALUES, display_name=" West ")
    assert not keep(display_name="West")["changed"]
    assert keep(display_name="")["diff"] == {"before": {"display_name": "West"}, "after": {"display_name": None}}


def test_a_credential_of_the_configuration_file_is_left_alone(litellm: LiteLLMStandIn, run: Run) -> None:
    litellm.add_credential("config", source="config", info=INFO, **VALUES)
    for check in (True, False):
        for options in ({"credential_info": {}}, {"state": "absent"}):
            assert run("litellm_credential", check=check, credential_name="config", **options)["msg"] == (
                "The credential 'config' cannot be changed or deleted: it comes from LiteLLM's configuration file,"
                " which has to be changed instead."
            )
    assert not litellm.written
    assert not run("litellm_credential", credential_name="config", credential_info=INFO)["changed"]


@pytest.mark.parametrize("values", [{}, {"credential_values": {}}, {"credential_values": {"api_key": None}}])
def test_a_new_credential_must_have_values(litellm: LiteLLMStandIn, keep: Run, values: dict[str, Any]) -> None:
    for check in (True, False):
        assert keep(check=check, **values)["msg"] == (
            "There is no credential 'azure/west 1', and it cannot be created: give credential_values."
        )
    assert not litellm.written


@pytest.mark.parametrize("given", ['{"api_key": "provider-7hT2mK9qLw"}', "api_key=provider-7hT2mK9qLw"])
def test_values_given_as_text(litellm: LiteLLMStandIn, keep: Run, given: str) -> None:
    keep(credential_values=given)
    assert litellm.credentials["azure/west 1"]["credential_values"] == {"api_key": VALUES["api_key"]}


def test_a_name_with_a_space_at_its_end_is_refused(litellm: LiteLLMStandIn, keep: Run) -> None:
    assert keep(credential_name="x ")["msg"].startswith("credential_name is 'x ', give a name")
    assert not litellm.requests


def test_nothing_is_created_while_the_database_is_away(litellm: LiteLLMStandIn, keep: Run) -> None:
    litellm.database = False
    assert "failed in LiteLLM (500)" in keep(credential_values=VALUES)["msg"]
    assert not litellm.credentials


def test_another_replica_learns_of_a_change_later(
    litellm: LiteLLMStandIn, keep: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ansible_collections.inference.gateway.plugins.module_utils._reconcile.REFRESH", 60)
    litellm.lag = 3
    assert keep(credential_values=VALUES)["credential"]["source"] == "db"
    assert keep(credential_info=INFO)["credential"]["credential_info"] == INFO
    assert keep(state="absent")["changed"]
    assert [request.method for request in litellm.written] == ["POST", "PATCH", "DELETE"]


@pytest.mark.parametrize("after", [True, False], ids=["done", "not done"])
@pytest.mark.parametrize("method", ["POST", "PATCH", "DELETE"])
def test_a_lost_answer_is_cleared_up_by_reading(litellm: LiteLLMStandIn, keep: Run, method: str, after: bool) -> None:
    if method != "POST":
        litellm.add_credential("azure/west 1", **VALUES)
    litellm.faults = [Fault(method, "/credentials", after=after)]
    assert keep(credential_values=VALUES, state="absent" if method == "DELETE" else "present")["changed"]
    assert len(litellm.credentials) == (method != "DELETE")
