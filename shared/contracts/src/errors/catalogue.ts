// Every error NOCP reports: a code, what it means, who raises it, what happens then, and what the user can do.

import { type CatalogueEntry, entry } from "./catalogue-entry.ts";

/** Codes are never reused for another meaning. `docs/errors.md` is generated from this table. */
export const errorCatalogue = {
  // the request
  INVALID_JSON: entry("reject", "cli stage", "The message body is not JSON.", "Publish the request as one JSON object in UTF-8."),
  INVALID_REQUEST: entry(
    "reject",
    "cli client stage",
    "The request does not match the schema.",
    "The message names the field; docs/request.schema.json describes it.",
  ),
  INVALID_MESSAGE: entry(
    "reject",
    "client stage",
    "A message between stages, or a dead letter, does not match its schema.",
    "Run the same version of every service, then redrive the dead letter.",
  ),
  REQUEST_TOO_LARGE: entry(
    "reject",
    "client stage",
    "The request is larger than the limit.",
    "Send less, split the request, or raise messaging.maxRequestBytes.",
  ),
  INVALID_SESSION: entry(
    "reject",
    "client",
    "A session id or tenant contains characters that are not allowed.",
    "Use only letters, digits, - and _.",
  ),
  SESSION_CLOSED: entry(
    "fail",
    "stage warning",
    "The session is closed and takes no further turns. As a warning: it was closed while the request ran, so the turn was not stored.",
    "Use another session id, or reopen the session with `./nocp session close <id> --undo`.",
  ),
  SESSION_NOT_FOUND: entry(
    "reject",
    "client",
    "There is no session with this id.",
    "List the sessions with `./nocp session list --tenant <tenant>`.",
  ),
  SESSION_EXISTS: entry(
    "reject",
    "client",
    "There already is a session with this id.",
    "Restore with --force to replace it, or delete it first.",
  ),
  INVALID_SNAPSHOT: entry(
    "reject",
    "cli client",
    "The file is not a snapshot of a session.",
    "Give a file that `./nocp session snapshot` wrote.",
  ),
  DEADLINE_EXCEEDED: entry(
    "fail",
    "stage",
    "The deadline of the request passed before it was answered.",
    "Allow more time in limits.timeoutMs, or look in the trace for where the time was spent.",
  ),
  CANCELLED: entry("fail", "stage", "The request was cancelled.", "Submit it again if you still need the answer."),
  // messaging
  QUEUE_FULL: entry(
    "retry",
    "client stage",
    "A stream is full and refuses new messages.",
    "Try again later, add replicas, or raise the limits of the stream.",
  ),
  PUBLISH_FAILED: entry(
    "retry",
    "client stage",
    "NATS did not acknowledge a message, or did not deliver the stored body of a large one in time.",
    "Check that NATS is running and that `./nocp doctor` finds the streams.",
  ),
  NOT_CONNECTED: entry(
    "retry",
    "client service",
    "NATS cannot be reached.",
    "Start it with `./nocp up`, or set NATS_URL to a running server.",
  ),
  NOT_AUTHORIZED: entry(
    "reject",
    "client service",
    "NATS refuses the user, password, token or credentials.",
    "Check nats.user and nats.password, nats.token, nats.credentialsFile or nats.nkeyFile, or the user and password in nats.url (NATS_URL).",
  ),
  NOT_PROVISIONED: entry(
    "retry",
    "cli client service",
    "A stream or consumer is missing.",
    "Create what is missing with `./nocp setup --streams`.",
  ),
  PROVISIONING_REFUSED: entry(
    "reject",
    "cli service",
    "A changed setting would delete messages from a stream.",
    "Drain the stream first, or restore the setting.",
  ),
  CLAIM_MISSING: entry(
    "reject",
    "client stage",
    "The stored body of a large message is missing or damaged.",
    "Submit the request again. If it waited too long, raise messaging.claimTtlMs.",
  ),
  ATTEMPTS_EXHAUSTED: entry(
    "reject",
    "stage",
    "Every attempt of a stage failed with an unexpected error, or never ended.",
    "Look at the dead letter, fix the cause, then redrive it.",
  ),
  UNEXPECTED: entry(
    "retry",
    "cli service",
    "An error that NOCP does not recognize.",
    "Look at the log. If it seems to be a bug, please report it.",
  ),
  RESULT_NOT_FOUND: entry(
    "reject",
    "client",
    "There is no result, request or dead letter with this id.",
    "Check the id; results are kept for messaging.resultsMaxAgeMs.",
  ),
  // tools
  UNKNOWN_TOOL: entry(
    "reject",
    "tool warning",
    "There is no tool with this name, or the request does not offer it.",
    "Use one of the names in the message, or add the tool to NOCP_TOOLS_DIR.",
  ),
  TOO_MANY_TOOL_CALLS: entry(
    "reject",
    "tool warning",
    "The model made more tool calls at once than run in one round; this call did not run.",
    "Raise act.maxCallsPerRound.",
  ),
  INVALID_ARGUMENTS: entry(
    "reject",
    "cli tool",
    "The arguments of a tool do not match its schema, or a reference into the archive is malformed.",
    "The message names the argument.",
  ),
  TOOL_TIMEOUT: entry("retry", "tool", "A tool did not finish in time.", "Raise the tool's timeoutMs, or ask for less."),
  TOOL_FAILED: entry("retry", "tool", "A tool threw an error.", "The message comes from the tool."),
  TOOL_UNAVAILABLE: entry(
    "retry",
    "tool warning",
    "The MCP server that provides the tool is not connected: it is starting, has exited, or cannot be reached.",
    "Try again later; `./nocp doctor` says what is wrong with the server.",
  ),
  TOOL_OUT_OF_MEMORY: entry(
    "reject",
    "tool",
    "A tool used more memory than its process may have, and was killed.",
    "Ask for less, or raise act.toolMemoryMiB.",
  ),
  TOOL_REFUSED: entry(
    "reject",
    "tool",
    "A tool cannot do what it was asked for, e.g. the file does not exist; trying again would not help.",
    "Check the arguments of the call; the message says which is wrong.",
  ),
  TOOL_OUTPUT_TOO_LARGE: entry(
    "reject",
    "tool",
    "A tool returned more than its limit.",
    "Ask for less, or raise act.maxResultBytes.",
  ),
  PATH_NOT_ALLOWED: entry("reject", "tool", "A path is outside the allowed folders.", "Use a path inside act.fileRoots."),
  HOST_NOT_ALLOWED: entry(
    "reject",
    "tool",
    "A host is not on the allowlist, or its address is private.",
    "Add the host to act.httpHosts.",
  ),
  SQL_NOT_ALLOWED: entry(
    "reject",
    "tool",
    "The SQL is not a single read-only statement.",
    "Send one SELECT statement and bind its parameters.",
  ),
  // providers
  NO_PROVIDER: entry(
    "reject",
    "stage provider",
    "No configured provider can answer the request, or the provider does not have the model.",
    "Set an API key, or route to `extractive`.",
  ),
  PROVIDER_RATE_LIMITED: entry(
    "wait",
    "stage provider",
    "The provider's rate limit is reached.",
    "NOCP waits until the quota has room again. If the deadline comes first, submit the request later, name fallbacks, or set router.quotas.",
  ),
  PROVIDER_AUTH: entry(
    "reject",
    "stage provider",
    "The provider refuses the API key.",
    "Check the key, its permissions and the account's billing.",
  ),
  CONTEXT_LENGTH_EXCEEDED: entry(
    "reject",
    "stage provider",
    "The prompt is longer than the model's context window.",
    "Lower compression.maxTokens, or route to a model with a larger window.",
  ),
  CONTENT_FILTERED: entry(
    "reject",
    "stage provider",
    "The provider's content filter refused the prompt or the answer.",
    "Change the request.",
    true,
  ),
  PROVIDER_TIMEOUT: entry(
    "retry",
    "stage provider",
    "The provider was silent for too long: no connection, no first piece of an answer, or no further one.",
    "Raise the provider's ttftMs or stallMs, or add a fallback.",
  ),
  PROVIDER_UNAVAILABLE: entry(
    "retry",
    "stage provider",
    "The provider reports an error of its own, or broke off the answer.",
    "NOCP retries, then calls the fallbacks. If it persists, check the provider's status page.",
  ),
  PROVIDER_UNREACHABLE: entry(
    "retry",
    "stage provider",
    "The provider cannot be reached over the network.",
    "Check the base URL, the network and its policies.",
  ),
  PROVIDER_INVALID_RESPONSE: entry(
    "retry",
    "stage provider",
    "The provider's response is not a completion.",
    "Check that the base URL serves the provider's API.",
  ),
  PROVIDER_UNUSABLE_ANSWER: entry(
    "reject",
    "stage provider",
    "The provider billed a complete answer that NOCP cannot read; the call is not repeated.",
    "Name fallbacks, or choose another model.",
  ),
  PROVIDER_BAD_REQUEST: entry(
    "reject",
    "stage provider",
    "The provider refuses the request; another one may accept it.",
    "The message comes from the provider.",
  ),
  PROVIDER_BAD_CONTENT: entry(
    "reject",
    "stage provider",
    "The provider rejects the request's messages as malformed.",
    "The message comes from the provider. Correct the messages; no other provider is tried.",
    true,
  ),
  PROVIDER_UNSUPPORTED: entry(
    "reject",
    "stage provider",
    "The request contains something that the model does not support, such as an image.",
    "Route to a model that does; docs/providers.md lists what each vendor supports.",
  ),
  BREAKER_OPEN: entry(
    "wait",
    "stage",
    "The provider's model kept failing or was slow, so it is not called for a while; no other candidate is left.",
    "NOCP waits until the model may be tried again. If the deadline comes first, submit the request later, or name fallbacks. `./nocp providers` shows the breakers.",
  ),
  PROVIDERS_UNAVAILABLE: entry(
    "fail",
    "stage",
    "Every candidate kept failing and is not called for a while, and the request asked not to wait (routing.onOutage).",
    "Submit the request again after retryAfterMs, or name fallbacks. `./nocp providers` shows the breakers.",
  ),
  BUDGET_EXHAUSTED: entry(
    "fail",
    "stage",
    "A budget has no room for the request until it resets, or it counts dollars and the price of the model is unknown.",
    "Wait until the budget resets (retryAfterMs), or raise it with `./nocp budgets set`. `./nocp budgets list` shows what is spent.",
  ),
  BUDGET_BUSY: entry(
    "wait",
    "stage",
    "Requests in flight hold what is left of a budget, this minute's budget is spent, or the budget's counter cannot be read at the moment.",
    "NOCP waits until there is room. If the deadline comes first, submit the request later, or raise the budget with `./nocp budgets set`.",
  ),
  CALL_LOST: entry(
    "retry",
    "provider",
    "A service died during a call to the provider; whether the provider answered and billed it is unknown.",
    "Find out why the service died. For limits.maxCostUsd, the call counts at the most that it may have cost.",
  ),
  COST_CAP_EXCEEDED: entry(
    "reject",
    "stage provider",
    "The completion could cost more than limits.maxCostUsd, or the price of the model is unknown.",
    "Raise the cap, compress more, or choose a cheaper model.",
  ),
  // answer
  ANSWER_SCHEMA_MISMATCH: entry(
    "fail",
    "stage provider",
    "The answer does not match output.schema.",
    "Loosen output.schema, or choose a model with structured output.",
  ),
  INVALID_OUTPUT_SCHEMA: entry(
    "fail",
    "stage provider",
    "output.schema is not a JSON Schema that NOCP can compile.",
    "Check it against JSON Schema draft 2020-12.",
    true,
  ),
  // compression
  STRATEGY_NOT_CONFIGURED: entry(
    "reject",
    "stage",
    "The request names a compression strategy that needs a model, and none is configured.",
    "Set assess.distiller.* or assess.embedder.*, or leave the strategy out.",
  ),
  UNKNOWN_STRATEGY: entry(
    "reject",
    "stage",
    "There is no compression strategy with this name.",
    "Use one of the names in the message.",
  ),
  // archive
  ARCHIVE_MISSING: entry(
    "reject",
    "cli tool client",
    "The archive has nothing with this reference.",
    "Check the reference; originals are kept for messaging.archiveTtlMs.",
  ),
  ARCHIVE_REFUSED: entry(
    "reject",
    "cli tool",
    "The reference belongs to another tenant, session or request.",
    "Use it in the session or request that the context belonged to.",
  ),
  ARCHIVE_UNAVAILABLE: entry(
    "retry",
    "cli tool warning",
    "The archive cannot be written or read. As a warning: the context was not compressed, because what cannot be archived is not removed.",
    "Check that NATS is running and has free space, or compress less.",
  ),
  // configuration and command line
  INVALID_CONFIGURATION: entry(
    "reject",
    "cli client service",
    "Settings are missing or wrong.",
    "Correct each setting where it was set; the message says where.",
  ),
  INVALID_PLUGIN: entry(
    "reject",
    "service",
    "A file in a plugin folder does not export a valid plugin.",
    "CONTRIBUTING.md shows what each kind of plugin exports.",
  ),
  USAGE: entry("reject", "cli", "The command line is wrong.", "Run the command with --help."),
  MISSING_DEPENDENCY: entry(
    "reject",
    "cli client service",
    "A program that NOCP needs is missing or too old.",
    "`./nocp doctor` says what is missing and how to install it.",
  ),
} as const satisfies Record<string, CatalogueEntry>;

export type ErrorCode = keyof typeof errorCatalogue;

export const isErrorCode = (code: string): code is ErrorCode => Object.hasOwn(errorCatalogue, code);
