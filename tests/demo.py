# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The main job from nothing: a cluster if none is given, site.yml, verify.yml, and a first request that really is sent.

Ends with a table of how long each part took and how much memory the whole takes.
"""

from __future__ import annotations

import argparse
import os
import shlex
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
CLUSTER = [sys.executable, str(ROOT / "tests" / "cluster")]
#: What a tenant types; the key comes from the Secret that `tenants` delivered.
FIRST_REQUEST = """\
KEY=$(kubectl get secret demo -n inference-gateway -o jsonpath='{.data.api-key}' | base64 -d)
curl -sS {url}/v1/chat/completions \\
  -H "Authorization: Bearer $KEY" -H "Content-Type: application/json" \\
  -d '{"model": "tiny", "messages": [{"role": "user", "content": "Hello, how are you?"}], "max_tokens": 20}'
"""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--inventory", default="inventories/kind")
    parser.add_argument("--again", action="store_true", help="apply site.yml a second time, for the figures")
    arguments = parser.parse_args()
    parts = [("site.yml", "site.yml")]
    if arguments.again:
        parts.append(("site.yml, again", "site.yml"))
    parts.append(("verify.yml", "verify.yml"))

    given = bool(os.environ.get("KUBECONFIG"))
    figures: list[tuple[str, float]] = []
    shell_lines = ""
    if not given:
        figures.append(("cluster", timed([*CLUSTER, "up"])))
        shell_lines = subprocess.run([*CLUSTER, "env"], check=True, capture_output=True, text=True).stdout
    for title, playbook in parts:
        command = [
            str(BIN / "ansible-playbook"),
            "--inventory",
            arguments.inventory,
            str(ROOT / "playbooks" / playbook),
        ]
        figures.append((title, timed(command)))

    request = FIRST_REQUEST.replace("{url}", gateway_url(shell_lines))
    print("\nThe gateway runs. To send the first request, paste:\n", flush=True)
    if not given:
        print(f'eval "$({shlex.join(CLUSTER)} env)"')
    print(request)
    print("It answers:\n", flush=True)
    answer = subprocess.run(["bash", "-euo", "pipefail", "-c", shell_lines + request], check=False)
    print("\n\nFigures")
    for title, seconds in figures:
        print(f"  {title:20} {seconds:7.1f} s")
    if not given:
        subprocess.run([*CLUSTER, "status"], check=False)
    return answer.returncode


def timed(command: list[str]) -> float:
    """Run a part of the demo to its end and return its seconds; a part that fails ends the demo."""
    started = time.monotonic()
    done = subprocess.run(command, cwd=ROOT, check=False)
    if done.returncode:
        print(f"\nThe demo ends here: `{shlex.join(command)}` failed with code {done.returncode}.", file=sys.stderr)
        raise SystemExit(done.returncode)
    return time.monotonic() - started


def gateway_url(shell_lines: str) -> str:
    """The address a client on this machine uses: the name or address in the Gateway's status, and a mapped port."""
    script = (
        shell_lines
        + """
    kubectl get gateway inference -n inference-gateway -o json |
      python3 -c 'import json, sys
addresses = json.load(sys.stdin)["status"]["addresses"]
print(sorted(addresses, key=lambda a: a["type"] != "Hostname")[0]["value"])'
    """
    )
    url = os.environ.get("GATEWAY_URL") or next(
        (line.split("'")[1] for line in shell_lines.splitlines() if line.startswith("export GATEWAY_URL=")), ""
    )
    if url:
        return url
    done = subprocess.run(["bash", "-euo", "pipefail", "-c", script], check=True, capture_output=True, text=True)
    return f"http://{done.stdout.strip()}"


if __name__ == "__main__":
    sys.exit(main())
