"""The content store: pieces, revisions, releases, feedback. SQLAlchemy on SQLite or PostgreSQL."""
