# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a module says and does when LiteLLM, or something in its place, does not answer as it should."""

from __future__ import annotations

import json
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from conftest import OMIT, Run
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from litellm_stand_in import MASTER_KEY, Fault, LiteLLMStandIn

from ansible_collections.inference.gateway.plugins.module_utils import _client

HTML = {"Content-Type": "text/html"}


def error(message: Any) -> bytes:
    return json.dumps({"error": {"message": message, "type": "x", "param": None, "code": "400"}}).encode()


@pytest.mark.parametrize(
    ("status", "body", "sentence"),
    [
        (400, error("No!"), "was refused (400): No!"),
        (400, b'{"detail": {"error": "No!"}}', "was refused (400): No!"),
        (400, b'{"detail": "No!"}', "was refused (400): No!"),
        (400, b"[]", "was refused (400): nothing that explains it"),
        (401, error("No!"), "was refused (401), the API key is not accepted: check api_key. LiteLLM said: No!"),
        (403, error("No!"), "was refused (403), this API key or this LiteLLM's licence does not allow it:"),
        (404, b'{"detail": "Not Found"}', "found nothing (404): check the name, and LiteLLM's version."),
        (409, error("No!"), "was refused (409): No!"),
        (
            422,
            b'{"detail": [{"loc": ["body", "max_budget"], "msg": "Not a number", "input": "abc"}]}',
            "was refused (422): max_budget: Not a number",
        ),
        (500, error("No!"), "failed in LiteLLM (500): look into its log. LiteLLM said: No!"),
        (500, error("a\n b\t" + "c" * 500), "LiteLLM said: a b cccc"),
    ],
)
def test_each_error_is_one_sentence(litellm: LiteLLMStandIn, run: Run, status: int, body: bytes, sentence: str) -> None:
    litellm.faults = [Fault(path="/v2/team/list", status=status, body=body)]
    result = run("litellm_team_info")
    assert result["failed"]
    assert result["msg"].startswith(f"GET {litellm.url}/v2/team/list {sentence}") or sentence in result["msg"]
    assert "\n" not in result["msg"]
    assert len(result["msg"]) < 650
    assert "abc" not in result["msg"]
    assert len(litellm.requests) == 1


def test_what_litellm_repeats_of_a_key_is_not_repeated(litellm: LiteLLMStandIn, run: Run) -> None:
    wrong = "sk-wrong-2Xc4Vb6Nm8Qw"
    result = run("litellm_team_info", api_key=wrong)
    assert "was refused (401)" in result["msg"]
    litellm.faults = [
        Fault(path="/v2/team/list", status=400, body=error(f"{MASTER_KEY}, {'0a' * 32} and sk-1234567890 are wrong"))
    ]
    result = run("litellm_team_info")
    assert result["msg"].endswith("***, *** and sk-*** are wrong")
    for secret in (wrong, MASTER_KEY, "1234567890"):
        assert secret not in run.printed  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("status", "body", "headers", "found"),
    [
        (200, b"<html>Log in</html>", HTML, "answered 200 with an HTML page"),
        (403, b"<html>WAF</html>", HTML, "answered 403 with an HTML page"),
        (200, b'{"teams": [{"team_id"', {}, "answered 200 with JSON that is broken off or damaged"),
        (200, b"I'm alive!", {}, "answered 200 with something that is not JSON"),
        (200, b"", {}, "answered 200 with something that is not JSON"),
        (200, b"[1]", {}, "did not answer with a list of teams as LiteLLM does"),
        (200, b'{"teams": ["a hash"]}', {}, "did not answer with a list of teams as LiteLLM does"),
        (302, b"{}", {"Location": "https://login"}, "was redirected (302) to https://login: set api_base to"),
    ],
)
def test_something_else_in_the_place_of_litellm(
    litellm: LiteLLMStandIn, run: Run, status: int, body: bytes, headers: dict[str, str], found: str
) -> None:
    litellm.faults = [Fault(path="/v2/team/list", status=status, body=body, headers=headers)]
    assert found in run("litellm_team", team_alias="search")["msg"]
    assert not litellm.written


def test_the_key_does_not_follow_a_redirect(litellm: LiteLLMStandIn, run: Run) -> None:
    litellm.faults = [Fault(status=307, body=b"{}", headers={"Location": f"{litellm.url}/elsewhere"})]
    run("litellm_team_info")
    assert len(litellm.requests) == 1


# Repeating


