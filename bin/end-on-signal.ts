const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

export interface EndOnSignal extends Disposable {
  readonly signal: AbortSignal;
}

/** For commands that stay until somebody ends them. */
export function endOnSignal(): EndOnSignal {
  const ending = new AbortController();
  const end = () => ending.abort();
  for (const signal of SIGNALS) process.on(signal, end);
  return {
    signal: ending.signal,
    [Symbol.dispose]: () => {
      for (const signal of SIGNALS) process.off(signal, end);
    },
  };
}
