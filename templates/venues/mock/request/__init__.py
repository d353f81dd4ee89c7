# Edited in templates/venues/mock/request/__init__.py; the copy in generated/ is imported.
"""What arrives, held against what is declared: parameters, rules, symbols, signatures."""
