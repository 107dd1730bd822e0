"""The message interface of a WeChat Official Account."""
