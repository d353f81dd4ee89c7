"""Prints how a shell signs with a secret: the command, and the lines that make the key ready for it."""

from __future__ import annotations

from generator.model.signing import Scheme
from generator.signing.keys import HASHES

_KEY_FILE = "private_key.pem"
_DER = f"openssl dgst -sha256 -sign {_KEY_FILE} | openssl asn1parse -inform DER"
"""Prints r and s of a signature, an INTEGER each."""
_IN_HEX = """awk -F: '/INTEGER/ { printf "%64s", $NF }' | tr ' ' 0"""
"""Pads both to 32 bytes: DER drops zeros at the beginning."""
_FROM_HEX = 'openssl asn1parse -genstr "FORMAT:HEX,OCT:{}" -noout -out /dev/stdout | tail -c {}'
"""Prints bytes that are given in hex: the last ones of what openssl makes of them."""

PRIVATE = {
    "rsa-sha256": (f"sign() {{ openssl dgst -sha256 -sign {_KEY_FILE}; }}",),
    "ecdsa-sha256": (
        "# openssl writes r and s in DER; what is sent has 32 bytes of each.",
        f"sign() {{ {_FROM_HEX.format(f'$({_DER} | {_IN_HEX})', 64)}; }}",
    ),
    "ed25519": (
        "# Ed25519 reads a text twice, so openssl needs it in a file.",
        f"sign() {{ cat > text.bin; openssl pkeyutl -sign -rawin -inkey {_KEY_FILE} -in text.bin; }}",
    ),
}
"""Algorithm → the lines that define the function `sign`, which prints bytes."""
_SEED = r"printf '\060\056\002\001\000\060\005\006\003\053\145\160\004\042\004\040'"
"""Prints what stands before the 32 bytes of an Ed25519 key in DER (RFC 8410)."""
_DECODED = {
    "base64": "printf %s {} | openssl base64 -d -A",
    "base64url": "printf %s {} | tr '_-' '/+' | openssl base64 -d -A",
}
"""Prints the bytes of a key."""
UNREADABLE = ("base58",)
"""Forms of a key that no usual tool reads."""
_KEYS = {
    "upper": '"$(printf %s {} | tr a-z A-Z)"',
    "md5": "\"$(printf %s {} | openssl dgst -md5 -r | cut -d' ' -f1)\"",
    "base64-text": '"$(printf %s {} | openssl base64 -A)"',
}
"""Form of a shared secret → what prints its text."""


def key_lines(scheme: Scheme, secret: str) -> list[str]:
    """Print the lines that make a private key ready to sign with; none for a shared secret."""
    algorithm, form = scheme.algorithm or "", scheme.secret_form or "text"
    if algorithm not in PRIVATE:
        return []
    if form == "text":
        made = [f"# {_KEY_FILE}: the private key, in PEM"]
    elif algorithm == "ed25519":
        seed = (
            _FROM_HEX.format(secret.strip('"'), 32)
            if form == "hex"
            else f"{_DECODED[form].format(secret)} | head -c 32"
        )
        made = [f"{{ {_SEED}; {seed}; }} | openssl pkey -inform DER -out {_KEY_FILE}"]
    else:
        name = secret.strip('"$')
        size = f"$(( ${{#{name}}} / 2 ))"  # two digits a byte
        key = _FROM_HEX.format(secret.strip('"'), size) if form == "hex" else _DECODED[form].format(secret)
        made = [f"{key} | openssl pkey -inform DER -out {_KEY_FILE}"]
    return [*made, *PRIVATE[algorithm]]


def sign_words(scheme: Scheme, secret: str) -> str:
    """Print the shell command that signs what it reads; the secret is a word of the shell."""
    algorithm, form = scheme.algorithm or "", scheme.secret_form
    if algorithm in PRIVATE:
        return "sign"
    if form == "hex":
        return f"openssl dgst -{HASHES[algorithm]} -mac HMAC -macopt hexkey:{secret}"
    if form in _DECODED:
        # As hex, because a shell variable cannot hold a zero byte.
        key = f"$({_DECODED[form].format(secret)} | od -An -v -tx1 | tr -d ' \\n')"
        return f"openssl dgst -{HASHES[algorithm]} -mac HMAC -macopt hexkey:{key}"
    return f"openssl dgst -{HASHES[algorithm]} -hmac {_KEYS.get(form or '', '{}').format(secret)}"
