import { isTimelineEvent } from '../timeline/event-shape.ts';
import type { TimelineFacts } from './evidence.ts';

/** Kinds that tell about the evidence itself; in a line of JSON, quotes within a text are escaped, so that nothing else looks like them. */
const TELLING = /^.*"k":"(?:noise|port-lost|fault|gate)".*$/gmu;
const STARTED_AT = /"startedAt":"(?<at>[^"]+)"/u;

/** What a timeline, as text, says about the quality of its evidence. Only the few lines that matter are decoded. */
export function timelineFacts(text: string): TimelineFacts {
  const header = text.slice(0, text.indexOf('\n') + 1);
  const facts = { noise: 0, portLosses: 0 };
  const armed = new Set<string>();
  for (const [line] of text.matchAll(TELLING)) {
    const event = decode(line);
    if (!isTimelineEvent(event)) continue;
    if (event.k === 'noise') facts.noise += 1;
    else if (event.k === 'port-lost') facts.portLosses += 1;
    else if (event.k === 'fault') follow(armed, `fault ${event.fault}`, event.act);
    // Counting is no fault: there may be nothing to count.
    else if (event.k === 'gate' && event.verb !== 'count')
      follow(armed, `gate ${event.gate} (${event.verb})`, event.act);
  }
  return {
    ...facts,
    startedAt: STARTED_AT.exec(header)?.groups?.['at'] ?? '',
    events: Math.max(0, countLines(text) - 1),
    unfired: [...armed],
  };
}

function follow(armed: Set<string>, what: string, act: string): void {
  if (act === 'armed') armed.add(what);
  else if (act === 'fired') armed.delete(what);
}

function countLines(text: string): number {
  let lines = 0;
  for (let end = text.indexOf('\n'); end !== -1; end = text.indexOf('\n', end + 1)) lines += 1;
  return lines;
}

function decode(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined; // a line that was cut short
  }
}
