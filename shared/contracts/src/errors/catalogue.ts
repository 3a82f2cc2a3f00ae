// Every error NOCP reports: a code, what it means, how a delivery that throws it is settled, what the user reads.

/**
 * What becomes of the delivery:
 * `retry` is given back and tried again, later; `reject` is dead-lettered at once and answered with a failed result;
 * `fail` is answered with a failed result, without a dead letter (nothing to redrive).
 */
export type Disposition = "retry" | "reject" | "fail";

export interface CatalogueEntry {
  readonly meaning: string;
  readonly disposition: Disposition;
  readonly advice: string;
}

const entry = (disposition: Disposition, meaning: string, advice: string): CatalogueEntry => ({ meaning, disposition, advice });

/** Codes are never reused for another meaning. `docs/errors.md` documents each; a test compares the two. */
export const errorCatalogue = {
  // the request
  INVALID_JSON: entry("reject", "The message body is not JSON.", "Publish the request as one JSON object in UTF-8."),
  INVALID_REQUEST: entry(
    "reject",
    "The request does not match the schema.",
    "Compare it with docs/request.schema.json; the message names the field.",
  ),
  INVALID_MESSAGE: entry(
    "reject",
    "A message between stages does not match its schema.",
    "Run the same version of every service, then redrive the dead letter.",
  ),
  REQUEST_TOO_LARGE: entry(
    "reject",
    "The request is larger than the limit.",
    "Send less, split it, or raise messaging.maxRequestBytes.",
  ),
  INVALID_SESSION: entry("reject", "The session id holds characters that are not allowed.", "Use letters, digits, - and _ only."),
  SESSION_ARCHIVED: entry(
    "fail",
    "The session is archived and takes no further turns.",
    "Use another session id, or take it back with `./nocp session archive <id> --undo`.",
  ),
  SESSION_NOT_FOUND: entry(
    "reject",
    "There is no session of this id.",
    "List them with `./nocp session list --tenant <tenant>`.",
  ),
  SESSION_EXISTS: entry(
    "reject",
    "A session of this id exists already.",
    "Restore it with --force to replace the one that is there, or delete that first.",
  ),
  INVALID_SNAPSHOT: entry("reject", "The file is no snapshot of a session.", "Give a file that `./nocp session snapshot` wrote."),
  DEADLINE_EXCEEDED: entry(
    "fail",
    "The deadline of the request passed before it was answered.",
    "Allow more time in limits.timeoutMs, or look at queue wait in the trace.",
  ),
  CANCELLED: entry("fail", "The request was cancelled.", "Submit it again if it is still wanted."),
  // messaging
  QUEUE_FULL: entry(
    "retry",
    "The queue refuses new requests for now.",
    "Try again later, add replicas, or raise the stream's limits.",
  ),
  PUBLISH_FAILED: entry(
    "retry",
    "The queue did not acknowledge a message.",
    "Check that NATS is up and that `./nocp doctor` finds its streams.",
  ),
  NOT_CONNECTED: entry("retry", "There is no connection to NATS.", "Start it with `./nocp up`, or set NATS_URL."),
  NOT_AUTHORIZED: entry(
    "reject",
    "NATS refuses the user, the password, the token or the credentials.",
    "Check nats.user and nats.password, nats.token or nats.credentialsFile, or the user and password in nats.url (NATS_URL).",
  ),
  NOT_PROVISIONED: entry(
    "retry",
    "A stream or consumer is missing.",
    "Run `./nocp setup --streams`, which creates what is missing.",
  ),
  PROVISIONING_REFUSED: entry(
    "reject",
    "A change of the streams would destroy messages.",
    "Drain the stream first, or keep the setting.",
  ),
  CLAIM_MISSING: entry(
    "reject",
    "The stored body of a large message is gone or damaged.",
    "Submit the request again; raise messaging.claimTtlMs if it waited too long.",
  ),
  ATTEMPTS_EXHAUSTED: entry(
    "reject",
    "A stage tried as often as it may and did not succeed.",
    "Look at the dead letter, mend the cause, then redrive it.",
  ),
  UNEXPECTED: entry(
    "retry",
    "Something unforeseen went wrong in a stage.",
    "Look at the log of the stage by trace id; please report it.",
  ),
  RESULT_NOT_FOUND: entry(
    "reject",
    "There is no result under this request id.",
    "Check the id; results are kept for the time set by messaging.resultsMaxAgeMs.",
  ),
  // tools
  UNKNOWN_TOOL: entry(
    "reject",
    "No tool of this name is registered.",
    "Use one of the names in the message, or add the tool to NOCP_TOOLS_DIR.",
  ),
  INVALID_ARGUMENTS: entry("reject", "A tool's arguments do not match its schema.", "The message names the argument."),
  TOOL_TIMEOUT: entry("retry", "A tool did not finish in its time.", "Raise the tool's timeoutMs, or ask for less."),
  TOOL_FAILED: entry("retry", "A tool threw an error.", "The message is the tool's own."),
  TOOL_REFUSED: entry(
    "reject",
    "What a tool was asked for is not there or not to be had, and asking again gives the same.",
    "Check the arguments of the call; the message says which.",
  ),
  TOOL_OUTPUT_TOO_LARGE: entry("reject", "A tool returned more than its limit.", "Ask for less, or raise act.maxResultBytes."),
  PATH_NOT_ALLOWED: entry("reject", "A path lies outside the allowed roots.", "Use a path inside act.fileRoots."),
  HOST_NOT_ALLOWED: entry(
    "reject",
    "A host is not on the allow-list, or its address is private.",
    "Add the host to act.httpHosts.",
  ),
  SQL_NOT_ALLOWED: entry("reject", "Only reading statements may be run.", "Send one SELECT statement and bind its parameters."),
  // providers
  NO_PROVIDER: entry("reject", "No configured provider can answer this request.", "Set an API key, or route to `extractive`."),
  PROVIDER_RATE_LIMITED: entry(
    "retry",
    "The provider asks to wait.",
    "It is tried again when the provider allows it; where the deadline comes first, submit it later, or name fallbacks.",
  ),
  PROVIDER_AUTH: entry("reject", "The provider refuses the API key.", "Check the key and its rights."),
  CONTEXT_LENGTH_EXCEEDED: entry(
    "reject",
    "The prompt is longer than the model's window.",
    "Lower compression.maxTokens, or route to a model with a larger window.",
  ),
  CONTENT_FILTERED: entry(
    "reject",
    "The provider's content filter refused the prompt or the answer.",
    "Change the request; other providers are not asked with it.",
  ),
  PROVIDER_TIMEOUT: entry("retry", "The provider did not answer in time.", "Raise the provider's timeoutMs, or add a fallback."),
  PROVIDER_UNAVAILABLE: entry(
    "retry",
    "The provider failed on its side.",
    "Nothing to do: it is tried again, then the fallbacks are.",
  ),
  PROVIDER_UNREACHABLE: entry("retry", "There is no network way to the provider.", "Check the base URL and the network policy."),
  PROVIDER_INVALID_RESPONSE: entry(
    "retry",
    "The provider answered something that is not a completion.",
    "Check that the base URL speaks the provider's API.",
  ),
  PROVIDER_BAD_REQUEST: entry("reject", "The provider refuses the request as malformed.", "The message is the provider's own."),
  COST_CAP_EXCEEDED: entry(
    "reject",
    "The completion would cost more than limits.maxCostUsd, or no candidate has a known price to hold against it.",
    "Raise the cap, compress more, or choose a cheaper model.",
  ),
  // answer
  ANSWER_SCHEMA_MISMATCH: entry(
    "fail",
    "The answer does not satisfy the caller's schema.",
    "Loosen output.schema, or choose a model with structured output.",
  ),
  INVALID_OUTPUT_SCHEMA: entry(
    "fail",
    "output.schema is not a JSON Schema that can be compiled.",
    "Check it against JSON Schema draft 2020-12.",
  ),
  // compression
  STRATEGY_NOT_CONFIGURED: entry(
    "reject",
    "The request names a compression strategy whose model is not configured.",
    "Set assess.student.* or assess.embedder.*, give `./nocp assess` --provider, or leave the strategy out.",
  ),
  UNKNOWN_STRATEGY: entry("reject", "No compression strategy of this name exists.", "Use one of the names in the message."),
  // archive
  ARCHIVE_MISSING: entry(
    "reject",
    "There is nothing in the archive under this reference.",
    "Check the reference; originals are kept for the time set by messaging.archiveTtlMs.",
  ),
  ARCHIVE_REFUSED: entry(
    "reject",
    "The reference belongs to another tenant, session or request.",
    "Ask from the session or request whose context it was.",
  ),
  ARCHIVE_UNAVAILABLE: entry(
    "retry",
    "The archive can be neither written nor read. As a warning: the context was left as it was, since what cannot be archived is not removed.",
    "Check that NATS is up and has room; or compress less.",
  ),
  // configuration and command line
  INVALID_CONFIGURATION: entry("reject", "Settings are missing or wrong.", "Each problem is listed with the place it came from."),
  INVALID_PLUGIN: entry(
    "reject",
    "A file in a plugin folder does not export the contract of its kind.",
    "See CONTRIBUTING.md for the shape.",
  ),
  USAGE: entry("reject", "The command line was not understood.", "Run the command with --help."),
  MISSING_DEPENDENCY: entry(
    "reject",
    "Something the machine needs is not there.",
    "`./nocp doctor` says what and how to get it.",
  ),
} as const satisfies Record<string, CatalogueEntry>;

export type ErrorCode = keyof typeof errorCatalogue;

export const isErrorCode = (code: string): code is ErrorCode => Object.hasOwn(errorCatalogue, code);
