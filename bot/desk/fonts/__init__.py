"""The dots of a ticker's characters, as data: see README.md beside this file."""
