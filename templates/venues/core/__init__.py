"""The runtime that all clients share: plain, hand-written, typed Python."""
