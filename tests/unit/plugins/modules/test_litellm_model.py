# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from conftest import Run
from litellm_stand_in import Fault, LiteLLMStandIn

KEY = "sk-provider-7hT2mK9qLw"
OTHER = "sk-provider-3xV8nB5cZr"
TOKEN = "t0ken-of-a-header-41Xy"
CERTIFICATE = '-----BEGIN KEY-----\nline\'s "end"\n'

PARAMS: dict[str, Any] = {
    "model": "openai/gpt-4.1",
    "api_base": "https://models.example.com/v1",
    "rpm": 500,
    "input_cost_per_token": 0.000001,
    "tags": ["eu"],
}
SECRETS: dict[str, Any] = {
    "api_key": KEY,
    "extra_headers": {"Authorization": f"Bearer {TOKEN}", "X-Region": "eu"},
    "vertex_credentials": {"private_key": CERTIFICATE},
}
INFO: dict[str, Any] = {"mode": "embedding", "access_groups": ["production"], "mine": {"a": None}}
HIDDEN, ANOTHER = "(hidden)", "(hidden, another value)"


@pytest.fixture(autouse=True)
def _nothing_secret_is_printed_or_logged(run: Run, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """After every test: no secret is in what the modules printed, nor in what they wrote into the system's log."""
    logged: list[str] = []
    monkeypatch.setattr(
        "ansible.module_utils.basic.AnsibleModule.log", lambda self, msg, log_args=None: logged.append(str(msg))
    )
    yield
    shown = run.printed + "".join(logged)  # type: ignore[attr-defined]
    assert logged
    for secret in (KEY, OTHER, TOKEN, "BEGIN KEY", "inference_gateway_fingerprints"):
        assert secret not in shown


def test_life_of_a_model(litellm: LiteLLMStandIn, run: Run) -> None:
    options = {"model_name": "chat", "litellm_params": PARAMS | SECRETS, "model_info": INFO}
    shown = options | {"litellm_params": PARAMS | dict.fromkeys(SECRETS, HIDDEN)}
    foretold = run("litellm_model", check=True, **options)
    assert foretold["changed"]
    assert foretold["diff"] == {"before": {}, "after": shown}
    assert foretold["model"] == shown | {
        "model_id": None,
        "db_model": None,
        "blocked": False,
    }
    assert not litellm.written

    created = run("litellm_model", **options)
    assert created["diff"] == foretold["diff"]
    assert created["model"]["litellm_params"].items() >= shown["litellm_params"].items()
    assert created["model"]["model_info"].items() >= INFO.items()
    row = litellm.deployment("chat")
    assert row["litellm_params"] == PARAMS | SECRETS
    assert created["model"]["model_id"] == row["model_id"]

    for check in (True, False):
        again = run("litellm_model", check=check, **options)
        assert not again["changed"]
        assert again["model"] == created["model"]
    assert len(litellm.written) == 1

    gone = run("litellm_model", model_name="chat", state="absent", check=True)
    assert gone["changed"]
    assert litellm.deployments
    gone = run("litellm_model", model_name="chat", state="absent")
    assert gone["changed"]
    assert gone["model"] is None
    assert gone["diff"]["before"]["litellm_params"]["api_key"] == HIDDEN
    assert not litellm.deployments
    assert not run("litellm_model", model_name="chat", state="absent")["changed"]


def test_only_what_is_named_is_compared_and_sent(litellm: LiteLLMStandIn, run: Run) -> None:
    run("litellm_model", model_name="chat", litellm_params=PARAMS | SECRETS, model_info=INFO)
    for check in (True, False):
        changed = run(
            "litellm_model", check=check, model_name="chat", litellm_params={"rpm": 9, "model": "openai/gpt-4.1"}
        )
        assert changed["diff"] == {
            "before": {"litellm_params": {"rpm": 500}},
            "after": {"litellm_params": {"rpm": 9}},
        }
        assert changed["model"]["litellm_params"]["rpm"] == 9
        assert changed["model"]["litellm_params"]["api_base"] == PARAMS["api_base"]
    assert litellm.written[-1].body["litellm_params"] == {"rpm": 9}
    changed = run("litellm_model", model_name="chat", model_info={"mode": "chat", "access_groups": ["production"]})
    assert changed["diff"] == {
        "before": {"model_info": {"mode": "embedding"}},
        "after": {"model_info": {"mode": "chat"}},
    }
    row = litellm.deployment("chat")
    assert row["litellm_params"] == PARAMS | SECRETS | {"rpm": 9}
    assert row["model_info"]["id"] == row["model_id"]
    assert row["model_info"].items() >= (INFO | {"mode": "chat"}).items()
    for empty in (None, {}):
        assert not run("litellm_model", model_name="chat", litellm_params=empty, model_info=empty)["changed"]


def test_a_secret_is_only_written_when_it_is_another(litellm: LiteLLMStandIn, run: Run) -> None:
    run("litellm_model", model_name="chat", litellm_params=PARAMS | SECRETS)
    for name, other in {
        "api_key": OTHER,
        "extra_headers": {"Authorization": f"Bearer {TOKEN}", "X-Region": "us"},
        "vertex_credentials": f"other {CERTIFICATE}",
    }.items():
        changed = run("litellm_model", model_name="chat", litellm_params=SECRETS | {name: other})
        assert changed["diff"] == {
            "before": {"litellm_params": {name: HIDDEN}},
            "after": {"litellm_params": {name: ANOTHER}},
        }
        assert litellm.written[-1].body["litellm_params"] == {name: other}
        assert not run("litellm_model", model_name="chat", litellm_params=SECRETS | {name: other})["changed"]
        assert run("litellm_model", model_name="chat", litellm_params=SECRETS)["changed"]


def test_equal_secrets_have_fingerprints_that_differ(litellm: LiteLLMStandIn, run: Run) -> None:
    for name in ("one", "two"):
        run("litellm_model", model_name=name, litellm_params=PARAMS | {"api_key": KEY, "organization_token": KEY})
    marks = [row["model_info"]["inference_gateway_fingerprints"] for row in litellm.deployments.values()]
    assert len({mark for each in marks for mark in each.values()}) == 4
    assert KEY not in json.dumps(marks)


def test_a_secret_that_somebody_else_set_is_set_once(litellm: LiteLLMStandIn, run: Run) -> None:
    litellm.add_model("chat", api_key=KEY, aws_session_token=KEY)
    wanted = {"api_key": KEY, "aws_session_token": KEY}
    changed = run("litellm_model", model_name="chat", litellm_params=wanted)
    assert changed["diff"]["before"] == {"litellm_params": {"api_key": None, "aws_session_token": HIDDEN}}
    assert changed["diff"]["after"] == {"litellm_params": {"api_key": HIDDEN, "aws_session_token": ANOTHER}}
    assert not run("litellm_model", model_name="chat", litellm_params=wanted)["changed"]


def test_what_litellm_reads_from_its_environment_is_compared_as_it_was_given(litellm: LiteLLMStandIn, run: Run) -> None:
    wanted = PARAMS | {"api_base": "os.environ/BASE"}
    run("litellm_model", model_name="chat", litellm_params=wanted)
    assert not run("litellm_model", model_name="chat", litellm_params=wanted)["changed"]
    # The same address, but no longer from the environment.
    plain = {"api_base": litellm.environment["os.environ/BASE"]}
    assert run("litellm_model", model_name="chat", litellm_params=plain)["changed"]
    assert not run("litellm_model", model_name="chat", litellm_params=plain)["changed"]
    assert litellm.deployment("chat")["model_info"]["inference_gateway_fingerprints"] == {}


def test_a_number_or_a_truth_value_that_is_given_as_text_is_no_change(run: Run) -> None:
    params = {"model": "openai/gpt", "rpm": "5", "input_cost_per_token": "0.000001", "drop_params": "True"}
    for changed in (True, False):
        assert run("litellm_model", model_name="chat", litellm_params=params)["changed"] is changed
    for other in ({"rpm": "6"}, {"input_cost_per_token": "0.1"}, {"drop_params": "no"}):
        assert run("litellm_model", model_name="chat", litellm_params=other)["changed"]


def test_a_credential_that_does_not_exist(litellm: LiteLLMStandIn, run: Run) -> None:
    run("litellm_model", model_name="chat", litellm_params=PARAMS)
    params = {"litellm_credential_name": "azure"}
    sentence = "litellm_params.litellm_credential_name is azure, but there is no such credential: create it first."
    for name in ("chat", "new"):
        assert run("litellm_model", model_name=name, litellm_params=PARAMS | params)["msg"] == sentence
    foretold = run("litellm_model", check=True, model_name="chat", litellm_params=params)
    assert foretold["changed"]
    assert f"{sentence} A real run fails here" in foretold["warnings"]
    assert len(litellm.written) == 1
    litellm.lag = 2
    run("litellm_credential", credential_name="azure", credential_values={"api_key": "x"})
    for changed in (True, False):
        assert run("litellm_model", model_name="chat", litellm_params=params)["changed"] is changed


def test_null_takes_out_what_litellm_can_take_out(litellm: LiteLLMStandIn, run: Run) -> None:
    litellm.add_credential("azure", api_key="x")
    run("litellm_model", model_name="chat", litellm_params=PARAMS | {"litellm_credential_name": "azure"})
    cleared = run(
        "litellm_model",
        model_name="chat",
        litellm_params={"input_cost_per_token": None, "litellm_credential_name": None, "tpm": None},
    )
    assert cleared["diff"] == {
        "before": {"litellm_params": {"input_cost_per_token": 0.000001, "litellm_credential_name": "azure"}},
        "after": {"litellm_params": {"input_cost_per_token": None, "litellm_credential_name": None}},
    }
    assert "litellm_credential_name" not in cleared["model"]["litellm_params"]
    assert not run("litellm_model", model_name="chat", litellm_params={"input_cost_per_token": None})["changed"]


@pytest.mark.parametrize(
    ("options", "what"),
    [
        ({"litellm_params": {"api_base": None}}, "litellm_params.api_base"),
        ({"litellm_params": {"api_key": None}}, "litellm_params.api_key"),
        ({"model_info": {"mode": None}}, "model_info.mode"),
    ],
)
def test_null_that_litellm_would_ignore_is_an_error(
    litellm: LiteLLMStandIn, run: Run, options: dict[str, Any], what: str
) -> None:
    run("litellm_model", model_name="chat", litellm_params=PARAMS | SECRETS)
    for check in (True, False):
        assert run("litellm_model", check=check, model_name="chat", **options)["msg"] == (
            f"{what} of model 'chat' cannot be removed: LiteLLM adds and changes only; delete the model and create it"
            " anew without it."
        )
    assert len(litellm.written) == 1


def test_a_deployment_is_taken_out_of_use_and_back(litellm: LiteLLMStandIn, run: Run) -> None:
    run("litellm_model", model_name="chat", litellm_params=PARAMS, blocked=True)
    assert litellm.deployment("chat")["blocked"]
    assert not run("litellm_model", model_name="chat", blocked=True)["changed"]
    back = run("litellm_model", model_name="chat", blocked=False)
    assert back["diff"] == {"before": {"blocked": True}, "after": {"blocked": False}}
    assert not litellm.deployment("chat")["blocked"]
    assert not run("litellm_model", model_name="chat", blocked=None)["changed"]


def test_deployments_that_share_a_name(litellm: LiteLLMStandIn, run: Run) -> None:
    for model_id in ("fra", "ams"):
        options = {"model_name": "chat", "model_id": model_id, "litellm_params": PARAMS | {"tags": [model_id]}}
        assert run("litellm_model", **options)["model"]["model_id"] == model_id
        assert not run("litellm_model", **options)["changed"]
    assert {row["litellm_params"]["tags"][0] for row in litellm.deployments.values()} == {"fra", "ams"}
    for state in ("present", "absent"):
        assert run("litellm_model", model_name="chat", litellm_params={"rpm": 1}, state=state)["msg"] == (
            "2 models have the alias 'chat': ams, fra. Give model_id to say which one is meant, or delete the others."
        )
    assert run("litellm_model", model_name="chat", model_id="fra", litellm_params={"rpm": 1})["changed"]
    assert litellm.deployments["ams"]["litellm_params"]["rpm"] == 500
    assert run("litellm_model", model_name="chat", model_id="ams", state="absent")["changed"]
    assert not run("litellm_model", model_name="chat", model_id="ams", state="absent")["changed"]
    # One is left, which needs no identity.
    assert not run("litellm_model", model_name="chat", litellm_params={"rpm": 1})["changed"]


def test_a_deployment_is_renamed_by_its_identity(litellm: LiteLLMStandIn, run: Run) -> None:
    litellm.add_model("chat", "fra")
    litellm.add_model("taken", "ams")
    renamed = run("litellm_model", model_name="taken", model_id="fra")
    assert renamed["diff"] == {"before": {"model_name": "chat"}, "after": {"model_name": "taken"}}
    assert [row["model_name"] for row in litellm.deployments.values()] == ["taken", "taken"]
    # To delete, both must fit.
    assert not run("litellm_model", model_name="chat", model_id="fra", state="absent")["changed"]


def test_a_name_that_is_part_of_another_is_another(litellm: LiteLLMStandIn, run: Run) -> None:
    litellm.add_model("chat-eu")
    litellm.add_model("CHAT")
    assert run("litellm_model", model_name="chat", litellm_params=PARAMS)["diff"]["before"] == {}
    assert len(litellm.deployments) == 3


def test_a_model_on_a_later_page_is_found(litellm: LiteLLMStandIn, run: Run) -> None:
    for number in range(250):
        litellm.add_model(f"chat-{number}")
    litellm.add_model("chat")
    assert not run("litellm_model", model_name="chat")["changed"]


LOCKED = (
    "The model 'chat-small' cannot be changed or deleted: config-chat-small comes from LiteLLM's configuration file,"
    " which has to be changed instead (to add a deployment of this name in the database, give it a model_id of its"
    " own)."
)


@pytest.mark.parametrize("identity", [{}, {"model_id": "config-chat-small"}])
def test_a_model_of_the_configuration_file_is_left_alone(
    litellm: LiteLLMStandIn, run: Run, identity: dict[str, str]
) -> None:
    for check in (True, False):
        for options in ({"litellm_params": {"rpm": 1}}, {"state": "absent"}):
            assert run("litellm_model", check=check, model_name="chat-small", **identity, **options)["msg"] == LOCKED
    assert not litellm.written
    # What it is already can be asked for.
    assert not run("litellm_model", model_name="chat-small", **identity, litellm_params={"rpm": None})["changed"]


def test_a_deployment_beside_one_of_the_configuration_file(litellm: LiteLLMStandIn, run: Run) -> None:
    assert run("litellm_model", model_name="chat-small", model_id="mine", litellm_params=PARAMS)["changed"]
    # The only one that can be changed is the one that is meant, but not the only one that could be deleted.
    assert run("litellm_model", model_name="chat-small", litellm_params={"rpm": 1})["model"]["model_id"] == "mine"
    assert "config-chat-small, mine" in run("litellm_model", model_name="chat-small", state="absent")["msg"]
    assert run("litellm_model", model_name="chat-small", model_id="mine", state="absent")["changed"]


def test_an_identity_that_litellm_could_not_change_is_refused(litellm: LiteLLMStandIn, run: Run) -> None:
    for check in (True, False):
        refused = run("litellm_model", check=check, model_name="chat", model_id="a/b", litellm_params=PARAMS)
        assert refused["msg"] == (
            "There is no model 'chat', and it cannot be created: model_id is 'a/b', and LiteLLM cannot change a model"
            " with a slash in it."
        )
    assert not litellm.written


@pytest.mark.parametrize("params", [{}, {"litellm_params": {"api_key": KEY}}, {"litellm_params": {"model": None}}])
def test_a_new_model_must_say_which_it_is(litellm: LiteLLMStandIn, run: Run, params: dict[str, Any]) -> None:
    for check in (True, False):
        assert run("litellm_model", check=check, model_name="chat", **params)["msg"] == (
            "There is no model 'chat', and it cannot be created: give litellm_params with at least model, as in"
            " openai/gpt-4.1."
        )
    assert not litellm.written


@pytest.mark.parametrize(
    ("option", "sentence"),
    [
        ({"model_name": " x"}, "model_name is ' x', give a name that does not begin or end with a space."),
        ({"model_info": {"id": "x"}}, "model_info is {'id': 'x'}, id does not belong there: give it as model_id."),
        (
            {"model_info": {"input_cost_per_token": 1}},
            "model_info is {'input_cost_per_token': 1}, input_cost_per_token does not belong there: give prices in"
            " litellm_params.",
        ),
        (
            {"model_info": {"cache_read_input_token_cost": 1}},
            "model_info is {'cache_read_input_token_cost': 1}, cache_read_input_token_cost does not belong there: give"
            " prices in litellm_params.",
        ),
    ],
)
def test_a_value_that_cannot_be_is_refused_before_anything_is_asked(
    litellm: LiteLLMStandIn, run: Run, option: dict[str, Any], sentence: str
) -> None:
    assert run("litellm_model", **{"model_name": "chat"} | option)["msg"] == sentence
    assert not litellm.requests


@pytest.mark.parametrize("given", [f'{{"model": "openai/gpt", "api_key": "{KEY}"}}', f"model=openai/gpt api_key={KEY}"])
def test_parameters_given_as_text(litellm: LiteLLMStandIn, run: Run, given: str) -> None:
    run("litellm_model", model_name="chat", litellm_params=given)
    assert litellm.deployment("chat")["litellm_params"] == {"model": "openai/gpt", "api_key": KEY}


def test_a_parameter_that_litellm_drops_is_an_error_that_names_it(litellm: LiteLLMStandIn, run: Run) -> None:
    litellm.dropped = {"rpm"}
    message = run("litellm_model", model_name="chat", litellm_params=PARAMS | SECRETS)["msg"]
    assert message == (
        "LiteLLM accepted model 'chat' but did not keep litellm_params (wanted {'rpm': 500}, kept {'rpm': None}):"
        " this version does not support that, or only with an enterprise licence."
    )


def test_without_models_in_the_database_litellm_says_what_to_do(litellm: LiteLLMStandIn, run: Run) -> None:
    litellm.store_model_in_db = False
    assert "STORE_MODEL_IN_DB" in run("litellm_model", model_name="chat", litellm_params=PARAMS)["msg"]


def test_nothing_is_created_while_the_database_is_away(litellm: LiteLLMStandIn, run: Run) -> None:
    litellm.database = False
    assert "failed in LiteLLM (500)" in run("litellm_model", model_name="chat", litellm_params=PARAMS)["msg"]
    assert not litellm.deployments


def test_another_replica_learns_of_a_change_later(
    litellm: LiteLLMStandIn, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ansible_collections.inference.gateway.plugins.module_utils._reconcile.REFRESH", 60)
    litellm.lag = 3
    assert run("litellm_model", model_name="chat", litellm_params=PARAMS | SECRETS)["model"]["model_id"]
    assert run("litellm_model", model_name="chat", litellm_params={"rpm": 1})["model"]["litellm_params"]["rpm"] == 1
    assert run("litellm_model", model_name="chat", state="absent")["changed"]
    assert [request.method for request in litellm.written] == ["POST", "PATCH", "POST"]


def test_a_model_that_goes_away_meanwhile_is_gone(litellm: LiteLLMStandIn, run: Run) -> None:
    litellm.add_model("chat")
    litellm.faults = [Fault("POST", "/model/delete", status=400, after=True)]
    assert run("litellm_model", model_name="chat", state="absent")["changed"]


@pytest.mark.parametrize("after", [True, False], ids=["done", "not done"])
def test_a_lost_answer_is_cleared_up_by_reading(litellm: LiteLLMStandIn, run: Run, after: bool) -> None:
    litellm.faults = [Fault("POST", "/model/new", after=after), Fault("PATCH", "/model/", after=after)]
    assert run("litellm_model", model_name="chat", litellm_params=PARAMS | SECRETS)["changed"]
    assert run("litellm_model", model_name="chat", litellm_params={"api_key": OTHER})["changed"]
    assert len(litellm.deployments) == 1
    assert litellm.deployment("chat")["litellm_params"]["api_key"] == OTHER


@pytest.mark.parametrize(
    "params",
    [
        {"extra_headers": {"X-Team": "s3cr3t-5d1f"}},
        {"passwd": "s3cr3t-5d1f"},
        {"connection_string": "s3cr3t-5d1f"},
        {"api_base": "https://me:s3cr3t-5d1f@models.example.com/v1"},
    ],
)
def test_a_secret_that_litellm_does_not_know_for_one_is_not_shown(
    litellm: LiteLLMStandIn, run: Run, params: dict[str, Any]
) -> None:
    [name] = params
    params = PARAMS | params
    for check in (True, False):
        result = run("litellm_model", check=check, model_name="chat", litellm_params=params)
        assert result["model"]["litellm_params"][name] == HIDDEN
    assert litellm.deployment("chat")["litellm_params"] == params
    assert not run("litellm_model", model_name="chat", litellm_params=params)["changed"]
    models = [{"model_name": "chat", "litellm_params": params}, {"model_name": "other", "litellm_params": params}]
    assert run("litellm_sync", models=models)["changed"]
    run("litellm_model_info")
    run("litellm_export")
    assert "s3cr3t" not in run.printed  # type: ignore[attr-defined]


@pytest.mark.parametrize("params", [{"api_key": 123456789}, {"extra_headers": {"X-Team": 123456789}}])
def test_a_secret_that_yaml_takes_for_a_number_is_not_shown(run: Run, params: dict[str, Any]) -> None:
    [name] = params
    for model in ({"model_name": "chat"}, {"model_name": "other", "litellm_params": 5}):
        run("litellm_model", **{"litellm_params": PARAMS | params} | model)
        run("litellm_sync", models=[{"litellm_params": PARAMS | params} | model])
    run("litellm_credential", credential_name="chat", credential_values=f'{{"{name}": 123456789}}')
    run("litellm_export")
    assert "123456789" not in run.printed  # type: ignore[attr-defined]


@pytest.mark.parametrize("empty", ["", "  "])
def test_an_empty_secret_hides_nothing(run: Run, empty: str) -> None:
    result = run("litellm_model", model_name="chat", litellm_params=PARAMS | {"api_key": empty})
    assert result["model"]["model_name"] == "chat"
    assert "*" not in json.dumps(result)
    models = [{"model_name": "other", "litellm_params": PARAMS | {"api_key": empty}}]
    assert run("litellm_sync", models=models)["invocation"]["module_args"]["models"][0]["model_name"] == "other"


@pytest.mark.parametrize("short", ["2", "x", 1, "none"])
def test_a_short_secret_is_hidden_among_the_options_alone(litellm: LiteLLMStandIn, run: Run, short: Any) -> None:
    params = {"model": "hosted_vllm/qwen2", "api_key": short, "rpm": 12, "max_retries": 2}
    result = run("litellm_model", model_name="none-x-2", litellm_params=params)
    assert result["model"]["model_name"] == "none-x-2"
    assert result["model"]["litellm_params"].items() >= (params | {"api_key": "(hidden)"}).items()
    assert result["invocation"]["module_args"]["litellm_params"]["api_key"] == "VALUE_SPECIFIED_IN_NO_LOG_PARAMETER"
    values = {"api_key": "abcdefghijk", "api_type": "azure", "retries": 1, "version": str(short)}
    info = {"custom_llm_provider": "azure", "number": 21}
    result = run("litellm_credential", credential_name="none-x-2", credential_values=values, credential_info=info)
    assert result["credential"]["credential_info"] == info
    assert result["invocation"]["module_args"]["credential_values"] not in (values, None)
    litellm.faults = [Fault("POST", "/model/new", status=400, body=b'{"error": {"message": "none x 2 1"}}')]
    entry = {"model_name": "y", "litellm_params": params}
    assert run("litellm_sync", models=[entry])["errors"][0]["error"].endswith("none x 2 1")
