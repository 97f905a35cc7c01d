# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The role verify: which checks a run asks, what its report says, and that no key is in it."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
import yaml
from ansible.parsing.dataloader import DataLoader
from ansible.template import Templar, trust_as_template
from jinja2 import Environment, nodes
from kubernetes_stand_in import TOKEN, KubernetesStandIn
from litellm_stand_in import MASTER_KEY, LiteLLMStandIn

from ansible_collections.inference.gateway.plugins.filter.verify_report import verify_report

ROOT = Path(__file__).parents[2]
ROLE = ROOT / "roles" / "verify"
PAGE = (ROLE / "templates" / "verify.html.j2").read_text()
PROOFS: dict[str, str] = yaml.safe_load((ROLE / "vars" / "main" / "main.yml").read_text())["__verify_proofs"]
EVIL = "<script>alert('x')</script> \"&amp;{{ 7 * 7 }}"


def templated(template: str, **variables: Any) -> Any:
    """What Ansible makes of a template, with the variables that the role's own files give it."""
    loader = DataLoader()
    known: dict[str, Any] = {"ansible_run_tags": ["all"], "ansible_skip_tags": [], "ansible_check_mode": False}
    for path in (
        *ROOT.glob("roles/gateway_cluster/defaults/*.yml"),
        *ROOT.glob("roles/gateway_cluster/vars/*.yml"),
        *ROLE.glob("defaults/*.yml"),
        *ROLE.glob("vars/main/*.yml"),
    ):
        known |= loader.load_from_file(str(path), trusted_as_template=True)
    return Templar(loader, known | variables).template(trust_as_template(template))


# Which checks a run asks


def asked(**variables: Any) -> set[str]:
    """The groups of which a run asks anything."""
    left = "{{ __verify_checks | rejectattr('name', 'in', __verify_on_purpose) | map(attribute='group') | unique }}"
    return set(templated(left, **variables))


@pytest.mark.parametrize(
    ("run", "skip", "groups"),
    [
        (["all"], [], set(PROOFS)),
        (["limits"], [], {"limits"}),
        (["limits", "streaming"], [], {"limits", "streaming"}),
        (["smoke"], [], set(PROOFS)),  # a tag of the play
        (["smoke", "limits"], [], {"limits"}),
        (["all"], ["limits", "slow"], set(PROOFS) - {"limits"}),
        (["limits", "budget"], ["budget"], {"limits"}),
        (["limits"], ["limits"], set()),
    ],
)
def test_tags_choose_groups(run: list[str], skip: list[str], groups: set[str]) -> None:
    assert asked(ansible_run_tags=run, ansible_skip_tags=skip) == groups


def test_every_reason_for_leaving_out_is_told_with_its_check() -> None:
    reasons = templated(
        "{{ __verify_on_purpose }}",
        ansible_run_tags=["limits", "metrics"],
        ansible_check_mode=True,
        verify_skip=["Served inside the cluster"],
        proxy_replicas=1,
    )
    assert reasons["A chat is answered"] == "the tags of this run leave it out"
    assert reasons["10 a minute for a key, in turn"] == "check mode: it needs a team and keys"
    assert reasons["Served inside the cluster"] == "verify_skip leaves it out"
    assert reasons["Requests reached two replicas"] == "proxy_replicas is less than 2"
    assert "Refused at the Gateway: /metrics" not in reasons


PRICED = {"model_name": "small", "litellm_params": {"model": "openai/small", "input_cost_per_token": 0.0000001}}
WHOLE = {"proxy_models": [PRICED], "proxy_cache": True, "proxy_replicas": 2}
FREE = {"model_name": "small", "litellm_params": {"model": "openai/small"}}
ASKED_OF_THE_CACHE = ["Valkey answers through Sentinel", "What answers is the primary"]
ASKED_OF_A_PRICE = ["A team spends its budget", "Refused: a team that has spent its budget"]


@pytest.mark.parametrize(
    ("inventory", "left_out"),
    [
        ({}, []),
        ({"proxy_cache": False}, ASKED_OF_THE_CACHE),
        ({"proxy_cache": "no"}, ASKED_OF_THE_CACHE),
        ({"proxy_replicas": 1}, ["Requests reached two replicas"]),
        ({"proxy_models": [FREE]}, ASKED_OF_A_PRICE),
        ({"proxy_models": [PRICED, FREE]}, ASKED_OF_A_PRICE),  # it may be the one without that answers
        ({"proxy_models": [], "model_serving_models": [{"name": "small"}]}, ASKED_OF_A_PRICE),
        ({"proxy_models": [], "model_serving_models": [PRICED | {"name": "small"}]}, []),
        ({"verify_model": "another"}, ASKED_OF_A_PRICE),
    ],
)
def test_what_an_inventory_does_without_is_not_asked(inventory: dict[str, Any], left_out: list[str]) -> None:
    assert list(templated("{{ __verify_on_purpose }}", **WHOLE | inventory)) == left_out
    # The replicas' breakers tell of Valkey in any case.
    assert "cache" in asked(**WHOLE | inventory)


