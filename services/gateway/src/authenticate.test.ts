import { describe, expect, it } from "vitest";
import { createAuthentication } from "./authenticate.ts";

const open = { host: "127.0.0.1", apiKey: "", allowAnonymous: false };

describe("with a key", () => {
  const authenticate = createAuthentication({ ...open, host: "0.0.0.0", apiKey: "secret" });
  it.each([{ authorization: "Bearer secret" }, { authorization: "bearer secret" }, { "x-api-key": "secret" }])(
    "a call that has it gets in: %j",
    (headers) => expect(authenticate(headers)).toBeUndefined(),
  );
  it.each([{}, { authorization: "Bearer secre" }, { authorization: "secret" }, { "x-api-key": "" }])(
    "a call that has not does not: %j",
    (headers) => expect(authenticate(headers)).toMatchObject({ status: 401 }),
  );
});

describe("without a key", () => {
  it.each(["0.0.0.0", "::", "192.168.1.4", "example.com", "128.0.0.1"])("the gateway does not listen on %s", (host) => {
    expect(() => createAuthentication({ ...open, host })).toThrow(expect.objectContaining({ code: "INVALID_CONFIGURATION" }));
  });
  it.each(["127.0.0.1", "127.8.8.8", "::1", "localhost"])("it listens on %s", (host) => {
    expect(createAuthentication({ ...open, host })({ host: "localhost:4000" })).toBeUndefined();
  });
  it.each(["evil.example:4000", "localhost.evil.example", "", "127.0.0.1.evil.example"])(
    "a browser's page under another name does not get in: %s",
    (host) => expect(createAuthentication(open)({ host })).toMatchObject({ status: 403 }),
  );
  it.each(["127.0.0.1:4000", "localhost", "[::1]:4000"])("a call to %s gets in", (host) => {
    expect(createAuthentication(open)({ host })).toBeUndefined();
  });
});
