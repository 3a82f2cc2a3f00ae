// Tool names as vendors allow them: NOCP's have dots, most vendors take letters, digits, - and _ only.

export interface ToolNames {
  /** The name to send. */
  toVendor(name: string): string;
  /** The name a call comes back with, as NOCP knows it; unknown names stay as they are. */
  fromVendor(vendorName: string): string;
}

/**
 * Two names never become one: a clash gets a number.
 * @param names every tool offered, and every tool called in earlier turns.
 * @param maxLength of a vendor's name.
 */
export function createToolNames(names: readonly string[], maxLength = 64): ToolNames {
  const vendorNames = new Map<string, string>();
  const taken = new Map<string, string>();
  for (const name of names) {
    if (vendorNames.has(name)) continue;
    const plain = name.replace(/[^A-Za-z0-9_-]/g, "_").slice(0, maxLength);
    let vendorName = plain;
    for (let count = 2; taken.has(vendorName); count++) {
      const suffix = `_${count}`;
      vendorName = plain.slice(0, maxLength - suffix.length) + suffix;
    }
    taken.set(vendorName, name);
    vendorNames.set(name, vendorName);
  }
  return {
    toVendor: (name) => vendorNames.get(name) ?? name,
    fromVendor: (vendorName) => taken.get(vendorName) ?? vendorName,
  };
}
