"""Fetches pages of documentation, from addresses and from disk: nothing else of the generator asks the network."""
