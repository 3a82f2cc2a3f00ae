import { InvalidArgumentError } from "@nats-io/nats-core";
import { describe, expect, test } from "vitest";
import { withPatience } from "./patience.ts";

describe("patience", () => {
  test("waits an outage out", async () => {
    let tries = 0;
    const work = async () => {
      tries += 1;
      if (tries < 3) throw new Error("no answer");
      return tries;
    };
    expect(await withPatience("write", work, { patienceMs: 10_000 })).toBe(3);
  });

  test("is not spent on what the client will never send", async () => {
    let tries = 0;
    const work = async () => {
      tries += 1;
      throw InvalidArgumentError.format("payload", "max_payload size exceeded");
    };
    await expect(withPatience("write", work, { patienceMs: 10_000 })).rejects.toMatchObject({
      code: "PUBLISH_FAILED",
      message: expect.stringContaining("max_payload"),
    });
    expect(tries).toBe(1);
  });
});
