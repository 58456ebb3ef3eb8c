import { encode } from '../frame/encode.ts';
import { answeringPeer } from './answering-peer.ts';
import type { EndHow, Peer } from './peer.ts';
import { ScriptedPeer } from './scripted-peer.ts';

/** Answers CONNECT with this return code; a server then closes, unless `then` says `stay`. */
export function connackPeer(returnCode: number, then: 'fin' | 'rst' | 'stay' = 'fin'): Peer {
  return answeringPeer(
    { CONNECT: () => (then === 'stay' ? encode.connack(returnCode) : [encode.connack(returnCode), then]) },
    `CONNACK ${returnCode}`,
  );
}

/** Takes the connection and everything on it, and never sends a byte. Closes when the module does. */
export function silentPeer(): Peer {
  return {
    name: 'silence',
    isExact: true,
    attach: (link) => ({
      receive: () => true,
      moduleEnded: () => link.end('fin'),
      connectionClosed: () => undefined,
    }),
  };
}

/** Ends the connection once it has the CONNECT. */
export function endOnConnectPeer(how: EndHow): Peer {
  return answeringPeer({ CONNECT: () => how }, `${how} on CONNECT`);
}

/** Sends these bytes as soon as the connection is there, whatever the module does. */
export function greetingPeer(bytes: Buffer): ScriptedPeer {
  return new ScriptedPeer('greeting', async (line) => {
    line.send(bytes);
    await line.expectEnd();
  });
}
