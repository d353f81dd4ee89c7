"""Documents → blocks: fetching, and reading HTML, Markdown and extracted text."""
