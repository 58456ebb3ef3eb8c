import type { EventOf } from '../../timeline/events.ts';
import { isRecord } from '../../timeline/member-type.ts';
import type { Params } from './expectation.ts';
import { findNumber, findText } from './params.ts';

/** Which frames are meant. Members left out match any. */
export interface FramePattern {
  readonly conn?: number;
  readonly slot?: number;
  readonly dir?: 'up' | 'down';
  readonly type?: EventOf<'frame'>['packet']['type'];
  /** Fields of the decoded packet. A text stands for the `text` of a string field; an object matches the members that it names. */
  readonly where?: Readonly<Record<string, unknown>>;
}

export function matchesPattern(params: Params, event: EventOf<'frame'>, slot: number | undefined): boolean {
  return (
    isOneOf(findNumber(params, 'conn'), event.conn) &&
    isOneOf(findNumber(params, 'slot'), slot) &&
    isOneOf(findText(params, 'dir'), event.dir) &&
    isOneOf(findText(params, 'type'), event.packet.type) &&
    includes(event.packet, params['where'] ?? {})
  );
}

/** The pattern in words, for messages. */
export function patternText(params: Params): string {
  const type = findText(params, 'type') ?? 'frames';
  const dir = findText(params, 'dir');
  const from = dir === undefined ? '' : dir === 'up' ? ' from the module' : ' to the module';
  return `${type}${from}${isRecord(params['where']) ? ` with ${JSON.stringify(params['where'])}` : ''}`;
}

function isOneOf<T>(wanted: T | undefined, actual: T | undefined): boolean {
  return wanted === undefined || wanted === actual;
}

function includes(actual: unknown, wanted: unknown): boolean {
  if (!isRecord(wanted)) return actual === wanted || (isRecord(actual) && actual['text'] === wanted);
  if (!isRecord(actual)) return false;
  return Object.entries(wanted).every(([member, value]) => includes(actual[member], value));
}
