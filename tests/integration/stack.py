# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The real LiteLLM with PostgreSQL, Valkey, Sentinel and a model simulator, as containers on a network of their own.

The images are those of the cluster (tests/cluster/images.toml); the docker CLI and its DOCKER_HOST come from the
environment. Passwords are made up for each run and travel in the environment or on standard input, never as arguments.
"""

from __future__ import annotations

import json
import os
import secrets
import socket
import subprocess
import sys
import time
import tomllib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import requests

IMAGES = Path(__file__).parents[1] / "cluster" / "images.toml"
LITELLM = "berriai/litellm-non_root"
PREFIX = "inference-gateway-test"
MODEL = "tiny"

POSTGRESQL = """
export PGDATA=/var/lib/postgresql/test
if [ ! -e "$PGDATA/PG_VERSION" ]; then
    printf %s "$PASSWORD" > /tmp/password
    initdb --username=litellm --pwfile=/tmp/password --auth-local=trust --auth-host=scram-sha-256 >/dev/null
    echo 'host all all all scram-sha-256' >> "$PGDATA/pg_hba.conf"
fi
exec postgres -c listen_addresses='*' -c unix_socket_directories=/tmp -c fsync=off
"""
VALKEY = """
printf 'requirepass %s\n' "$PASSWORD" | exec valkey-server -
"""
# Sentinel writes into its configuration, and would keep the primary's address where a name is meant.
SENTINEL = """
cat > /tmp/sentinel.conf <<END
requirepass $SENTINEL_PASSWORD
sentinel resolve-hostnames yes
sentinel announce-hostnames yes
sentinel monitor mymaster valkey 6379 1
sentinel auth-pass mymaster $PASSWORD
END
exec valkey-sentinel /tmp/sentinel.conf
"""


class StackError(Exception):
    """What of the stack did not start, with the end of its log."""


def images() -> list[str]:
    """The public names in images.toml."""
    return [row["name"] for row in tomllib.loads(IMAGES.read_text())["image"]]


def versions() -> list[str]:
    """Those of LiteLLM, each of which is tested."""
    return [name.rpartition(":")[2] for name in images() if f"/{LITELLM}:" in name]


# Which one is asked for.
VERSION = os.environ.get("INTEGRATION_LITELLM") or versions()[0]


def image(name: str) -> str:
    """What the docker CLI calls an image of images.toml: its public name, or its place in the cluster's mirror.

    Of several versions it is the first, unless the name ends with another one's.
    """
    found = next(public for public in images() if f"/{name}:" in public or public.endswith(f"/{name}"))
    mirror = os.environ.get("IMAGE_MIRROR")
    return f"{mirror}/{found.split('/', 1)[1]}" if mirror else found


class Stack:
    """Containers named `inference-gateway-test-<process>-<part>`, which reach each other by the name of the part."""

    def __init__(self, folder: Path, version: str) -> None:
        self.folder = folder
        self.version = version
        self.name = f"{PREFIX}-{os.getpid()}"
        self.master_key = f"sk-{secrets.token_hex(16)}"
        self.secrets = {
            "PASSWORD": secrets.token_hex(16),
            "SENTINEL_PASSWORD": secrets.token_hex(16),
            "LITELLM_MASTER_KEY": self.master_key,
            "LITELLM_SALT_KEY": f"sk-{secrets.token_hex(16)}",
        }
        self.secrets["DATABASE_URL"] = f"postgresql://litellm:{self.secrets['PASSWORD']}@postgresql:5432/litellm"
        self.url = ""

    def start(self) -> None:
        self._docker("network", "create", self.name)
        self._script("postgresql", image("cloudnative-pg/postgresql"), POSTGRESQL, "PASSWORD")
        self._script("valkey", image("valkey/valkey"), VALKEY, "PASSWORD")
        self._script("sentinel", image("valkey/valkey"), SENTINEL, "PASSWORD", "SENTINEL_PASSWORD")
        simulator = ["--model", MODEL, "--port", "8000", "--mode", "echo"]
        self._run("simulator", image("llm-d/llm-d-inference-sim"), *simulator)
        # Over TCP: the server that initdb runs for itself listens on the socket only.
        self._wait("postgresql", lambda: self._succeeds("postgresql", "pg_isready", "--host=127.0.0.1"))
        # LiteLLM looks for Sentinel once, when it starts, and would count limits by itself ever after.
        asks = 'REDISCLI_AUTH="$SENTINEL_PASSWORD" exec valkey-cli -e -p 26379 sentinel ckquorum mymaster'
        self._wait("sentinel", lambda: self._succeeds("sentinel", "sh", "-c", asks))
        self._exec("postgresql", "createdb", "--host=/tmp", "--username=litellm", "litellm")
        self._litellm("migration", "--skip_server_startup")
        if self._docker("wait", self._container("migration")) != "0":
            raise self._failure("migration", "failed")
        # A port of our choice: one of docker's would be another after LiteLLM was killed.
        address = f"127.0.0.1:{_free_port()}"
        self._litellm(
            "litellm",
            "--port",
            "4000",
            options=["--publish", f"{address}:4000", "--env", "DISABLE_SCHEMA_UPDATE=true"],
        )
        self.url = f"http://{address}"
        self._wait("litellm", self._litellm_is_ready)

    def keep(self, path: str) -> None:
        """Remember the servers in a file that only its owner can read: it holds the keys of this test stack."""
        with open(path, "w", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
            remembered = {"name": self.name, "version": self.version, "url": self.url, "secrets": self.secrets}
            json.dump(remembered, file)

    @classmethod
    def found(cls, path: str) -> Stack | None:
        """The servers that `keep` remembered, if they are still there."""
        if not os.path.exists(path):
            return None
        remembered = json.loads(Path(path).read_text())
        stack = cls(Path(path).parent, remembered["version"])
        stack.name, stack.url, stack.secrets = remembered["name"], remembered["url"], remembered["secrets"]
        stack.master_key = stack.secrets["LITELLM_MASTER_KEY"]
        return stack if stack._litellm_is_ready() else None

    def stop(self) -> None:
        containers = self._docker("ps", "--all", "--quiet", "--filter", f"name=^{self.name}-").split()
        if containers:
            self._docker("rm", "--force", "--volumes", *containers)
        if self._docker("network", "ls", "--quiet", "--filter", f"name=^{self.name}$"):
            self._docker("network", "rm", self.name)

    @contextmanager
    def without_database(self) -> Iterator[None]:
        """LiteLLM without its database, and with it again afterwards."""
        self._docker("stop", "--time", "10", self._container("postgresql"))
        try:
            yield
        finally:
            self._docker("start", self._container("postgresql"))
            self._wait("litellm", self._litellm_is_ready)

    def kill(self) -> None:
        """End LiteLLM's process at once."""
        self._docker("kill", self._container("litellm"))

    def revive(self) -> None:
        self._docker("start", self._container("litellm"))
        self._wait("litellm", self._litellm_is_ready)

    def valkey_keys(self) -> list[str]:
        """The names of everything that Valkey holds."""
        script = 'REDISCLI_AUTH="$PASSWORD" exec valkey-cli --scan'
        return self._exec("valkey", "sh", "-c", script).splitlines()

    def request(self, method: str, path: str, *, key: str | None = None, **options: object) -> requests.Response:
        """One request to LiteLLM past the modules."""
        headers = {"Authorization": f"Bearer {key or self.master_key}"}
        return requests.request(method, f"{self.url}{path}", headers=headers, timeout=30, **options)  # type: ignore[arg-type]

    def _litellm(self, part: str, *arguments: str, options: list[str] | None = None) -> None:
        configuration = self.folder / "config.yaml"
        configuration.write_text(json.dumps(self._configuration()))  # JSON is YAML
        configuration.chmod(0o644)
        mounts = ["--volume", f"{configuration}:/etc/litellm/config.yaml:ro", "--read-only", "--tmpfs", "/tmp"]
        self._run(
            part,
            image(f"{LITELLM}:{self.version}"),
            "--config",
            "/etc/litellm/config.yaml",
            *arguments,
            options=[*mounts, *(options or [])],
            variables=[*self.secrets],
        )

    def _configuration(self) -> dict[str, object]:
        simulator = {"model": f"hosted_vllm/{MODEL}", "api_base": "http://simulator:8000/v1"}
        return {
            "model_list": [{"model_name": MODEL, "litellm_params": simulator}],
            "credential_list": [
                {"credential_name": MODEL, "credential_values": {"api_base": "none"}, "credential_info": {}}
            ],
            "litellm_settings": {
                "num_retries": 0,
                "callbacks": ["prometheus"],
                "cache": True,
                "cache_params": {
                    "type": "redis",
                    "service_name": "mymaster",
                    "sentinel_nodes": [["sentinel", 26379]],
                    "sentinel_password": "os.environ/SENTINEL_PASSWORD",
                    "password": "os.environ/PASSWORD",
                    "supported_call_types": [],  # limits are shared, answers are not kept
                },
            },
            "general_settings": {
                "master_key": "os.environ/LITELLM_MASTER_KEY",
                "database_connection_pool_limit": 5,
                "store_model_in_db": True,
                # What LiteLLM lists from memory is soon what is in its database.
                "proxy_config_reload_interval_seconds": 2,
                "proxy_batch_write_at": 2,
            },
        }

    def _script(self, part: str, image_name: str, script: str, *variables: str) -> None:
        self._run(part, image_name, "-euc", script, options=["--entrypoint", "sh"], variables=[*variables])

    def _run(
        self,
        part: str,
        image_name: str,
        *arguments: str,
        options: list[str] | None = None,
        variables: list[str] | None = None,
    ) -> None:
        named = ["--name", self._container(part), "--network", self.name, "--network-alias", part]
        environment = [word for name in variables or [] for word in ("--env", name)]
        self._docker("run", "--detach", *named, *environment, *(options or []), image_name, *arguments)

    def _container(self, part: str) -> str:
        return f"{self.name}-{part}"

    def _exec(self, part: str, *command: str) -> str:
        return self._docker("exec", self._container(part), *command)

    def _succeeds(self, part: str, *command: str) -> bool:
        try:
            self._exec(part, *command)
        except StackError:
            return False
        return True

    def _docker(self, *arguments: str) -> str:
        done = subprocess.run(
            ["docker", *arguments],
            env=os.environ | self.secrets,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        if done.returncode:
            raise StackError(f"docker {arguments[0]} failed: {done.stderr.strip()}")
        return done.stdout.strip()

    def _wait(self, part: str, ready: Callable[[], bool], seconds: int = 180) -> None:
        deadline = time.monotonic() + seconds
        while not ready():
            if self._docker("inspect", "--format", "{{.State.Running}}", self._container(part)) != "true":
                raise self._failure(part, "ended")
            if time.monotonic() > deadline:
                raise self._failure(part, f"was not ready after {seconds} s")
            time.sleep(0.5)

    def _failure(self, part: str, what: str) -> StackError:
        done = subprocess.run(
            ["docker", "logs", "--tail", "60", self._container(part)],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=60, check=False,
        )  # fmt: skip
        return StackError(f"{part} {what}. The end of its log:\n{done.stdout}")

    def _litellm_is_ready(self) -> bool:
        try:
            # The body's status says "healthy" whatever happens; the code and the database's state do not.
            answer = requests.get(f"{self.url}/health/readiness", timeout=10)
            return answer.status_code == 200 and answer.json()["db"] == "connected"
        except requests.RequestException:
            return False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["versions"]:
            print(*versions())
        case ["stop", file]:
            running = Stack.found(file)
            if running:
                running.stop()
            Path(file).unlink(missing_ok=True)
        case _:
            sys.exit("Usage: python tests/integration/stack.py versions | stop FILE")
