"""The commands, a module for each part of the help. In: options. Out: printed data, an exit status."""
