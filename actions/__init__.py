"""Rasa custom actions: thin, each one line of the dialogue handed to `bot.conversation.responder`."""

from actions.steps import all_actions

__all__ = ["all_actions"]