def test_the_teams_of_a_run_share_its_budget() -> None:
    making = (ROLE / "tasks" / "tenant.yml").read_text()
    budget = re.search(r"max_budget: \"(.*verify_max_budget.*)\"", making)[1]  # type: ignore[index]
    teams = templated("{{ __verify_teams }}", __verify_run="verify-1")
    given = [templated(budget, item=team, verify_max_budget="2", __verify_run="verify-1") for team in teams]
    assert sum(given) <= 2
    assert sorted(given)[0] == 1e-9
    assert set(given[:3]) == {2 / len(teams)}


def test_a_step_has_only_the_checks_that_are_asked() -> None:
    steps = templated("{{ __verify_steps }}", ansible_run_tags=["metrics"])
    assert {step["tasks"]: len(step["checks"]) for step in steps} == {
        "rollouts.yml": 0,
        "visitor.yml": 2,
        "tenant.yml": 0,
        "metrics.yml": 1,
    }


def test_the_variable_of_old_is_not_ignored() -> None:
    problems = "{{ __verify_preflight | rejectattr('ok') | map(attribute='problem') }}"
    [problem] = templated(problems, verify_models=["tiny"], verify_report_path="/tmp/verify.json")
    assert problem.startswith("verify_report_path is now verify_report_directory")
    assert templated(problems, verify_models=["tiny"]) == []


def test_the_readme_says_what_each_group_proves() -> None:
    told = dict(re.findall(r"^\| `(\w+)` \| ([^|`]+?) \|$", (ROLE / "README.md").read_text(), re.MULTILINE))
    assert {group: told.get(group) for group in PROOFS} == PROOFS


# The page


def spaced(text: str) -> str:
    return " ".join(text.split())


class Page(HTMLParser):
    """A page taken apart: its tags, its text and the rows of its tables. Tags that do not match are an error."""

    EMPTY = frozenset({"meta", "path", "use"})

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.rows: list[list[str]] = []
        self.text = ""
        self._open: list[str] = []
        self.feed(text)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in self.EMPTY:
            self._open.append(tag)
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th"):
            self.rows[-1].append("")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" in self._open:
            return
        self.text = spaced(f"{self.text} {data}")
        if {"td", "th"} & set(self._open):
            self.rows[-1][-1] = spaced(f"{self.rows[-1][-1]} {data}")


def page(report: dict[str, Any], **variables: Any) -> Page:
    pods = [
        {"spec": {"containers": [{"image": "litellm:1.2"}, {"image": "a/<b>"}]}},
        {"spec": {"containers": [{"image": "a/<b>"}]}},
    ]
    known = {
        "__verify_report": report,
        "__verify_started": 1795667189,
        "__verify_all_pods": {"results": [{"resources": pods}, {"msg": "not allowed"}]},
        "gateway_cluster_endpoint": "https://llm.example.com",
        "gateway_cluster_info": {"version": {"server": {"kubernetes": {"gitVersion": "v1.36.1"}}}},
        "verify_models": ["tiny"],
    }
    return Page(templated(PAGE, **known | variables))


def check(group: str, name: str) -> dict[str, str]:
    return {"group": group, "name": name, "look": f"kubectl logs {name}"}


def result(name: str, passed: bool = True, expected: str = "200", found: str = "200") -> dict[str, Any]:
    return {"name": name, "passed": passed, "expected": expected, "found": found, "seconds": 0.125}


CHECKS = [check("api", "chat"), check("limits", "exact"), check("limits", "spread"), check("budget", "broke")]
MIXED = verify_report(
    CHECKS,
    [result("chat"), result("exact", False, "10 x 200", "15 x 200")],
    {"broke": "verify_skip leaves it out"},
    {"spread": "no pod answers"},
    52,
)


def test_the_page_tells_everything() -> None:
    shown = page(MIXED)
    for text in (
        "Failed: LLM gateway at https://llm.example.com",
        "The gateway does not do all that it is there for.",
        "1 passed 1 failed 1 did not run 1 left out",
        "26 November 2026, 04:26 UTC , for 52 s",
        "Model tiny Kubernetes v1.36.1 Images that run a/<b> litellm:1.2",
        "exact in limits Expected 10 x 200 Found 15 x 200 Look further kubectl logs exact",
        "1 check did not run Reason no pod answers Checks spread",
        "chat kubectl logs chat",
    ):
        assert text in shown.text
    assert shown.rows == [
        ["Result", "Check", "Expected", "Found", "Seconds"],
        [f"api : 1 of 1 passed {PROOFS['api']}"],
        ["passed", "chat", "200", "200", "0.12"],
        [f"limits : 0 of 2 passed {PROOFS['limits']}"],
        ["failed", "exact", "10 x 200", "15 x 200", "0.12"],
        ["did not run", "spread", "", "no pod answers", ""],
        ["Group", "Would prove", "Left out because"],
        *[
            [group, PROOFS[group], "verify_skip leaves it out" if group == "budget" else ""]
            for group in PROOFS
            if group not in ("api", "limits")
        ],
    ]


