const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

export interface EndOnSignal extends Disposable {
  readonly signal: AbortSignal;
}

/** For commands that stay until somebody ends them, or that end only where it is safe. `onAsked` is called once. */
export function endOnSignal(onAsked: () => void = () => undefined): EndOnSignal {
  const ending = new AbortController();
  const end = () => {
    if (!ending.signal.aborted) onAsked();
    ending.abort();
  };
  for (const signal of SIGNALS) process.on(signal, end);
  return {
    signal: ending.signal,
    [Symbol.dispose]: () => {
      for (const signal of SIGNALS) process.off(signal, end);
    },
  };
}
