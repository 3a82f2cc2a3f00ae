// SQL: a statement is one unit; a long one stands as its first line above its parts.
import type { TextKind } from "../text-kind.ts";

const statement =
  /^(?:CREATE|INSERT|SELECT|UPDATE|DELETE|ALTER|DROP|WITH|BEGIN|COMMIT|GRANT|REVOKE|TRUNCATE|MERGE|EXPLAIN|SET|USE|COPY|COMMENT ON|DECLARE|EXEC|CALL)\b/i;
const strict =
  /^(?:CREATE (?:OR REPLACE |UNIQUE |TEMP(?:ORARY)? )?(?:TABLE|VIEW|INDEX|FUNCTION|PROCEDURE|TRIGGER|TYPE|SCHEMA|SEQUENCE|DATABASE|MATERIALIZED)|INSERT INTO|SELECT\b|UPDATE \S+ SET|DELETE FROM|ALTER TABLE|DROP (?:TABLE|INDEX|VIEW)|WITH \w+ AS)\b/i;
const comment = /^\s*--/;
/** Statements whose body between `BEGIN` and `END` at the beginning of a line holds others. */
const routine = /^CREATE (?:OR (?:REPLACE|ALTER) )?(?:TEMP(?:ORARY)? )?(?:TRIGGER|PROCEDURE|FUNCTION)\b/i;
const bodyBegin = /^BEGIN\b/i;
const bodyEnd = /^END\b[^;]{0,60}(?:;|$)/i;
/** UTF-16 units up to which a statement is kept whole or not at all. */
const longestWhole = 1200;

export const sql: TextKind = {
  name: "sql",
  names: /\.sql$/,
  matches: ({ name, heads, count, text }) =>
    (/\.sql$/.test(name) && count(statement) > 0) ||
    (heads.length >= 3 &&
      count(strict) > 0 &&
      count(strict) >= 0.04 * heads.length &&
      /;\s*$/m.test(text.slice(0, 20_000)) &&
      count(/^(?:#|[-*] )/) === 0),
  read: (lines, units) => {
    let line = 0;
    while (line < lines.count) {
      const start = lines.start(line);
      let first = line;
      while (first + 1 < lines.count && (comment.test(lines.head(first)) || lines.isBlank(first))) first++;
      let end = first;
      let isQuoted = false;
      let isBegun = false;
      for (; end < lines.count; end++) {
        const head = lines.head(end);
        // Bodies between dollar quotes hold statements of their own.
        if ((head.match(/\$\w*\$/g)?.length ?? 0) % 2 === 1) isQuoted = !isQuoted;
        if (isBegun && !isQuoted && bodyEnd.test(head)) break;
        if (end > first && !isQuoted && routine.test(lines.head(first)) && bodyBegin.test(head)) isBegun = true;
        if (isBegun) continue;
        if (!isQuoted && /;\s*(?:--.*)?$/.test(head)) break;
        if (!isQuoted && end > first && statement.test(head) && lines.isBlank(end - 1)) {
          end--;
          break;
        }
      }
      const next = Math.min(lines.count, end + 1);
      if (lines.start(next) - start <= longestWhole) units.add(start, "statement", 0);
      else {
        units.open(start, "declaration", { level: 0, label: lines.head(first).trim() });
        for (let part = first + 1; part < next; part++) if (!lines.isBlank(part)) units.add(lines.start(part), "row");
      }
      line = next;
    }
  },
};
