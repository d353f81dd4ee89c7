"""Facts held against each other and against the spec; changes and their report."""
