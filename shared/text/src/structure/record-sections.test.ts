// Records within texts of other kinds: what stands below which of them.
import { expect, test } from "vitest";
import { parseStructure } from "./parse-structure.ts";
import { labelOf } from "./unit.ts";

const names = ["amber", "birch", "cedar", "delta", "ember", "flint", "grove", "heron", "ivory", "jasper"];
const textOf = (record: (name: string, at: number) => string, before = "") => before + names.map(record).join("");

/** What the unit with some text says first, and the labels above it, the nearest first. */
function above(text: string, part: string, name = ""): string[] {
  const structure = parseStructure(text, name);
  let at = structure.units.findIndex(({ start, end }) => structure.text.slice(start, end).includes(part));
  const labels = [structure.text.slice(structure.units[at]?.start, structure.units[at]?.end).split("\n", 1)[0] ?? ""];
  while ((structure.units[at]?.parent ?? -1) !== -1) {
    at = structure.units[at]?.parent as number;
    labels.push(labelOf(structure, at));
  }
  return labels;
}

test("a failure stands below the target that it belongs to", () => {
  const text = textOf(
    (name, at) =>
      `FAIL: //shop/${name}:test (see log)\nINFO: From Testing //shop/${name}:test:\n${"==== Test output\n".repeat(12)}--- FAIL: TestOne (0.01s)\n    a_test.go:${at + 10}: got E${at}${"0".repeat(240)}\nFAIL\n`,
  );
  expect(above(text, "got E7").at(-1)).toContain("//shop/heron:test");
});

test("a short report is one unit from its test's name on", () => {
  const text = textOf(
    (name, at) =>
      `=== RUN   Test${name}\n    a_test.go:${at}: \n        \tError:\tNot equal\n        \texpected: ${at + 500}\n--- FAIL: Test${name} (0.00s)\n`,
  );
  expect(above(text, "expected: 507")).toEqual(["=== RUN   Testheron"]);
});

test("lines of a log stand below the command that printed them", () => {
  const text = textOf(
    (name, at) =>
      `$ aws s3 ls ${name}\n${[0, 1, 2, 3].map((own) => `2026-03-02 10:0${own}:00 2.5 KiB ${own}-${at}.gz\n`).join("")}\nTotal: 4\n   Size: 9\n`,
  );
  expect(above(text, "3-7.gz")).toEqual(["2026-03-02 10:03:00 2.5 KiB 3-7.gz", "$ aws s3 ls heron"]);
});

test("lines of one moment in one process are one event, and the same line again is another", () => {
  const at = (own: number) => `2026-03-02 10:00:0${own}.412 CET [90${own}] app@shop`;
  const text = names
    .map(
      (name, own) =>
        `${at(own)} ERROR:  deadlock\n${at(own)} CONTEXT:  in "${name}"\n\tmore\n${at(own)} STATEMENT:  update ${own}\n`,
    )
    .join("");
  expect(parseStructure(text).units).toHaveLength(names.length);
  const again = names.map((_, own) => `${at(1)} ERROR:  no ${own}\n`).join("");
  expect(parseStructure(again).units).toHaveLength(names.length);
});

test("small parts of YAML that begin alike are kept whole, larger ones are not", () => {
  const binding = (name: string, more: string) => `- members:\n  - user:${name}\n${more}  role: roles/${name}\n`;
  const whole = parseStructure(`bindings:\n${names.map((name) => binding(name, "")).join("")}`, "a.yaml");
  expect(whole.units.filter(({ role }) => role === "record")).toHaveLength(names.length);
  const long = parseStructure(
    `bindings:\n${names.map((name) => binding(name, "  - user:other-one\n".repeat(40))).join("")}`,
    "a.yaml",
  );
  expect(long.units.filter(({ role }) => role === "record")).toHaveLength(0);
});

test("fields in one order again and again are no speakers", () => {
  const fields = textOf(
    (name, at) =>
      `Name: argocd/${name}\nProject: default\nServer: local\nStatus: Synced ${at}\nHealth: Healthy\n\nKIND NAME\napps ${name}\n\n`,
  );
  expect(parseStructure(fields).kind).toBe("records");
  const turns = textOf((name, at) => `Anna: Is the ${name} done?\nBen: It is, since ${at}.\n`);
  expect(parseStructure(turns).kind).toBe("transcript");
});

