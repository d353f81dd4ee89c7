"""Turns documents into blocks: fetches pages, and reads HTML, Markdown and extracted text."""
