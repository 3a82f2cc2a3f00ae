import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { defineSection, setting } from "@nocp/contracts/settings/setting.ts";
import { type ConfigEntry, type ConfigSources, loadConfig } from "@nocp/runtime/config/load-config.ts";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { settingsFinding } from "../doctor/settings-findings.ts";
import { compareConfig, isChanged } from "./compare-config.ts";
import { flagsAsEnvironment } from "./config-sources.ts";
import { configAsEnv, configAsYaml, entryAsJson, shownValue } from "./config-text.ts";
import { replaceConfigFile } from "./replace-config-file.ts";

const sections = [
  defineSection("shop", {
    name: setting(z.string(), "corner", "Name."),
    tags: setting(z.array(z.string()), ["a", "b"], "Tags."),
    openAt: setting(z.int().nullable(), null, "Hour."),
  }),
  defineSection("shop.till", {
    pin: setting(z.string(), "", "Pin.", { secret: true }),
    greeting: setting(z.string(), "it's open", "Greeting."),
  }),
];

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "nocp-cli-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const withPin = () => loadConfig(sections, { environment: { NOCP_SHOP_TILL_PIN: "4711", NOCP_SHOP_NAME: "big one" } });

describe("exported settings", () => {
  it("come back the same from YAML, but for secrets", () => {
    const { text, secretsLeftOut } = configAsYaml(withPin().entries);
    const file = join(folder, "copy.yaml");
    writeFileSync(file, text);
    const copy = loadConfig(sections, { file, complete: true });
    expect(compareConfig(withPin().entries, copy.entries)).toEqual([{ path: "shop.till.pin", before: "set", after: "not set" }]);
    expect([secretsLeftOut, text.includes("4711")]).toEqual([1, false]);
  });

  it("come back the same from .env lines, but for secrets", () => {
    const { text, secretsLeftOut } = configAsEnv(withPin().entries);
    const file = join(folder, ".env");
    writeFileSync(
      file,
      text
        .replaceAll(`'\\''`, "'")
        .replaceAll(/='(.*)'$/gm, '="$1"')
        .replaceAll(/="(\[.*\])"/g, "='$1'"),
    );
    const copy = loadConfig(sections, { dotenv: file, complete: true });
    expect(compareConfig(withPin().entries, copy.entries).map(({ path }) => path)).toEqual(["shop.till.pin"]);
    expect([secretsLeftOut, text.includes("4711")]).toEqual([1, false]);
  });

  it("never show a secret's value, also not as JSON", () => {
    const shown = withPin().entries.map((entry) => [shownValue(entry), JSON.stringify(entryAsJson(entry))]);
    expect(JSON.stringify(shown)).not.toContain("4711");
    expect(shown.flat()).toContain("set");
  });
});

describe("user and password in a URL", () => {
  const addresses = [
    defineSection("link", {
      url: setting(z.string(), "", "Address."),
      others: setting(z.array(z.string()), [], "Addresses."),
    }),
  ];
  const withPassword = (password: string) =>
    loadConfig(addresses, {
      flags: { "link.url": `nats://bob:${password}@host:4222`, "link.others": `http://x:${password}@y/z` },
    });

  it("are neither shown nor exported, and are counted among the secrets left out", () => {
    const { entries } = withPassword("hunter2");
    const [yaml, env] = [configAsYaml(entries), configAsEnv(entries)];
    expect(entries.map(shownValue)).toEqual(["nats://***@host:4222", '["http://***@y/z"]']);
    expect(entries.map(entryAsJson).map(({ value }) => value)).toEqual(["nats://***@host:4222", ["http://***@y/z"]]);
    expect(yaml).toEqual({ text: "link:\n  url: nats://host:4222\n  others:\n    - http://y/z\n", secretsLeftOut: 2 });
    expect(env.text).toContain("NOCP_LINK_URL=nats://host:4222\n");
    expect(JSON.stringify([yaml, env])).not.toContain("hunter2");
  });

  it("nor are keys in the query of a base URL, wherever in a setting it stands", () => {
    const section = defineSection("link", {
      baseUrl: setting(z.string(), "", "Address."),
      servers: setting(z.record(z.string(), z.object({ baseUrl: z.string() })), {}, "Servers."),
    });
    const withKey = (key: string) => {
      const baseUrl = `https://u:${key}@host/v1?api-version=2&api-key=${key}&X-Amz-Signature=${key}`;
      return loadConfig([section], {
        flags: { "link.baseUrl": baseUrl, "link.servers": JSON.stringify({ fast: { baseUrl } }) },
      }).entries;
    };
    const entries = withKey("hunter2");
    const [yaml, env] = [configAsYaml(entries), configAsEnv(entries)];
    const all = [entries.map(shownValue), entries.map(entryAsJson), yaml, env, compareConfig(entries, withKey("other"))];
    expect(JSON.stringify(all)).not.toContain("hunter2");
    expect(shownValue(entries[0] as ConfigEntry)).toBe("https://***@host/v1?api-version=2&api-key=***&X-Amz-Signature=***");
    expect(yaml.text).toContain("https://host/v1?api-version=2&api-key=&X-Amz-Signature=");
    expect([yaml.secretsLeftOut, env.secretsLeftOut]).toEqual([2, 2]);
  });

  it("that differ are named without showing either", () => {
    const [difference] = compareConfig(withPassword("one").entries, withPassword("two").entries);
    expect(difference).toEqual({
      path: "link.url",
      before: "nats://***@host:4222",
      after: "nats://***@host:4222, to another value",
    });
  });

  it("are not in the message about a wrong setting", () => {
    const section = defineSection("link", { url: setting(z.url(), "http://x", "Address.") });
    expect(() => loadConfig([section], { flags: { "link.url": "http://u:hunter2@ho st" } })).toThrow('got "http://***@ho st"');
  });
});

