"""Components loaded inside Rasa's own environment: they import rasa and numpy only, nothing of the app."""
