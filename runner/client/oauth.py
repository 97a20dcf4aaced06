"""OAuth 2: bearer tokens from a file, renewed where the service refuses them (contract section 1, RFC 6749)."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import quote_plus

import httpx

from runner.client import exchange, hints, refusals
from runner.client.faults import BrokenError, UnusableError
from runner.client.tokens import TOKEN, TokenFile, Tokens
from runner.errors import AccessError
from runner.model import Secret, Shape

EXPECTED: Shape = {"access_token": str, "refresh_token?": (str, type(None)), "token_type?": str}


@dataclass(frozen=True, slots=True)
class App:
    """An app as it is registered with the service, and the address that gives it tokens."""

    client_id: Secret
    client_secret: Secret
    token_url: str


class OAuth:
    """Asks with the access token of a file. One renewal serves all threads and all processes that share the file.

    A refresh token works once, so what it brings is on disk before it is used. Nothing is sent to any other address
    than the app's, and a redirect is a refusal.
    """

    def __init__(
        self, app: App, file: TokenFile, transport: httpx.BaseTransport, *, seconds: float = 90.0, source: str = ""
    ) -> None:
        """``seconds`` a renewal may take; ``source`` as every ``Auth`` has it.

        The transport stays the caller's, to close and to abort. UsageError where the file has no tokens.
        """
        self._app, self._file, self._seconds, self.source = app, file, seconds, source
        self._http = exchange.opened(transport, seconds)
        self._lock = threading.Lock()
        self._refusal = ""
        self._secrets: tuple[str, ...] = ()
        self._hide(app.client_id, app.client_secret)
        self._tokens = self._read()

    def header(self) -> str:
        """``Bearer ...``; nothing where there is no access token yet, which the service refuses, so one is got."""
        access = self._tokens.access
        return f"Bearer {access.reveal()}" if access else ""

    def renew(self, refused: str) -> bool:
        """True: there is another header than the one that was refused, this thread's or another's work.

        BrokenError and UnusableError as for any request; AccessError where the app gets no token any more; RunnerError
        where the new one could not be kept.
        """
        with self._lock:
            if self.header() == refused:
                with self._file.locked():
                    self._tokens = self._read()
                    if self.header() == refused:
                        self._renew()
        return True

    def secrets(self) -> Iterable[str]:
        """The app's ID and secret and every token that there was, as they are and as a form has them."""
        return self._secrets

    def owner(self) -> str:
        """The app's ID, which no renewal changes."""
        return self._app.client_id.reveal()

    def _read(self) -> Tokens:
        tokens = self._file.read()
        self._hide(tokens.refresh, tokens.access)
        return tokens

    def _hide(self, *secrets: Secret | None) -> None:
        texts = [secret.reveal() for secret in secrets if secret]
        self._secrets = tuple(dict.fromkeys((*self._secrets, *texts, *map(quote_plus, texts))))

    def _renew(self) -> None:
        if self._refusal:
            raise AccessError(self._refusal)
        self._file.rehearse()  # once the old token is spent, it would be too late to find out
        try:
            tokens = self._asked(self._tokens.refresh)
        except BrokenError as error:
            raise BrokenError(self._words(str(error)), error.wait) from error
        except UnusableError as error:
            raise UnusableError(self._words(str(error))) from error
        self._hide(tokens.refresh, tokens.access)
        self._file.write(tokens)
        self._tokens = tokens

    def _asked(self, refresh: Secret) -> Tokens:
        form = {
            "grant_type": "refresh_token",
            "refresh_token": refresh.reveal(),
            "client_id": self._app.client_id.reveal(),
            "client_secret": self._app.client_secret.reveal(),
        }
        request = self._http.build_request("POST", self._app.token_url, data=form)
        response, content = exchange.whole(self._http, request, self._seconds)
        if response.status_code in exchange.AGAIN:
            raise BrokenError(refusals.read(response, content).reason, hints.wait(response.headers, content))
        if response.status_code != httpx.codes.OK:
            self._refusal = self._refused(refusals.read(response, content).reason)
            raise AccessError(self._refusal)
        return _tokens(exchange.data(response, content, EXPECTED), refresh)

    def _refused(self, reason: str) -> str:
        remedy = f"authorise the app again and put its new tokens into {self._file.path}"
        if "invalid_client" in reason:
            remedy = "see that the client ID and the client secret are the app's"
        return f"{self._words(reason)}; {remedy} (docs/access.md)"

    def _words(self, reason: str) -> str:
        return refusals.hidden(f"the OAuth token could not be renewed: {reason}", self._secrets)


def _tokens(said: dict[str, str], old: Secret) -> Tokens:
    """What an answer brings; the old refresh token stays where there is no new one."""
    access, refresh = said["access_token"], said.get("refresh_token") or old.reveal()
    if said.get("token_type", "bearer").lower() != "bearer":
        raise UnusableError("the token that came is no bearer token")
    if not (TOKEN.fullmatch(access) and TOKEN.fullmatch(refresh)):
        raise UnusableError("what came is no token: it is too long, or has characters that no token has")
    return Tokens(Secret(refresh), Secret(access))