test("rows between blank lines under names of their own are no table", () => {
  const text = textOf((name, at) => `SITE ${at}\t${name} Bay\nObserver:\tAnna\n\nSpecies\tCount\ngull\t3\nTotal\t${at}\n\n`);
  expect(parseStructure(text).kind).toBe("records");
});

test("all definitions stand below their term", () => {
  // Fewer than make records.
  const text = ["amber", "birch", "cedar"].map((name, at) => `${name}.timeout\n\n:   How long to wait\n\n:   Default: ${at}\n\n`);
  expect(above(text.join(""), "Default: 1")[1]).toBe("birch.timeout");
});

test("what a long entry says above its own entries stands below its first line", () => {
  const text = textOf(
    (name, at) =>
      `  ${at + 1}) shows the ${name}\n\n    ${"Waiting for it. ".repeat(16)}\n    Expected: ${at}\n      - first\n      - second\n\n`,
  );
  expect(above(text, "Expected: 7").at(-1)).toBe("  8) shows the heron");
});

test("the end of a body in dollar quotes does not end its statement", () => {
  const text = textOf((name) => `CREATE FUNCTION ${name}() RETURNS void AS $$\nBEGIN\n  PERFORM a();\nEND;\n$$;\n\n`).trimEnd();
  expect(parseStructure(text).units).toHaveLength(names.length);
});

/** The whole unit with some text. */
function unitWith(text: string, part: string, name = ""): string {
  const structure = parseStructure(text, name);
  const unit = structure.units.find(({ start, end }) => structure.text.slice(start, end).includes(part));
  return structure.text.slice(unit?.start, unit?.end);
}

test("parts that come in turns are parts of one record, named by its first lines", () => {
  const filler = "Format : AVC\n".repeat(20);
  const text = textOf(
    (name, at) => `General\nName : ${name}.mkv\n\nVideo\nRate : ${at + 400}\n${filler}\nAudio\nRate : ${at + 100}\n${filler}\n`,
  );
  expect(above(text, "Rate : 407").at(-1)).toBe("General Name : heron.mkv");
  expect(unitWith(text, "Name : heron.mkv")).toMatch(/^General\n/);
});

test("titles above the first record are none of the records", () => {
  const text = textOf(
    (name, at) => `=head2 ${name}\n\nIt is said of ${name}.\n\nReturns ${at + 400} rows.\n\n=over 4\n\n=back\n\n`,
    "=head1 NAME\n\nShop - a shop\n\n=head1 METHODS\n\n",
  );
  expect(unitWith(text, "Returns 407 rows")).toMatch(/^=head2 heron\n/);
});

test("a commit's subject stands with its first lines", () => {
  const text = textOf(
    (name, at) => `commit ${at}abcdef0\nAuthor: A <a@b>\nDate:   now\n\n    Rework the ${name}\n\n a.ts | ${at} +\n\n`,
  );
  expect(unitWith(text, "Rework the heron")).toMatch(/^commit 7abcdef0\n/);
});

test("short objects of a list in JSON are kept whole", () => {
  const objects = names.map(
    (name, at) => `    {\n      "at": {\n        "port": ${at + 400}\n      },\n      "label": "${name}"\n    }`,
  );
  const text = `{\n  "list": [\n${objects.join(",\n")}\n  ]\n}\n`;
  expect(unitWith(text, "407")).toContain('"heron"');
});

test("what an entry announces with a colon stands with it", () => {
  const text = `# Shop\n\n${textOf((name, at) => `- List the ${name}:\n\n${at % 2 ? `\`shop --limit ${at + 400}\`` : `\`\`\`sh\nshop --limit ${at + 400}\n\`\`\``}\n\n`)}`;
  for (const at of [406, 407]) expect(unitWith(text, `--limit ${at}`, "shop.md")).toContain(`List the ${names[at - 400]}:`);
});

test("rows whose first cell is empty stand below the row above them", () => {
  const text = `| Store | Pieces |\n|---|---|\n${textOf((name, at) => `| ${name} | 1 |\n| | ${at + 400} |\n`)}`;
  expect(above(text, "407", "a.md")[1]).toBe("| heron | 1 |");
});
