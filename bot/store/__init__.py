"""The content store: pieces, revisions, releases, and what customers told us about them. SQLAlchemy on SQLite or PostgreSQL."""
