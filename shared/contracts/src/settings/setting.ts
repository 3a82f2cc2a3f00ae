// One setting: its type, default, unit and the environment variable that sets it.
import type { z } from "zod";

export interface Setting<T = unknown> {
  readonly schema: z.ZodType<T>;
  readonly default: T;
  /** One sentence, with the unit. */
  readonly description: string;
  /** Well-known names besides the derived `NOCP_*` one, e.g. OPENAI_API_KEY. */
  readonly aliases?: readonly string[];
  /** Never shown, logged or exported. */
  readonly secret?: boolean;
}

export type SettingShape = Readonly<Record<string, Setting>>;

/** A group of settings: `act` or `providers.openai`. */
export interface Section<S extends SettingShape = SettingShape> {
  readonly name: string;
  readonly settings: S;
  /** What it was called before: files and variables of that name still hold. */
  readonly formerName?: string;
}

/** The values of a section: every setting present. */
export type SectionValues<S extends Section> =
  S extends Section<infer Shape> ? { readonly [K in keyof Shape]: Shape[K] extends Setting<infer T> ? T : never } : never;

/** Declares one setting; the default must satisfy the schema's type. */
export const setting = <T>(
  schema: z.ZodType<T>,
  defaultValue: NoInfer<T>,
  description: string,
  options: { readonly aliases?: readonly string[]; readonly secret?: boolean } = {},
): Setting<T> => ({ schema, default: defaultValue, description, ...options });

export const defineSection = <S extends SettingShape>(
  name: string,
  settings: S,
  options: { readonly formerName?: string } = {},
): Section<S> => ({ name, settings, ...options });

/** The names of a section, today's first. */
export const namesOfSection = ({ name, formerName }: Section): readonly string[] =>
  formerName === undefined ? [name] : [name, formerName];

const snake = (name: string): string =>
  name
    .replace(/[.-]/g, "_")
    .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
    .toUpperCase();

/** `act` + `maxResultBytes` → `NOCP_ACT_MAX_RESULT_BYTES`. */
export const environmentName = (section: string, key: string): string => `NOCP_${snake(section)}_${snake(key)}`;

/** The values of a section that nobody has set. */
export const defaultsOf = <S extends Section>({ settings }: S): SectionValues<S> =>
  Object.fromEntries(Object.entries(settings).map(([key, setting]) => [key, setting.default])) as SectionValues<S>;
