// Fields that belong together, wherever the context holds them.

export interface Field {
  readonly name: string;
  readonly value: string;
}

/** One object, row or line: fields that belong together. */
export interface ContextRecord {
  /** Where it stands: the tool and the path, e.g. `file.read packages node_modules/zod`. */
  readonly label: string;
  readonly fields: readonly Field[];
}
