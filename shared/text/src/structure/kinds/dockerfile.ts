// Dockerfiles: instructions with their continued lines, under the stage they build.
import type { TextKind } from "../text-kind.ts";

const instruction =
  /^\s*(?:FROM|RUN|CMD|LABEL|EXPOSE|ENV|ADD|COPY|ENTRYPOINT|VOLUME|USER|WORKDIR|ARG|ONBUILD|STOPSIGNAL|HEALTHCHECK|SHELL|MAINTAINER)\s/i;

export const dockerfile: TextKind = {
  name: "dockerfile",
  names: /dockerfile|containerfile/,
  matches: ({ name, heads, share, count }) =>
    heads.length >= 3 &&
    count(/^\s*FROM\s+\S+/i) > 0 &&
    (share(instruction) > 0.5 || (/dockerfile|containerfile/.test(name) && share(instruction) > 0.2)),
  read: (lines, units) => {
    for (let line = 0; line < lines.count; line++) {
      if (lines.isBlank(line)) continue;
      const start = lines.start(line);
      while (line + 1 < lines.count && /^\s*#/.test(lines.head(line)) && !lines.isBlank(line + 1)) line++;
      if (/^\s*FROM\s/i.test(lines.head(line))) units.open(start, "section", { level: 0, label: lines.head(line).trim() });
      else units.add(start, "statement");
      while (line + 1 < lines.count && /(?:\\|`)\s*$/.test(lines.head(line))) line++;
    }
  },
};
