import { describe, expect, test, vi } from "vitest";
import { ResponseBody } from "./response-body.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const mebibyte = new Uint8Array(1024 * 1024);

function openBody() {
  const connection = {
    paused: false,
    aborted: false,
    reason: null,
    abort: vi.fn(),
    pause: vi.fn(() => {
      connection.paused = true;
    }),
    resume: vi.fn(() => {
      connection.paused = false;
    }),
  };
  return { connection, body: new ResponseBody(connection) };
}

describe("the body of a response", () => {
  test("is read in pieces as they come, those that came before it was read first", async () => {
    const { body } = openBody();
    body.push(bytes("one"));
    const pieces = Array.fromAsync(body, (piece) => new TextDecoder().decode(piece));
    await Promise.resolve();
    body.push(bytes("two"));
    body.end();
    expect(await pieces).toEqual(["one", "two"]);
  });

  test("that breaks off gives what came, then throws", async () => {
    const { body } = openBody();
    body.push(bytes("one"));
    body.fail(new Error("broken"));
    expect(await body.next()).toMatchObject({ done: false });
    await expect(body.next()).rejects.toThrow("broken");
  });

  test("that nobody reads stops its connection, until somebody does", async () => {
    const { body, connection } = openBody();
    body.push(mebibyte);
    expect(connection.paused).toBe(true);
    await body.next();
    expect(connection.paused).toBe(false);
  });

  test("of which nothing more matters is drained, and its reader is done", async () => {
    const { body, connection } = openBody();
    const next = body.next();
    body.release(true);
    expect(await next).toMatchObject({ done: true });
    body.push(mebibyte);
    body.end();
    expect(connection.pause).not.toHaveBeenCalled();
    expect(connection.abort).not.toHaveBeenCalled();
  });

  test("that must not be read on closes its connection", () => {
    const { body, connection } = openBody();
    body.release(false);
    expect(connection.abort).toHaveBeenCalledOnce();
  });
});
