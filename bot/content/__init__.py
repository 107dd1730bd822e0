"""Content as files: reading it with line numbers, checking it, and building a release from pieces of it."""
