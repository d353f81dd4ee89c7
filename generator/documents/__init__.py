"""Builds the OpenAPI and AsyncAPI documents."""
