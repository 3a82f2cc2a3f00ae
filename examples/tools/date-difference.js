// A tool in plain JavaScript, without any import: set NOCP_TOOLS_DIR to its folder, and act offers it.

const millisecondsPerDay = 86_400_000;

/** Midnight in UTC, in milliseconds since the epoch. A date that does not exist, such as 2025-02-30, is an error. */
function midnightOf(date) {
  const midnight = Date.parse(`${date}T00:00:00Z`);
  if (Number.isNaN(midnight) || new Date(midnight).toISOString().slice(0, 10) !== date)
    throw new Error(`there is no date ${date}`);
  return midnight;
}

const date = { type: "string", pattern: "^\\d{4}-\\d{2}-\\d{2}$", description: "A date, as 2025-12-31." };

export default {
  name: "date.difference",
  description: "Says how many days lie between two dates, and which weekdays they are.",
  // JSON Schema. An argument that is not named here is refused.
  arguments: { type: "object", properties: { from: date, to: date }, required: ["from", "to"] },
  example: { from: "2025-02-28", to: "2025-03-01" },
  // Optional: the defaults are 10000 ms, not idempotent (so never retried), one attempt, no caching.
  timeoutMs: 1000,
  idempotent: true,
  cacheTtlMs: 60_000,
  run({ from, to }) {
    const weekdayOf = (day) => new Date(midnightOf(day)).toLocaleDateString("en", { weekday: "long", timeZone: "UTC" });
    return {
      days: (midnightOf(to) - midnightOf(from)) / millisecondsPerDay,
      from: { date: from, weekday: weekdayOf(from) },
      to: { date: to, weekday: weekdayOf(to) },
    };
  },
};
