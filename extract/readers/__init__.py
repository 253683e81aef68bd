"""One module a format; all return the same Document. The content decides the format, not the name."""
