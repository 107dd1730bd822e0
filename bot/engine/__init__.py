"""Starting, training and supervising Rasa; and, in `components`, what Rasa loads from us."""
