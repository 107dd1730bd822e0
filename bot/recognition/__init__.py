"""Text in, Assessment out: pure, in memory, milliseconds."""
