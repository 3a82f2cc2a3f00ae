import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { defineSection, environmentName, setting } from "@nocp/contracts/settings/setting.ts";
import { describe, expect, onTestFinished, test } from "vitest";
import { z } from "zod";
import { loadConfig } from "./load-config.ts";

const section = defineSection("act", {
  toolTimeoutMs: setting(z.int().positive(), 1000, "A number."),
  hosts: setting(z.array(z.string()), [], "A list."),
  enabled: setting(z.boolean(), true, "A switch."),
  apiKey: setting(z.string(), "", "A secret.", { secret: true, aliases: ["ACT_KEY"] }),
});

function files(yaml: string, dotenv: string) {
  const folder = mkdtempSync(join(tmpdir(), "nocp-config-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, "nocp.config.yaml");
  const env = join(folder, ".env");
  writeFileSync(file, yaml);
  writeFileSync(env, dotenv);
  return { file, dotenv: env };
}

test("a section's former name still holds, today's comes first, and neither is unknown", () => {
  const renamed = defineSection(
    "assess.distiller",
    { model: setting(z.string(), "", "A model.") },
    { formerName: "assess.student" },
  );
  const { file, dotenv } = files("assess:\n  student:\n    model: of-file\n", "NOCP_ASSESS_STUDENT_MODEL=of-dotenv\n");
  const read = (sources: Parameters<typeof loadConfig>[1]) =>
    loadConfig([renamed], { ...sources, complete: true }).section(renamed).model;
  expect(read({ file })).toBe("of-file");
  expect(read({ file, dotenv })).toBe("of-dotenv");
  expect(read({ file, dotenv, environment: { NOCP_ASSESS_DISTILLER_MODEL: "of-today" } })).toBe("of-today");
  expect(read({ flags: { "assess.student.model": "of-flag" } })).toBe("of-flag");
  expect(() => read({ environment: { NOCP_ASSESS_STUDENT_MODE: "x" } })).toThrow(/NOCP_ASSESS_STUDENT_MODE/);
});

describe("where a setting comes from", () => {
  test("flags beat the environment, which beats .env, which beats the file, which beats the default", () => {
    const layers = files("act:\n  toolTimeoutMs: 2\n", "NOCP_ACT_TOOL_TIMEOUT_MS=3\n");
    const environment = { NOCP_ACT_TOOL_TIMEOUT_MS: "4" };
    const flags = { "act.toolTimeoutMs": "5" };
    const read = (sources: Parameters<typeof loadConfig>[1]) => {
      const config = loadConfig([section], sources);
      return [config.section(section).toolTimeoutMs, config.entries.find((entry) => entry.path === "act.toolTimeoutMs")?.origin];
    };
    expect(read({})).toEqual([1000, "default"]);
    expect(read({ file: layers.file })).toEqual([2, "nocp.config.yaml"]);
    expect(read(layers)).toEqual([3, ".env NOCP_ACT_TOOL_TIMEOUT_MS"]);
    expect(read({ ...layers, environment })).toEqual([4, "environment NOCP_ACT_TOOL_TIMEOUT_MS"]);
    expect(read({ ...layers, environment, flags })).toEqual([5, "flag"]);
  });

  test("well-known names work beside the derived one", () => {
    expect(loadConfig([section], { environment: { ACT_KEY: "k" } }).section(section).apiKey).toBe("k");
    expect(environmentName("providers.openai", "apiKey")).toBe("NOCP_PROVIDERS_OPENAI_API_KEY");
  });

  test.each([
    ["a,b , c", ["a", "b", "c"]],
    ['["a"]', ["a"]],
  ])("a list is written as %s", (text, expected) => {
    expect(loadConfig([section], { environment: { NOCP_ACT_HOSTS: text } }).section(section).hosts).toEqual(expected);
  });
});

describe("problems", () => {
  test("all are reported at once, each with its place, and secrets are not shown", () => {
    const layers = files("act:\n  enabled: 7\n  colour: red\nunknown:\n  a: 1\n", "NOCP_ACT_TYPO=1\n");
    const load = () =>
      loadConfig([section], {
        ...layers,
        environment: { NOCP_ACT_TOOL_TIMEOUT_MS: "-4" },
        flags: { "act.nope": "1" },
        complete: true,
      });
    expect(load).toThrow(
      expect.objectContaining({
        code: "INVALID_CONFIGURATION",
        message: expect.stringMatching(
          /act\.toolTimeoutMs \(environment NOCP_ACT_TOOL_TIMEOUT_MS\)[\s\S]*act\.enabled \(nocp\.config\.yaml\)[\s\S]*act\.colour[\s\S]*unknown[\s\S]*NOCP_ACT_TYPO \(\.env\)[\s\S]*act\.nope \(flag\)/,
        ),
      }),
    );
  });

  test("a file that is no YAML is named", () => {
    const layers = files("a: [", "");
    expect(() => loadConfig([section], layers)).toThrow(/nocp\.config\.yaml/);
  });

  test("values cannot be changed afterwards", () => {
    const values = loadConfig([section]).section(section);
    expect(() => {
      (values as { enabled: boolean }).enabled = false;
    }).toThrow();
  });
});
