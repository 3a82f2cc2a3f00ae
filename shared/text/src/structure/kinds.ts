// Every kind of text that is told from others, most specific first; the last one takes what is left.
import { blocks } from "./kinds/blocks.ts";
import { columns } from "./kinds/columns.ts";
import { csv } from "./kinds/csv.ts";
import { diff } from "./kinds/diff.ts";
import { dockerfile } from "./kinds/dockerfile.ts";
import { email } from "./kinds/email.ts";
import { grepHits } from "./kinds/grep-hits.ts";
import { groupedHits } from "./kinds/grouped-hits.ts";
import { ini } from "./kinds/ini.ts";
import { jsonText } from "./kinds/json-text.ts";
import { log } from "./kinds/log.ts";
import { outline } from "./kinds/outline.ts";
import { programRun } from "./kinds/program-run.ts";
import { records } from "./kinds/records.ts";
import { sourceCode } from "./kinds/source-code.ts";
import { sql } from "./kinds/sql.ts";
import { subtitles } from "./kinds/subtitles.ts";
import { transcript } from "./kinds/transcript.ts";
import { yaml } from "./kinds/yaml.ts";
import type { TextKind } from "./text-kind.ts";

export const kinds: readonly TextKind[] = [
  diff,
  subtitles,
  email,
  dockerfile,
  grepHits,
  groupedHits,
  programRun,
  log,
  jsonText,
  blocks,
  ini,
  sql,
  sourceCode,
  yaml,
  columns,
  csv,
  transcript,
  records,
  outline,
];
