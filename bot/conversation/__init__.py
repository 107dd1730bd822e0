"""One turn of a conversation: assess, ask the dialogue engine, fall back, and the words for it."""
