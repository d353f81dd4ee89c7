"""What the specs say, decided: every later step reads these values and nothing else.

Wire names are the exchange's, names are ours. Most values are structs of msgspec, which a run makes by the ten thousand
and several times as fast as dataclasses; they are imported as `Record`, for here a struct is an exchange's object.
"""