@pytest.mark.parametrize(
    ("results", "on_purpose", "verdict"),
    [
        ([result("chat"), result("exact")], {}, "Passed Every check was met: the gateway does what it is there for."),
        ([result("chat")], {"exact": "so"}, "Passed Every check that ran was met. What was left out is not proven."),
        ([result("chat", False)], {"exact": "so"}, "Failed The gateway does not do all that it is there for."),
        ([result("chat")], {}, "Failed Not everything could be asked, so the gateway is not proven to do all"),
        ([], {"chat": "so", "exact": "so"}, "Failed Every check was left out, so nothing is proven."),
    ],
)
def test_the_verdict_comes_first(results: list[dict[str, Any]], on_purpose: dict[str, str], verdict: str) -> None:
    shown = page(verify_report(CHECKS[:2], results, on_purpose))
    assert f"Verification of the LLM gateway {verdict}" in shown.text


def test_a_text_from_elsewhere_is_nothing_but_text() -> None:
    checks = [check("api", f"name {EVIL}"), check("api", f"other {EVIL}")]
    report = verify_report(
        checks,
        [result(checks[0]["name"], False, f"wanted {EVIL}", f"came {EVIL}")],
        {},
        {checks[1]["name"]: f"reason {EVIL}"},
    )
    shown = page(report, gateway_cluster_endpoint=f"https://{EVIL}", verify_model=EVIL)
    assert "script" not in [tag for tag, _attributes in shown.tags]
    assert {tag for tag, _attributes in shown.tags} <= {tag for tag, _attributes in page(MIXED).tags}
    for text in ("name", "wanted", "came", "reason", "look kubectl logs name", "at https://"):
        assert f"{text.removeprefix('look ')}{'' if text.endswith('/') else ' '}{EVIL}" in shown.text, text


def test_every_value_of_the_page_is_escaped() -> None:
    """Ansible has no escaping by itself, and switches off the one that Jinja has a tag for."""
    for output in Environment(autoescape=False).parse(PAGE).find_all(nodes.Output):  # noqa: S701
        for value in output.nodes:
            escaped = isinstance(value, nodes.Filter) and value.name == "e"
            icon = isinstance(value, nodes.Call) and value.node.name == "icon"
            assert isinstance(value, nodes.TemplateData) or escaped or icon, f"line {value.lineno}"


def test_the_page_takes_nothing_from_elsewhere_and_runs_nothing() -> None:
    shown = page(MIXED)
    names = {name for _tag, attributes in shown.tags for name in attributes}
    assert not names & {"src", "srcset", "action", "data"}
    assert not [name for name in names if name.startswith("on")]
    assert {attributes["href"] for _tag, attributes in shown.tags if "href" in attributes} == {
        "#passed",
        "#failed",
        "#missed",
        "#skipped",
    }
    assert not {"script", "link", "img", "iframe", "object"} & {tag for tag, _attributes in shown.tags}
    assert not re.search(r"url\(|@import|@font-face", PAGE)


