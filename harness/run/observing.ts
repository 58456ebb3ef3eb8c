import type { ModuleSession } from '../module/session.ts';
import type { LinkHappening } from '../protocol/link-happening.ts';
import type { HostHappening } from '../timeline/events.ts';
import type { Timeline } from '../timeline/timeline.ts';

/** Writes everything that a session tells into a timeline, beginning with the clock offset in force, until it is disposed. */
export function observing(session: ModuleSession, timeline: Timeline): Disposable {
  const { clockEstimate } = session;
  if (clockEstimate !== undefined) timeline.host(asHostHappening({ k: 'clock', ...clockEstimate }));
  const stop = session.observe({
    event: (event) => void timeline.module(event),
    happening: (happening) => void timeline.host(asHostHappening(happening)),
    request: (note) => void timeline.host({ k: 'request', ...note }),
    wait: (note) => void timeline.host({ k: 'wait', ...note }),
  });
  return {
    [Symbol.dispose]() {
      stop();
    },
  };
}

/** The link reckons the module's clock against the host's, the timeline the other way round. */
function asHostHappening(happening: LinkHappening): HostHappening {
  return happening.k === 'clock' ? { ...happening, offsetMs: -happening.offsetMs } : happening;
}
