"""What the specs say, decided: every later step reads these values and nothing else.

Wire names are the exchange's, names are ours.
"""
