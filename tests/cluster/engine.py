# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The container engine: the one that is there, or one of our own from Debian's packages that leaves nothing behind."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import debian
import settings
from settings import ClusterError
from steps import Log, last_lines

RUN = settings.CACHE / "run"
ROOT = settings.CACHE / "engine"
STATE = RUN / "host-state.json"
CGROUP_PARENT = "/inference-gateway"
#: Debian 12's own docker.io asks for a capability that a sandboxed root may lack; from 28 on it takes what it has.
PACKAGES = ["docker.io", "docker-cli", "docker-buildx", "containerd"]
#: Kernel settings that dockerd, kubelet and kube-proxy change for the whole machine.
SYSCTLS = re.compile(
    r"net\.ipv[46]\.(ip_forward|conf\.(all|default)\.(forwarding|route_localnet|accept_ra))|net\.bridge\.|"
    r"net\.netfilter\.nf_conntrack_(max|tcp)|net\.nf_conntrack_max|vm\.(overcommit_memory|panic_on_oom)|"
    r"kernel\.(panic|panic_on_oops|keys\.root_max)"
)


def answers() -> bool:
    """Whether a container engine answers at DOCKER_HOST, the default socket, or our own."""
    docker = shutil.which("docker", path=settings.subprocess_environment()["PATH"])
    return (
        bool(docker)
        and subprocess.run(
            [docker, "version", "--format", "{{.Server.Version}}"],
            env=settings.subprocess_environment(),
            capture_output=True,
            check=False,
        ).returncode
        == 0
    )


def is_ours() -> bool:
    return STATE.exists()


def install(log: Log) -> None:
    """Put the engine's programs into the cache; nothing of it is installed on the host but iptables and runc."""
    debian.install_on_host(log, "iptables", "runc", "mmdebstrap", "ca-certificates", "debian-archive-keyring")
    shutil.rmtree(ROOT / "new", ignore_errors=True)
    debian.unpack(log, "sid", PACKAGES, ROOT / "new")
    shutil.rmtree(ROOT / "programs", ignore_errors=True)
    (ROOT / "new").rename(ROOT / "programs")
    settings.BIN.mkdir(parents=True, exist_ok=True)
    for program in (
        "usr/bin/docker",
        "usr/bin/containerd",
        "usr/bin/containerd-shim-runc-v2",
        "usr/bin/ctr",
        "usr/sbin/dockerd",
        "usr/bin/docker-proxy",
        "usr/sbin/docker-proxy",
        "usr/libexec/docker/docker-proxy",
        "usr/bin/docker-init",
        "usr/libexec/docker/docker-init",
    ):
        source = ROOT / "programs" / program
        if source.exists():
            _link(settings.BIN / source.name, source)


def installed() -> bool:
    return (settings.BIN / "dockerd").exists()


def start(log: Log) -> None:
    """Start containerd and dockerd of our own, after noting what they change on the host."""
    if answers():
        return
    RUN.mkdir(parents=True, exist_ok=True)
    if not STATE.exists():
        STATE.write_text(json.dumps(_host_state(log)))
    for left_over in ("containerd.sock", "docker.sock", "docker.pid"):  # of an engine that was killed
        (RUN / left_over).unlink(missing_ok=True)
    Path("/lib/modules").mkdir(exist_ok=True)  # mounted into every node, even where the kernel has no modules
    plugins = RUN / "docker-config" / "cli-plugins"
    plugins.mkdir(parents=True, exist_ok=True)
    _link(plugins / "docker-buildx", next((ROOT / "programs").glob("usr/lib*/docker/cli-plugins/docker-buildx")))
    (RUN / "containerd.toml").write_text(
        f'version = 3\nroot = "{ROOT}/containerd"\nstate = "{RUN}/containerd"\n'
        'disabled_plugins = ["io.containerd.cri.v1.images", "io.containerd.cri.v1.runtime"]\n'
        f'[grpc]\naddress = "{RUN}/containerd.sock"\n'
    )
    (RUN / "daemon.json").write_text(
        json.dumps(
            {
                "data-root": f"{ROOT}/data",
                "exec-root": f"{RUN}/docker",
                "pidfile": f"{RUN}/docker.pid",
                "hosts": [f"unix://{RUN}/docker.sock"],
                "containerd": f"{RUN}/containerd.sock",
                "storage-driver": "overlay2",
                "features": {"containerd-snapshotter": False},
                "exec-opts": ["native.cgroupdriver=cgroupfs"],
                "cgroup-parent": CGROUP_PARENT,
                "userland-proxy-path": str(settings.BIN / "docker-proxy"),
                "log-driver": "json-file",
                "log-opts": {"max-size": "10m", "max-file": "2"},
            },
            indent=2,
        )
    )
    _spawn("containerd", "containerd", "--config", str(RUN / "containerd.toml"))
    _wait((RUN / "containerd.sock").exists, "containerd")
    _spawn("dockerd", "dockerd", "--config-file", str(RUN / "daemon.json"))
    _wait(answers, "dockerd")


