import type { FrameCheck } from './check.ts';

const NAMES: Readonly<Record<number, string>> = {
  1: 'CONNECT',
  2: 'CONNACK',
  3: 'PUBLISH',
  4: 'PUBACK',
  5: 'PUBREC',
  6: 'PUBREL',
  7: 'PUBCOMP',
  8: 'SUBSCRIBE',
  9: 'SUBACK',
  10: 'UNSUBSCRIBE',
  11: 'UNSUBACK',
  12: 'PINGREQ',
  13: 'PINGRESP',
  14: 'DISCONNECT',
};

/** MQTT 3.1.1, table 2.2: PUBREL, SUBSCRIBE and UNSUBSCRIBE have 0010, the others 0000; PUBLISH uses the bits itself. */
const FLAGS_OF: Readonly<Record<number, number>> = { 6: 2, 8: 2, 10: 2 };
const RESERVED_FLAGS = [1, 2, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14];

/** Types that only a server sends, and that only a client sends (table 2.1). */
const SERVER_ONLY = [2, 9, 11, 13];
const CLIENT_ONLY = [1, 8, 10, 12, 14];

/** What the first byte of a frame, or a body that can't be read, breaks. */
export const HEADER_CHECKS: readonly FrameCheck[] = [
  {
    clause: 'MQTT-2.2.1',
    duty: 'a client sends no packet type that is for servers only',
    dir: 'up',
    types: SERVER_ONLY,
    breach: ({ typeNibble }) => `a client sent ${NAMES[typeNibble]}`,
  },
  {
    clause: 'MQTT-2.2.1',
    duty: 'a server sends no packet type that is for clients only',
    dir: 'down',
    types: CLIENT_ONLY,
    breach: ({ typeNibble }) => `a server sent ${NAMES[typeNibble]}`,
  },
  flagsCheck('MQTT-2.2.2-1', 'the reserved flags of the fixed header are those of table 2.2', RESERVED_FLAGS),
  flagsCheck('MQTT-3.6.1-1', 'PUBREL has flags 0010', [6]),
  flagsCheck('MQTT-3.8.1-1', 'SUBSCRIBE has flags 0010', [8]),
  flagsCheck('MQTT-3.10.1-1', 'UNSUBSCRIBE has flags 0010', [10]),
  flagsCheck('MQTT-3.14.1-1', 'DISCONNECT has flags 0000', [14]),
];

function flagsCheck(clause: string, duty: string, types: readonly number[]): FrameCheck {
  return {
    clause,
    duty,
    types,
    breach: ({ typeNibble, flags }) => {
      const wanted = FLAGS_OF[typeNibble] ?? 0;
      return flags === wanted ? undefined : `${NAMES[typeNibble]} has header flags ${flags}, ${wanted} required`;
    },
  };
}
