"""What every room stands on: problems, cache, files, names and units; it imports none of them."""
