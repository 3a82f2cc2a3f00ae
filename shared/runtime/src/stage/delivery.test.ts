import { expect, test } from "vitest";
import { Delivery } from "./delivery.ts";

const handedOut = (settled: string[], name: string) => ({
  subject: "s",
  headers: undefined,
  bodyBytes: 0,
  streamSequence: 7,
  deliveryCount: 1,
  handoutSequence: 7,
  storedAt: 0,
  body: () => new Uint8Array(),
  renew: () => void settled.push(`${name} renew`),
  ack: () => void settled.push(`${name} ack`),
  giveBack: () => void settled.push(`${name} giveBack`),
  terminate: () => void settled.push(`${name} terminate`),
});

test("a delivery is settled once: a second time is a fault, not a second word to the broker", () => {
  const settled: string[] = [];
  const delivery = new Delivery(handedOut(settled, "first"), "act", "interactive");
  delivery.ack();
  expect(() => delivery.ack()).toThrow("settled twice");
  expect(() => delivery.giveBack(0)).toThrow("settled twice");
  expect(() => delivery.terminate("UNEXPECTED")).toThrow("settled twice");
  delivery.renew();
  expect(settled).toEqual(["first ack"]);
});

test("a message that is handed out again is settled by its newest handing-out", () => {
  const settled: string[] = [];
  const delivery = new Delivery(handedOut(settled, "first"), "act", "interactive");
  delivery.adopt(handedOut(settled, "second"));
  delivery.renew();
  delivery.giveBack(5);
  expect(settled).toEqual(["second renew", "second giveBack"]);
});
