"""Submits a request to NOCP and prints its result: `python ask.py request.json`, or `-` for stdin.

Bodies of any size work in both directions: large ones travel by claim check (docs/messages.md).
"""

import asyncio
import contextlib
import hashlib
import json
import os
import sys
import time
import uuid

import nats
import nats.errors

CLAIMS_BUCKET = "nocp_claims"
PART_BYTES = 256 * 1024
LOOK_EVERY_SECONDS = 2
TIMEOUT_SECONDS = 300


async def ask(connection, request, timeout_seconds=TIMEOUT_SECONDS):
    """Returns the result, which is a failed one if the request failed. Raises nats.errors.TimeoutError when none came in time."""
    request_id = request.get("requestId") or str(uuid.uuid4())
    tenant = request.get("tenant", "default")
    await submit(connection, tenant, request_id, request)
    return await result_of(connection, tenant, request_id, timeout_seconds)


async def submit(connection, tenant, request_id, request):
    """Returns once the request is on disk. After an error, submit again with the same id: it never runs twice at once."""
    jetstream = connection.jetstream()
    body = json.dumps(request).encode()
    headers = {"Nats-Msg-Id": f"{tenant}.{request_id}"}
    if len(body) > connection.max_payload // 2:
        headers |= await deposit(jetstream, tenant, body)
        body = b""
    lane = request.get("lane", "interactive")
    await jetstream.publish(f"nocp.v2.request.submitted.{tenant}.{lane}.{request_id}", body, headers=headers)


async def result_of(connection, tenant, request_id, timeout_seconds):
    """Reads the stream, which holds the result that counts; listens, so that it need not ask for it all the time."""
    subject = f"nocp.v2.response.ready.{tenant}.{request_id}"
    subscription = await connection.subscribe(subject)
    try:
        give_up_at = time.monotonic() + timeout_seconds
        while (message := await stored(connection, "NOCP_RESULTS", subject)) is None:
            if time.monotonic() > give_up_at:
                raise nats.errors.TimeoutError
            with contextlib.suppress(nats.errors.TimeoutError):
                await subscription.next_msg(timeout=LOOK_EVERY_SECONDS)
    finally:
        await subscription.unsubscribe()
    headers = message.headers or {}
    body = await redeem(connection, headers) if "Nocp-Claim" in headers else message.data
    return json.loads(body)


async def stored(connection, stream, subject):
    """The message that a stream holds under a subject; None if there is none."""
    message = await connection.request(f"$JS.API.DIRECT.GET.{stream}.{subject}", b"", timeout=10)
    return None if (message.headers or {}).get("Status") == "404" else message


async def deposit(jetstream, tenant, body):
    """Stores a large body in parts. Returns the headers that name it."""
    key = f"{tenant}.{uuid.uuid4()}"
    parts = [body[start : start + PART_BYTES] for start in range(0, len(body), PART_BYTES)]
    for number, part in enumerate(parts):
        await jetstream.publish(f"$KV.{CLAIMS_BUCKET}.{key}.{number}", part)
    return {
        "Nocp-Claim": f"{CLAIMS_BUCKET}/{key}",
        "Nocp-Claim-Parts": str(len(parts)),
        "Nocp-Claim-Sha256": hashlib.sha256(body).hexdigest(),
        "Nocp-Claim-Size": str(len(body)),
    }


async def redeem(connection, headers):
    """Fetches the body that the headers name. Raises ValueError when it is not the one that was sent."""
    bucket, key = headers["Nocp-Claim"].split("/", 1)
    body = b""
    for number in range(int(headers["Nocp-Claim-Parts"])):
        part = await stored(connection, f"KV_{bucket}", f"$KV.{bucket}.{key}.{number}")
        body += part.data if part else b""
    if hashlib.sha256(body).hexdigest() != headers["Nocp-Claim-Sha256"]:
        raise ValueError(f"{headers['Nocp-Claim']} is not the body that was sent")
    return body


async def main():
    source = sys.stdin if sys.argv[1] == "-" else open(sys.argv[1], encoding="utf-8")
    with source:
        request = json.load(source)
    connection = await nats.connect(
        os.environ.get("NATS_URL", "nats://127.0.0.1:4222"),
        user=os.environ.get("NATS_USER"),
        password=os.environ.get("NATS_PASSWORD"),
    )
    try:
        print(json.dumps(await ask(connection, request), ensure_ascii=False))
    finally:
        await connection.close()


if __name__ == "__main__":
    asyncio.run(main())
