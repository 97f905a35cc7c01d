# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The commands of the notes that this collection grew from, as a person would paste them.

Each runs in bash against the running gateway, with the placeholders as shell variables and a port-forward where the
notes ask for one.
Needs KUBECONFIG, kubectl and curl; `make molecule` runs it at its end.
"""

from __future__ import annotations

import os
import re
import subprocess
import time
from collections.abc import Iterator

import pytest

NAMESPACE = os.environ.get("GATEWAY_NAMESPACE", "inference-gateway")
MODEL = os.environ.get("GATEWAY_MODEL", "tiny")
# One with short answers. The notes' key has 1000 tokens a minute, of which LiteLLM lets an answer take 250 where a
# request does not say how long it may be: a model that goes on for as long would reach that limit first.
TERSE_MODEL = os.environ.get("GATEWAY_TERSE_MODEL", "echo")


def paste(command: str, **variables: str) -> str:
    """Run a pasted command and return what it printed; a command that fails fails the test with what it said."""
    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c", command],
        env={**os.environ, "NS": NAMESPACE, "MODEL_NAME": MODEL, **variables},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, f"{command}\nexit code {done.returncode}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def field(name: str, answer: str) -> str:
    found = re.search(rf'"{name}": ?"([^"]+)"', answer)
    assert found, f"no {name} in {answer}"
    return found[1]


@pytest.fixture(scope="module")
def forwarded() -> Iterator[None]:
    """`kubectl port-forward svc/litellm-proxy 4000:4000`, for as long as the tests of this file run."""
    process = subprocess.Popen(
        ["kubectl", "port-forward", "svc/litellm-proxy", "4000:4000", "-n", NAMESPACE],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert process.stdout is not None
    line = process.stdout.readline()
    assert "Forwarding from" in line, line
    yield
    process.terminate()
    process.wait(timeout=10)


@pytest.fixture(scope="module")
def master_key() -> str:
    return paste("kubectl get secret litellm-proxy-master-key -n $NS -o jsonpath='{.data.master-key}' | base64 -d")


@pytest.fixture(scope="module")
def team_id(forwarded: None, master_key: str) -> Iterator[str]:
    answer = paste(
        """curl -sS -X POST http://localhost:4000/team/new \
    -H "Authorization: Bearer $MASTER_KEY" \
    -H "Content-Type: application/json" \
    -d '{
      "team_alias": "my-team",
      "max_budget": 100,
      "rpm_limit": 100,
      "tpm_limit": 1000000
    }'""",
        MASTER_KEY=master_key,
    )
    team = field("team_id", answer)
    yield team
    paste(
        """curl -sS --fail-with-body -X POST http://localhost:4000/team/delete -H "Authorization: Bearer $MASTER_KEY" \
    -H "Content-Type: application/json" -d "{\\"team_ids\\": [\\"$TEAM_ID\\"]}" """,
        MASTER_KEY=master_key,
        TEAM_ID=team,
    )


@pytest.fixture(scope="module")
def api_key(team_id: str, master_key: str) -> str:
    answer = paste(
        """curl -sS -X POST http://localhost:4000/key/generate \
    -H "Authorization: Bearer $MASTER_KEY" \
    -H "Content-Type: application/json" \
    -d '{
      "team_id": "'$TEAM_ID_FROM_ABOVE'",
      "key_alias": "my-app-key",
      "max_budget": 50
    }'""",
        MASTER_KEY=master_key,
        TEAM_ID_FROM_ABOVE=team_id,
    )
    return field("key", answer)


def test_deployment() -> None:
    pods = paste("kubectl get pods -l app.kubernetes.io/name=litellm-proxy -n $NS --no-headers").splitlines()
    assert len(pods) >= 2
    assert all("1/1" in pod and "Running" in pod for pod in pods), pods
    assert "4000/TCP" in paste("kubectl get svc litellm-proxy -n $NS")
    assert "successfully rolled out" in paste("kubectl rollout status deployment/litellm-proxy -n $NS")


def test_migration() -> None:
    jobs = paste("kubectl get jobs -l app.kubernetes.io/component=migration -n $NS --no-headers").splitlines()
    assert len(jobs) == 1
    assert "Complete" in jobs[0]
    assert paste("kubectl logs job/litellm-proxy-migration -n $NS").strip()


def test_health(forwarded: None) -> None:
    assert '"db":"connected"' in paste("curl -sS --fail-with-body http://localhost:4000/health/readiness")


