import { createTokenCounter } from "@nocp/models/tokens/create-token-counter.ts";
import { describe, expect, it } from "vitest";
import type { CompressionOutput } from "../compression-strategy.ts";
import jsonProjection from "./json-projection.ts";

const counter = createTokenCounter("gpt-4o");
const project = (data: unknown, query: string, ratio: number, name = "api"): string => {
  const text = `${name}: ${JSON.stringify(data)}`;
  const tokens = counter.count(text);
  const item = { kind: "tool" as const, id: "t0", name, data: data as never };
  const output = jsonProjection.compress({
    items: [{ item, text, tokens }],
    query,
    budgetTokens: Math.floor(tokens * ratio),
    counter,
  });
  return (output as CompressionOutput).pieces[0]?.text ?? "";
};

const cities = ["Lyon", "Gent", "Porto", "Turku"];
const shipments = Array.from({ length: 80 }, (_, row) => ({
  shipment_id: `SH-${4000 + row * 13}`,
  recipient: { name: `Person ${row}`, city: cities[row % 4] },
  weightKg: Number(((row * 37) % 50) + 1.25),
  insured: row % 9 === 0,
  dispatched_at: `2026-03-${String((row % 28) + 1).padStart(2, "0")}T08:00:00Z`,
  label_url: `https://labels.example/${row}/abcdef`,
  checksum: `${row}9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08`,
  remarks: null,
}));
const idsOf = (rows: typeof shipments): string[] => rows.map(({ shipment_id }) => shipment_id);

describe("a question about one row", () => {
  it("keeps that row and the field asked for", () => {
    expect(project(shipments, "Which city does shipment SH-4130 go to?", 0.02)).toContain("Porto");
  });

  it("shows the rest of the row before other rows", () => {
    const text = project(shipments, "What about SH-4130?", 0.03);
    expect(text).toContain("Person 10");
    expect(text).not.toContain("Person 40");
  });

  it("finds a field by another word for it", () => {
    expect(
      project({ charge: { amount_total: 4711, fee: 3 }, padding: shipments }, "What was the price of the charge?", 0.01),
    ).toContain("4711");
  });
});

describe("a question about all rows", () => {
  it("lists every row with the value it names", () => {
    const text = project(shipments, "List all shipments to Turku.", 0.1);
    for (const id of idsOf(shipments.filter(({ recipient }) => recipient.city === "Turku"))) expect(text).toContain(id);
  });

  it("finds the extremes of a column", () => {
    const heaviest = shipments.reduce((a, b) => (b.weightKg > a.weightKg ? b : a));
    expect(project(shipments, "Which shipment has the highest weight?", 0.03)).toContain(heaviest.shipment_id);
    const lightest = shipments.reduce((a, b) => (b.weightKg < a.weightKg ? b : a));
    expect(project(shipments, "Welche Sendung hat das kleinste weight?", 0.03)).toContain(lightest.shipment_id);
  });

  it("finds the rows beyond a number", () => {
    const text = project(shipments, "Which shipments weigh more than 48 kg (weight)?", 0.05);
    for (const id of idsOf(shipments.filter(({ weightKg }) => weightKg > 48))) expect(text).toContain(id);
  });

  it("reads a flag, and its negation", () => {
    const insured = project(shipments, "Which shipments are insured?", 0.04);
    for (const id of idsOf(shipments.filter(({ insured: flag }) => flag))) expect(insured).toContain(id);
  });

  it("turns a condition round", () => {
    const states = shipments.map((row, at) => ({ ...row, state: at % 11 === 0 ? "lost" : at % 2 ? "delivered" : "underway" }));
    const text = project(states, "Which shipments are neither delivered nor underway?", 0.05);
    for (const { shipment_id, state } of states) if (state === "lost") expect(text).toContain(shipment_id);
  });
});

describe("a question about the whole", () => {
  it("keeps informative values and drops addresses, hashes and empty fields", () => {
    const text = project(
      { event: "transfer", actor: "mona", before: { owner: "ann" }, rows: shipments.slice(0, 3) },
      "What happened?",
      0.4,
    );
    for (const value of ["transfer", "mona", "ann", "Lyon"]) expect(text).toContain(value);
    expect(text).not.toContain("https://");
    expect(text).not.toContain("9f86d081");
  });
});

describe("shapes of data", () => {
  it("reads JSON out of a string, and out of a string inside an object", () => {
    expect(project(JSON.stringify(shipments), "Which city does SH-4130 go to?", 0.03)).toContain("Porto");
    expect(
      project({ path: "a.json", content: JSON.stringify(shipments, null, 2) }, "Which city does SH-4130 go to?", 0.03),
    ).toContain("Porto");
  });

  it("takes the keys of a map for data", () => {
    const packages = Object.fromEntries(
      shipments.map((row, at) => [`node_modules/pkg-${at}`, { version: `1.${at}.0`, license: "MIT", integrity: row.checksum }]),
    );
    expect(project({ packages }, "Which version of pkg-33 is locked?", 0.02)).toContain("1.33.0");
  });

  it("gives rows that are lists the names of their columns", () => {
    const rows = shipments.map((row) => [row.shipment_id, row.recipient.city, row.weightKg]);
    const text = project({ columns: ["shipment", "town", "weight"], rows }, "What is the town of SH-4130?", 0.05);
    expect(text).toMatch(/town: Porto|\| Porto/);
  });

  it("cuts a long text down to the sentences that match", () => {
    const prose = Array.from({ length: 200 }, (_, at) => `Paragraph ${at} speaks of nothing in particular.`);
    prose[120] = "The valve opens at a pressure of 7.3 bar.";
    expect(project({ title: "Manual", body: prose.join(" ") }, "At which pressure does the valve open?", 0.05)).toContain(
      "7.3 bar",
    );
  });

  it("says a constant column once", () => {
    const text = project(
      shipments.map((row) => ({ ...row, carrier: "Express" })),
      "Which carrier and city has each shipment?",
      0.2,
    );
    expect(text.split("Express").length).toBe(2);
  });

  it("loses nothing where tables and repeated parts written once fit", () => {
    const orders = shipments.map(({ shipment_id, recipient, insured }) => ({
      shipment_id,
      recipient,
      insured,
      carrier: "Express",
      paid_by: "sender",
    }));
    const text = project(orders, "Who is who?", 0.75);
    for (const { shipment_id, recipient } of orders)
      for (const value of [shipment_id, recipient.name]) expect(text).toContain(`"${value}"`);
    expect(text.split("Express").length).toBe(2);
  });

  it("hands back what fits as it is", () => {
    expect(project({ a: 1 }, "What is a?", 1)).toBe('api: {"a":1}');
  });
});
