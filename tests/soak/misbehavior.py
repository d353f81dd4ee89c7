"""What a server can do to a request: to execute it or not, and to say something else than what it did."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from tests.soak.scene import Scene, written

INTERIM = {
    100: b"HTTP/1.1 100 Continue\r\n\r\n",
    102: b"HTTP/1.1 102 Processing\r\n\r\n",
    103: b"HTTP/1.1 103 Early Hints\r\nLink: </style.css>; rel=preload\r\n\r\n",
    199: b"HTTP/1.1 199 Anything\r\n\r\n",
}
UPGRADE = b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n\r\n"
HTML = b"<html><body>Back soon</body></html>"
NO_ENVELOPE = (
    b"",
    b"{}",
    b"null",
    b"true",
    b'""',
    HTML,
    b'{"success":false,"error":"maintenance"}',
    b'{"orders":[]}',
    b'{"code":true}',
    b'{"code":[1]}',
    b'{"code":{}}',
    b'{"code":200}',
    b'{"code":0}',
    b'{"code":"0"}',
    b'{"code":"00000"}',
    b'{"code":null,"data":{}}',
)
"""What proves nothing, whatever the envelope of an API is."""
SERVER_ERRORS = (500, 502, 503, 504, 520, 522, 524)


def answer(scene: Scene) -> bool:
    scene.send(scene.honest())
    return True


def interim(scene: Scene) -> bool:
    """Say some interim answers before, at once or one by one."""
    before = [INTERIM[status] for status in scene.chance.choices(list(INTERIM), k=scene.chance.randint(1, 3))]
    if scene.chance.random() < 0.5:
        scene.send(b"".join([*before, scene.honest()]))
    else:
        for one in before:
            scene.send(one)
            time.sleep(0.005)
        scene.send(scene.honest())
    return True


def interim_alone(scene: Scene) -> bool:
    scene.send(INTERIM[scene.chance.choice([102, 103, 199])])
    time.sleep(scene.chance.choice([0, scene.timeout * 2]))
    return False


def upgrade(scene: Scene) -> bool:
    scene.send(UPGRADE)
    return False


def stray(scene: Scene) -> bool:
    """Say more than was asked, in the same breath."""
    scene.send(scene.honest() + scene.stray())
    return True


def late_stray(scene: Scene) -> bool:
    """Say something unasked at any time, or once the next request is there, which then waits for its own answer."""
    scene.send(scene.honest())
    if scene.chance.random() < 0.5:
        time.sleep(scene.chance.uniform(0, 0.02))
        scene.send(scene.stray())
    else:
        scene.wait_for_next()
        scene.send(scene.stray())
        time.sleep(0.05)
    return True


def repeated(scene: Scene) -> bool:
    scene.send(scene.honest() * scene.chance.randint(2, 3))
    return True


def foreign(scene: Scene) -> bool:
    """Hand out the answer to somebody else's order."""
    scene.send(scene.said((200, scene.words.foreign)))
    return True


def late(scene: Scene) -> bool:
    """Answer when the client has given up."""
    time.sleep(scene.timeout * 1.5)
    scene.send(scene.said((200, scene.words.honest)) if scene.words.honest else scene.said(scene.words.refused))
    return True


def drip(scene: Scene) -> bool:
    scene.drip(scene.honest(), scene.timeout * scene.chance.choice([0.2, 2]))
    return True


def slow_headers(scene: Scene) -> bool:
    head, _, body = scene.honest().partition(b"\r\n\r\n")
    scene.drip(head, scene.timeout * scene.chance.choice([0.2, 2]))
    scene.send(b"\r\n\r\n" + body)
    return True


def truncated(scene: Scene) -> bool:
    """Promise more than is sent, and leave or break off."""
    whole = scene.honest()
    scene.send(whole[: scene.chance.randrange(len(whole) - 1)])
    return scene.reset() if scene.chance.random() < 0.3 else False


def half_json(scene: Scene) -> bool:
    """Send a whole answer with half a body."""
    body = scene.words.honest
    scene.send(scene.said((200, body[: scene.chance.randrange(len(body) - 1)])))
    return True


