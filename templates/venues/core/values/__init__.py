"""Values that requests and answers share: exact numbers, secrets, open enums."""
