"""Sums up an API for the places where all APIs are listed."""

from __future__ import annotations

from generator.model.api import Api
from generator.model.capabilities import capabilities
from generator.model.summary import GroupEntry, Offer, Summary


def summary_of(api: Api, offers: tuple[Offer, ...], warnings: tuple[str, ...] = ()) -> Summary:
    """Return an API in short."""
    return Summary(
        name=api.name,
        title=api.title,
        client=api.client,
        summary=api.summary,
        products=api.products,
        deprecated=api.deprecated,
        read=min((page.read for page in api.pages), default=""),
        codes=len(api.errors),
        signs=any(scheme.values for scheme in api.signing.schemes),
        groups=tuple(GroupEntry(group.name, tuple(o.name for o in group.operations)) for group in api.groups),
        channels=tuple(channel.name for channel in api.streams.channels) if api.streams else (),
        coverage=api.coverage,
        capabilities=capabilities(api),
        offers=offers,
        warnings=warnings,
    )