@pytest.mark.parametrize("status", [429, 502, 503, 504, None])
def test_a_read_is_repeated_until_the_trouble_has_passed(litellm: LiteLLMStandIn, run: Run, status: int | None) -> None:
    litellm.faults = [Fault(status=status, times=3)]
    assert run("litellm_team_info")["teams"] == []
    assert len(litellm.requests) == 4
    litellm.faults = [Fault(status=status, times=9)]
    assert run("litellm_team_info")["failed"]
    assert len(litellm.requests) == 8


@pytest.mark.parametrize(("status", "times"), [(500, 1), (429, 4)])
def test_a_write_is_only_repeated_when_it_was_not_done(
    litellm: LiteLLMStandIn, run: Run, status: int, times: int
) -> None:
    litellm.faults = [Fault("POST", "/team/new", status=status, times=9)]
    result = run("litellm_team", team_alias="search")
    assert result["failed"]
    assert len(litellm.written) == times


def test_a_write_that_was_put_off_is_done_once(litellm: LiteLLMStandIn, run: Run) -> None:
    litellm.faults = [Fault("POST", "/team/new", status=429, times=2)]
    assert run("litellm_team", team_alias="search")["changed"]
    assert len(litellm.teams) == 1


@pytest.mark.parametrize(
    ("header", "pause"),
    [
        ("3", 3),
        ("0", 0),
        ("-5", 0),
        ("7200", 60),
        ("soon", 0.01),
        (None, 0.01),
        (format_datetime(datetime.now(UTC) - timedelta(hours=1), usegmt=True), 0),
        (format_datetime(datetime.now(UTC) + timedelta(days=1), usegmt=True), 60),
    ],
)
def test_retry_after_is_honoured_within_bounds(
    litellm: LiteLLMStandIn, run: Run, monkeypatch: pytest.MonkeyPatch, header: str | None, pause: float
) -> None:
    pauses: list[float] = []
    monkeypatch.setattr(_client.time, "sleep", pauses.append)
    litellm.faults = [Fault(status=429, headers={"Retry-After": header} if header else {})]
    assert not run("litellm_team_info").get("failed")
    assert pauses == [pause]


# Connections


def test_silence_ends_with_the_time_out(litellm: LiteLLMStandIn, run: Run) -> None:
    litellm.faults = [Fault(seconds=2)]
    assert run("litellm_team_info", timeout=1)["msg"] == (
        f"GET {litellm.url}/v2/team/list failed, no answer within 1 s: raise timeout, or look into LiteLLM's log."
    )
    assert len(litellm.requests) == 1


def test_nobody_listens(run: Run) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        port = listener.getsockname()[1]
    expected = "failed, no connection (refused, or the name is unknown): check api_base, and that LiteLLM runs."
    assert expected in run("litellm_team_info", api_base=f"http://127.0.0.1:{port}")["msg"]
    assert expected in run("litellm_team_info", api_base="http://nobody.invalid")["msg"]


@pytest.mark.parametrize(
    "api_base", ["llm.example.com", "ftp://x", "http://", "http://x:port", "http://[x", "", "http://x?a=b"]
)
def test_an_address_that_is_none(run: Run, api_base: str) -> None:
    assert run("litellm_team_info", api_base=api_base)["msg"] == (
        f"api_base is '{api_base}': give LiteLLM's address, as in https://llm.example.com."
    )


def test_a_password_in_the_address_is_not_repeated(run: Run) -> None:
    result = run("litellm_team_info", api_base="https://user:hunter2@llm.example.com")
    assert result["msg"] == "api_base holds a user name or a password: LiteLLM wants neither, give the key in api_key."


@pytest.mark.parametrize("api_key", ["", "sk-a b", "sk-ä", "sk-a\nX-Evil: 1"])
def test_a_key_that_no_header_carries(litellm: LiteLLMStandIn, run: Run, api_key: str) -> None:
    result = run("litellm_team_info", api_key=api_key)
    assert result["msg"].startswith("api_key is empty or holds characters that an HTTP header cannot carry")
    assert not litellm.requests


@pytest.mark.parametrize("timeout", [0, -1])
def test_a_time_out_that_is_none(run: Run, timeout: int) -> None:
    assert (
        run("litellm_team_info", timeout=timeout)["msg"] == f"timeout is {timeout}: give a number of seconds above 0."
    )


