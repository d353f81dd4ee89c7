# Edited in templates/venues/core/http/network.py; the copy in generated/ is imported.
"""How a client reaches an exchange: through which proxy, from which address, and whose certificates it trusts.

Proxies of the environment are not used: a variable that some other program has set must not decide who sees when an
account trades, and exchanges tie API keys to addresses.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from venues.core.values.secrets import MASK, Secret, check_header
from venues.errors import InvalidRequest

if TYPE_CHECKING:
    from ssl import SSLContext


@dataclass(frozen=True)
class Proxy:
    """An HTTP proxy, which is asked for a tunnel, so that it sees no more than the name of the exchange's host."""

    host: str
    port: int
    credentials: Secret | None
    """The value of `Proxy-Authorization`, or None if it asks for none."""

    @property
    def address(self) -> str:
        """Its address without user name and password."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.port}"

    @property
    def headers(self) -> dict[str, str]:
        """What is sent to the proxy alone."""
        return {} if self.credentials is None else {"Proxy-Authorization": self.credentials.reveal()}

    def __repr__(self) -> str:
        return f"<proxy {self.address}{f' as {MASK}' if self.credentials else ''}>"


@dataclass(frozen=True)
class Network:
    """How the exchange is reached; without any of these directly, trusting whom the system trusts."""

    proxy: Proxy | None = None
    ca_file: str | None = None
    ssl_context: SSLContext | None = None
    local_address: str | None = None
    user_agent: str | None = None
    """The name by which it is asked, where that is not the one of the API's specification."""

    @property
    def route(self) -> tuple[object, ...]:
        """What a connection depends on; (None, None, None, None) is the direct one."""
        return self.proxy, self.ca_file, self.ssl_context, self.local_address

    @cached_property
    def context(self) -> SSLContext | None:
        """What TLS trusts, where that is not only what the system trusts."""
        return self.ssl_context if self.ca_file is None else _context_of(self.ca_file)

    @cached_property
    def authorities(self) -> bytes:
        """The text of `ca_file`."""
        if self.ca_file is None:
            return b""
        from pathlib import Path  # here, for it would be the largest of what an import loads

        return Path(self.ca_file).read_bytes()


DIRECT = Network()
HOST = re.compile(r"([a-z0-9_-]{1,63}\.)*[a-z0-9_-]{1,63}|[0-9a-f.]*:[0-9a-f:.]+")
"""A name or an address of a host, in lower case."""


def network_of(
    proxy: Secret | None = None,
    ca_file: str | os.PathLike[str] | None = None,
    ssl_context: SSLContext | None = None,
    local_address: str | None = None,
    user_agent: str | None = None,
) -> Network:
    """Return a network, if it can be used.

    Args:
        proxy: `http://host:port`, or `http://user:password@host:port`.
        ca_file: A PEM file of certificate authorities to trust beside those of the system.
        ssl_context: What TLS trusts, in place of `ca_file`.
        local_address: The IP address of this machine to connect from.
        user_agent: What to send as `User-Agent`.

    Raises:
        InvalidRequest: if one of them is of no use; a password is never shown.
    """
    if ca_file is not None and ssl_context is not None:
        raise InvalidRequest("pass ca_file or ssl_context, not both; a context can load a file by itself")
    tunnel = None if proxy is None else _proxy_of(proxy)
    if proxy is not None and tunnel is None:
        raise InvalidRequest("proxy must look like http://host:port or http://user:password@host:port")
    network = Network(
        tunnel,
        _path_of(ca_file),
        _context(ssl_context),
        _address_of(local_address),
        check_header("user_agent", user_agent),
    )
    _ = network.context  # reads the file now, not in the middle of the first call
    return network


def _proxy_of(url: Secret) -> Proxy | None:
    """Return a proxy, or None where the address is none; nothing is raised here, where a frame holds the password."""
    try:
        parts = urlsplit(url.reveal())
        host, port = parts.hostname, parts.port
    except (ValueError, AttributeError, TypeError):
        return None
    rest = (parts.path.strip("/"), parts.query, parts.fragment)
    if host is None or not HOST.fullmatch(host) or parts.scheme != "http" or any(rest):
        return None
    known = None if parts.username is None else _basic(unquote(parts.username), unquote(parts.password or ""))
    return Proxy(host, port or 80, known)


def _basic(user: str, password: str) -> Secret:
    from base64 import b64encode

    return Secret(f"Basic {b64encode(f'{user}:{password}'.encode()).decode()}")


def _path_of(ca_file: str | os.PathLike[str] | None) -> str | None:
    if ca_file is None:
        return None
    try:
        return os.fsdecode(ca_file)
    except TypeError:
        kind = type(ca_file).__name__
    raise InvalidRequest(f"ca_file is of type {kind}; pass the path of a PEM file")


def _context(given: object) -> SSLContext | None:
    if given is None:
        return None
    from ssl import SSLContext

    if isinstance(given, SSLContext):
        return given
    raise InvalidRequest(f"ssl_context is of type {type(given).__name__}; pass an ssl.SSLContext")


def _context_of(ca_file: str) -> SSLContext:
    from ssl import SSLError, create_default_context

    context = create_default_context()
    try:
        context.load_verify_locations(ca_file)
        return context
    except SSLError:
        reason = "it holds no certificate in PEM"
    except OSError as error:
        reason = error.strerror or type(error).__name__
    raise InvalidRequest(f"ca_file {ca_file!r} can't be used: {reason}")


def _address_of(text: str | None) -> str | None:
    if text is None:
        return None
    from ipaddress import ip_address

    try:
        return str(ip_address(text))
    except ValueError:
        raise InvalidRequest(f"local_address is {text!r}; pass an IP address of this machine") from None
