"""Turns documents into blocks: reads HTML, Markdown, extracted text and API descriptions."""
