import type { EventKind, EventOf, TimelineEvent } from '../../../timeline/events.ts';
import { describeEvent } from '../../describe-event.ts';

/** From left to right: the application on the module, its MQTT library, the connection, the broker. */
export const LANES = ['application', 'library', 'wire', 'broker'] as const;
export type Lane = (typeof LANES)[number];

/** What a reader can show and hide together. */
export const FAMILIES = ['call', 'callback', 'packet', 'connection', 'fault', 'test', 'housekeeping'] as const;
export type Family = (typeof FAMILIES)[number];

/** How an event is drawn: an arrow between two lanes, or a sign on one. */
export interface Mark {
  readonly event: TimelineEvent;
  readonly family: Family;
  readonly from: Lane;
  /** Undefined: a sign, no arrow. */
  readonly to?: Lane | undefined;
  /** An answer, or what did not get through. */
  readonly isDashed: boolean;
  readonly text: string;
}

const FAMILY: Readonly<Record<EventKind, Family>> = {
  call: 'call',
  ret: 'call',
  enter: 'callback',
  leave: 'housekeeping',
  reset: 'fault',
  at: 'test',
  network: 'test',
  lost: 'fault',
  listener: 'connection',
  'tcp-open': 'connection',
  'client-hello': 'connection',
  'tls-secured': 'connection',
  'tls-failed': 'connection',
  frame: 'packet',
  bytes: 'packet',
  message: 'packet',
  gate: 'fault',
  fault: 'fault',
  claimed: 'housekeeping',
  stranger: 'connection',
  fin: 'connection',
  'tcp-close': 'connection',
  'tls-key': 'housekeeping',
  request: 'test',
  wait: 'test',
  expect: 'test',
  observe: 'test',
  measure: 'test',
  clock: 'housekeeping',
  noise: 'fault',
  'port-lost': 'fault',
  reopen: 'fault',
  boot: 'fault',
  overflow: 'fault',
  server: 'connection',
  file: 'test',
  sync: 'housekeeping',
  phase: 'test',
  situation: 'test',
  trouble: 'fault',
};

export function markOf(event: TimelineEvent): Mark {
  const [from, to] = pathOf(event);
  return { event, family: FAMILY[event.k], from, to, isDashed: isDashed(event), text: textOf(event) };
}

/** Which way it went is told by the arrow. */
function textOf(event: TimelineEvent): string {
  return describeEvent(event).replace(/^[▲▼] /u, '');
}

type Path = readonly [from: Lane, to?: Lane];

function pathOf(event: TimelineEvent): Path {
  switch (event.k) {
    case 'call':
    case 'leave':
      return ['application', 'library'];
    case 'ret':
    case 'enter':
      return ['library', 'application'];
    case 'frame':
      return framePath(event);
    case 'bytes':
    case 'fin':
      return event.dir === 'up' ? ['library', 'broker'] : ['broker', 'library'];
    case 'tcp-open':
    case 'client-hello':
      return ['library', 'broker'];
    case 'tcp-close':
      return event.by === 'module' ? ['library', 'broker'] : ['broker', 'library'];
    case 'listener':
    case 'server':
    case 'message':
    case 'stranger':
    case 'claimed':
      return ['broker'];
    case 'tls-secured':
    case 'tls-failed':
    case 'tls-key':
    case 'gate':
    case 'fault':
      return ['wire'];
    case 'reset':
    case 'boot':
    case 'network':
    case 'file':
    case 'at':
      return ['library'];
    default:
      return ['application'];
  }
}

/** A frame that a gate holds ends at the wire; one that was made there begins at it. */
function framePath({ dir, held, injected }: EventOf<'frame'>): Path {
  if (dir === 'up') return ['library', 'broker'];
  if (held === true) return ['broker', 'wire'];
  return [injected === true ? 'wire' : 'broker', 'library'];
}

function isDashed(event: TimelineEvent): boolean {
  return event.k === 'ret' || event.k === 'leave' || event.k === 'fin' || (event.k === 'frame' && event.held === true);
}
