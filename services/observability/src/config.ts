// The settings of observability.
import { defineSection, setting } from "@nocp/contracts/settings/setting.ts";
import { z } from "zod";

export const observabilitySection = defineSection("observability", {
  databaseFile: setting(z.string().min(1), ".nocp/transactions.sqlite", "Path of the SQLite file that holds the transactions."),
  retentionDays: setting(z.number().positive().max(36_500), 30, "How long transactions are kept, in days."),
  retentionIntervalMs: setting(
    z
      .int()
      .min(1000)
      .max(2 ** 31 - 1),
    10 * 60 * 1000,
    "How often transactions past their retention are deleted, in milliseconds.",
  ),
});
