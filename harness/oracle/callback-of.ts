import type { EventOf } from '../timeline/events.ts';
import type { CallRecord } from './narration.ts';

type CallbackKind = EventOf<'enter'>['cb'];

const KINDS: Readonly<Record<string, CallbackKind>> = {
  connect: 'connect',
  publish: 'request',
  sub_unsub: 'request',
  disconnect: 'disconnect',
};

/** The kind of callback that answers a call; undefined for a function without one, or when the call passed NULL for it. */
export function findCallbackKind({ fn, params }: CallRecord): CallbackKind | undefined {
  return params['cb'] === false ? undefined : KINDS[fn];
}

/** The result that a callback carries: a connection status or an err. Undefined for incoming messages and exceptions. */
export function resultOf(event: EventOf<'enter'>): number | undefined {
  if (event.cb === 'connect') return event.status;
  return event.cb === 'request' || event.cb === 'disconnect' ? event.err : undefined;
}
