"""What a broadcast does to those who chat meanwhile: `python -m benchmarks.chatting [CUSTOMERS] [SECONDS]`.

One app with its embedded worker and a small content, without the dialogue engine. Windows without and with a broadcast
at the shipped rate follow each other in the same run; what counts is the ratio of their 95th percentiles.
"""

import asyncio
import json
import random
import statistics
import sys
import tempfile
import time
from pathlib import Path

import httpx
import uvicorn

from bot.recognition.encoder import NgramEncoder
from bot.settings import Settings
from bot.web.app import create_app
from bot.web.services import Services, open_services
from tests.conversations.running import free_ports
from tests.delivery.crashing import counts, prepare, stand_in
from tests.telegram.server import TOKEN

THINKS = 5.0
SAID = ("有人说捡到我家的狗，先要赎金", "几点开门", "a text says my parcel is held until I pay a customs fee", "谢谢")
WINDOWS = 3


async def _customer(client: httpx.AsyncClient, name: str, until: float, took: list[float]) -> None:
    await asyncio.sleep(random.uniform(0, THINKS))
    while time.monotonic() < until:
        began = time.monotonic()
        answer = await client.post("/api/v1/chat", json={"conversation": name, "text": random.choice(SAID)})
        answer.raise_for_status()
        took.append((time.monotonic() - began) * 1000)
        await asyncio.sleep(THINKS)


async def _window(url: str, customers: int, seconds: float) -> float:
    """The 95th percentile of a turn, in milliseconds."""
    took: list[float] = []
    until = time.monotonic() + seconds
    limits = httpx.Limits(max_connections=customers)
    async with httpx.AsyncClient(base_url=url, timeout=60, limits=limits) as client:
        await asyncio.gather(*(_customer(client, f"chat-{n}", until, took) for n in range(customers)))
    return statistics.quantiles(took, n=20)[-1]


async def _measured(services: Services, api: str, customers: int, seconds: float) -> dict[str, object]:
    (port,) = free_ports(1)
    server = uvicorn.Server(uvicorn.Config(create_app(services), port=port, log_level="warning", access_log=False))
    serving = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.1)
    broadcasts, url = services.delivery.broadcasts, f"http://127.0.0.1:{port}"
    while not (made := broadcasts.progress()) or not made[0].planned:
        await asyncio.sleep(0.2)
    windows: dict[str, list[float]] = {"idle": [], "broadcast": []}
    broadcasts.pause(made[0].id)
    await _window(url, customers, THINKS)
    sent = 0
    for _ in range(WINDOWS):
        windows["idle"].append(await _window(url, customers, seconds))
        before = int(str(counts(api)["sent"]))
        broadcasts.resume(made[0].id)
        windows["broadcast"].append(await _window(url, customers, seconds))
        broadcasts.pause(made[0].id)
        sent += int(str(counts(api)["sent"])) - before
    server.should_exit = True
    await serving
    idle, during = (statistics.median(windows[name]) for name in ("idle", "broadcast"))
    return {
        "customers": customers,
        "idle_p95_ms": round(idle, 1),
        "broadcast_p95_ms": round(during, 1),
        "ratio": round(during / idle, 2),
        "sent_meanwhile": sent,
        "windows": {name: [round(v, 1) for v in found] for name, found in windows.items()},
    }


def main() -> None:
    """Measure, print."""
    customers = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    seconds = float(sys.argv[2]) if len(sys.argv) > 2 else 20
    with tempfile.TemporaryDirectory() as folder, stand_in("--no-limits") as api:
        url = f"sqlite:///{folder}/store.db"
        prepare(url, 20_000, Path(folder) / "content", everything=True)
        settings = Settings(
            DATABASE_URL=url, var=Path(folder), telegram_tokens=TOKEN, telegram_api=api, address_burst=10**6,
            address_per_second=10**6,
        )  # fmt: skip
        services = open_services(settings, with_engine=False, encoder=NgramEncoder())
        print(json.dumps(asyncio.run(_measured(services, api, customers, seconds))))


if __name__ == "__main__":
    main()
