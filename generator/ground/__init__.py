"""What every room stands on: problems, cache, files, names and units; knows nobody else."""