def test_the_page_can_be_heard() -> None:
    shown = page(MIXED)
    tags = [tag for tag, _attributes in shown.tags]
    assert ("html", {"lang": "en"}) in shown.tags
    assert tags.count("h1") == tags.count("main") == 1
    assert all(attributes.get("scope") for tag, attributes in shown.tags if tag == "th")
    assert all(attributes.get("aria-hidden") == "true" for tag, attributes in shown.tags if tag == "svg")
    ids = [attributes["id"] for _tag, attributes in shown.tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    assert {attributes["aria-labelledby"] for _tag, attributes in shown.tags if "aria-labelledby" in attributes} <= set(
        ids
    )


def luminance(colour: str) -> float:
    """https://www.w3.org/TR/WCAG22/#dfn-relative-luminance"""
    channels = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    linear = [value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("theme", [0, 1])
def test_the_page_can_be_read_in_both_themes(theme: int) -> None:
    colours = dict(re.findall(r"--([\w-]+): (#\w{6});", re.findall(r":root \{(.+?)\}", PAGE, re.DOTALL)[theme]))
    grounds = [name for name in colours if name in ("page", "card") or name.endswith("-tint")]
    assert len(grounds) == 5
    for text in ("ink", "soft", "passed", "failed", "missed", "skipped"):
        for ground in grounds:
            dark, light = sorted((luminance(colours[text]), luminance(colours[ground])))
            assert (light + 0.05) / (dark + 0.05) >= 4.5, f"{text} on {ground}"


# What is run


@pytest.fixture
def play(tmp_path: Path) -> Callable[..., str]:
    """Run a playbook that fails, and return what it shows."""

    def run(playbook: Path, *arguments: str, **variables: Any) -> str:
        program = str(Path(sys.executable).with_name("ansible-playbook"))
        inputs = ["--inventory", "localhost,", "--connection", "local", "--extra-vars", json.dumps(variables)]
        environment = os.environ | {
            "ANSIBLE_CONFIG": str(ROOT / "ansible.cfg"),
            "ANSIBLE_LOCAL_TEMP": str(tmp_path / "local"),
            "ANSIBLE_REMOTE_TEMP": str(tmp_path / "remote"),
            "ANSIBLE_PYTHON_INTERPRETER": sys.executable,
            "ANSIBLE_PIPELINING": "true",
        }
        command = [program, *inputs, *arguments, str(playbook)]
        ended = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, check=False)
        assert ended.returncode == 2, ended.stdout + ended.stderr
        return ended.stdout + ended.stderr

    return run


def test_a_tag_runs_one_group_and_the_report_holds_no_key(
    play: Callable[..., str], litellm: LiteLLMStandIn, kubernetes: KubernetesStandIn, tmp_path: Path
) -> None:
    kubernetes.add_secret("litellm-proxy-master-key", **{"master-key": MASTER_KEY})
    (tmp_path / "kubeconfig").write_text(json.dumps(kubernetes.kubeconfig))
    shown = play(
        ROOT / "playbooks" / "verify.yml",
        *("--tags", "access", "-vv"),
        gateway_cluster_kubeconfig=str(tmp_path / "kubeconfig"),
        gateway_cluster_namespace="apps",
        gateway_cluster_url=litellm.url,
        verify_models=litellm.models,
        # Not absolute: it begins where the command is run.
        verify_report_directory=os.path.relpath(tmp_path / "report", ROOT),
        # Each key and each question to the cluster takes a second; these are all that the group needs.
        __verify_keys=[{"name": name, "team": "{{ __verify_run }}"} for name in ("plain", "barred")],
        __verify_pods_of=[],
    )
    report = json.loads((tmp_path / "report" / "verify.json").read_text())
    assert (report["address"], report["kubernetes"], report["passed"]) == (litellm.url, "v1.36.0", False)
    # The stand-in lets every key use every model, which is what the report has to tell.
    assert {entry["name"]: entry["status"] for entry in report["results"] if entry["status"] != "skipped"} == {
        "Refused: no key": "passed",
        "Refused: a key that nobody made": "passed",
        "Refused: a model not allowed": "failed",
        "Refused: a deleted key": "passed",
    }
    suites = ElementTree.fromstring((tmp_path / "report" / "verify.xml").read_text())  # noqa: S314
    assert {suite.get("name") for suite in suites if suite.get("failures") == "1"} == {"access"}
    assert "chatcmpl-" in Page((tmp_path / "report" / "verify.html").read_text()).text
    texts = [shown, *(path.read_text() for path in (tmp_path / "report").iterdir())]
    assert len(texts) == 4
    sent = {request.headers.get("Authorization", "").removeprefix("Bearer ") for request in litellm.requests} - {""}
    assert len(sent) == 4, "the master key and those of three checks"
    assert not [text for text in texts for secret in (TOKEN, *sent) if secret in text]
    assert litellm.teams == {}


def test_a_report_that_cannot_be_written_hides_no_verdict(play: Callable[..., str], tmp_path: Path) -> None:
    (tmp_path / "report").write_text("in the way")
    found = {
        "verify_report_directory": str(tmp_path / "report"),
        "__verify_started": 1795667189,
        "__verify_checks": CHECKS[:2],
        "__verify_results": [result("chat"), result("exact", False, "10 x 200", "15 x 200")],
        "__verify_on_purpose": {},
        "__verify_reasons": {},
        "__verify_unwritten": "",
        "__verify_pods_of": [],
    }
    tasks = [{"ansible.builtin.include_tasks": str(ROLE / "tasks" / "report.yml")}]
    playbook = [{"hosts": "localhost", "gather_facts": False, "vars": found, "tasks": tasks}]
    (tmp_path / "play.yml").write_text(yaml.safe_dump(playbook))
    shown = play(tmp_path / "play.yml")
    assert re.search(r"FAILED +limits +exact +15 x 200", shown)
    assert re.search(r"1 of 2 checks failed\.", shown)
    assert f"The report could not be written to {tmp_path / 'report'}: " in shown
