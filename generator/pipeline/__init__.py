"""The order of the steps: what is made again, what comes from the cache, in which process, and how long it took."""
