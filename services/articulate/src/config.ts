// The settings of articulate.
import { defineSection, setting } from "@nocp/contracts/settings/setting.ts";
import { z } from "zod";

const MiB = 1024 * 1024;

export const articulateSection = defineSection("articulate", {
  maxComparedBytes: setting(z.int().min(0), 4 * MiB, "A structured answer larger than this stays compact JSON."),
});
