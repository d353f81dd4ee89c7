# Edited in templates/venues/core/__init__.py; the copy in generated/ is imported.
"""The runtime that all clients share: plain, hand-written, typed Python. Each room imports only what stands below it.

client, async_client   the two clients; below them sender, base and profile: what sends, and what both share
streams                connections that stay open; loaded by the first `client.streams()`
outcome                the outcome of a call: its course, the clock, the limits
http                   what a client asks of HTTP, and the libraries that keep it
answer                 from bytes to models or errors
channels               what streams are asked for, and what comes
request                operations, parameters and rules, the wire, signatures
values                 exact numbers, secrets, open enums
"""
