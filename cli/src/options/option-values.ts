// Parsers of option values. What they refuse becomes a usage error that names the option.
import { InvalidArgumentError } from "@commander-js/extra-typings";
import { type Budget, parseAllowance } from "@nocp/runtime/budgets/budget.ts";

/** A whole number from `minimum` up. */
export const wholeNumber =
  (minimum: number) =>
  (text: string): number => {
    const value = Number(text);
    if (/^\d+$/.test(text) && Number.isSafeInteger(value) && value >= minimum) return value;
    throw new InvalidArgumentError(`Give a whole number, ${minimum} or more.`);
  };

/** Any number from `minimum` up. */
export const numberFrom =
  (minimum: number) =>
  (text: string): number => {
    const value = Number(text);
    if (text.trim() !== "" && Number.isFinite(value) && value >= minimum) return value;
    throw new InvalidArgumentError(`Give a number, ${minimum} or more.`);
  };

/** A number above 0 and at most 1. */
export function share(text: string): number {
  const value = Number(text);
  if (text.trim() !== "" && value > 0 && value <= 1) return value;
  throw new InvalidArgumentError("Give a number above 0 and at most 1.");
}

export function port(text: string): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value <= 65_535) return value;
  throw new InvalidArgumentError("Give a number from 0 to 65535.");
}

/** Words separated by commas. */
export const list = (text: string): string[] =>
  text
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "");

/** Some of the known names, in the order in which they are known. */
export const someOf =
  <T extends string>(known: readonly T[]) =>
  (text: string): T[] => {
    const names = list(text);
    const unknown = names.filter((name) => !known.some((one) => one === name));
    if (unknown.length === 0 && names.length > 0) return known.filter((one) => names.includes(one));
    throw new InvalidArgumentError(`Choose from ${known.join(", ")}.`);
  };

/** What a budget allows. */
export function allowance(text: string): Pick<Budget, "limit" | "unit" | "per"> {
  const parsed = parseAllowance(text);
  if (parsed) return parsed;
  throw new InvalidArgumentError("Write an amount, a unit and a period: 5usd/day, 60requests/minute, 200000tokens/month.");
}
