"""Makes the OpenAPI and AsyncAPI documents."""
