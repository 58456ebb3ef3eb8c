import type { EventOf } from '../timeline/events.ts';

export const CLOSES = 'MQTT-4.8.0-1';

/**
 * Which duty of the server breaks which of the client: those whose breach the client must answer by closing. The rest, e.g. an
 * acknowledgement of an unknown id, it may also pass over, and what it does is recorded only.
 */
export const CLAUSE_FOR: Readonly<Record<string, string>> = {
  'MQTT-2.2.2-1': 'MQTT-2.2.2-2',
  'MQTT-3.6.1-1': 'MQTT-2.2.2-2',
  'MQTT-2.2.3': CLOSES,
  'MQTT-2.3.1-1': CLOSES,
  'MQTT-3.2.2.1': CLOSES,
  'MQTT-3.2.2-6': CLOSES,
  'MQTT-3.3.2-1': CLOSES,
  'MQTT-3.3.2-2': CLOSES,
  'MQTT-1.5.3-1': 'MQTT-1.5.3-1',
  'MQTT-1.5.3-2': 'MQTT-1.5.3-2',
  'MQTT-3.3.1-4': 'MQTT-3.3.1-4',
};

/** Whether a packet to the module breaks the protocol in a way that a client must answer by closing. */
export function endsConnection({ defects }: EventOf<'frame'>): boolean {
  return defects?.some(({ clause }) => Object.hasOwn(CLAUSE_FOR, clause)) === true;
}
