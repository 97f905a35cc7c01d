# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_util is private to the inference.gateway collection. It may change at any time.

"""How LiteLLM is reached: the options that say so, one request, and in words why no answer came."""

from __future__ import annotations

import os
import socket
import ssl
import typing as t
from urllib.parse import urlsplit

from ansible.module_utils.basic import env_fallback

from ansible_collections.inference.gateway.plugins.module_utils._key_value import UNSENDABLE, is_sendable

try:
    import requests
    import urllib3
except ImportError:
    # LiteLLMModule says so in a sentence.
    requests = None

ARGUMENT_SPEC: dict[str, dict[str, t.Any]] = {
    "api_base": {"type": "str", "required": True, "fallback": (env_fallback, ["LITELLM_API_BASE"])},
    "api_key": {
        "type": "str",
        "required": True,
        "no_log": True,
        "fallback": (env_fallback, ["LITELLM_MASTER_KEY", "LITELLM_API_KEY"]),
    },
    "validate_certs": {"type": "bool", "default": True},
    "ca_path": {"type": "path"},
    "client_cert": {"type": "path"},
    "client_key": {"type": "path", "no_log": False},
    "timeout": {"type": "int", "default": 30},
}

# Seconds. No request of LiteLLM takes a day, and much more is too large a number for the system.
LONGEST_TIMEOUT = 86400

# What OpenSSL calls an answer that is not TLS.
NOT_TLS = ("WRONG_VERSION_NUMBER", "RECORD_LAYER_FAILURE", "PACKET_LENGTH_TOO_LONG", "UNKNOWN_PROTOCOL")
# OpenSSL's numbers for a certificate of another name or address, and for one outside of its time.
OTHER_NAME = (62, 64)
OUT_OF_TIME = (9, 10)


class ApiError(Exception):
    """What went wrong, in one sentence that says what, where, and what to do about it.

    `unfinished` tells that a write may or may not have happened: only a read can tell.
    """

    def __init__(self, sentence: str, *, status: int | None = None, unfinished: bool = False) -> None:
        super().__init__(sentence)
        self.status = status
        self.unfinished = unfinished


class NoAnswerError(Exception):
    """Why no answer came, and what to do about it, in words.

    `sent` tells that the request may have reached LiteLLM, `passing` that another moment may bring another result.
    """

    def __init__(self, cause: str, advice: str, *, sent: bool = True, passing: bool = False) -> None:
        super().__init__(cause)
        self.cause, self.advice, self.sent, self.passing = cause, advice, sent, passing


