import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { findLocalDeployment } from "./local-deployment.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "nocp-local-"));
  mkdirSync(join(folder, ".nocp"));
  mkdirSync(join(folder, "deep", "er"), { recursive: true });
});
afterEach(() => rmSync(folder, { recursive: true }));

describe("a deployment on this machine", () => {
  test("is found from the folder that has its data, and from those below it", () => {
    const text = "NATS_URL=nats://127.0.0.1:4222\nNATS_USER=default\nNATS_PASSWORD=a-b_c\n";
    writeFileSync(join(folder, ".nocp", "default.env"), text);
    const found = { natsUrl: "nats://127.0.0.1:4222", user: "default", password: "a-b_c" };
    expect(findLocalDeployment(folder)).toEqual(found);
    expect(findLocalDeployment(join(folder, "deep", "er"))).toEqual(found);
  });

  test("of compose is found where ./nocp up runs none", () => {
    const text = (password: string) => `NATS_URL=nats://127.0.0.1:4222\nNATS_USER=default\nNATS_PASSWORD=${password}\n`;
    mkdirSync(join(folder, ".nocp", "compose"));
    writeFileSync(join(folder, ".nocp", "compose", "default.env"), text("compose"));
    expect(findLocalDeployment(folder)).toMatchObject({ password: "compose" });
    writeFileSync(join(folder, ".nocp", "default.env"), text("up"));
    expect(findLocalDeployment(folder)).toMatchObject({ password: "up" });
  });

  test.each(["", "NATS_URL=nats://127.0.0.1:4222\n"])("is none where the file says %j", (text) => {
    writeFileSync(join(folder, ".nocp", "default.env"), text);
    expect(findLocalDeployment(folder)).toBeUndefined();
  });
});
