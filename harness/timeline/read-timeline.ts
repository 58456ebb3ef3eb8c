import { createReadStream } from 'node:fs';

import { HarnessError } from '../errors.ts';
import { findShapeError, isRecord, isTimelineEvent } from './event-shape.ts';
import type { TimelineEvent, TimelineHeader } from './events.ts';

/** A timeline read back, in constant memory: the events can be gone through once. */
export interface RecordedTimeline {
  readonly header: TimelineHeader;
  readonly events: AsyncIterable<TimelineEvent>;
  /** Once the events have been gone through: whether the last line was cut short, as by a process killed while it wrote. */
  readonly isTorn: () => boolean;
}

const SCHEMA = 'qlhil-timeline/1';

/**
 * Opens a recorded timeline.
 *
 * @throws HarnessError CONFIGURATION — if the file can't be read, has another schema or is damaged; the message names the line
 */
export async function readTimeline(path: string): Promise<RecordedTimeline> {
  const lines = numberedLines(path);
  const first = await nextLine(lines, path);
  if (first === undefined) throw damaged(path, 1, 'the file is empty');
  const header: unknown = parse(first, path);
  if (!isHeader(header)) throw damaged(path, 1, `no header of ${SCHEMA}`);
  let torn = false;

  async function* events(): AsyncGenerator<TimelineEvent> {
    let last = 0;
    for await (const line of lines) {
      if (!line.isWhole) {
        torn = true;
        return;
      }
      const event = decode(line, path);
      if (event.n <= last) throw damaged(path, line.number, `event ${event.n} after event ${last}`);
      last = event.n;
      yield event;
    }
  }

  return { header, events: events(), isTorn: () => torn };
}

interface Line {
  readonly number: number;
  readonly text: string;
  /** Whether its LF is there. */
  readonly isWhole: boolean;
}

async function* numberedLines(path: string): AsyncGenerator<Line> {
  let number = 0;
  let rest = '';
  for await (const chunk of createReadStream(path, { encoding: 'utf8' })) {
    const parts = (rest + String(chunk)).split('\n');
    rest = parts.pop() ?? '';
    for (const text of parts) yield { number: ++number, text, isWhole: true };
  }
  if (rest !== '') yield { number: ++number, text: rest, isWhole: false };
}

async function nextLine(lines: AsyncGenerator<Line>, path: string): Promise<Line | undefined> {
  try {
    const { value, done } = await lines.next();
    return done === true ? undefined : value;
  } catch (thrown) {
    throw new HarnessError('CONFIGURATION', `${path} can't be read`, { subject: path }, { cause: thrown });
  }
}

function decode(line: Line, path: string): TimelineEvent {
  const event: unknown = parse(line, path);
  if (isTimelineEvent(event)) return event;
  throw damaged(path, line.number, findShapeError(event) ?? 'not an event');
}

function parse(line: Line, path: string): unknown {
  try {
    return JSON.parse(line.text);
  } catch (thrown) {
    throw damaged(path, line.number, 'not JSON', thrown);
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