class Connection:
    """The address of a LiteLLM, and how both sides prove who they are."""

    def __init__(
        self,
        api_base: str,
        *,
        validate_certs: bool = True,
        ca_path: str | None = None,
        client_cert: str | None = None,
        client_key: str | None = None,
        timeout: float = 30,
    ) -> None:
        self.base = _checked_base(api_base)
        if not 0 < timeout <= LONGEST_TIMEOUT:
            raise ApiError(f"timeout is {timeout}: give a number of seconds above 0, and at most {LONGEST_TIMEOUT}.")
        self.timeout = timeout
        if ca_path:
            _check_ca(ca_path)
        if client_cert or client_key:
            _check_client_certificate(client_cert, client_key)
        self._verify: bool | str = (ca_path or True) if validate_certs else False
        self._certificate = (client_cert, client_key) if client_key else client_cert

    @classmethod
    def from_params(cls, params: t.Mapping[str, t.Any]) -> Connection:
        """The connection that the options in `ARGUMENT_SPEC` describe."""
        return cls(params["api_base"], **{name: params[name] for name in ARGUMENT_SPEC if not name.startswith("api_")})

    def request(
        self, session: requests.Session, method: str, path: str, *, key: str | None, **content: t.Any
    ) -> requests.Response:
        """Send one request, and nothing in its place."""

        def authorize(request: requests.PreparedRequest) -> requests.PreparedRequest:
            if key:
                request.headers["Authorization"] = f"Bearer {key}"
            return request

        try:
            return session.request(
                method,
                f"{self.base}{path}",
                headers={"User-Agent": "inference.gateway"},
                # A callable, and always given: an entry in ~/.netrc would be sent in place of a header, or of no key.
                auth=authorize,
                # Given with every request: REQUESTS_CA_BUNDLE would override the session's own.
                verify=self._verify,
                cert=self._certificate,
                timeout=self.timeout,
                # A redirected POST would become a GET, and the key would go wherever the answer points.
                allow_redirects=False,
                **content,
            )
        # Not all that urllib3 and the codec of host names raise arrives as an error of requests.
        except (requests.RequestException, urllib3.exceptions.HTTPError, UnicodeError) as error:
            raise self._no_answer(error) from None

    def chunks(self, response: requests.Response) -> t.Iterator[bytes]:
        """The content of an answer that was asked for with `stream`, as it comes."""
        try:
            yield from response.iter_content(chunk_size=None)
        except (requests.RequestException, urllib3.exceptions.HTTPError) as error:
            raise self._no_answer(error) from None

    def _no_answer(self, error: Exception) -> NoAnswerError:
        below = list(_chain(error))
        bottom = below[-1]
        if isinstance(error, requests.exceptions.ProxyError):
            return NoAnswerError(
                "the HTTP proxy of this machine's environment gives no connection",
                "check HTTPS_PROXY, HTTP_PROXY and NO_PROXY",
                sent=False,
            )
        if isinstance(error, requests.exceptions.ConnectTimeout):
            return NoAnswerError(
                f"no connection within {self.timeout:g} s", "check the address and the network in between", sent=False
            )
        if isinstance(bottom, socket.gaierror):
            return NoAnswerError("the name of the host is unknown", "check api_base", sent=False, passing=True)
        if any(isinstance(each, urllib3.exceptions.NewConnectionError) for each in below):
            said = (getattr(bottom, "strerror", None) or str(bottom)).lower()
            return NoAnswerError(
                f"no connection ({said})", "check api_base, and that LiteLLM runs", sent=False, passing=True
            )
        if isinstance(error, requests.exceptions.Timeout) or isinstance(bottom, TimeoutError):
            return NoAnswerError(f"nothing came within {self.timeout:g} s", "raise timeout, or look into LiteLLM's log")
        if isinstance(bottom, ssl.SSLError):
            return self._no_tls(bottom)
        broken = (requests.exceptions.ConnectionError, requests.exceptions.ChunkedEncodingError)
        if isinstance(error, broken):
            plain = "check whether api_base must begin with https, and " if self.base.startswith("http:") else ""
            return NoAnswerError(
                "the connection broke before the answer was complete",
                f"{plain}look into the log of LiteLLM and of what is in front of it",
                passing=True,
            )
        return NoAnswerError(
            f"the request could not be made ({type(error).__name__})",
            "check api_base, and the proxy variables of the environment",
        )

    def _no_tls(self, error: ssl.SSLError) -> NoAnswerError:
        if isinstance(error, ssl.SSLCertVerificationError):
            advice = "give its CA in ca_path"
            if error.verify_code in OTHER_NAME:
                advice = "write a name into api_base that the certificate has"
            elif error.verify_code in OUT_OF_TIME:
                advice = "have it renewed, or set this machine's clock"
            said = error.verify_message.rstrip(".")
            return NoAnswerError(f"the server's certificate is not accepted ({said})", advice, sent=False)
        said = (error.reason or "closed without a reason").replace("_", " ")
        if error.reason in NOT_TLS:
            return NoAnswerError("TLS is not spoken there", "begin api_base with http, or give the port of TLS")
        # Which alert a wrong or missing certificate brings depends on the version of TLS, and some are lost.
        if self._certificate:
            return NoAnswerError(
                f"TLS was refused ({said})", "check that the server trusts the CA of the certificate in client_cert"
            )
        return NoAnswerError(
            f"TLS was refused ({said})", "if the server wants a client certificate, give client_cert and client_key"
        )


def checked_key(key: str, name: str = "api_key") -> str:
    key = key.strip()
    if not is_sendable(key):
        raise ApiError(f"{name} {UNSENDABLE}.")
    return key


def _checked_base(api_base: str) -> str:
    try:
        parts = urlsplit(api_base.strip())
        usable = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:
        usable = False
    if "@" in api_base:
        raise ApiError("api_base holds a user name or a password: LiteLLM wants neither, give the key in api_key.")
    if not usable or set("?#") & set(api_base):
        raise ApiError(f"api_base is '{api_base}': give LiteLLM's address, as in https://llm.example.com.")
    if parts.path.rstrip("/") == "/v1":
        raise ApiError(f"api_base is '{api_base}': leave out /v1, which only the paths of models begin with.")
    return api_base.strip().rstrip("/")


def _check_ca(path: str) -> None:
    try:
        trusting = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        trusting.load_verify_locations(**{"capath" if os.path.isdir(path) else "cafile": path})
    except (OSError, ValueError) as error:
        raise ApiError(f"ca_path is '{path}', {_unusable(error)}: give the file with the CA's certificate.") from None


def _check_client_certificate(path: str | None, key: str | None) -> None:
    if not path:
        raise ApiError("client_key is given without client_cert: give the certificate that the key is for.")
    named = f"client_cert is '{path}'" + (f" and client_key '{key}'" if key else "")
    try:
        # With a password that opens nothing: without one, OpenSSL would wait for somebody to type it.
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_cert_chain(path, key, password=os.urandom(16).hex())
    except (OSError, ValueError) as error:
        raise ApiError(
            f"{named}, {_unusable(error)}: give files in the PEM format, of which the key belongs to the certificate"
            " and is not encrypted."
        ) from None


def _unusable(error: OSError | ValueError) -> str:
    if isinstance(error, ssl.SSLError):
        return f"which OpenSSL cannot use ({(error.reason or 'it is not PEM').replace('_', ' ')})"
    return f"which cannot be read ({(getattr(error, 'strerror', None) or str(error)).lower()})"


def _chain(error: BaseException | None) -> t.Iterator[BaseException]:
    """An error, the one that it stands for, and so on down to the first."""
    while error:
        yield error
        inner = (getattr(error, "reason", None), *error.args, error.__cause__, error.__context__)
        error = next((each for each in inner if isinstance(each, BaseException)), None)
