"""The ASGI app: API, pages, and the inner port that the dialogue engine calls. Wiring happens here and in bot/cli."""
