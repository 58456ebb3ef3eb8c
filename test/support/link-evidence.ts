import { join } from 'node:path';
import type { RunRecord } from '../../harness/report/run-record.ts';
import type { TimelineEvent } from '../../harness/timeline/events.ts';
import { readTimeline } from '../../harness/timeline/read-timeline.ts';

/** What the timelines of a run say about its link. */
export interface LinkEvidence {
  readonly calls: number;
  readonly events: number;
  readonly noise: number;
  readonly reopenings: number;
  /** What must not be: a call that ran twice or that nobody asked for, an event that is missing or came twice. */
  readonly breaches: readonly string[];
}

export async function linkEvidence(runDir: string, { outcomes }: RunRecord): Promise<LinkEvidence> {
  const total = { calls: 0, events: 0, noise: 0, reopenings: 0 };
  const breaches: string[] = [];
  for (const { timeline } of outcomes.flatMap(({ attempts }) => attempts)) {
    const scan = new Scan();
    for await (const event of (await readTimeline(join(runDir, timeline))).events) scan.see(event);
    total.calls += scan.calls;
    total.events += scan.events;
    total.noise += scan.noise;
    total.reopenings += scan.reopenings;
    breaches.push(...scan.breaches.map((breach) => `${timeline}: ${breach}`));
  }
  return { ...total, breaches };
}

class Scan {
  calls = 0;
  events = 0;
  noise = 0;
  reopenings = 0;
  readonly breaches: string[] = [];
  readonly #ran = new Set<number>();
  readonly #asked = new Set<number>();
  /** Calls that a reaction makes may share a token. */
  readonly #armed = new Set<number>();
  #lastSeq: number | undefined;

  see(event: TimelineEvent): void {
    if (event.src === 'module') this.#module(event);
    if (event.k === 'request') for (const token of tokensIn(event)) this.#asked.add(token);
    if (event.k === 'request' && event.method === 'react.arm')
      for (const token of tokensIn(event)) this.#armed.add(token);
    if (event.k === 'noise') this.noise += 1;
    if (event.k === 'reopen') this.#reopened(event.resumed);
  }

  #module(event: Extract<TimelineEvent, { readonly src: 'module' }>): void {
    this.events += 1;
    const expected = (this.#lastSeq ?? event.seq - 1) + 1;
    if (event.seq !== expected) this.breaches.push(`event ${event.seq} came where ${expected} was next`);
    this.#lastSeq = event.seq;
    if (event.k !== 'call') return;
    this.calls += 1;
    if (this.#ran.has(event.token) && !this.#armed.has(event.token))
      this.breaches.push(`call ${event.token} ran twice`);
    if (!this.#asked.has(event.token)) this.breaches.push(`call ${event.token} (${event.fn}) was asked for by nobody`);
    this.#ran.add(event.token);
  }

  #reopened(resumed: boolean): void {
    this.reopenings += 1;
    if (!resumed) this.#lastSeq = 0;
  }
}

/** Of a call itself, of the calls of a batch or of a reaction. */
function tokensIn(value: unknown): readonly number[] {
  if (typeof value !== 'object' || value === null) return [];
  const own = 'token' in value && typeof value.token === 'number' ? [value.token] : [];
  return [...own, ...Object.values(value).flatMap((inner: unknown) => tokensIn(inner))];
}
