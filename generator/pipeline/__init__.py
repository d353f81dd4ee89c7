"""The order of things: what is made again, what is kept, in which process, and how long it took."""
