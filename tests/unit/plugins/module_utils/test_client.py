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
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest
from conftest import OMIT, Run
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from litellm_stand_in import MASTER_KEY, Fault, LiteLLMStandIn
from servers import Authority, over_tls

from ansible_collections.inference.gateway.plugins.module_utils import _client, _connection

HTML = {"Content-Type": "text/html"}


def error(message: Any, kind: str = "x") -> bytes:
    return json.dumps({"error": {"message": message, "type": kind, "param": None, "code": "400"}}).encode()


def refusal(kind: str, message: str = "No!") -> bytes:
    return error(message, kind)


@pytest.mark.parametrize(
    ("status", "body", "sentence"),
    [
        (400, error("No!"), "was refused (400): No!"),
        (400, b'{"detail": {"error": "No!"}}', "was refused (400): No!"),
        (400, b'{"detail": "No!"}', "was refused (400): No!"),
        (400, b"[]", "was refused (400): nothing that explains it"),
        (401, error("No!"), "was refused (401), the API key is not accepted: check api_key. LiteLLM said: No!"),
        (
            403,
            error("Tags are only available for LiteLLM Enterprise users."),
            "was refused (403), this needs an enterprise licence of LiteLLM.",
        ),
        (403, error("No!"), "was refused (403), this API key or this LiteLLM's licence does not allow it:"),
        (403, refusal("key_model_access_denied"), "was refused (403), this API key may not use the model: allow it in"),
        (404, error("No!"), "found nothing (404): check the name, and LiteLLM's version. LiteLLM said: No!"),
        (404, b'{"detail": "Not Found"}', "found no such endpoint (404): check that api_base is the root of a LiteLLM"),
        (405, b'{"detail": "Method Not Allowed"}', "found no such endpoint (405): check that api_base is the root"),
        (409, error("No!"), "was refused (409): No!"),
        (
            422,
            b'{"detail": [{"loc": ["body", "max_budget"], "msg": "Not a number", "input": "abc"}]}',
            "was refused (422): max_budget: Not a number",
        ),
        (422, b'{"detail": [{"msg": "a"}, {"loc": 5, "msg": "b"}, 7, {}]}', "was refused (422): a; b"),
        (422, refusal("budget_exceeded"), "was refused (422), the budget is used up: raise it, or wait until its"),
        (429, error("No!"), "was refused (429), too many requests: try later. LiteLLM said: No!"),
        (500, error("No!"), "failed in LiteLLM (500): look into its log. LiteLLM said: No!"),
        (500, error("a\n b\t" + "c" * 500), "LiteLLM said: a b cccc"),
    ],
)
def test_each_error_is_one_sentence(litellm: LiteLLMStandIn, run: Run, status: int, body: bytes, sentence: str) -> None:
    litellm.faults = [Fault(path="/v2/team/list", status=status, body=body, times=4)]
    result = run("litellm_team_info")
    assert result["failed"]
    assert result["msg"].startswith(f"GET {litellm.url}/v2/team/list {sentence}") or sentence in result["msg"]
    assert "\n" not in result["msg"]
    assert len(result["msg"]) < 650
    assert "abc" not in result["msg"]
    assert len(litellm.requests) == (4 if status == 429 else 1)


def test_litellm_without_a_database(litellm: LiteLLMStandIn, run: Run) -> None:
    litellm.database = None
    assert run("litellm_team_info")["msg"] == (
        f"GET {litellm.url}/v2/team/list was refused (500), this LiteLLM runs without a database, which it needs for"
        " that: set its DATABASE_URL. LiteLLM said: No db connected. prisma client=None"
    )


# Each endpoint has words and a status of its own.
@pytest.mark.parametrize(
    ("status", "body"),
    [
        (400, refusal("no_db_connection", "No connected db.")),
        (401, refusal("auth_error", "Authentication Error, No DB Connected. See - https://docs.litellm.ai")),
        (400, b'{"detail": {"error": "DB not connected. This endpoint needs a database; set DATABASE_URL"}}'),
        (500, refusal("internal_server_error", "Authentication Error, Database not connected")),
        (500, refusal("internal_server_error", "{'error': 'DB not connected. This endpoint needs a database'}")),
        (500, error("Not connected to DB!")),
        (500, b'{"detail": "Database not connected"}'),
    ],
)
def test_the_many_words_for_no_database(litellm: LiteLLMStandIn, run: Run, status: int, body: bytes) -> None:
    litellm.faults = [Fault(path="/v2/team/list", status=status, body=body)]
    assert f"was refused ({status}), this LiteLLM runs without a database" in run("litellm_team_info")["msg"]


