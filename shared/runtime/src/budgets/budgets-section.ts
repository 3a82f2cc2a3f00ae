// The settings of the budgets; the budgets themselves are set with ./nocp budgets.
import { defineSection, setting } from "@nocp/contracts/settings/setting.ts";
import { z } from "zod";

export const budgetsSection = defineSection("budgets", {
  whenUnavailable: setting(
    z.enum(["closed", "open"]),
    "closed",
    "What happens to requests with a budget while NATS KV cannot be asked: closed, they wait; open, they are answered and counted later.",
  ),
});
