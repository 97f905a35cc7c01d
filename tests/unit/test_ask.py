# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a replica of the proxy finds when the role diagnose asks it from inside."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import yaml
from servers import Authority, over_tls

ASK = Path(__file__).parents[2] / "roles" / "diagnose" / "files" / "ask.py"


class Model(BaseHTTPRequestHandler):
    """A model that is served at /v1."""

    def do_GET(self) -> None:
        found = self.path == "/v1/models"
        self.send_response(200 if found else 404)
        self.end_headers()
        self.wfile.write(json.dumps({"data": [{"id": "tiny"}]} if found else {"detail": "Not Found"}).encode())

    def log_message(self, *unused: object) -> None:
        pass


@pytest.fixture
def model() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Model) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def closed_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def asked(tmp_path: Path, config: dict[str, Any], **environment: str) -> dict[str, Any]:
    path = tmp_path / "config.yaml"
    path.write_text(yaml.safe_dump(config))
    ended = subprocess.run(
        [sys.executable, "-c", ASK.read_text(), str(path), "30"],
        env={"PATH": os.environ["PATH"], **environment},
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(ended.stdout)


def test_it_gives_up_after_a_time(tmp_path: Path) -> None:
    never = tmp_path / "never"
    os.mkfifo(never)  # nobody writes
    ended = subprocess.run([sys.executable, "-c", ASK.read_text(), str(never), "1"], check=False, timeout=60)
    assert ended.returncode == -signal.SIGALRM


def test_models_are_asked_what_they_serve(model: str, tmp_path: Path) -> None:
    nobody = f"http://127.0.0.1:{closed_port()}/v1"
    bases = {"right": f"{model}/v1", "wrong": f"{model}/openai/v1", "down": nobody, "elsewhere": None}
    listed = [
        {"model_name": name, "litellm_params": {"model": "hosted_vllm/tiny", "api_base": base, "api_key": "sk-1"}}
        for name, base in bases.items()
    ]
    told = {each["name"]: each for each in asked(tmp_path, {"model_list": listed})["models"]}
    assert (told["right"]["status"], told["right"]["ids"]) == (200, ["tiny"])
    assert (told["wrong"]["status"], told["wrong"]["better"]) == (404, f"{model}/v1")
    assert (told["down"]["error"], told["down"]["kind"]) == ("connection refused", "refused")
    assert "elsewhere" not in told


def test_certificates_are_checked_as_litellm_does(tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    with over_tls(Model, authority.issue()) as base:

        def kinds(
            litellm: dict[str, Any], params: dict[str, Any] | None = None, **environment: str
        ) -> list[str | None]:
            named = {"model": "hosted_vllm/tiny", "api_base": f"{base}/v1", **(params or {})}
            config = {"litellm_settings": litellm, "model_list": [{"model_name": "tiny", "litellm_params": named}]}
            return [each.get("kind") for each in asked(tmp_path, config, **environment)["models"]]

        assert kinds({}) == ["other"]
        assert kinds({}, SSL_CERT_FILE=str(authority.path)) == [None]
        assert kinds({"ssl_verify": str(authority.path)}) == [None]
        assert kinds({"ssl_verify": False}) == [None]
        assert kinds({}, {"ssl_verify": False}) == [None]
        assert kinds({}, SSL_VERIFY="False") == [None]


def test_an_address_that_is_no_url_ends_nothing(tmp_path: Path) -> None:
    listed = [
        {"model_name": base, "litellm_params": {"model": "hosted_vllm/tiny", "api_base": base}}
        for base in ("http://vllm.models:80a0/v1", "http://[fd00::1/v1")
    ]
    told = asked(tmp_path, {"model_list": listed})["models"]
    assert [each["kind"] for each in told] == ["other", "other"]
    assert "80a0" in told[0]["error"]
    assert "IPv6" in told[1]["error"]


def test_database_and_sentinels_are_connected_to(model: str, tmp_path: Path) -> None:
    port, closed = int(model.rpartition(":")[2]), closed_port()
    nodes = [["127.0.0.1", port], ["127.0.0.1", closed]]
    config = {"general_settings": {"coordination_redis": {"sentinel_nodes": nodes}}}
    told = asked(tmp_path, config, DATABASE_URL=f"postgresql://user:secret@127.0.0.1:{closed}/litellm")
    assert told["database"] == {"host": "127.0.0.1", "port": closed, "error": "connection refused", "kind": "refused"}
    assert [each["kind"] for each in told["sentinels"]] == ["", "refused"]
    told = asked(tmp_path, {}, DATABASE_HOST="nowhere.invalid", REDIS_SENTINEL_NODES=json.dumps(nodes[:1]))
    assert (told["database"]["port"], told["database"]["kind"]) == (5432, "name")
    assert [each["error"] for each in told["sentinels"]] == [""]
    told = asked(tmp_path, {}, DATABASE_HOST="127.0.0.1:54a2")
    assert (told["database"]["host"], told["database"]["error"]) == ("127.0.0.1", "its port is no number")
    told = asked(tmp_path, {}, DATABASE_URL=f"postgresql://user:secret@[::1]:{closed}/litellm")
    assert (told["database"]["host"], told["database"]["port"]) == ("::1", closed)


@pytest.mark.parametrize(
    "password", ["S3cr/et4711", "4711#S3cret", "S3@cr?et4711", "S3[cret4711", "S3cret4711@db.invalid:S3cret"]
)
def test_no_part_of_a_password_is_told(tmp_path: Path, password: str) -> None:
    told = asked(tmp_path, {}, DATABASE_URL=f"postgresql://user:{password}@127.0.0.1:1/litellm")
    assert told["database"]["error"]
    assert not [part for part in ("S3", "cr", "4711") if part in str(told["database"])]


STRANGE: list[tuple[Any, dict[str, str]]] = [
    ("no mapping", {}),
    ({"litellm_settings": ["cache"], "general_settings": "x"}, {}),
    ({"model_list": ["tiny", {"litellm_params": "x"}]}, {}),
    ({"general_settings": {"coordination_redis": {"sentinel_nodes": ["a:1"]}}}, {}),
    ({}, {"REDIS_SENTINEL_NODES": "s3cret", "DATABASE_URL": "postgresql://user:s3cret@[::1/litellm"}),
    ({}, {"REDIS_SENTINEL_NODES": '[["127.0.0.1", 99999], ["s3cret"]]', "DATABASE_HOST": f"{'x' * 99}.invalid"}),
]


@pytest.mark.parametrize(("config", "environment"), STRANGE)
def test_a_setting_of_a_strange_form_loses_no_other_answer(
    tmp_path: Path, config: Any, environment: dict[str, str]
) -> None:
    told = asked(tmp_path, config, **{"DATABASE_HOST": f"127.0.0.1:{closed_port()}"} | environment)
    assert told["readiness"] == {"status": None, "db": None}
    assert told["database"]["error"]
    # As the checks look at them.
    assert all(each["error"] and each["host"] for each in told["sentinels"])
    assert all(each["error"] and each["name"] for each in told["models"])
    strange = [told["database"], told["cache"] or {}, *told["sentinels"], *told["models"]]
    assert any(each.get("kind") == "other" for each in strange)
    assert "s3cret" not in json.dumps(told)


def test_a_litellm_that_does_not_answer_is_told_of(tmp_path: Path) -> None:
    config = {"litellm_settings": {"cache": True}}
    told = asked(tmp_path, config, PROMETHEUS_MULTIPROC_DIR=str(tmp_path / "nowhere"), LITELLM_MASTER_KEY="sk-master")
    assert told["readiness"] == {"status": None, "db": None}
    assert told["cache"]["error"] == "connection refused"
    assert told["metrics"] == {"status": None, "breaker_open": False}
    assert told["multiproc"] == {"path": str(tmp_path / "nowhere"), "writable": False}
    assert "sk-master" not in json.dumps(told)
