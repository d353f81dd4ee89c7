"""Prints signing rules as Python: what a signer keeps, what it does with a request, what it hides."""
