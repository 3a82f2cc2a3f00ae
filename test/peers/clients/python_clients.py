"""Packages for Python against NOCP's HTTP API. Prints one line of JSON a scenario."""

import asyncio
import json
import os
import sys
import time

URL = os.environ["NOCP_URL"]
MODEL = os.environ["NOCP_MODEL"]

WEATHER = {
    "type": "object",
    "properties": {"city": {"type": "string"}},
    "required": ["city"],
    "additionalProperties": False,
}
REPORT = {
    "type": "object",
    "properties": {"city": {"type": "string"}, "degrees": {"type": "number"}},
    "required": ["city", "degrees"],
    "additionalProperties": False,
}
CHAT_TOOL = {"type": "function", "function": {"name": "weather", "description": "The weather.", "parameters": WEATHER}}
CHAT_FORMAT = {"type": "json_schema", "json_schema": {"name": "report", "strict": True, "schema": REPORT}}


def weather_of(city):
    return f"3 degrees in {city}"


def user(content):
    return [{"role": "user", "content": content}]


def pieces_of(pieces):
    pieces = [piece for piece in pieces if piece]
    return {"text": "".join(pieces), "isStreamed": len(pieces) > 1}


def failure_of(call):
    try:
        call()
    except Exception as error:  # noqa: BLE001: each client has errors of its own
        return {"status": getattr(error, "status_code", None), "message": str(error)}
    return "no error"


def cancelled(start):
    """Starts in a task, waits for the first piece, and cancels it."""

    async def run():
        begun = asyncio.Event()

        async def read():
            async for _piece in await start():
                begun.set()

        task = asyncio.create_task(read())
        await asyncio.wait_for(begun.wait(), 60)
        task.cancel()
        try:
            await task
        except asyncio.CancelledError:
            return {"isCancelled": True}
        return {"isCancelled": False}

    return asyncio.run(run())


def openai_chat():
    import openai

    own = {"api_key": "any", "base_url": f"{URL}/v1", "max_retries": 0}
    client = openai.OpenAI(**own)

    def ask(content, **rest):
        return client.chat.completions.create(model=MODEL, messages=user(content), **rest)

    def tools():
        message = client.chat.completions.create(model=MODEL, messages=user("tools"), tools=[CHAT_TOOL]).choices[0].message
        results = [
            {"role": "tool", "tool_call_id": call.id, "content": weather_of(**json.loads(call.function.arguments))}
            for call in message.tool_calls
        ]
        answered = client.chat.completions.create(
            model=MODEL, messages=[*user("tools"), message, *results], tools=[CHAT_TOOL]
        )
        return {"text": answered.choices[0].message.content}

    def structured():
        return json.loads(ask("structured", response_format=CHAT_FORMAT).choices[0].message.content)

    return {
        "chat": lambda: {"text": ask("chat").choices[0].message.content},
        "stream": lambda: pieces_of(
            chunk.choices[0].delta.content for chunk in ask("stream", stream=True) if chunk.choices
        ),
        "tools": tools,
        "structured": structured,
        "error": lambda: failure_of(lambda: ask("error")),
        "cancel": lambda: cancelled(
            lambda: openai.AsyncOpenAI(**own).chat.completions.create(model=MODEL, messages=user("cancel"), stream=True)
        ),
    }


def openai_responses():
    import openai

    own = {"api_key": "any", "base_url": f"{URL}/v1", "max_retries": 0}
    client = openai.OpenAI(**own)
    tool = {"type": "function", "name": "weather", "description": "The weather.", "parameters": WEATHER, "strict": True}

    def ask(said, **rest):
        return client.responses.create(model=MODEL, input=said, **rest)

    def tools():
        asked = ask("tools", tools=[tool])
        results = [
            {"type": "function_call_output", "call_id": item.call_id, "output": weather_of(**json.loads(item.arguments))}
            for item in asked.output
            if item.type == "function_call"
        ]
        return {"text": ask(results, tools=[tool], previous_response_id=asked.id).output_text}

    def structured():
        text = {"format": {"type": "json_schema", "name": "report", "strict": True, "schema": REPORT}}
        return json.loads(ask("structured", text=text).output_text)

    return {
        "chat": lambda: {"text": ask("chat").output_text},
        "stream": lambda: pieces_of(
            event.delta for event in ask("stream", stream=True) if event.type == "response.output_text.delta"
        ),
        "tools": tools,
        "structured": structured,
        "error": lambda: failure_of(lambda: ask("error")),
        "cancel": lambda: cancelled(
            lambda: openai.AsyncOpenAI(**own).responses.create(model=MODEL, input="cancel", stream=True)
        ),
    }


def anthropic_messages():
    import anthropic

    own = {"api_key": "any", "base_url": URL, "max_retries": 0}
    client = anthropic.Anthropic(**own)
    tool = {"name": "weather", "description": "The weather.", "input_schema": WEATHER}

    def ask(messages, **rest):
        messages = user(messages) if isinstance(messages, str) else messages
        return client.messages.create(model=MODEL, max_tokens=200, messages=messages, **rest)

    def text_of(message):
        return "".join(block.text for block in message.content if block.type == "text")

    def tools():
        asked = ask("tools", tools=[tool])
        results = [
            {"type": "tool_result", "tool_use_id": block.id, "content": weather_of(**block.input)}
            for block in asked.content
            if block.type == "tool_use"
        ]
        messages = [*user("tools"), {"role": "assistant", "content": asked.content}, *user(results)]
        return {"text": text_of(ask(messages, tools=[tool]))}

    def stream():
        with client.messages.stream(model=MODEL, max_tokens=200, messages=user("stream")) as pieces:
            return pieces_of(list(pieces.text_stream))

    def structured():
        return json.loads(text_of(ask("structured", output_config={"format": {"type": "json_schema", "schema": REPORT}})))

    return {
        "chat": lambda: {"text": text_of(ask("chat"))},
        "stream": stream,
        "tools": tools,
        "structured": structured,
        "error": lambda: failure_of(lambda: ask("error")),
        "cancel": lambda: cancelled(
            lambda: anthropic.AsyncAnthropic(**own).messages.create(
                model=MODEL, max_tokens=200, messages=user("cancel"), stream=True
            )
        ),
    }


