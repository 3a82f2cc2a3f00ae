// The settings of articulate.
import { defineSection, setting } from "@nocp/contracts/settings/setting.ts";
import { z } from "zod";

const MiB = 1024 * 1024;

export const articulateSection = defineSection("articulate", {
  workers: setting(
    z.int().min(0).max(64),
    1,
    "Maximum number of threads for answers that are large or take long to check, so that they do not delay other requests; 0: everything runs in one thread.",
  ),
  maxComparedBytes: setting(z.int().min(0), 4 * MiB, "A structured answer larger than this stays compact JSON."),
});
