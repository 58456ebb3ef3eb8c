import { callback } from './callback.ts';
import { connectionClosed } from './connection-closed.ts';
import { exception } from './exception.ts';
import { faultFired } from './fault-fired.ts';
import { frame } from './frame.ts';
import { incoming } from './incoming.ts';
import { noCallback } from './no-callback.ts';
import { noConnection } from './no-connection.ts';
import { returns } from './returns.ts';
import { text } from './text.ts';
import { tlsFailed } from './tls-failed.ts';

/** What a scenario can state: each makes the happening that goes into the timeline and is judged there. */
export const expectations = {
  returns,
  text,
  callback,
  noCallback,
  frame,
  connectionClosed,
  noConnection,
  exception,
  incoming,
  tlsFailed,
  faultFired,
} as const;
