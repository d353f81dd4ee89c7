"""What several printers share: phrases, Markdown, literals, schemas and arguments."""
