"""The inner port on loopback: rasa-sdk's action executor, and Rasa's NLG endpoint. Both want the token of this run."""

import hmac
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.executor import ActionExecutor
from rasa_sdk.interfaces import ActionNotFoundException
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from actions import all_actions
from bot.conversation.cards import reply_buttons
from bot.conversation.memory import Conversation
from bot.conversation.responder import Responder, fitting, is_too_much
from bot.web.services import Services


def inner_app(services: Services, *, token: str | None) -> Starlette:
    """The inner app; with `token` None (plain `rasa shell` beside `fangzha up --no-engine`) none is asked for."""
    executor = ActionExecutor()
    for action in all_actions(lambda tracker: _open(services, tracker)):
        executor.register_action(action)

    def allowed(request: Request) -> bool:
        return token is None or hmac.compare_digest(request.query_params.get("token", "").encode(), token.encode())

    async def webhook(request: Request) -> Response:
        if not allowed(request):
            return JSONResponse({"error": "token"}, status_code=401)
        try:
            result = await executor.run(await request.json())
        except ActionNotFoundException as error:
            return JSONResponse({"error": str(error), "action_name": error.action_name}, status_code=404)
        return JSONResponse(result.model_dump() if result else {"events": [], "responses": []})

    async def nlg(request: Request) -> Response:
        if not allowed(request):
            return JSONResponse({"error": "token"}, status_code=401)
        call = await request.json()
        return JSONResponse(_words(services, call))

    return Starlette(
        routes=[
            Route("/webhook", webhook, methods=["POST"]),
            Route("/nlg", nlg, methods=["POST"]),
            Route("/health", lambda _: JSONResponse({"status": "ok"})),
        ]
    )


def _open(services: Services, tracker: Tracker) -> tuple[Responder, Conversation]:
    """Who speaks, and the conversation; a text that came through another process or rasa shell is assessed here."""
    talk = services.memory.find(tracker.sender_id) or services.memory.open(tracker.sender_id)
    responder = services.turns.responder()
    latest = tracker.latest_message
    text = str(latest.get("text") or "")
    told_elsewhere = talk.turns == 0 or "language" not in (latest.get("metadata") or {})
    if told_elsewhere and text and not text.startswith("/"):
        talk.assessment = responder.snapshot.recogniser.assess(text, default=talk.language)
        talk.language = talk.assessment.language
    return responder, talk


def _words(services: Services, call: dict[str, Any]) -> dict[str, Any]:
    """A published reply for the response name Rasa asks for."""
    sender = str((call.get("tracker") or {}).get("sender_id") or "")
    talk = services.memory.find(sender) or Conversation(sender)
    wording = services.turns.responder().wording(talk)
    reply_id = fitting(talk, str(call.get("response") or "").removeprefix("utter_"))
    if is_too_much(talk, reply_id):
        return {"text": "", "buttons": []}
    buttons = [{"title": b.title, "payload": b.payload} for b in reply_buttons(reply_id, wording)]
    return {"text": wording.reply(reply_id), "buttons": buttons}
