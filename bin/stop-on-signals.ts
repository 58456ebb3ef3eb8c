import { EXIT } from '../harness/run/exit-code.ts';
import type { StopRequest } from '../harness/run/stop-request.ts';

const SIGNALS = { SIGINT: 'interrupted', SIGTERM: 'terminated', SIGHUP: 'terminated' } as const;

/** The first signal ends the run in order, the second at once: children die with this process. */
export function stopOnSignals(stop: StopRequest, note: (text: string) => void): Disposable {
  let isStopping = false;
  const listeners = Object.entries(SIGNALS).map(([signal, reason]) => {
    const listener = () => {
      if (isStopping) process.exit(EXIT[reason]);
      isStopping = true;
      note('stopping: the record is being finished and the module parked (once more: stop at once)');
      stop.ask(reason);
    };
    process.on(signal, listener);
    return { signal, listener };
  });
  return {
    [Symbol.dispose]: () => {
      for (const { signal, listener } of listeners) process.off(signal, listener);
    },
  };
}
