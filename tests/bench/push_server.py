"""A WebSocket server that pushes order books as fast as they are taken; it is never the bottleneck.

python tests/bench/push_server.py PUSHES     prints its port
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import json
import sys

LEVELS = 20
TOPIC = f"btcusdt@depth{LEVELS}@100ms"
GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
CHUNK = 1 << 18
SMALL = 125
WELCOME = (
    b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: %b\r\n\r\n"
)


def push(number: int) -> bytes:
    """Return an order book with twenty levels a side, as the exchange would push it."""
    sides = {side: [[f"{61250 + n / 10:.1f}", f"{0.431 + n:.3f}"] for n in range(LEVELS)] for side in "ba"}
    numbers = {"U": number, "u": number, "pu": number - 1}
    book = {"e": "depthUpdate", "E": 1795132800123, "T": 1795132800110, "s": "BTCUSDT", **numbers, **sides}
    return json.dumps({"stream": TOPIC, "data": book}, separators=(",", ":")).encode()


def framed(payload: bytes) -> bytes:
    """Return a text frame of the WebSocket protocol."""
    size = bytes((len(payload),)) if len(payload) <= SMALL else b"\x7e" + len(payload).to_bytes(2, "big")
    return b"\x81" + size + payload


async def received(reader: asyncio.StreamReader) -> bytes:
    """Return the payload of the next frame, unmasked."""
    size = (await reader.readexactly(2))[1] & SMALL + 2
    if size > SMALL:
        size = int.from_bytes(await reader.readexactly(2), "big")
    mask, payload = await reader.readexactly(4), await reader.readexactly(size)
    return bytes(byte ^ mask[at % 4] for at, byte in enumerate(payload))


class Pusher:
    """Serves a subscription: an acknowledgement, and then all pushes."""

    def __init__(self, pushes: int) -> None:
        self._frames = b"".join(framed(push(number)) for number in range(1, pushes + 1))

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await self._serve(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        lines = (await reader.readuntil(b"\r\n\r\n")).split(b"\r\n")
        key = next(line[18:].strip() for line in lines if line.lower().startswith(b"sec-websocket-key:"))
        writer.write(WELCOME % base64.b64encode(hashlib.sha1(key + GUID, usedforsecurity=False).digest()))
        number = json.loads(await received(reader))["id"]
        writer.write(framed(json.dumps({"result": None, "id": number}).encode()))
        for start in range(0, len(self._frames), CHUNK):
            writer.write(self._frames[start : start + CHUNK])
            await writer.drain()
        await reader.read()


async def main(pushes: int) -> None:
    """Serve until the parent closes standard input."""
    server = await asyncio.start_server(Pusher(pushes), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
