import type { EventOf } from '../../timeline/events.ts';
import { callbackRule } from './callback.ts';
import { connectionClosedRule } from './connection-closed.ts';
import { exceptionRule } from './exception.ts';
import type { ExpectationRule } from './expectation.ts';
import { faultFiredRule } from './fault-fired.ts';
import { frameRule } from './frame.ts';
import { incomingRule } from './incoming.ts';
import { noCallbackRule } from './no-callback.ts';
import { noConnectionRule } from './no-connection.ts';
import { returnsRule } from './returns.ts';
import { textRule } from './text.ts';
import { tlsFailedRule } from './tls-failed.ts';

const PREDICATES: Readonly<Record<string, (event: EventOf<'expect'>) => ExpectationRule | undefined>> = {
  returns: returnsRule,
  text: textRule,
  callback: callbackRule,
  'no-callback': noCallbackRule,
  frame: frameRule,
  'connection-closed': connectionClosedRule,
  'no-connection': noConnectionRule,
  exception: exceptionRule,
  incoming: incomingRule,
  'tls-failed': tlsFailedRule,
  'fault-fired': faultFiredRule,
};

/** The rule that judges an expectation; undefined if its predicate is unknown or its parameters are malformed. */
export function expectationRule(event: EventOf<'expect'>): ExpectationRule | undefined {
  return Object.hasOwn(PREDICATES, event.predicate) ? PREDICATES[event.predicate]?.(event) : undefined;
}