def odd_bytes(scene: Scene) -> bool:
    """Send bytes that JSON does not allow around or inside the body."""
    body = scene.words.honest
    odd = [
        b"\xef\xbb\xbf" + body,
        body + b"\x00",
        body.replace(b"{", b'{"odd":NaN,', 1),
        body.replace(b'":"', b'":"\xff', 1),
    ]
    scene.send(scene.said((200, scene.chance.choice(odd))))
    return True


def wrong_envelope(scene: Scene) -> bool:
    """Say 200 and something that is no success."""
    scene.send(scene.said((200, scene.chance.choice([*NO_ENVELOPE, *scene.words.hollow]))))
    return True


def refusal(scene: Scene) -> bool:
    scene.send(scene.said(scene.words.refused))
    return True


def slow_refusal(scene: Scene) -> bool:
    """Refuse bit by bit, in time or not: half a refusal is none."""
    scene.drip(scene.said(scene.words.refused), scene.timeout * scene.chance.choice([0.2, 2]))
    return True


def open_code(scene: Scene) -> bool:
    scene.send(scene.said(scene.words.open))
    return True


def unlisted_code(scene: Scene) -> bool:
    scene.send(scene.said(scene.words.unlisted))
    return True


def limited(scene: Scene) -> bool:
    """Refuse by a status alone."""
    status, body = scene.chance.choice([(429, HTML), (429, b""), (418, b"{}"), (429, scene.words.refused[1])])
    scene.send(scene.said((status, body)))
    return True


def server_error(scene: Scene) -> bool:
    body = scene.chance.choice([HTML, b"", b"{}", scene.words.unlisted[1], scene.words.refused[1], scene.words.foreign])
    scene.send(scene.said((scene.chance.choice(SERVER_ERRORS), body)))
    return True


def redirect(scene: Scene) -> bool:
    scene.send(written(b"", scene.chance.choice([301, 302, 303, 307, 308]), scene.own, "Location: /elsewhere"))
    return True


def close(scene: Scene) -> bool:
    return False


def reset(scene: Scene) -> bool:
    return scene.reset()


def silence(scene: Scene) -> bool:
    time.sleep(scene.timeout * 1.5)
    return False


def leave(scene: Scene) -> bool:
    """Answer, and close a connection that the client may keep, now or when it sends again."""
    scene.send(scene.honest())
    time.sleep(scene.chance.choice([0, 0.002, 0.02]))
    return scene.reset() if scene.chance.random() < 0.3 else False


def no_http(scene: Scene) -> bool:
    scene.send(b"\x15\x03\x01\x00\x02\x02\x16 what?\r\n\r\n")
    return False


def chunked(scene: Scene) -> bool:
    """Send the body in chunks, perhaps without the end."""
    head = written(b"", 200, scene.own).replace(b"Content-Length: 0", b"Transfer-Encoding: chunked")
    body = scene.words.honest
    scene.send(head + b"%x\r\n%b\r\n" % (len(body), body))
    if scene.chance.random() < 0.5:
        return False
    scene.send(b"0\r\n\r\n")
    return True


@dataclass(frozen=True)
class Deed:
    """One kind of misbehavior."""

    play: Callable[[Scene], bool]
    """Answers; returns whether the connection goes on."""
    executes: bool | None = None
    """Whether an order is executed before; None for either."""
    needs_id: bool = False
    """Whether nobody could see through it where an answer does not name the client id."""

    @property
    def name(self) -> str:
        """What it is called in figures."""
        return self.play.__name__.replace("_", " ")


WRITES = (
    *(
        Deed(play, executes=True)
        for play in (answer, interim, stray, repeated, drip, slow_headers, truncated, half_json)
    ),
    *(Deed(play, executes=True) for play in (odd_bytes, leave, chunked)),
    *(Deed(play, executes=False) for play in (refusal, slow_refusal, limited)),
    *(Deed(play) for play in (interim_alone, upgrade, late, wrong_envelope, open_code, unlisted_code, server_error)),
    *(Deed(play) for play in (redirect, close, reset, silence, no_http)),
    Deed(late_stray, executes=True, needs_id=True),
    Deed(foreign, needs_id=True),
)
READS = tuple(
    deed for deed in WRITES if deed.play not in (refusal, slow_refusal)
)  # a refusal may be the one that means "no such thing"
