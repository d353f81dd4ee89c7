# Edited in templates/venues/mock/answer/__init__.py; the copy in generated/ is imported.
"""What goes back: answers, and the faults that spoil them."""
