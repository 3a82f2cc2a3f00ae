// How long the services take to say that they live.

export interface HealthWatch {
  /** The longest answer since the last call, in milliseconds. */
  worstMs(): number;
  stop(): void;
}

const everyMs = 25;

/** Asks each address in turn, one question at a time an address. */
export function watchHealth(urls: readonly string[]): HealthWatch {
  let worst = 0;
  let isOver = false;
  const ask = async (url: string): Promise<void> => {
    while (!isOver) {
      const askedAt = performance.now();
      await fetch(`${url}/healthz`)
        .then((response) => response.arrayBuffer())
        .catch(() => undefined);
      worst = Math.max(worst, performance.now() - askedAt);
      await new Promise((resolve) => setTimeout(resolve, everyMs));
    }
  };
  for (const url of urls) void ask(url);
  return {
    worstMs() {
      const found = worst;
      worst = 0;
      return found;
    },
    stop: () => {
      isOver = true;
    },
  };
}
