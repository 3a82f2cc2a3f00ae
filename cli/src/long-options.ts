// Parsed options as the words of a command line again, for a command that parses its own.

const kebab = (name: string): string => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

/** `{ maxTokens: "5", lines: true }` → `["--max-tokens=5", "--lines"]`; only the named ones. */
export const longOptions = (options: Readonly<Record<string, unknown>>, names: readonly string[]): string[] =>
  names.flatMap((name) => {
    const value = options[name];
    if (value === undefined || value === false) return [];
    return [value === true ? `--${kebab(name)}` : `--${kebab(name)}=${value}`];
  });
