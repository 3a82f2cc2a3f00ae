// A disk of its own for a test: an ext4 file system in an image file behind a loop device. Copying the image while it is
// mounted is what a power failure leaves: what was written and not synced is not on it.
import { execFileSync } from "node:child_process";
import { closeSync, ftruncateSync, mkdirSync, mkdtempSync, openSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface LoopDisk {
  /** Where it is mounted. */
  readonly folder: string;
  /** A disk with the blocks that this one has now, mounted as after a power failure. */
  copy(): LoopDisk;
  remove(): void;
}

const needs = "needs Linux, mkfs.ext4, a free loop device, and root or sudo without a password";
const usualBytes = 512 * 1024 * 1024;

const asRoot = (program: string, ...args: string[]): void => {
  const [first = program, ...rest] = process.getuid?.() === 0 ? [program, ...args] : ["sudo", "-n", program, ...args];
  try {
    execFileSync(first, rest, { stdio: ["ignore", "ignore", "pipe"] });
  } catch (error) {
    throw new Error(`the power-loss test ${needs}: ${(error as Error).message}`);
  }
};

/** @throws Error that says what is needed. */
export function createLoopDisk(sizeBytes = usualBytes): LoopDisk {
  const folder = mkdtempSync(join(tmpdir(), "nocp-disk-"));
  const image = join(folder, "image");
  const file = openSync(image, "w");
  ftruncateSync(file, sizeBytes);
  closeSync(file);
  asRoot("mkfs.ext4", "-q", "-F", "-E", `root_owner=${process.getuid?.()}:${process.getgid?.()}`, image);
  return mounted(folder, image);
}

function mounted(folder: string, image: string): LoopDisk {
  const target = join(folder, "mounted");
  mkdirSync(target);
  asRoot("mount", "-o", "loop", image, target);
  return {
    folder: target,
    copy() {
      const copyFolder = mkdtempSync(join(tmpdir(), "nocp-disk-"));
      const copied = join(copyFolder, "image");
      execFileSync("cp", ["--sparse=always", image, copied]);
      return mounted(copyFolder, copied);
    },
    remove() {
      asRoot("umount", "--lazy", target);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