def test_models_and_chat(api_key: str) -> None:
    models = paste(
        """curl -sS --fail-with-body http://localhost:4000/v1/models \
    -H "Authorization: Bearer $YOUR_API_KEY" """,
        YOUR_API_KEY=api_key,
    )
    assert f'"id":"{MODEL}"' in models
    chat = """curl -sS --fail-with-body -X POST http://localhost:4000/v1/chat/completions \
    -H "Authorization: Bearer $YOUR_API_KEY" \
    -H "Content-Type: application/json" \
    -d '{
      "model": "'$MODEL_NAME'",
      "messages": [{"role": "user", "content": "Hello, how are you?"}],
      "max_tokens": 100
    }'"""
    assert '"choices"' in paste(chat, YOUR_API_KEY=api_key)
    stream = paste(
        """curl -sS --fail-with-body -X POST http://localhost:4000/v1/chat/completions \
    -H "Authorization: Bearer $YOUR_API_KEY" \
    -H "Content-Type: application/json" \
    -d '{
      "model": "'$MODEL_NAME'",
      "messages": [{"role": "user", "content": "Tell me a joke"}],
      "stream": true
    }'""",
        YOUR_API_KEY=api_key,
    )
    assert stream.rstrip().endswith("data: [DONE]")


def test_gateway(api_key: str) -> None:
    assert "litellm-proxy" in paste("kubectl get httproute litellm-proxy -n $NS")
    described = paste("kubectl describe httproute litellm-proxy -n $NS")
    assert "Accepted" in described
    assert "ResolvedRefs" in described
    address = paste(
        """kubectl get svc -n envoy-gateway-system \
    -l gateway.envoyproxy.io/owning-gateway-name \
    -o jsonpath='{.items[0].status.loadBalancer.ingress[0].hostname}'"""
    )
    assert address
    port = os.environ.get("CLUSTER_HTTP_PORT", "80")  # the notes know load balancers on port 80 only
    gateway = address if port == "80" else f"{address}:{port}"
    models = paste(
        """curl -sS --fail-with-body http://$GATEWAY_IP/v1/models \
    -H "Authorization: Bearer $YOUR_API_KEY" """,
        YOUR_API_KEY=api_key,
        GATEWAY_IP=gateway,
    )
    assert f'"id":"{MODEL}"' in models
    chat = paste(
        """curl -sS --fail-with-body -X POST http://$GATEWAY_IP/v1/chat/completions \
    -H "Authorization: Bearer $YOUR_API_KEY" \
    -H "Content-Type: application/json" \
    -d '{
      "model": "'$MODEL_NAME'",
      "messages": [{"role": "user", "content": "Hello"}]
    }'""",
        YOUR_API_KEY=api_key,
        GATEWAY_IP=gateway,
    )
    assert '"choices"' in chat


def test_rate_limit(team_id: str, master_key: str) -> None:
    answer = paste(
        """curl -sS -X POST http://localhost:4000/key/generate \
    -H "Authorization: Bearer $MASTER_KEY" \
    -H "Content-Type: application/json" \
    -d '{
      "team_id": "'$TEAM_ID'",
      "max_parallel_requests": 2,
      "tpm_limit": 1000,
      "rpm_limit": 10
    }'""",
        MASTER_KEY=master_key,
        TEAM_ID=team_id,
    )
    started = time.monotonic()
    codes = paste(
        """for i in $(seq 1 15); do
    echo "Request $i:"
    curl -s -o /dev/null -w "%{http_code}" \
      -X POST http://localhost:4000/v1/chat/completions \
      -H "Authorization: Bearer $YOUR_RATE_LIMITED_KEY" \
      -H "Content-Type: application/json" \
      -d '{"model": "'$MODEL_NAME'", "messages": [{"role": "user", "content": "Hi"}]}'
    echo ""
  done""",
        YOUR_RATE_LIMITED_KEY=field("key", answer),
        MODEL_NAME=TERSE_MODEL,
    )
    assert time.monotonic() - started < 60, "the fifteen requests did not fit into one window of 60 s"
    assert re.findall(r"^\d{3}$", codes, re.MULTILINE) == ["200"] * 10 + ["429"] * 5


def test_metrics(api_key: str) -> None:
    # LiteLLM answers /metrics with a redirect to /metrics/: -L follows it.
    metrics = paste("curl -sSL --fail-with-body http://localhost:4000/metrics")
    assert "litellm_proxy_total_requests_metric_total" in metrics


def test_autoscaling_and_disruption_budget() -> None:
    assert "litellm-proxy" in paste("kubectl get hpa litellm-proxy -n $NS")
    assert "Deployment/litellm-proxy" in paste("kubectl describe hpa litellm-proxy -n $NS")
    assert "litellm-proxy" in paste("kubectl get pdb litellm-proxy -n $NS")


def test_troubleshooting() -> None:
    assert "REDIS" in paste("kubectl exec deploy/litellm-proxy -n $NS -- env | grep REDIS")
    assert "prometheus" in paste("kubectl get configmap -l app.kubernetes.io/name=litellm-proxy -n $NS -o yaml")
    assert "litellm-db-app" in paste("kubectl get secret litellm-db-app -n $NS")