describe("the comparison of settings", () => {
  it("names what differs with both values", () => {
    const changed = loadConfig(sections, { flags: { "shop.openAt": "8" } });
    expect(compareConfig(loadConfig(sections).entries, changed.entries)).toEqual([
      { path: "shop.openAt", before: "null", after: "8" },
    ]);
  });

  it("says that a secret has another value without showing either", () => {
    const other = loadConfig(sections, { environment: { NOCP_SHOP_TILL_PIN: "1234", NOCP_SHOP_NAME: "big one" } });
    expect(compareConfig(withPin().entries, other.entries)).toEqual([
      { path: "shop.till.pin", before: "set", after: "set, to another value" },
    ]);
  });
});

describe("what differs from the defaults", () => {
  const changedOf = (sources: ConfigSources) => loadConfig(sections, sources).entries.filter(isChanged);

  it("goes by the value, not by where it was set", () => {
    const file = join(folder, "copy.yaml");
    writeFileSync(file, configAsYaml(loadConfig(sections).entries).text);
    expect(changedOf({ file })).toEqual([]);
    expect(changedOf({ file, flags: { "shop.tags": "b,a" } }).map(({ path }) => path)).toEqual(["shop.tags"]);
  });

  it("is what doctor counts", () => {
    const { finding } = settingsFinding(() => loadConfig(sections, { flags: { "shop.name": "corner", "shop.openAt": "8" } }));
    expect(finding.detail).toBe("1 of 5 changed");
  });
});

describe("the settings file", () => {
  it("is replaced whole, and the one before is kept", () => {
    const target = join(folder, "nocp.config.yaml");
    expect(replaceConfigFile(target, "a: 1\n", join(folder, "backups"), 0).backup).toBeUndefined();
    const { backup } = replaceConfigFile(target, "a: 2\n", join(folder, "backups"), 0);
    expect([readFileSync(target, "utf8"), readFileSync(backup ?? "", "utf8")]).toEqual(["a: 2\n", "a: 1\n"]);
  });

  it("names problems by the file that was loaded", () => {
    const file = join(folder, "mine.yaml");
    writeFileSync(file, "shop:\n  nmae: x\n  openAt: soon\n");
    expect(() => loadConfig(sections, { file, complete: true })).toThrow(
      /shop\.openAt \(mine\.yaml\)[\s\S]*shop\.nmae \(mine\.yaml\)/,
    );
  });
});

it("hands flags on to the services as environment variables", () => {
  expect(flagsAsEnvironment({ "act.maxResultBytes": "5", "providers.openai.baseUrl": "http://x" })).toEqual({
    NOCP_ACT_MAX_RESULT_BYTES: "5",
    NOCP_PROVIDERS_OPENAI_BASE_URL: "http://x",
  });
});

describe("a secret that is a record", () => {
  const entryOf = (value: unknown): ConfigEntry => ({
    path: "providers.example.serverKeys",
    value,
    origin: "default",
    setting: setting(z.record(z.string(), z.string()), {}, "Keys by server.", { secret: true }),
  });

  it("is not set while it is empty, and its values are never shown", () => {
    expect(shownValue(entryOf({}))).toBe("not set");
    expect(shownValue(entryOf({ "a.example": "sk-secret" }))).toBe("set");
    expect([configAsYaml([entryOf({})]).secretsLeftOut, configAsYaml([entryOf({ a: "b" })]).secretsLeftOut]).toEqual([0, 1]);
  });
});
