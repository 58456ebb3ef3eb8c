import type { TimelineEvent } from '../timeline/events.ts';
import type { Timeline } from '../timeline/timeline.ts';

/** Watches for anything that an ordinary broker on a good network does not do. The answer tells whether there was any so far. */
export function watchDisturbance(timeline: Timeline): () => boolean {
  let isDisturbed = false;
  const stop = timeline.subscribe((event) => {
    if (!isDisturbance(event)) return;
    isDisturbed = true;
    stop();
  });
  return () => isDisturbed;
}

function isDisturbance(event: TimelineEvent): boolean {
  switch (event.k) {
    case 'fault':
    case 'gate':
    case 'tls-failed':
    case 'boot':
      return true;
    case 'frame':
      return event.injected === true;
    case 'request':
      return event.method === 'network.down';
    case 'bytes':
      return event.dir === 'down';
    case 'tcp-close':
      return event.by === 'broker';
    default:
      return false;
  }
}
