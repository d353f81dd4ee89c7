"""What OpenAPI and AsyncAPI documents say in the same words."""

from __future__ import annotations

from generator.words.schemas import Schema

# Tools want to know whom to ask about a document: about this text its maintainers, and not the exchange.
CONTACT: Schema = {"name": "The Venues maintainers"}
LICENSE: Schema = {"name": "MIT", "url": "https://opensource.org/license/mit"}
"""That of the document; the exchange has terms of its own."""
