// References to the archive as headroom's clients expect them: hexadecimal digits.

/** 26^10 references fit into 48 bits; the other two bytes say which original of the bundle. */
const letters = 10;
const bundleDigits = 12;
const positionDigits = 4;
const firstLetter = "a".charCodeAt(0);

export const archiveHashPattern = /^[0-9a-f]{16}$/i;

/** @param reference of ten letters. @param position of the original in its bundle, from 0. */
export function hashOfReference(reference: string, position: number): string {
  const number = [...reference].reduce((sum, letter) => sum * 26n + BigInt(letter.charCodeAt(0) - firstLetter), 0n);
  return number.toString(16).padStart(bundleDigits, "0") + position.toString(16).padStart(positionDigits, "0");
}

/** @returns undefined for what is no hash of a reference. */
export function referenceOfHash(hash: string): { readonly reference: string; readonly position: number } | undefined {
  if (!archiveHashPattern.test(hash)) return undefined;
  let number = BigInt(`0x${hash.slice(0, bundleDigits)}`);
  let reference = "";
  for (let at = 0; at < letters; at++) {
    reference = String.fromCharCode(firstLetter + Number(number % 26n)) + reference;
    number /= 26n;
  }
  return number === 0n ? { reference, position: Number.parseInt(hash.slice(bundleDigits), 16) } : undefined;
}
