import { closeSync, openSync, readSync } from 'node:fs';

import { HarnessError } from '../errors.ts';
import { findShapeError, isTimelineEvent } from './event-shape.ts';
import type { TimelineEvent, TimelineHeader } from './events.ts';
import { isRecord } from './member-type.ts';

/** A timeline read back, in constant memory: the events can be gone through once. */
export interface RecordedTimeline {
  readonly header: TimelineHeader;
  readonly events: AsyncIterable<TimelineEvent>;
  /** The same events, as many at a time as were read at once: for whoever goes through millions. */
  readonly batches: AsyncIterable<readonly TimelineEvent[]>;
  /** Once the events have been gone through: whether the last line was cut short, as by a process killed while it wrote. */
  readonly isTorn: () => boolean;
}

const SCHEMA = 'qlhil-timeline/1';
const READ_BYTES = 64 * 1024;
const LF = 10;

/**
 * Opens a recorded timeline.
 *
 * @throws HarnessError CONFIGURATION — if the file can't be read, has another schema or is damaged; the message names the line
 */
export async function readTimeline(path: string): Promise<RecordedTimeline> {
  const header: unknown = parse(headOf(path), 1, path);
  if (!isHeader(header)) throw damaged(path, 1, `no header of ${SCHEMA}`);
  let torn = false;

  async function* batches(): AsyncGenerator<readonly TimelineEvent[]> {
    const decoder = new Decoder(path);
    for (const { texts, tail } of linesOf(path)) {
      torn = tail !== undefined;
      yield decoder.decode(texts);
    }
  }

  const all = batches();
  return { header, events: eachOf(all), batches: all, isTorn: () => torn };
}

/** The first line, whether or not anything follows it. */
function headOf(path: string): string {
  try {
    for (const { texts, tail } of linesOf(path)) {
      const head = texts[0] ?? tail;
      if (head !== undefined) return head;
    }
  } catch (thrown) {
    throw new HarnessError('CONFIGURATION', `${path} can't be read`, { subject: path }, { cause: thrown });
  }
  throw damaged(path, 1, 'the file is empty');
}

async function* eachOf(batches: AsyncIterable<readonly TimelineEvent[]>): AsyncGenerator<TimelineEvent> {
  for await (const batch of batches) yield* batch;
}

/** Turns lines into events, counting them; the first is the header's. */
class Decoder {
  readonly #path: string;
  #line = 0;
  #last = 0;

  constructor(path: string) {
    this.#path = path;
  }

  decode(texts: readonly string[]): readonly TimelineEvent[] {
    const isFirst = this.#line === 0 && texts.length > 0;
    if (isFirst) this.#line = 1;
    return (isFirst ? texts.slice(1) : texts).map((text) => {
      this.#line += 1;
      const event = this.#decode(text);
      if (event.n <= this.#last) throw damaged(this.#path, this.#line, `event ${event.n} after event ${this.#last}`);
      this.#last = event.n;
      return event;
    });
  }

  #decode(text: string): TimelineEvent {
    const event: unknown = parse(text, this.#line, this.#path);
    if (isTimelineEvent(event)) return event;
    throw damaged(this.#path, this.#line, findShapeError(event) ?? 'not an event');
  }
}

interface Lines {
  readonly texts: readonly string[];
  /** At the end of the file, what follows its last LF. */
  readonly tail?: string;
}

/** Read synchronously: what is made of the bytes takes the time, and a wait for each read would double it. */
function* linesOf(path: string): Generator<Lines> {
  const fd = openSync(path, 'r');
  try {
    let buffer = Buffer.allocUnsafe(2 * READ_BYTES);
    let filled = 0;
    for (;;) {
      if (buffer.length - filled < READ_BYTES) buffer = Buffer.concat([buffer], 2 * buffer.length);
      const bytesRead = readSync(fd, buffer, filled, READ_BYTES, null);
      if (bytesRead === 0) break;
      filled += bytesRead;
      // An LF is never part of another character.
      const last = buffer.lastIndexOf(LF, filled - 1);
      if (last === -1) continue;
      const texts = buffer.toString('utf8', 0, last).split('\n');
      buffer.copyWithin(0, last + 1, filled);
      filled -= last + 1;
      yield { texts };
    }
    if (filled > 0) yield { texts: [], tail: buffer.toString('utf8', 0, filled) };
  } finally {
    closeSync(fd);
  }
}

function parse(text: string, line: number, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch (thrown) {
    throw damaged(path, line, 'not JSON', thrown);
  }
}

function isHeader(value: unknown): value is TimelineHeader {
  if (!isRecord(value) || value['schema'] !== SCHEMA) return false;
  const { scenario, module: identity, deadlines, epsilonMs, startedAt } = value;
  return (
    isRecord(scenario) &&
    isRecord(identity) &&
    Array.isArray(identity['features']) &&
    isRecord(deadlines) &&
    typeof epsilonMs === 'number' &&
    typeof startedAt === 'string'
  );
}

function damaged(path: string, line: number, what: string, cause?: unknown): HarnessError {
  return new HarnessError('CONFIGURATION', `${path}:${line}: ${what}`, { subject: path }, { cause });
}
