"""What a call says: operations, parameters and their rules, the wire, the signature."""
