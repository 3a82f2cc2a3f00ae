import { describe, expect, it } from "vitest";
import { headerOf, readControls, withoutControls } from "./controls.ts";

const none = { headers: {}, field: undefined, metadata: {} };

describe("NOCP's controls", () => {
  it("come as headers, as a field of the body, or in metadata, with the same meaning", () => {
    const expected = { compression_ratio: 0.3, lane: "batch", tags: ["a", "b"] };
    const headers = { "x-nocp-compression-ratio": "0.3", "x-nocp-lane": "batch", "x-nocp-tags": "a, b", accept: "*/*" };
    expect(readControls({ ...none, headers })).toEqual(expected);
    expect(readControls({ ...none, field: { compression_ratio: 0.3, lane: "batch", tags: ["a", "b"] } })).toEqual(expected);
    const metadata = { nocp_compression_ratio: "0.3", nocp_lane: "batch", nocp_tags: "a,b", team: "x" };
    expect(readControls({ ...none, metadata })).toEqual(expected);
    expect(withoutControls(metadata)).toEqual({ team: "x" });
  });

  it("of a header outrank the body's, and those the metadata's", () => {
    const metadata = { nocp_lane: "batch", nocp_cache: "off", nocp_session: "m" };
    const sources = { metadata, field: { cache: "on", session: "f" }, headers: { "x-nocp-session": "h" } };
    expect(readControls(sources)).toEqual({ lane: "batch", cache: "on", session: "h" });
  });

  it.each([
    [{ ...none, headers: { "x-nocp-lane": "fast" } }, "x-nocp-lane"],
    [{ ...none, headers: { "x-nocp-unknown-thing": "1" } }, "x-nocp-unknown-thing"],
    [{ ...none, field: { compression: "max" } }, "nocp.compression"],
    [{ ...none, field: "off" }, "nocp"],
    [{ ...none, field: { route: "gpt-5" } }, "nocp.route"],
    [{ ...none, field: { tier: "best" } }, "nocp.tier"],
    [{ ...none, headers: { "x-nocp-tool-definitions": "none" } }, "x-nocp-tool-definitions"],
    [{ ...none, headers: { "x-nocp-strategy": "Lowest Cost" } }, "x-nocp-strategy"],
    [{ ...none, metadata: { nocp_timeout_ms: "soon" } }, "metadata.nocp_timeout_ms"],
    [{ ...none, headers: { "x-nocp-request-id": "1" } }, "x-nocp-request-id"],
  ])("that are wrong are named as they were written: %#", (sources, field) => {
    expect(() => readControls(sources)).toThrow(expect.objectContaining({ code: "INVALID_REQUEST", field }));
  });

  it("have headers that are named after them", () => {
    expect(headerOf("max_cost_usd")).toBe("x-nocp-max-cost-usd");
  });
});
