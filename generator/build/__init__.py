"""YAML whose shape is right → the model."""
