"""What arrives, held against what is declared: parameters, rules, symbols, signatures."""
