"""Runs in Rasa's environment: what the tracker store remembers, as JSON.

In: {"endpoints": paths of endpoints files, "hasty": a path whose store forgets at once, "model": a trained model}.
"""

import asyncio
import json
import sys

from rasa.core.agent import load_agent
from rasa.core.tracker_store import TrackerStore
from rasa.core.utils import AvailableEndpoints
from rasa.shared.core.events import UserUttered

from bot.engine.components import forgetting
from bot.engine.components.forgetting import ForgettingTrackerStore

HOUR = 3600.0
WAIT_SECONDS = 30.0


class Clock:
    """Time that passes when the test says so."""

    now = 1000.0

    def __call__(self) -> float:
        """Seconds."""
        return self.now


async def hear(store: TrackerStore, sender: str, text: str = "转账") -> None:
    """One more message in a conversation."""
    tracker = await store.get_or_create_tracker(sender)
    tracker.update(UserUttered(text))
    await store.save(tracker)


async def texts(store: TrackerStore, sender: str) -> "list[str] | None":
    """What is remembered of a conversation."""
    tracker = await store.retrieve(sender)
    return None if tracker is None else [e.text for e in tracker.events if isinstance(e, UserUttered)]


async def in_time() -> dict:
    """What is remembered as time passes."""
    clock, found = Clock(), {}
    store = ForgettingTrackerStore(clock=clock)
    await hear(store, "c1", "一")
    clock.now += 2 * HOUR - 1
    found["just before"] = await texts(store, "c1")
    await hear(store, "c1", "二")
    clock.now += 2 * HOUR - 1
    found["talking goes on"] = await texts(store, "c1")
    await store.save(await store.retrieve("c1"))
    clock.now += 1
    found["saved without a word"] = await texts(store, "c1")
    found["in memory after that"] = list(store.store)
    await hear(store, "quiet")
    clock.now += 2 * HOUR
    await hear(store, "talking")
    found["in memory when another talks"] = list(store.store)
    clock.now += 2 * HOUR
    found["keys"] = list(await store.keys())
    return found


async def wiped() -> list:
    """What is in memory after one conversation was wiped, and after it began anew."""
    store = ForgettingTrackerStore(clock=Clock())
    await hear(store, "c1", "一")
    await hear(store, "c2", "二")
    await hear(store, "c1", "/restart")
    after = [sorted(store.store), await texts(store, "c1")]
    await hear(store, "c1", "三")
    return [*after, await texts(store, "c1")]


async def too_many() -> list:
    """Who is dropped when there are more than three."""
    store = ForgettingTrackerStore(clock=Clock(), most=3)
    for sender in ("c1", "c2", "c3", "c1", "c4"):
        await hear(store, sender)
    return sorted(store.store)


async def with_nobody_writing() -> list:
    """What is in memory when nobody asks: read without calling anything of the store."""
    store = ForgettingTrackerStore(quiet_seconds=0.3)
    await hear(store, "c1")
    await hear(store, "c2")
    began = list(store.store)
    for _ in range(int(WAIT_SECONDS / 0.05)):
        await asyncio.sleep(0.05)
        if not store.store:
            break
    return [began, list(store.store)]


async def by_an_agent(endpoints: str, model: str) -> list:
    """The store of a whole Rasa, read past the store: before and after the quiet time."""
    agent = await load_agent(model_path=model, endpoints=AvailableEndpoints.read_endpoints(endpoints))
    store = agent.tracker_store._tracker_store  # behind Rasa's fail-safe wrapper
    answer = await agent.handle_text("谢谢", sender_id="c1")
    heard = "谢谢" in json.dumps(json.loads(store.store["c1"]), ensure_ascii=False)
    await agent.handle_text("谢谢", sender_id="c2")
    await agent.handle_text("/restart", sender_id="c2")
    heard = heard and "c2" not in store.store
    for _ in range(int(WAIT_SECONDS / 0.05)):
        await asyncio.sleep(0.05)
        if not store.store:
            break
    return [type(store).__name__, len(answer) > 0, heard, list(store.store)]


async def main(given: dict) -> dict:
    """All of it."""
    kinds = []
    for path in given["endpoints"]:
        kinds.append(type(TrackerStore.create(AvailableEndpoints.read_endpoints(path).tracker_store)).__name__)
    return {
        "kinds": kinds,
        "limits": [forgetting.QUIET_SECONDS, forgetting.MOST_CONVERSATIONS],
        "in time": await in_time(),
        "wiped": await wiped(),
        "too many": await too_many(),
        "nobody writing": await with_nobody_writing(),
        "agent": await by_an_agent(given["hasty"], given["model"]),
    }


print(json.dumps(asyncio.run(main(json.load(sys.stdin)))))
