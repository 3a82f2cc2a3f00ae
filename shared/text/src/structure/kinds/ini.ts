// Settings in sections: INI, TOML, .properties, .env and systemd units. A comment belongs to the setting below it.
import type { Lines } from "../lines.ts";
import type { TextKind } from "../text-kind.ts";

const section = /^\s*\[\[?[^[\]]{1,200}\]\]?\s*(?:[#;].*)?$/;
const setting = /^\s*(?:export\s+)?[\w."'*/$@:-][\w."' */$@:-]{0,100}\s*(?:=|(?<=[\w.]):\s)/;
const strictSetting = /^\s*(?:export\s+)?[\w."'*/$@-]+(?: [\w-]+)?\s*=/;
const comment = /^\s*[#;!]/;
/** The name of a file alone in a comment, as `systemctl cat` writes it above each file. */
const fileName = /^[#;]\s*(?:\.{0,2}\/|[A-Z]:\\)[\w@.:+/\\-]{1,200}\s*$/;
const arrayPart = /^\s*(?:["'][^"']{0,200}["'],?|[\]}],?)\s*$/;
const naming = /^\s*(?:name|id|key|title|host|path)\s*=\s*(\S.{0,60})/i;

export const ini: TextKind = {
  name: "settings",
  names: /\.(?:ini|toml|cfg|properties|env|service)$/,
  matches: ({ name, heads, share, count }) => {
    if (heads.length < 3) return false;
    const isNamed = /\.(?:ini|toml|cfg|conf|properties|env|service|editorconfig|gitconfig)$/.test(name);
    const settings = share(strictSetting);
    if (settings <= 0.25) return false;
    const sections = count(section);
    const code = share(/[;{}]\s*$|^\s*(?:def|class|function|const|let|var|import|return)\b/);
    if (code > 0.15) return false;
    if (isNamed) return settings > 0.3;
    if (sections > 0) return settings > 0.4 || (settings > 0.25 && settings + share(section) + share(arrayPart) > 0.8);
    // A value goes on in the line below a backslash.
    const continued = share(/\\\s*$/);
    return settings > 0.4 && settings + continued > 0.85 && share(/^\s/) < 0.2 + continued;
  },
  read: (lines, units) => {
    const seen = new Map<string, number>();
    /** Names of the tables that a line stands in, the outermost first. */
    const above: string[] = [];
    let opened: { unit: number; label: string } | undefined;
    for (let line = 0; line < lines.count; line++) {
      const head = lines.head(line);
      if (lines.isBlank(line)) continue;
      const start = lines.start(line);
      if (fileName.test(head)) {
        units.open(start, "section", { level: -1 });
        above.length = 0;
        continue;
      }
      if (comment.test(head)) {
        line = lastOfComment(lines, line);
        if (section.test(lines.head(line + 1))) line++;
        else {
          units.add(start, "setting");
          if (setting.test(lines.head(line + 1))) line++;
          continue;
        }
      }
      const own = lines.head(line);
      if (section.test(own)) {
        const name = own.trim();
        const times = (seen.get(name) ?? 0) + 1;
        seen.set(name, times);
        const label = name.startsWith("[[") && times > 1 ? `${name} #${times}` : name;
        opened = { unit: units.open(start, "section", { level: levelOf(name, above), label }), label };
        continue;
      }
      const named = opened?.label.startsWith("[[") ? naming.exec(own)?.[0].trim() : undefined;
      if (opened && named !== undefined) {
        units.relabel(opened.unit, `${opened.label} ${named}`);
        opened = undefined;
      }
      // Lines of a value that goes on are not settings of their own.
      if (setting.test(own) || units.current() === "section" || line === 0) units.add(start, "setting");
    }
  },
};

/** `[package.dependencies]` stands below the `[[package]]` before it. @param above is brought up to date. */
function levelOf(name: string, above: string[]): number {
  const path = /^\[{1,2}([^[\]]{1,200})/.exec(name)?.[1]?.trim() ?? name;
  while (above.length > 0 && !path.startsWith(`${above.at(-1)}.`)) above.pop();
  return above.push(path) - 1;
}

/** Comments end at a blank line. */
function lastOfComment(lines: Lines, from: number): number {
  let line = from;
  while (line + 1 < lines.count && comment.test(lines.head(line + 1))) line++;
  return line;
}
