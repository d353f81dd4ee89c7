"""Channels and what comes through them; here is nothing that connects."""
