// The settings of articulate.
import { defineSection, setting } from "@nocp/shared/config/setting.ts";
import { z } from "zod";

const KiB = 1024;
const MiB = 1024 * KiB;

export const articulateSection = defineSection("articulate", {
  maxSchemaBytes: setting(z.int().min(1), 256 * KiB, "Largest output.schema that is compiled, in bytes of JSON."),
  schemaCacheSize: setting(z.int().min(1), 256, "Compiled schemas kept, the last used."),
  schemaTimeoutMs: setting(
    z.int().min(1),
    2000,
    "How long compiling a schema, or checking an answer against it, may take, in milliseconds.",
  ),
  maxComparedBytes: setting(z.int().min(0), 4 * MiB, "A structured answer larger than this stays compact JSON."),
});
