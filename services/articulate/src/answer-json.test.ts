import { describe, expect, it } from "vitest";
import { jsonCandidates, wholeJsonOf } from "./answer-json.ts";

const valuesIn = (text: string): unknown[] => jsonCandidates(text).map(({ value }) => value);

describe("the JSON in an answer", () => {
  const cases: readonly (readonly [string, string, unknown[]])[] = [
    ["alone", ' {"a": 1}\n', [{ a: 1 }]],
    ["a scalar", "42", [42]],
    ["in a fence that names its language", '```json\n{"a": 1}\n```', [{ a: 1 }]],
    ["in a bare fence with prose around", "Here you are:\n```\n[1, 2]\n```\nAnything else?", [[1, 2]]],
    ["with prose before and after", 'The result is {"a": "x}y", "b": [1]} as asked.', [{ a: "x}y", b: [1] }]],
    ["behind a bracket that is no JSON", 'see [Smith et al.] for {"a": 1}', [{ a: 1 }]],
    ["twice", '{"a": 1} or rather {"a": 2}', [{ a: 1 }, { a: 2 }]],
    ["with escaped quotes", 'so {"a": "\\"}"} it is', [{ a: '"}' }]],
    ["cut in the middle", '{"a": [1, 2', []],
    ["a fence that never ends", '```json\n{"a": 1}', [{ a: 1 }]],
    ["not there", "I do not know.", []],
    ["of the empty answer", "", []],
  ];
  for (const [name, text, expected] of cases) {
    it(`is found ${name}`, () => {
      expect(valuesIn(text)).toEqual(expected);
    });
  }

  it("is the whole answer only when nothing else stands beside it", () => {
    expect(wholeJsonOf('```json\n{"a":1}\n```')?.value).toEqual({ a: 1 });
    expect(wholeJsonOf('Sure: {"a":1}')).toBeUndefined();
    expect(wholeJsonOf("```\n[1]\n```\n```\n[2]\n```")).toBeUndefined();
  });

  it("is searched in bounded time, whatever brackets the answer holds", () => {
    for (const piece of ["[", "{", "```", '"', "```\n", "[}"]) expect(valuesIn(piece.repeat(100_000))).toEqual([]);
  });
});
