"""Long runs: bounded, but too long for every change. `make soak`."""
