"""The words of the trade and the rules between them. Standard library only."""