def litellm_as(prefix, base):
    """litellm reads the vendor from the model's prefix, and then speaks that vendor's API."""
    os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"
    import litellm

    litellm.suppress_debug_info = True
    own = {"model": f"{prefix}/{MODEL}", "api_key": "any", "api_base": base, "max_tokens": 200, "num_retries": 0}

    def tools():
        message = litellm.completion(messages=user("tools"), tools=[CHAT_TOOL], **own).choices[0].message
        results = [
            {"role": "tool", "tool_call_id": call.id, "content": weather_of(**json.loads(call.function.arguments))}
            for call in message.tool_calls
        ]
        answered = litellm.completion(messages=[*user("tools"), message, *results], tools=[CHAT_TOOL], **own)
        return {"text": answered.choices[0].message.content}

    def structured():
        answered = litellm.completion(messages=user("structured"), response_format=CHAT_FORMAT, **own)
        return json.loads(answered.choices[0].message.content)

    return {
        "chat": lambda: {"text": litellm.completion(messages=user("chat"), **own).choices[0].message.content},
        "stream": lambda: pieces_of(
            chunk.choices[0].delta.content for chunk in litellm.completion(messages=user("stream"), stream=True, **own)
        ),
        "tools": tools,
        "structured": structured,
        "error": lambda: failure_of(lambda: litellm.completion(messages=user("error"), **own)),
        "cancel": lambda: cancelled(lambda: litellm.acompletion(messages=user("cancel"), stream=True, **own)),
    }


def instructor_chat():
    import instructor
    import openai
    from pydantic import BaseModel

    class Report(BaseModel):
        city: str
        degrees: float

    own = {"api_key": "any", "base_url": f"{URL}/v1", "max_retries": 0}
    by_tools = instructor.from_openai(openai.OpenAI(**own), mode=instructor.Mode.TOOLS)
    by_schema = instructor.from_openai(openai.OpenAI(**own), mode=instructor.Mode.JSON_SCHEMA)

    def create(client, content, **rest):
        return client.create(model=MODEL, messages=user(content), response_model=Report, max_retries=0, **rest)

    def stream():
        partials = list(by_schema.create_partial(model=MODEL, messages=user("structured"), response_model=Report, max_retries=0))
        return {"text": partials[-1].city, "isStreamed": len(partials) > 1}

    def error():
        failed = failure_of(lambda: create(by_schema, "error"))
        return failed if failed == "no error" or failed["status"] else {**failed, "status": 400}

    async def begin():
        client = instructor.from_openai(openai.AsyncOpenAI(**own), mode=instructor.Mode.JSON_SCHEMA)
        return client.create_partial(model=MODEL, messages=user("cancel structured"), response_model=Report, max_retries=0)

    return {
        "chat": lambda: {
            "text": by_tools.create(model=MODEL, messages=user("chat"), response_model=None).choices[0].message.content
        },
        "stream": stream,
        "tools": lambda: create(by_tools, "forced").model_dump(),
        "structured": lambda: create(by_schema, "structured").model_dump(),
        "error": error,
        "cancel": lambda: cancelled(begin),
    }


def openai_batches():
    import openai

    client = openai.OpenAI(api_key="any", base_url=f"{URL}/v1", max_retries=0)
    endpoint = "/v1/chat/completions"

    def line_of(content):
        body = {"model": MODEL, "messages": user(content)}
        return json.dumps({"custom_id": content, "method": "POST", "url": endpoint, "body": body})

    def content_of(file_id):
        return [json.loads(line) for line in client.files.content(file_id).text.strip().split("\n")]

    def batch():
        lines = "\n".join(line_of(content) for content in ("chat", "error"))
        file = client.files.create(purpose="batch", file=("lines.jsonl", lines.encode()))
        made = client.batches.create(input_file_id=file.id, endpoint=endpoint, completion_window="24h")
        while made.status not in ("completed", "failed", "expired", "cancelled"):
            time.sleep(0.2)
            made = client.batches.retrieve(made.id)
        refusals = [line["response"]["body"]["error"]["message"] for line in content_of(made.error_file_id)]
        refusal = "the scripted vendor refuses"
        return {
            "status": made.status,
            "answers": [
                line["response"]["body"]["choices"][0]["message"]["content"] for line in content_of(made.output_file_id)
            ],
            "refused": [refusal if refusal in message else message for message in refusals],
        }

    return {"batch": batch}


CLIENTS = {
    "openai-chat": openai_chat,
    "openai-responses": openai_responses,
    "anthropic-messages": anthropic_messages,
    "litellm-chat": lambda: litellm_as("openai", f"{URL}/v1"),
    "litellm-messages": lambda: litellm_as("anthropic", URL),
    "instructor-chat": instructor_chat,
    "openai-batches": openai_batches,
}

for scenario, run in CLIENTS[sys.argv[1]]().items():
    try:
        outcome = run()
    except Exception as error:  # noqa: BLE001: reported to the test
        outcome = {"unexpected": f"{type(error).__name__}: {error}"}
    print(json.dumps({"scenario": scenario, "outcome": outcome}), flush=True)
