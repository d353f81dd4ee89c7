"""The command line; each command is a module, imported when it runs, so that `--help` is quick."""
