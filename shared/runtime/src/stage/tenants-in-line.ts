// Which tenants' messages are let past a line: those with less in hand here than the busiest tenant has. Pure, but for the memory.

/** Tenants beyond these are forgotten, those first whose turn it is; they are known again when one of their messages starts. */
const mostTenants = 1_000;

export interface KnownTenants {
  readonly size: number;
  add(tenant: string): void;
  /** @returns those who may pass, the next in turn first. @param held messages in hand, by tenant. */
  behind(held: ReadonlyMap<string, number>, most: number): string[];
  /** Their turn is over: others come first now. */
  hadTurn(tenants: readonly string[]): void;
}

export function createKnownTenants(): KnownTenants {
  /** In the order of their turns. */
  const turns = new Set<string>();
  return {
    get size() {
      return turns.size;
    },
    add(tenant) {
      if (turns.has(tenant)) return;
      turns.add(tenant);
      if (turns.size <= mostTenants) return;
      const [first] = turns;
      if (first !== undefined) turns.delete(first);
    },
    behind(held, most) {
      const busiest = Math.max(0, ...held.values());
      const isBehind = (tenant: string) => (held.get(tenant) ?? 0) < busiest;
      return [...turns].filter(isBehind).slice(0, most);
    },
    hadTurn(tenants) {
      for (const tenant of tenants) if (turns.delete(tenant)) turns.add(tenant);
    },
  };
}
