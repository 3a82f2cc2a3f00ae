// An error that a vendor reports in the body of a response with status 200, whole or in a stream.

type Fields = Readonly<Record<string, unknown>>;

const isFields = (value: unknown): value is Fields => typeof value === "object" && value !== null && !Array.isArray(value);

/**
 * @throws an error in the form of the SDKs' when the body is one: `{"error": {…}}`, `{"error": "…"}`, `{"type": "error", …}`.
 * Its code may be an HTTP status: 429 there is a rate limit like any other.
 */
export function throwReportedFailure(body: unknown): void {
  if (!isFields(body)) return;
  const { error } = body;
  if (isFields(error)) throw failureFrom(error);
  if (typeof error === "string" && error !== "") throw failureFrom({ ...body, message: error });
  if (body.type === "error") throw failureFrom(body);
}

const failureFrom = (error: Fields): Error =>
  Object.assign(new Error(typeof error.message === "string" ? error.message : "the answer is an error"), { error });
