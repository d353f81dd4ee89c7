"""What goes back: answers, and the faults that spoil them."""
