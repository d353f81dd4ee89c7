"""Changes → edits of YAML files, and first drafts of specs."""