def test_a_database_that_is_away_is_another_matter(litellm: LiteLLMStandIn, run: Run) -> None:
    body = refusal("no_db_connection", "Service Unavailable, the authentication database is temporarily unavailable")
    litellm.faults = [Fault(path="/v2/team/list", status=503, body=body, times=4)]
    assert "failed in LiteLLM (503): look into its log." in run("litellm_team_info")["msg"]


def test_what_litellm_repeats_of_a_key_is_not_repeated(litellm: LiteLLMStandIn, run: Run) -> None:
    wrong = "sk-wrong-2Xc4Vb6Nm8Qw"
    result = run("litellm_team_info", api_key=wrong)
    assert "was refused (401)" in result["msg"]
    litellm.faults = [
        Fault(path="/v2/team/list", status=400, body=error(f"{MASTER_KEY}, {'0a' * 32} and sk-1234567890 are wrong"))
    ]
    result = run("litellm_team_info")
    assert result["msg"].endswith("sk-***, *** and sk-*** are wrong")
    for secret in (wrong, MASTER_KEY, "1234567890"):
        assert secret not in run.printed  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("status", "body", "headers", "found"),
    [
        (200, b"<html>Log in</html>", HTML, "answered 200 with an HTML page"),
        (403, b"<html>WAF</html>", HTML, "answered 403 with an HTML page"),
        (200, b'{"teams": [{"team_id"', {}, "answered 200 with JSON that is broken off or damaged"),
        (200, b"I'm alive!", {}, "answered 200 with something that is not JSON"),
        (200, b"", {}, "answered 200 with nothing"),
        (503, b"upstream connect error", {}, "answered 503 with something that is not JSON"),
        (200, b"[" * 100_000, {}, "answered 200 with JSON that is broken off or damaged"),
        (200, b"1" * 5_000, {}, "answered 200 with something that is not JSON"),
        (200, b'{"teams": "\xff"}', {}, "answered 200 with JSON that is broken off or damaged"),
        (200, b"[]", {}, "did not answer with a list of teams as LiteLLM does"),
        (200, b"null", {}, "did not answer with a list of teams as LiteLLM does"),
        (200, b"[1]", {}, "did not answer with a list of teams as LiteLLM does"),
        (200, b'{"teams": ["a hash"]}', {}, "did not answer with a list of teams as LiteLLM does"),
        (302, b"{}", {"Location": "https://login"}, "was redirected (302) to https://login: set api_base to"),
    ],
)
def test_something_else_in_the_place_of_litellm(
    litellm: LiteLLMStandIn, run: Run, status: int, body: bytes, headers: dict[str, str], found: str
) -> None:
    litellm.faults = [Fault(path="/v2/team/list", status=status, body=body, headers=headers, times=4)]
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
        ("nan", 0.01),
        ("inf", 60),
        (None, 0.01),
        pytest.param(format_datetime(datetime.now(UTC) - timedelta(hours=1), usegmt=True), 0, id="past"),
        pytest.param(format_datetime(datetime.now(UTC) + timedelta(days=1), usegmt=True), 60, id="tomorrow"),
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
        f"GET {litellm.url}/v2/team/list failed, nothing came within 1 s: raise timeout, or look into LiteLLM's log."
    )
    assert len(litellm.requests) == 1


def test_nobody_listens(run: Run) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        port = listener.getsockname()[1]
    refused = run("litellm_team_info", api_base=f"http://127.0.0.1:{port}")["msg"]
    assert refused == (
        f"GET http://127.0.0.1:{port}/v2/team/list failed, no connection (connection refused):"
        " check api_base, and that LiteLLM runs."
    )
    unknown = run("litellm_team_info", api_base="http://nobody.invalid")["msg"]
    assert unknown.endswith(" failed, the name of the host is unknown: check api_base.")


