# Edited in templates/venues/core/streams/__init__.py; the copy in generated/ is imported.
"""The runtime of WebSocket streams; loaded by the first call of `client.streams()`.

    user code ── async for event in Subscription            (subscription.py; sync_session.py for threads)
                          │ reads
                     EventQueue                             bounded; a policy for slow consumers
                          ▲ puts events in
                        Topic                               one per channel and arguments: decodes and numbers pushes
                          ▲ pushes; what more one takes does the Dispatcher: gaps, slow consumers
                      Receiver ── FrameReader               frames → pushes and control frames, which Controls obey
                          ▲ messages
                      WebSocket                             aiohttp
                          │ belongs to
                      Connection                            one WebSocket while it lives, and what ends with it:
    Session               ▲                                 ├ Entry            login
      └ ConnectionPool    │ opens, and opens again          ├ Pulse, Heartbeat when to ping, when it is dead
          └ Supervisor ───┘                                 ├ Subscriber       subscribe, unsubscribe, list
            one per connection: its topics,                 ├ PendingRequests  requests that await an acknowledgment
            what to do when it is lost                      └ FrameSender      rate limits, masking

`protocol.py` holds what the specification of an API says about all this; `Context` holds what every connection of a
session needs; `Address` builds addresses, and keeps listen keys alive.

Where the API ends connections of some age, a `Replacement` opens the next one before; a `Handover` delivers what both
carry once.

Everything runs on one event loop. Nothing here waits without a bound or a way to cancel it, and whatever may have been
missed is reported as a `Gap`: when a connection is lost (`Supervisor`), and when numbers have a hole, or a frame can't
be read (`Dispatcher`).
"""
