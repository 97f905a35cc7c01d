# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a replica of the proxy finds when it asks what it depends on. Runs inside its container and prints JSON.

It connects, and reads; no model is asked for an answer. Its arguments are the path of LiteLLM's configuration, and the
seconds after which it gives up.
"""

import http.client
import json
import os
import re
import signal
import socket
import ssl
import sys
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

import yaml

SECONDS = 4
LITELLM = "http://127.0.0.1:4000"
# How much of an answer is worth telling.
SAID = 300
# What is told in the place of what a setting should say and does not.
ADDRESS = {"host": "(unknown)", "port": "(unknown)"}
SERVED = {"name": "(unknown)", "model": "", "api_base": "(unknown)"}


def main(path):
    with open(path, encoding="utf-8") as file:
        config = tried(yaml.safe_load, file) or {}
    with ThreadPoolExecutor(16) as pool:
        parts = {
            "database": pool.submit(tried, database, **ADDRESS),
            "sentinels": pool.submit(several, pool, connect, sentinels, config, **ADDRESS),
            "readiness": pool.submit(tried, readiness),
            "cache": pool.submit(tried, cache, config),
            "metrics": pool.submit(tried, metrics),
            "models": pool.submit(several, pool, model, models, config, **SERVED),
            "multiproc": pool.submit(multiproc),
        }
        return {name: part.result() for name, part in parts.items()}


def tried(work, *arguments, **place):
    """What comes of a part. A setting of a strange form ends that part alone, and is not told: it may be a secret."""
    try:
        return work(*arguments)
    except Exception as error:
        return {**place, "error": f"a setting cannot be read ({type(error).__name__})", "kind": "other"}


def several(pool, work, listed, config, **place):
    """What comes of each of several, or of the setting that lists them."""
    found = tried(listed, config, **place)
    return list(pool.map(lambda each: tried(work, *each, **place), found)) if isinstance(found, list) else [found]


def database():
    url = os.environ.get("DATABASE_URL") or f"//{os.environ.get('DATABASE_HOST') or ''}"
    parts = urlsplit(url)
    # A slash or the like in the password ends the URL's first part too early: what follows seems to be host and port.
    if "@" in parts.path + parts.query + parts.fragment:
        trouble = "letters of the password in DATABASE_URL have to be written as % and their codes"
        return {**ADDRESS, "error": trouble, "kind": "other"}
    if not parts.hostname:
        return None
    try:
        port = parts.port or 5432
    except ValueError:
        return {**ADDRESS, "host": parts.hostname, "error": "its port is no number", "kind": "other"}
    return connect(parts.hostname, port)


def sentinels(config):
    for where in ("general_settings.coordination_redis", "litellm_settings.cache_params"):
        section, name = where.split(".")
        nodes = ((config.get(section) or {}).get(name) or {}).get("sentinel_nodes")
        if nodes:
            return [(host, int(port)) for host, port in nodes]
    return [(host, int(port)) for host, port in json.loads(os.environ.get("REDIS_SENTINEL_NODES") or "[]")]


def connect(host, port):
    told = {"host": host, "port": port, "error": "", "kind": ""}
    try:
        socket.create_connection((host, port), SECONDS).close()
    except (OSError, OverflowError, UnicodeError) as error:
        told.update(failure(error))
    return told


def failure(error):
    """Why there was no connection, in words, and the kind of trouble that it is."""
    reason = getattr(error, "reason", error)
    if isinstance(reason, socket.gaierror):
        return {"error": "no such name", "kind": "name"}
    if isinstance(reason, (ConnectionRefusedError, ConnectionResetError)):
        return {"error": "connection refused", "kind": "refused"}
    if isinstance(reason, TimeoutError):
        return {"error": f"no answer within {SECONDS} s", "kind": "silent"}
    return {"error": str(getattr(reason, "strerror", None) or reason)[:SAID], "kind": "other"}


def context(verify):
    """How LiteLLM checks certificates by ssl_verify: not at all, by the authorities of a file, or by the usual ones."""
    if str(verify).lower() == "false":
        return ssl._create_unverified_context()  # noqa: S323 (it was asked for, and no secret is sent)
    return ssl.create_default_context(cafile=verify if os.path.isfile(str(verify)) else None)


def get(url, key=None, seconds=SECONDS, verify=True):
    """Status and text of an answer, or why there is none."""
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    try:
        request = urllib.request.Request(url, headers=headers)  # noqa: S310 (http and https alone come here)
        with urllib.request.urlopen(request, timeout=seconds, context=context(verify)) as answer:  # noqa: S310
            return {"status": answer.status, "text": answer.read().decode(errors="replace")}
    except urllib.error.HTTPError as error:
        return {"status": error.code, "text": error.read().decode(errors="replace")}
    except (OSError, ValueError, http.client.HTTPException) as error:
        return failure(error)


def parsed(answer):
    try:
        return json.loads(answer.get("text") or "")
    except ValueError:
        return None


def ask_litellm(path, key=None):
    return get(LITELLM + path, key, seconds=2 * SECONDS)


def master_key():
    return os.environ.get("LITELLM_MASTER_KEY") or os.environ.get("PROXY_MASTER_KEY")


def readiness():
    answer = ask_litellm("/health/readiness")
    told = parsed(answer)
    # An error is wrapped up, the state is not.
    told = told.get("detail", told) if isinstance(told, dict) else None
    return {"status": answer.get("status"), "db": told.get("db") if isinstance(told, dict) else None}


def cache(config):
    if not (config.get("litellm_settings") or {}).get("cache"):
        return None
    answer = ask_litellm("/cache/ping", master_key())
    # All settings are in the answer, too, before what counts.
    trouble = re.search(r"[\w.]*(Error|Exception|No master found)[^\"\\\\]*", answer.get("text", ""))
    said = trouble[0] if trouble else ""
    return {"status": answer.get("status"), "said": said[:SAID], "error": answer.get("error")}


def metrics():
    """As Prometheus asks for them; with the key only to see more."""
    answer = ask_litellm("/metrics/")
    status = answer.get("status")
    if status in (401, 403):
        answer = ask_litellm("/metrics/", master_key())
    opened = [
        line
        for line in answer.get("text", "").splitlines()
        if line.startswith("litellm_redis_circuit_breaker_state{") and 'state="open"' in line
    ]
    return {"status": status, "breaker_open": any(float(line.rpartition(" ")[2]) > 0 for line in opened)}


def models(config):
    """Those of the configuration and of LiteLLM's database, each address once, and its ssl_verify."""
    told = parsed(ask_litellm("/model/info", master_key()))
    listed = told.get("data") if isinstance(told, dict) else None
    usual = os.environ.get("SSL_VERIFY", (config.get("litellm_settings") or {}).get("ssl_verify"))
    found = {}
    for each in listed or config.get("model_list") or []:
        params = each.get("litellm_params") or {}
        base, name = str(params.get("api_base") or "").rstrip("/"), str(params.get("model") or "")
        if base.startswith("http"):
            told = {"name": each.get("model_name"), "model": name, "api_base": base}
            found.setdefault((base, name), (told, params.get("ssl_verify", usual)))
    return list(found.values())


def model(told, verify):
    """What is served at a model's address, and where else when it is not there."""
    answer = get(told["api_base"] + "/models", verify=verify)
    told.update({name: answer[name] for name in ("status", "error", "kind") if name in answer})
    if answer.get("status") == 404:
        root = "{0.scheme}://{0.netloc}".format(urlsplit(told["api_base"]))
        others = (root + path for path in ("/v1", "/openai/v1"))
        told["better"] = next(
            (base for base in others if get(base + "/models", verify=verify).get("status") == 200), None
        )
    listed = parsed(answer)
    if answer.get("status") == 200 and isinstance(listed, dict):
        told["ids"] = [each.get("id") for each in listed.get("data") or [] if isinstance(each, dict)][:50]
    return told


def multiproc():
    path = os.environ.get("PROMETHEUS_MULTIPROC_DIR")
    return {"path": path, "writable": os.path.isdir(path) and os.access(path, os.W_OK)} if path else None


# One that is starved of CPU is not waited for: the others are asked, too.
signal.alarm(int(sys.argv[2]))
print(json.dumps(main(sys.argv[1])))
