// The strategies of one request: those it names, or all that can work here.
import { NocpError } from "@nocp/contracts/errors/nocp-error.ts";
import { listSome } from "@nocp/contracts/errors/schema-problems.ts";
import type { CompressionStrategy } from "./compression-strategy.ts";
import type { ModelServices } from "./model-services.ts";

/**
 * @param wanted names; undefined for all whose model is configured.
 * @throws NocpError UNKNOWN_STRATEGY, STRATEGY_NOT_CONFIGURED.
 */
export function chooseStrategies(
  all: readonly CompressionStrategy[],
  wanted: readonly string[] | undefined,
  services: Partial<Readonly<Record<keyof ModelServices, unknown>>>,
): readonly CompressionStrategy[] {
  const canWork = ({ requires }: CompressionStrategy) => requires === undefined || services[requires] !== undefined;
  if (wanted === undefined) return all.filter(canWork);
  const known = all.map((strategy) => strategy.name);
  const unknown = wanted.filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    throw new NocpError(
      "UNKNOWN_STRATEGY",
      `there is no compression strategy ${listSome(unknown.map((name) => JSON.stringify(name.slice(0, 128))))}; there are ${known.join(", ")}`,
    );
  }
  const chosen = all.filter((strategy) => wanted.includes(strategy.name));
  const idle = chosen.filter((strategy) => !canWork(strategy));
  if (idle.length > 0) {
    throw new NocpError(
      "STRATEGY_NOT_CONFIGURED",
      idle.map(({ name, requires }) => `${name} needs a model (assess.${requires}.model), and none is configured`).join("; "),
    );
  }
  return chosen;
}
