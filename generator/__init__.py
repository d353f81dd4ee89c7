"""The maintainers' tool: specs in, typed clients and documents out."""
