// Definitions of a schema: what nobody refers to is left out, what only one place refers to stands there, and of equal ones
// there is one.
import { definitionKeywords, isSchema, mapInside, type Schema, visitSchemas } from "./schema-positions.ts";

/** `#/$defs/User`, with a name that needs no escapes. */
const plainReference = /^#\/(\$defs|definitions)\/([\w.-]+)$/;
/** Keywords beside a reference that say something to a reader, and nothing to a validator. */
const annotations: ReadonlySet<string> = new Set(["title", "description", "default", "examples", "deprecated"]);

/** With more definitions than this, following them one after the other would take too long. */
const mostDefinitions = 100;

/** @returns the schema itself where it refers to something in another way. */
export function compactDefinitions(root: Schema): Schema {
  const count = countDefinitions(root);
  if (count === 0 || count > mostDefinitions || !hasPlainReferences(root)) return root;
  let schema = withoutUnused(withoutTwins(root));
  // Each round moves definitions that stand once, and what they alone refer to can be moved in the next.
  for (let round = 0; round < mostRounds; round++) {
    const next = withoutUnused(withMovedDefinitions(schema));
    if (countDefinitions(next) === countDefinitions(schema)) break;
    schema = next;
  }
  return schema;
}

/** Definitions that are nested deeper stay as they are. */
const mostRounds = 8;

const countDefinitions = (schema: Schema): number => definitionsOf(schema).size;

/** Definitions below the root, and references with escapes, `$id` or anchors, would take a resolver. */
function hasPlainReferences(root: Schema): boolean {
  const known = definitionsOf(root);
  let isPlain = true;
  visitSchemas(root, (schema) => {
    const isBelow = schema !== root && definitionKeywords.some((keyword) => Object.hasOwn(schema, keyword));
    const hasOther = ["$id", "$anchor", "$dynamicRef", "$dynamicAnchor", "$recursiveRef"].some((key) =>
      Object.hasOwn(schema, key),
    );
    const isKnown = !Object.hasOwn(schema, "$ref") || known.has(String(schema.$ref));
    if (isBelow || hasOther || !isKnown) isPlain = false;
  });
  return isPlain;
}

/** By what refers to them. */
function definitionsOf(root: Schema): Map<string, Schema> {
  const found = new Map<string, Schema>();
  for (const keyword of definitionKeywords) {
    const definitions = root[keyword];
    if (!isSchema(definitions)) continue;
    for (const [name, definition] of Object.entries(definitions)) {
      const reference = `#/${keyword}/${name}`;
      if (isSchema(definition) && plainReference.test(reference)) found.set(reference, definition);
    }
  }
  return found;
}

const withReferences = (schema: Schema, replaced: ReadonlyMap<string, string>): Schema => {
  const inside = mapInside(schema, (inner) => withReferences(inner, replaced));
  const reference = replaced.get(String(inside.$ref));
  return reference === undefined ? inside : { ...inside, $ref: reference };
};

/** Of definitions with the same text, the first stands for all. */
function withoutTwins(root: Schema): Schema {
  const firstOf = new Map<string, string>();
  const replaced = new Map<string, string>();
  for (const [reference, definition] of definitionsOf(root)) {
    const text = JSON.stringify(definition);
    const first = firstOf.get(text);
    if (first === undefined) firstOf.set(text, reference);
    else replaced.set(reference, first);
  }
  return replaced.size === 0 ? root : withReferences(root, replaced);
}

/** How often each definition is referred to, from the schema and from definitions that are used. */
function usesOf(root: Schema): Map<string, number> {
  const definitions = definitionsOf(root);
  const uses = new Map<string, number>();
  const countIn = (schema: Schema): void =>
    visitSchemas(schema, ({ $ref }) => {
      const definition = definitions.get(String($ref));
      if (definition === undefined) return;
      const known = uses.get(String($ref)) ?? 0;
      uses.set(String($ref), known + 1);
      if (known === 0) countIn(definition);
    });
  countIn(withoutDefinitions(root));
  return uses;
}

const withoutDefinitions = (root: Schema): Schema =>
  Object.fromEntries(Object.entries(root).filter(([keyword]) => !definitionKeywords.some((known) => known === keyword)));

function withoutUnused(root: Schema): Schema {
  const uses = usesOf(root);
  const kept = definitionKeywords.flatMap((keyword): [string, unknown][] => {
    const definitions = root[keyword];
    if (!isSchema(definitions)) return [];
    const used = Object.entries(definitions).filter(([name]) => uses.has(`#/${keyword}/${name}`));
    return used.length === 0 ? [] : [[keyword, Object.fromEntries(used)]];
  });
  return { ...withoutDefinitions(root), ...Object.fromEntries(kept) };
}

/** Puts definitions that are referred to once, and refer to none themselves, in the place of their reference. */
function withMovedDefinitions(root: Schema): Schema {
  const uses = usesOf(root);
  const movable = new Map([...definitionsOf(root)].filter(([reference, it]) => uses.get(reference) === 1 && !refersToAny(it)));
  const moved = (schema: Schema): Schema => {
    const inside = mapInside(schema, moved);
    const { $ref, ...beside } = inside;
    const definition = movable.get(String($ref));
    if (definition === undefined || !Object.keys(beside).every((keyword) => annotations.has(keyword))) return inside;
    return { ...definition, ...beside };
  };
  return movable.size === 0 ? root : moved(root);
}

function refersToAny(definition: Schema): boolean {
  let refers = false;
  visitSchemas(definition, (schema) => {
    refers ||= Object.hasOwn(schema, "$ref");
  });
  return refers;
}