def test_the_options_come_from_the_environment(
    litellm: LiteLLMStandIn, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LITELLM_API_BASE", f"{litellm.url}/")
    monkeypatch.setenv("LITELLM_API_KEY", "wrong")
    monkeypatch.setenv("LITELLM_MASTER_KEY", f"{MASTER_KEY}\n")
    assert run("litellm_team_info", api_base=OMIT, api_key=OMIT)["teams"] == []


def test_netrc_does_not_replace_the_key(
    litellm: LiteLLMStandIn, run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / ".netrc").write_text("machine 127.0.0.1 login somebody password else\n")
    monkeypatch.setenv("NETRC", str(tmp_path / ".netrc"))
    assert run("litellm_team_info")["teams"] == []


# TLS


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A certificate for 127.0.0.1 that signs itself, with its key in the same file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "stand-in")])
    address = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    builder = builder.not_valid_before(now - timedelta(hours=1)).not_valid_after(now + timedelta(hours=1))
    signed = builder.add_extension(address, critical=False).sign(key, hashes.SHA256())
    plain = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    both = tmp_path / "certificate.pem"
    both.write_bytes(signed.public_bytes(serialization.Encoding.PEM) + key.private_bytes(*plain))
    return both


@pytest.fixture
def over_tls(certificate: Path) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b'{"teams": []}')

        def log_message(self, *unused: object) -> None:
            pass

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield f"https://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.mark.filterwarnings("ignore:Unverified HTTPS")
def test_a_certificate_is_checked(
    over_tls: str, certificate: Path, run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    expected = "failed, the certificate is not trusted or TLS is not spoken there: give its CA in ca_path."
    assert expected in run("litellm_team_info", api_base=over_tls)["msg"]
    # In requests, this variable wins over what a session is told.
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/does/not/exist")
    assert run("litellm_team_info", api_base=over_tls, ca_path=str(certificate))["teams"] == []
    assert run("litellm_team_info", api_base=over_tls, validate_certs=False)["teams"] == []
    missing = run("litellm_team_info", api_base=over_tls, ca_path="/no/such/ca.pem")["msg"]
    assert missing == "ca_path is '/no/such/ca.pem', which does not exist: give the file with the CA's certificate."
    (tmp_path / "damaged.pem").write_text("nothing")
    assert run("litellm_team_info", api_base=over_tls, ca_path=str(tmp_path / "damaged.pem"))["failed"]


def test_tls_where_none_is_spoken(litellm: LiteLLMStandIn, run: Run) -> None:
    result = run("litellm_team_info", api_base=litellm.url.replace("http:", "https:"))
    assert "the certificate is not trusted or TLS is not spoken there" in result["msg"]


# Many at once


@pytest.fixture
def client(litellm: LiteLLMStandIn) -> Iterator[_client.Client]:
    with _client.Client(litellm.url, MASTER_KEY, connections=4) as several:
        yield several


def test_as_many_at_once_as_there_are_connections(client: _client.Client) -> None:
    together = threading.Barrier(4)
    assert client.each(lambda number: (together.wait(5), number)[1], range(8)) == list(range(8))


def test_work_that_has_parts_does_not_wait_for_itself(client: _client.Client) -> None:
    assert client.each(lambda tens: client.each(lambda ones: tens + ones, range(9)), range(0, 90, 10))[8][8] == 88


def test_after_an_error_nothing_more_begins(litellm: LiteLLMStandIn) -> None:
    begun = []

    def work(number: int) -> None:
        begun.append(number)
        if number == 3:
            raise KeyboardInterrupt
        threading.Event().wait(0.01)

    with pytest.raises(KeyboardInterrupt), _client.Client(litellm.url, MASTER_KEY, connections=2) as client:
        client.each(work, range(1000))
    assert len(begun) < 20


def test_pages_are_read_at_once_and_in_order(litellm: LiteLLMStandIn, client: _client.Client) -> None:
    for number in range(901):
        litellm.add_key(f"sk-{number:05}", key_alias=f"key-{number}")
    query = {"return_full_object": "true"}
    keys, totals = client.counted_pages("/key/list", "keys", "size", **query)
    assert [key["key_alias"] for key in keys] == [f"key-{number}" for number in range(901)]
    assert (totals, len(litellm.requests)) == ({901}, 10)


def test_a_number_of_connections_that_is_none(litellm: LiteLLMStandIn) -> None:
    with pytest.raises(_client.ApiError, match="parallel is 0: give a number of connections of 1 or more"):
        _client.Client(litellm.url, MASTER_KEY, connections=0)
