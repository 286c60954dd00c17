"""`/emulator/…`: what tests and people do behind Meta's back. JSON in, JSON out; a mistake is told as `{"error": "…"}` with 400.

`GET /emulator/deeds` lists every deed with what it takes.
"""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

import orjson

from connectors.emulators.cloud import deeds_of_customers, deeds_of_meta
from connectors.emulators.cloud.calls import Answer, Call
from connectors.emulators.cloud.refusals import Refusal
from connectors.emulators.cloud.showing import state_of

if TYPE_CHECKING:
    from connectors.emulators.cloud.asgi import Emulator

Json = dict[str, Any]
Doing = Callable[["Emulator", Json], Awaitable[Json]]
DEEDS: dict[str, Doing] = {**deeds_of_customers.DEEDS, **deeds_of_meta.DEEDS}


async def answer(emulator: "Emulator", name: str, call: Call) -> Answer:
    if name == "state":
        return Answer(200, state_of(emulator))
    if name == "deeds":
        return Answer(200, {deed: (doing.__doc__ or "").strip() for deed, doing in DEEDS.items()})
    doing = DEEDS.get(name)
    if doing is None or call.method != "POST":
        return Answer(404, {"error": f"There is no deed {name!r}; GET /emulator/deeds lists them."})
    try:
        data = orjson.loads(call.body or b"{}")  # whatever its declared type: curl -d says it is a form
        return Answer(200, await doing(emulator, dict(data)))
    except Refusal as refusal:
        return Answer(400, {"error": refusal.message})
    except KeyError as error:
        return Answer(400, {"error": f"Missing or unknown: {error.args[0]}"})
    except (TypeError, ValueError) as error:
        return Answer(400, {"error": str(error)})
