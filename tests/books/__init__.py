"""Order books: their state alone, and over sockets."""
