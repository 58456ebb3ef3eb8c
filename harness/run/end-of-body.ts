import { isBrokerFailure } from '../../broker/broker-error.ts';
import { asError, isFailure } from '../errors.ts';

/** How a part of a scenario ended. */
export interface Ended {
  /** It ended early; the judge decides whether that was the module's doing. */
  readonly stopped?: string;
  /** The rig, not the module, ended it. */
  readonly trouble?: string;
}

/** Waits for a body, for at most `budgetMs`. Never rejects. */
export async function endOf(body: Promise<void>, budgetMs: number): Promise<Ended> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const spent = new Promise<Ended>((resolve) => {
    timer = setTimeout(() => resolve({ trouble: `its budget of ${budgetMs} ms is spent` }), budgetMs);
  });
  const ended = body.then((): Ended => ({}), describeEnd);
  try {
    return await Promise.race([ended, spent]);
  } finally {
    clearTimeout(timer);
  }
}

function describeEnd(thrown: unknown): Ended {
  const { message, stack } = asError(thrown);
  if (isTheModulesDoing(thrown)) return { stopped: message };
  return { trouble: 'code' in asError(thrown) ? message : (stack ?? message) };
}

/** A wait that expired and a module that started again are facts of the timeline, for the judge. */
function isTheModulesDoing(thrown: unknown): boolean {
  return (
    isFailure(thrown, 'STOPPED') ||
    isFailure(thrown, 'WAIT_EXPIRED') ||
    isFailure(thrown, 'MODULE_RESET') ||
    isBrokerFailure(thrown, 'WAIT_EXPIRED')
  );
}
