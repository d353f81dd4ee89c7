"""python -m generator"""

import gc

# Models and texts live to the end: looking for garbage among them after every 700 objects takes a tenth of a run.
# With much more than this, the garbage of the library that prints models stays, and a large run holds a fifth more.
gc.set_threshold(10_000)

from generator.cli import main  # noqa: E402 - what is imported makes objects, too

main(prog_name="python -m generator")