def test_the_http_proxy_does_not_answer(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    assert (
        "the HTTP proxy of this machine's environment gives no connection: check HTTPS_PROXY"
        in (run("litellm_team_info", api_base="http://llm.example.com")["msg"])
    )


def test_no_connection_within_the_time_out(run: Run) -> None:
    with closing(socket.create_server(("127.0.0.1", 0), backlog=0)) as full:
        address = full.getsockname()
        with closing(socket.create_connection(address)):
            result = run("litellm_team_info", api_base=f"http://127.0.0.1:{address[1]}", timeout=1)
    assert result["msg"].endswith(" failed, no connection within 1 s: check the address and the network in between.")


@pytest.mark.parametrize(
    "api_base",
    [
        "llm.example.com",
        "ftp://x",
        "http://",
        "http://x:port",
        "http://[x",
        "",
        "http://x?a=b",
        "http://x/?",
        "http://x/#",
    ],
)
def test_an_address_that_is_none(run: Run, api_base: str) -> None:
    assert run("litellm_team_info", api_base=api_base)["msg"] == (
        f"api_base is '{api_base}': give LiteLLM's address, as in https://llm.example.com."
    )


@pytest.mark.parametrize("api_base", ["http://a..b", "http://a b", f"http://{'a' * 70}.example", "http://a%zz"])
def test_a_host_name_that_is_none(run: Run, api_base: str) -> None:
    result = run("litellm_team_info", api_base=api_base)
    assert result["msg"].startswith(f"GET {api_base}/v2/team/list failed, ")
    assert "check api_base" in result["msg"]


@pytest.mark.parametrize("end", ["/v1", "/v1/"])
def test_the_address_of_the_models_is_not_that_of_litellm(litellm: LiteLLMStandIn, run: Run, end: str) -> None:
    assert run("litellm_team_info", api_base=f"{litellm.url}{end}")["msg"] == (
        f"api_base is '{litellm.url}{end}': leave out /v1, which only the paths of models begin with."
    )
    assert not litellm.requests


@settings(deadline=None, max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(host=st.text(max_size=20))
def test_any_address_ends_in_a_sentence(run: Run, host: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    result = run("litellm_team_info", api_base=f"http://{host}")
    assert result["failed"]
    assert "api_base" in result["msg"]


def unknown(*unused: object, **more: object) -> None:
    raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")


def test_a_password_in_the_address_is_not_repeated(run: Run) -> None:
    result = run("litellm_team_info", api_base="https://user:hunter2@llm.example.com")
    assert result["msg"] == "api_base holds a user name or a password: LiteLLM wants neither, give the key in api_key."


@pytest.mark.parametrize("api_key", ["", "sk-a b", "sk-ä", "sk-a\nX-Evil: 1"])
def test_a_key_that_no_header_carries(litellm: LiteLLMStandIn, run: Run, api_key: str) -> None:
    result = run("litellm_team_info", api_key=api_key)
    assert result["msg"].startswith("api_key is empty or holds characters that an HTTP header cannot carry")
    assert not litellm.requests


@pytest.mark.parametrize("timeout", [0, -1, 10**12])
def test_a_time_out_that_is_none(run: Run, timeout: int) -> None:
    assert run("litellm_team_info", timeout=timeout)["msg"] == (
        f"timeout is {timeout}: give a number of seconds above 0, and at most 86400."
    )


def test_the_options_come_from_the_environment(
    litellm: LiteLLMStandIn, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LITELLM_API_BASE", f"{litellm.url}/")
    monkeypatch.setenv("LITELLM_API_KEY", "wrong")
    monkeypatch.setenv("LITELLM_MASTER_KEY", f"{MASTER_KEY}\n")
    assert run("litellm_team_info", api_base=OMIT, api_key=OMIT)["teams"] == []


def test_requests_is_not_installed(litellm: LiteLLMStandIn, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_connection, "requests", None)
    assert "Failed to import the required Python library (requests)" in run("litellm_team_info")["msg"]
    assert not litellm.requests


def test_netrc_does_not_replace_the_key(
    litellm: LiteLLMStandIn, run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / ".netrc").write_text("machine 127.0.0.1 login somebody password else\n")
    monkeypatch.setenv("NETRC", str(tmp_path / ".netrc"))
    assert run("litellm_team_info")["teams"] == []


# TLS


class Empty(BaseHTTPRequestHandler):
    """A LiteLLM with no team."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b'{"teams": []}')

    def log_message(self, *unused: object) -> None:
        pass


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path)


@pytest.fixture
def secure(authority: Authority) -> Iterator[str]:
    with over_tls(Empty, authority.issue()) as address:
        yield address


@pytest.mark.filterwarnings("ignore:Unverified HTTPS")
def test_a_certificate_is_checked(secure: str, authority: Authority, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run("litellm_team_info", api_base=secure)["msg"] == (
        f"GET {secure}/v2/team/list failed, the server's certificate is not accepted (unable to get local issuer"
        " certificate): give its CA in ca_path."
    )
    # In requests, this variable wins over what a session is told.
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/does/not/exist")
    assert run("litellm_team_info", api_base=secure, ca_path=str(authority.path))["teams"] == []
    assert run("litellm_team_info", api_base=secure, validate_certs=False)["teams"] == []


@pytest.mark.parametrize(
    ("issued", "sentence"),
    [
        ({"name": "llm.test"}, "not valid for '127.0.0.1'): write a name into api_base that the certificate has."),
        ({"days": -1}, "(certificate has expired): have it renewed, or set this machine's clock."),
    ],
)
def test_a_certificate_that_is_trusted_and_wrong(
    authority: Authority, run: Run, issued: dict[str, Any], sentence: str
) -> None:
    with over_tls(Empty, authority.issue(**issued)) as address:
        result = run("litellm_team_info", api_base=address, ca_path=str(authority.path))
    assert result["msg"].endswith(sentence)


def test_tls_where_none_is_spoken(litellm: LiteLLMStandIn, run: Run) -> None:
    secure = litellm.url.replace("http:", "https:")
    assert run("litellm_team_info", api_base=secure)["msg"] == (
        f"GET {secure}/v2/team/list failed, TLS is not spoken there: begin api_base with http, or give the port of TLS."
    )


def test_no_tls_where_it_is_spoken(secure: str, run: Run) -> None:
    result = run("litellm_team_info", api_base=secure.replace("https:", "http:"))
    assert (
        "the connection broke before the answer was complete: check whether api_base must begin with https"
        in (result["msg"])
    )


@pytest.mark.parametrize("newest", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_a_client_certificate(authority: Authority, run: Run, tmp_path: Path, newest: ssl.TLSVersion) -> None:
    ours = str(authority.issue("client.test"))
    other = str(Authority(tmp_path, "somebody").issue("client.test"))
    with over_tls(Empty, authority.issue(), clients=authority.path, newest=newest) as address:
        options = {"api_base": address, "ca_path": str(authority.path)}
        for given in ({"client_cert": ours}, {"client_cert": ours, "client_key": ours}):
            assert run("litellm_team_info", **options, **given)["teams"] == []
        missing = run("litellm_team_info", **options)["msg"]
        wrong = run("litellm_team_info", **options, client_cert=other)["msg"]
    assert "failed, TLS was refused (" in missing
    assert missing.endswith("): if the server wants a client certificate, give client_cert and client_key.")
    assert "failed, TLS was refused (" in wrong
    assert wrong.endswith("): check that the server trusts the CA of the certificate in client_cert.")


def test_files_of_certificates_that_cannot_be_used(
    litellm: LiteLLMStandIn, authority: Authority, run: Run, tmp_path: Path
) -> None:
    damaged, mine = tmp_path / "damaged.pem", str(authority.issue())
    damaged.write_text("nothing")
    locked = str(authority.issue("locked.test", password="secret"))
    format_of = "give files in the PEM format, of which the key belongs to the certificate and is not encrypted."
    file_of = "give the file with the CA's certificate."
    for options, sentence in (
        (
            {"ca_path": "/no/ca.pem"},
            f"ca_path is '/no/ca.pem', which cannot be read (no such file or directory): {file_of}",
        ),
        ({"ca_path": str(damaged)}, f"which OpenSSL cannot use (NO CERTIFICATE OR CRL FOUND): {file_of}"),
        (
            {"client_cert": "/no/c.pem"},
            f"is '/no/c.pem', which cannot be read (no such file or directory): {format_of}",
        ),
        ({"client_cert": str(damaged)}, f"is '{damaged}', which OpenSSL cannot use (it is not PEM): {format_of}"),
        ({"client_cert": mine, "client_key": str(authority.issue("x.test"))}, "(KEY VALUES MISMATCH): "),
        ({"client_cert": locked}, f"is '{locked}', which OpenSSL cannot use ("),
        ({"client_cert": mine, "client_key": "a\0b"}, "which cannot be read (embedded null byte): "),
        ({"client_key": mine}, "client_key is given without client_cert: give the certificate that the key is for."),
    ):
        assert sentence in run("litellm_team_info", **options)["msg"]
    assert not litellm.requests


def test_a_folder_without_the_authority(secure: str, run: Run, tmp_path: Path) -> None:
    result = run("litellm_team_info", api_base=secure, ca_path=str(tmp_path))
    assert result["msg"].endswith(": give its CA in ca_path.")


# Many at once


def several(litellm: LiteLLMStandIn, connections: int) -> _client.Client:
    return _client.Client(_connection.Connection(litellm.url), MASTER_KEY, print, connections=connections)


@pytest.fixture
def client(litellm: LiteLLMStandIn) -> Iterator[_client.Client]:
    with several(litellm, 4) as asking:
        yield asking


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

    with pytest.raises(KeyboardInterrupt), several(litellm, 2) as client:
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
        several(litellm, 0)
