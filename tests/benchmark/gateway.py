# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the Gateway costs: chat requests a second through it, against the same to LiteLLM itself, in turns.

    python tests/benchmark/gateway.py [--rounds 40] [--requests 48] [--parallel 8]

Needs KUBECONFIG of a running gateway and kubectl. The requests come from a pod on a node's own network, which
NetworkPolicies do not hold back: so both ways begin at the same place.
"""

from __future__ import annotations

import argparse
import base64
import json
import os
import statistics
import subprocess
import uuid

NAMESPACE = os.environ.get("GATEWAY_NAMESPACE", "inference-gateway")
MODEL = os.environ.get("GATEWAY_TERSE_MODEL", "echo")

# Runs inside, in LiteLLM's own image. The ways take short turns, and turns at being first, so that a busy moment of the
# machine meets both.
CLIENT = """
import asyncio, json, os, time
import httpx

MASTER = {"Authorization": "Bearer " + os.environ["MASTER_KEY"]}
WAYS = json.loads(os.environ["WAYS"])
ROUNDS, REQUESTS, PARALLEL = (int(os.environ[name]) for name in ("ROUNDS", "REQUESTS", "PARALLEL"))

async def ask(client, url, key, names):
    for name in names:
        body = {"model": os.environ["MODEL"], "max_tokens": 1, "messages": [{"role": "user", "content": name}]}
        answer = await client.post(url + "/v1/chat/completions", json=body, headers={"Authorization": "Bearer " + key})
        answer.raise_for_status()

async def main():
    async with httpx.AsyncClient(timeout=60) as client:
        made = await client.post(WAYS["bare"] + "/key/generate", json={"duration": "1h"}, headers=MASTER)
        key = made.raise_for_status().json()["key"]
        for url in WAYS.values():
            await ask(client, url, key, ["warm"])
        for number in range(ROUNDS):
            for way, url in sorted(WAYS.items(), reverse=number % 2 == 1):
                names = iter([f"{way} {number} {request}" for request in range(REQUESTS)])
                started = time.monotonic()
                await asyncio.gather(*(ask(client, url, key, names) for _ in range(PARALLEL)))
                print(json.dumps({"way": way, "per_second": REQUESTS / (time.monotonic() - started)}), flush=True)
        await client.post(WAYS["bare"] + "/key/delete", json={"keys": [key]}, headers=MASTER)

asyncio.run(main())
"""


def kubectl(*arguments: str, stdin: str | None = None) -> str:
    done = subprocess.run(["kubectl", *arguments], input=stdin, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"kubectl {' '.join(arguments[:4])}: {done.stderr.strip()}")
    return done.stdout


def get(*arguments: str) -> dict:
    return json.loads(kubectl("get", *arguments, "-o", "json"))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--requests", type=int, default=48, help="in each round, for each way")
    parser.add_argument("--parallel", type=int, default=8)
    arguments = parser.parse_args()

    proxy = get("service", "litellm-proxy", "-n", NAMESPACE)
    label = f"gateway.envoyproxy.io/owning-gateway-namespace={NAMESPACE}"
    envoy = get("service", "-n", "envoy-gateway-system", "-l", label)["items"][0]
    secret = get("secret", "litellm-proxy-master-key", "-n", NAMESPACE)
    image = get("deployment", "litellm-proxy", "-n", NAMESPACE)["spec"]["template"]["spec"]["containers"][0]["image"]
    ways = {
        "bare": f"http://{proxy['spec']['clusterIP']}:4000",
        "gateway": f"http://{envoy['spec']['clusterIP']}:{envoy['spec']['ports'][0]['port']}",
    }

    name = f"benchmark-{uuid.uuid4().hex[:8]}"
    key = base64.b64decode(secret["data"]["master-key"]).decode()
    environment = {
        "WAYS": json.dumps(ways),
        "MODEL": MODEL,
        "ROUNDS": str(arguments.rounds),
        "REQUESTS": str(arguments.requests),
        "PARALLEL": str(arguments.parallel),
    }
    variables = [{"name": variable, "value": value} for variable, value in environment.items()]
    variables.append({"name": "MASTER_KEY", "valueFrom": {"secretKeyRef": {"name": name, "key": "master-key"}}})
    container = {"name": "client", "image": image, "command": ["python", "-c", CLIENT], "env": variables}
    metadata = {"name": name, "namespace": "default"}
    pod = {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": metadata,
        "spec": {"hostNetwork": True, "restartPolicy": "Never", "containers": [container]},
    }
    copy = {"apiVersion": "v1", "kind": "Secret", "metadata": metadata, "stringData": {"master-key": key}}
    try:
        kubectl("create", "-f", "-", stdin=json.dumps(copy))
        kubectl("create", "-f", "-", stdin=json.dumps(pod))
        kubectl("wait", f"pod/{name}", "-n", "default", "--timeout=900s", "--for=jsonpath={.status.phase}=Succeeded")
        rows = [json.loads(line) for line in kubectl("logs", name, "-n", "default").splitlines()]
    finally:
        kubectl("delete", f"pod/{name}", f"secret/{name}", "-n", "default", "--ignore-not-found", "--wait=false")

    speeds = {way: [row["per_second"] for row in rows if row["way"] == way] for way in ways}
    for way, each in speeds.items():
        print(f"{way:8} {statistics.median(each):7.1f} requests/s (median of {len(each)} rounds)")
    ratios = [through / bare for bare, through in zip(speeds["bare"], speeds["gateway"], strict=True)]
    low, middle, high = statistics.quantiles(ratios, n=4)
    print(f"through the Gateway / LiteLLM itself: {middle:.1%} (half of the rounds {low:.0%} to {high:.0%}; goal 95 %)")


if __name__ == "__main__":
    main()
