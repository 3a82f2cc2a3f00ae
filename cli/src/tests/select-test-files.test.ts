import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { listFinalFiles, listTestFiles, selectTestFiles } from "./select-test-files.ts";
import { categoryOf, testCategories } from "./test-categories.ts";

const files = {
  chosen: ["shared/runtime/src/stage/settlement.test.ts", "test/integration/messaging-settlement.test.ts"],
  others: new Map([["loss", ["test/loss/loss.test.ts"]]]),
};
const select = (...names: readonly string[]) => selectTestFiles("/project", names, files);

describe("the test files that names mean", () => {
  it("are those with a name in their path, each once", () => {
    expect(select("settlement")).toEqual(files.chosen);
    expect(select("integration/messaging", "messaging-settlement.test")).toEqual([files.chosen[1]]);
  });

  it.each(["./test/integration/messaging-settlement.test.ts", "/project/test/integration/messaging-settlement.test.ts"])(
    "may be named by a path: %s",
    (path) => expect(select(path)).toEqual([files.chosen[1]]),
  );

  it("are an error when there are none, also when another name has some", () => {
    expect(() => select("settlement", "nosuchfile")).toThrow(
      expect.objectContaining({ code: "USAGE", message: 'no test file has "nosuchfile" in its path' }),
    );
  });

  it("are an error that names the category when only one that does not run has them", () => {
    expect(() => select("loss.test")).toThrow(expect.objectContaining({ advice: "Add --category loss, which has one" }));
  });
});

describe("the table of categories", () => {
  const root = join(import.meta.dirname, "../../..");

  it("has files in each category's own folder", () => {
    for (const category of testCategories) {
      const categories = listTestFiles(root, category).map(categoryOf);
      expect(categories, category.name).toContain(category.name);
    }
  });

  it("never runs a file again that counts what is lost, repeated or leaked", () => {
    const final = testCategories.flatMap((category) => listFinalFiles(root, category));
    const counting = ["loss", "races", "power-loss", "bill"].flatMap((name) =>
      testCategories.filter((category) => category.name === name).flatMap((category) => listTestFiles(root, category)),
    );
    const single = ["recovery/loss.test.ts", "integration/tenant-isolation.test.ts"];
    expect(final).toEqual(expect.arrayContaining([...counting, ...single.map((file) => `test/${file}`)]));
  });

  it("names only files that exist as final", () => {
    for (const category of testCategories) {
      const files = listTestFiles(root, category);
      for (const pattern of category.final) {
        const found = listFinalFiles(root, { ...category, final: [pattern] });
        expect(found.length, pattern).toBeGreaterThan(0);
        expect(files).toEqual(expect.arrayContaining(found));
      }
    }
  });

  it("puts each file of the plain suite into one category", () => {
    const files = testCategories.filter(({ isPlain }) => isPlain).flatMap((category) => listTestFiles(root, category));
    expect(files.length).toBe(new Set(files).size);
  });
});
