"""Compresses with headroom: one JSON object a line on stdin, one out.

In: {"messages": [...], "options": {...}}. Out: {"messages": [...], "elapsedMs": 1.5} or {"error": "..."}.
The first line out is {"version": "..."} once headroom is loaded.
"""

import json
import os
import sys
import time

# Before the import: nothing is sent anywhere or fetched, and nothing is written outside this folder.
os.environ.update(
    HEADROOM_OFFLINE="1",
    HEADROOM_BEACON="off",
    HEADROOM_UPDATE_CHECK="off",
    DO_NOT_TRACK="1",
    HF_HUB_OFFLINE="1",
    HOME=sys.argv[1],
)

# Libraries print to stdout when they are imported.
answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
os.dup2(2, 1)

from importlib.metadata import version  # noqa: E402

from headroom import compress  # noqa: E402


def answer(value):
    answers.write(json.dumps(value) + "\n")
    answers.flush()


answer({"version": version("headroom-ai")})
for line in sys.stdin:
    task = json.loads(line)
    try:
        started = time.perf_counter()
        result = compress(task["messages"], model="gpt-4o", **task["options"])
        elapsed = (time.perf_counter() - started) * 1000
        answer({"messages": result.messages, "elapsedMs": elapsed})
    except Exception as error:  # noqa: BLE001
        answer({"error": f"{type(error).__name__}: {error}"})
