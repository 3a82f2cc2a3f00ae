// The processor time that each service takes for a request, as its own metrics count it.

export interface ProcessorTime {
  begin(): Promise<void>;
  /** @param requests that were handled since `begin`. */
  end(requests: number): Promise<void>;
  /** By the service's name, over everything between `begin` and `end`. */
  perRequestMs(): Readonly<Record<string, number>>;
}

interface Measured {
  readonly service: string;
  /** Where /metrics is. */
  readonly httpUrl: string;
}

export function createProcessorTime(processes: readonly Measured[]): ProcessorTime {
  const spentMs = new Map<string, number>();
  let before = new Map<string, number>();
  let handled = 0;
  const read = async (): Promise<Map<string, number>> => {
    const read = new Map<string, number>();
    for (const { service, httpUrl } of processes) read.set(service, (read.get(service) ?? 0) + (await processorMsOf(httpUrl)));
    return read;
  };
  return {
    async begin() {
      before = await read();
    },
    async end(requests) {
      handled += requests;
      for (const [service, after] of await read())
        spentMs.set(service, (spentMs.get(service) ?? 0) + after - (before.get(service) ?? 0));
    },
    perRequestMs: () => Object.fromEntries([...spentMs].map(([service, milliseconds]) => [service, milliseconds / handled])),
  };
}

/** Since the process started. */
async function processorMsOf(httpUrl: string): Promise<number> {
  const text = await (await fetch(`${httpUrl}/metrics`)).text();
  const seconds = /^process_cpu_seconds_total(?:\{[^}]*\})? (\S+)/m.exec(text)?.[1];
  if (seconds === undefined) throw new Error(`${httpUrl} does not say how much processor time it took`);
  return Number(seconds) * 1_000;
}
