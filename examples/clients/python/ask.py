"""Submits a request to NOCP and prints its result: `python ask.py request.json`, or `-` for stdin.

Bodies of any size work in both directions: large ones travel by claim check (docs/messages.md).
"""

import asyncio
import hashlib
import json
import os
import sys
import uuid

import nats
from nats.js.api import ObjectStoreConfig
from nats.js.errors import BucketNotFoundError

CLAIMS_BUCKET = "nocp_claims"
CLAIM_TTL_SECONDS = 48 * 3600
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
        headers |= await deposit(jetstream, body)
        body = b""
    lane = request.get("lane", "interactive")
    await jetstream.publish(f"nocp.v2.request.submitted.{tenant}.{lane}.{request_id}", body, headers=headers)


async def result_of(connection, tenant, request_id, timeout_seconds):
    """Reads the stream, which holds the result that counts, whether it came before or comes later."""
    jetstream = connection.jetstream()
    subject = f"nocp.v2.response.ready.{tenant}.{request_id}"
    subscription = await jetstream.subscribe(subject, stream="NOCP_RESULTS", ordered_consumer=True)
    try:
        message = await subscription.next_msg(timeout=timeout_seconds)
    finally:
        await subscription.unsubscribe()
    headers = message.headers or {}
    body = await redeem(jetstream, headers) if "Nocp-Claim" in headers else message.data
    return json.loads(body)


async def deposit(jetstream, body):
    """Stores a large body. Returns the headers that name it."""
    store = await claims_store(jetstream)
    name = str(uuid.uuid4())
    await store.put(name, body)
    return {
        "Nocp-Claim": f"{CLAIMS_BUCKET}/{name}",
        "Nocp-Claim-Sha256": hashlib.sha256(body).hexdigest(),
        "Nocp-Claim-Size": str(len(body)),
    }


async def claims_store(jetstream):
    try:
        return await jetstream.object_store(CLAIMS_BUCKET)
    except BucketNotFoundError:
        return await jetstream.create_object_store(CLAIMS_BUCKET, config=ObjectStoreConfig(ttl=CLAIM_TTL_SECONDS))


async def redeem(jetstream, headers):
    """Fetches the body that the headers name. Raises ValueError when it is not the one that was sent."""
    bucket, name = headers["Nocp-Claim"].split("/", 1)
    store = await jetstream.object_store(bucket)
    body = (await store.get(name)).data
    if hashlib.sha256(body).hexdigest() != headers["Nocp-Claim-Sha256"]:
        raise ValueError(f"{headers['Nocp-Claim']} is not the body that was sent")
    return body


async def main():
    source = sys.stdin if sys.argv[1] == "-" else open(sys.argv[1], encoding="utf-8")
    with source:
        request = json.load(source)
    connection = await nats.connect(os.environ.get("NATS_URL", "nats://127.0.0.1:4222"))
    try:
        print(json.dumps(await ask(connection, request), ensure_ascii=False))
    finally:
        await connection.close()


if __name__ == "__main__":
    asyncio.run(main())
