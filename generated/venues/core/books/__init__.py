# Edited in templates/venues/core/books/__init__.py; the copy in generated/ is imported.
"""Order books that are kept up to date, and know when they can't be trusted.

    user code ── book.best, book.bids, …        (book.py; sync_book.py for threads; reading.py is what both offer)
                     │ reads
                 BookState                      pure: a snapshot, changes, and whether they fit
                     ▲ events, gaps, snapshots
                  Keeper ── asks for snapshots  one task over a subscription, one that asks
                     ▲
             a subscription of streams

A gap, a change that does not continue the snapshot, or bids that cross asks make the book untrusted, until a snapshot
heals it: one that the exchange pushes, or one that the keeper asks for while changes wait.
`levels.py` holds one side; `payload.py` reads pushes and answers by the rule of the specification; `choice.py` finds
the channel for a symbol and a depth.
"""
