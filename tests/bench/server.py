"""A server that answers every request with the same bytes, at once; it is never the bottleneck.

python tests/bench/server.py BODY_FILE [CERTIFICATE]     prints its port; with a certificate, it speaks TLS
"""

from __future__ import annotations

import asyncio
import ssl
import sys
from pathlib import Path


class Static(asyncio.Protocol):
    """Answers as many requests as have arrived whole."""

    answer = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._pending = b""

    def data_received(self, data: bytes) -> None:
        self._pending += data
        while (end := self._pending.find(b"\r\n\r\n")) >= 0:
            head = self._pending[:end].lower()
            at = head.find(b"content-length:")
            length = int(head[at + 15 :].split(b"\r\n", 1)[0]) if at >= 0 else 0
            if len(self._pending) < end + 4 + length:
                return
            self._pending = self._pending[end + 4 + length :]
            self._transport.write(self.answer)


async def main(body: bytes, certificate: str | None) -> None:
    """Serve until the parent closes standard input."""
    Static.answer = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%b" % (
        len(body),
        body,
    )
    context = None
    if certificate is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(Static, "127.0.0.1", 0, backlog=200, ssl=context)
    print(server.sockets[0].getsockname()[1], flush=True)
    await loop.run_in_executor(None, sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]).read_bytes(), sys.argv[2] if len(sys.argv) > 2 else None))