def stop(log: Log) -> None:
    """Stop our own engine and put the host back: processes, mounts, interfaces, iptables rules, kernel settings."""
    if not is_ours():
        return
    for name in ("dockerd", "containerd"):
        _end(RUN / f"{name}.pid", name)
    for mount in reversed([line.split()[1] for line in Path("/proc/mounts").read_text().splitlines()]):
        if mount.startswith((f"{RUN}/", f"{ROOT}/")):
            log.run("umount", "--lazy", mount)
    for link in json.loads(log.run("ip", "-json", "link", "show", "type", "bridge") or "[]"):
        if link["ifname"] == "docker0" or link["ifname"].startswith("br-"):
            log.run("ip", "link", "delete", link["ifname"])
    state = json.loads(STATE.read_text())
    for family, rules in state["iptables"].items():
        log.run(f"{family}-restore", stdin=rules)
    for name, value in state["sysctls"].items():
        path = Path("/proc/sys", *name.split("."))
        if path.exists() and path.read_text().strip() != value:
            path.write_text(value)
    for controller in Path("/sys/fs/cgroup").glob(f"*{CGROUP_PARENT}"):
        for group in sorted((p for p in [controller, *controller.rglob("*")] if p.is_dir()), reverse=True):
            group.rmdir()
    shutil.rmtree(RUN)


def _link(link: Path, target: Path) -> None:
    link.unlink(missing_ok=True)
    link.symlink_to(target)


def _host_state(log: Log) -> dict[str, dict[str, str]]:
    sysctls = {}
    for line in log.run("sysctl", "--all", "--pattern", SYSCTLS.pattern).splitlines():
        name, value = line.split(" =", 1)
        sysctls[name] = value.strip().replace("\t", " ")
    rules = {family: _all_tables(log.run(f"{family}-save")) for family in ("iptables", "ip6tables")}
    return {"sysctls": sysctls, "iptables": rules}


def _all_tables(saved: str) -> str:
    """A saved rule set that also empties the tables which were not there: restoring leaves unnamed tables alone."""
    empty = {
        "filter": ("INPUT", "FORWARD", "OUTPUT"),
        "nat": ("PREROUTING", "INPUT", "OUTPUT", "POSTROUTING"),
        "raw": ("PREROUTING", "OUTPUT"),
        "mangle": ("PREROUTING", "INPUT", "FORWARD", "OUTPUT", "POSTROUTING"),
    }
    for table, chains in empty.items():
        if f"*{table}\n" not in saved:
            saved += f"*{table}\n" + "".join(f":{chain} ACCEPT [0:0]\n" for chain in chains) + "COMMIT\n"
    return saved


def _spawn(name: str, *command: str) -> None:
    with (settings.LOGS / f"{name}.log").open("w") as log:
        process = subprocess.Popen(
            command,
            env=settings.subprocess_environment(),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    (RUN / f"{name}.pid").write_text(str(process.pid))


def _wait(ready: Callable[[], bool], name: str, seconds: int = 60) -> None:
    until = time.monotonic() + seconds
    while not ready():
        if time.monotonic() > until:
            raise ClusterError(
                f"{name} did not answer within {seconds} s:\n{last_lines(settings.LOGS / f'{name}.log')}"
            )
        time.sleep(0.2)


def _end(pidfile: Path, name: str, seconds: int = 30) -> None:
    """Ask the process of a pid file to end, then make it; a pid that belongs to another program is left alone."""
    try:
        pid = int(pidfile.read_text())
        if name not in Path(f"/proc/{pid}/cmdline").read_text():
            return
        os.kill(pid, signal.SIGTERM)
    except (OSError, ValueError):
        return
    until = time.monotonic() + seconds
    while Path(f"/proc/{pid}").exists() and "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text():
        if time.monotonic() > until:
            os.kill(pid, signal.SIGKILL)
            until += seconds
        time.sleep(0.2)
