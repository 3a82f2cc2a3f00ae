// Ends children whose parent is gone, whatever they are doing: a process in an endless loop does not notice by itself. What a
// child started goes with it where the child leads a group of its own.
import { spawn } from "node:child_process";

export interface OrphanGuard {
  add(pid: number): void;
  remove(pid: number): void;
  /** Kills what was not removed. */
  close(): void;
}

/**
 * Reads `+ <pid>` and `- <pid>`, and kills what is left when its input ends, which it does with the parent however that
 * ends. Of the builtins of a shell alone: it takes a megabyte.
 */
const script = `
trap '' INT TERM HUP
pids=' '
while read -r sign pid; do
  case $sign in
    +) pids="$pids$pid " ;;
    -) case $pids in *" $pid "*) pids="\${pids%% $pid *} \${pids#* $pid }" ;; esac ;;
  esac
done
for pid in $pids; do kill -9 -- "-$pid" 2>/dev/null || kill -9 "$pid" 2>/dev/null; done
`;

/** In a session of its own, so that no signal from a terminal reaches it. */
export function startOrphanGuard(): OrphanGuard {
  const guard = spawn("/bin/sh", ["-c", script], { env: {}, stdio: ["pipe", "ignore", "ignore"], detached: true });
  // Without a guard, children still end by themselves once they notice that their channel is closed.
  guard.on("error", () => undefined);
  guard.stdin.on("error", () => undefined);
  guard.unref();
  const write = (line: string): void => {
    if (guard.stdin.writable) guard.stdin.write(line);
  };
  return {
    add: (pid) => write(`+ ${pid}\n`),
    remove: (pid) => write(`- ${pid}\n`),
    close: () => void guard.stdin.end(),
  };
}
