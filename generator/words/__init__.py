"""What several printers say alike: phrases, Markdown, literals, schemas and arguments."""
