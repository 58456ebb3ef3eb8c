import type { EventKind, TimelineEvent } from './events.ts';
import { isNumber, isRecord } from './member-type.ts';
import { isPacket } from './packet-shape.ts';
import { isPlainEvent } from './plain-event.ts';

type Shape = Readonly<Record<string, Type>>;
type Type = 'number' | 'string' | 'boolean' | 'object' | 'packet' | 'array' | 'numbers' | 'any';

const MODULE_EVENT: Shape = { seq: 'number', t: 'number', heard: 'number' };
const CALL: Shape = { ...MODULE_EVENT, token: 'number', fn: 'string', slot: 'number', task: 'number' };
const ON_CONNECTION: Shape = { conn: 'number' };

/** What a line must carry to be read as an event of that kind; optional members and members that no rule reads are left out. */
const SHAPES: Readonly<Record<EventKind, Shape>> = {
  call: CALL,
  ret: { ...CALL, ret: 'number' },
  enter: { ...MODULE_EVENT, cb: 'string', slot: 'number', handle: 'number', client: 'string', task: 'number' },
  leave: { ...MODULE_EVENT, cb: 'string', enter: 'number', task: 'number' },
  reset: MODULE_EVENT,
  at: { ...MODULE_EVENT, line: 'string' },
  network: MODULE_EVENT,
  lost: { ...MODULE_EVENT, counts: 'object' },
  listener: { listener: 'string', port: 'number', tls: 'boolean' },
  'tcp-open': { ...ON_CONNECTION, listener: 'string', port: 'number' },
  'client-hello': { ...ON_CONNECTION, ciphers: 'numbers' },
  'tls-secured': ON_CONNECTION,
  'tls-failed': { ...ON_CONNECTION, code: 'string' },
  frame: { ...ON_CONNECTION, dir: 'string', length: 'number', hex: 'string', packet: 'packet', lint: 'array' },
  bytes: { ...ON_CONNECTION, dir: 'string', length: 'number', hex: 'string', why: 'string' },
  message: { topic: 'object', payload: 'object', qos: 'number', retain: 'boolean' },
  gate: { gate: 'string', verb: 'string', act: 'string', count: 'number' },
  fault: { fault: 'string', act: 'string' },
  claimed: { ...ON_CONNECTION, by: 'string' },
  stranger: { ...ON_CONNECTION, why: 'string' },
  fin: { ...ON_CONNECTION, dir: 'string' },
  'tcp-close': { ...ON_CONNECTION, by: 'string', how: 'string' },
  'tls-key': { ...ON_CONNECTION, line: 'string' },
  request: { method: 'string', params: 'object' },
  wait: { reason: 'string', budgetMs: 'number', takenMs: 'number', ok: 'boolean' },
  expect: { predicate: 'string', params: 'object', clause: 'string' },
  observe: { clause: 'string', name: 'string', value: 'any' },
  measure: { name: 'string', unit: 'string', value: 'number' },
  clock: { offsetMs: 'number', epsilonMs: 'number', driftPpm: 'number' },
  noise: { hex: 'string', length: 'number', why: 'string' },
  'port-lost': { port: 'string', why: 'string' },
  reopen: { port: 'string', link: 'number', resumed: 'boolean' },
  boot: { id: 'string', cause: 'string', announced: 'boolean' },
  overflow: { counts: 'object' },
  server: { port: 'number', identity: 'string', asksClient: 'boolean' },
  file: { name: 'string', holds: 'string' },
  situation: { relation: 'string', nth: 'number', act: 'string' },
  sync: {},
  phase: { phase: 'string' },
  trouble: { what: 'string' },
};

/** The same as lists: every event is looked at. */
const MEMBERS: Readonly<Record<string, readonly (readonly [string, Type])[]>> = Object.fromEntries(
  Object.entries(SHAPES).map(([kind, shape]) => [kind, Object.entries(shape)]),
);

const SOURCES: ReadonlySet<string> = new Set(['module', 'broker', 'host']);

/** Whether a value has the stamp of a timeline event and the members that its kind must have. */
export function isTimelineEvent(value: unknown): value is TimelineEvent {
  return isRecord(value) && (isPlainEvent(value) || findShapeError(value) === undefined);
}

/** What is wrong with a would-be event, in words; undefined if nothing. */
export function findShapeError(value: unknown): string | undefined {
  if (!isRecord(value)) return 'not an object';
  const { n, at, src, k } = value;
  if (typeof n !== 'number' || typeof at !== 'number') return 'no number or no time';
  if (typeof src !== 'string' || !SOURCES.has(src)) return `unknown source ${String(src)}`;
  if (typeof k !== 'string' || !isKind(k)) return `unknown kind ${String(k)}`;
  const wrong = MEMBERS[k]?.find(([member, type]) => !hasType(value[member], type));
  if (wrong === undefined) return undefined;
  const [member] = wrong;
  return value[member] === undefined ? `${k} without ${member}` : `${k} with a malformed ${member}`;
}

function isKind(name: string): name is EventKind {
  return Object.hasOwn(SHAPES, name);
}

function hasType(member: unknown, type: Type): boolean {
  if (type === 'any') return member !== undefined;
  if (type === 'array') return Array.isArray(member);
  if (type === 'numbers') return Array.isArray(member) && member.every(isNumber);
  if (type === 'object') return isRecord(member);
  if (type === 'packet') return isRecord(member) && isPacket(member);
  return typeof member === type;
}
