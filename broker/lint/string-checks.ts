import { isUtf8 } from 'node:buffer';
import type { StringRole, WireString } from '../frame/decode.ts';
import type { FrameCheck } from './check.ts';

const TOPIC_NAMES: readonly StringRole[] = ['topic name', 'will topic'];
const TOPICS: readonly StringRole[] = [...TOPIC_NAMES, 'topic filter'];
const ALL_ROLES: readonly StringRole[] = [...TOPICS, 'protocol name', 'client id', 'user name'];

const CONNECT = 1;
const PUBLISH = 3;
const SUBSCRIBE = 8;
const UNSUBSCRIBE = 10;

/** The packet types that hold a string of this role. */
const TYPES_OF: Readonly<Record<StringRole, readonly number[]>> = {
  'protocol name': [CONNECT],
  'client id': [CONNECT],
  'will topic': [CONNECT],
  'user name': [CONNECT],
  'topic name': [PUBLISH],
  'topic filter': [SUBSCRIBE, UNSUBSCRIBE],
};

/** What the strings of a frame break: UTF-8, NUL, wildcards and levels. */
export const STRING_CHECKS: readonly FrameCheck[] = [
  ...utf8Checks(),
  stringCheck('MQTT-1.5.3-2', 'strings hold no U+0000', undefined, hasNul),
  stringCheck('MQTT-4.7.3-2', 'topic names and filters hold no U+0000', TOPICS, hasNul),
  stringCheck('MQTT-4.7.3-1', 'topic names and filters have at least one character', TOPICS, (bytes) =>
    bytes.length === 0 ? 'is empty' : undefined,
  ),
  stringCheck('MQTT-3.3.2-2', 'a topic name holds no wildcard', ['topic name'], hasWildcard),
  stringCheck('MQTT-4.7.1-1', 'wildcards stand in topic filters only', TOPIC_NAMES, hasWildcard),
  stringCheck('MQTT-4.7.1-2', '# stands alone in the last level', ['topic filter'], misplacedHash),
  stringCheck('MQTT-4.7.1-3', '+ fills a level', ['topic filter'], misplacedPlus),
];

function utf8Checks(): FrameCheck[] {
  return [
    stringCheck('MQTT-1.5.3-1', 'strings are well-formed UTF-8', undefined, illFormed),
    stringCheck('MQTT-3.1.3-4', 'the client id is UTF-8', ['client id'], illFormed),
    stringCheck('MQTT-3.1.3-10', 'the will topic is UTF-8', ['will topic'], illFormed),
    stringCheck('MQTT-3.1.3-11', 'the user name is UTF-8', ['user name'], illFormed),
    stringCheck('MQTT-3.3.2-1', 'the topic name is UTF-8', ['topic name'], illFormed),
    stringCheck('MQTT-3.8.3-1', 'the filters of SUBSCRIBE are UTF-8', ['topic filter'], illFormed, [SUBSCRIBE]),
    stringCheck('MQTT-3.10.3-1', 'the filters of UNSUBSCRIBE are UTF-8', ['topic filter'], illFormed, [UNSUBSCRIBE]),
  ];
}

type Flaw = (bytes: Buffer) => string | undefined;

function stringCheck(
  clause: string,
  duty: string,
  roles: readonly StringRole[] | undefined,
  flaw: Flaw,
  types: readonly number[] = [...new Set((roles ?? ALL_ROLES).flatMap((role) => TYPES_OF[role]))],
): FrameCheck {
  return { clause, duty, types, breach: (frame) => firstFlaw(frame.strings, roles, flaw) };
}

function firstFlaw(
  strings: readonly WireString[],
  roles: readonly StringRole[] | undefined,
  flaw: Flaw,
): string | undefined {
  for (const { role, bytes } of strings) {
    const found = roles === undefined || roles.includes(role) ? flaw(bytes) : undefined;
    if (found !== undefined) return `${role} ${found}`;
  }
  return undefined;
}

function illFormed(bytes: Buffer): string | undefined {
  return isUtf8(bytes) ? undefined : 'is not well-formed UTF-8';
}

function hasNul(bytes: Buffer): string | undefined {
  return bytes.includes(0) ? 'holds U+0000' : undefined;
}

function hasWildcard(bytes: Buffer): string | undefined {
  return bytes.includes('#') || bytes.includes('+') ? 'holds a wildcard' : undefined;
}

function misplacedHash(bytes: Buffer): string | undefined {
  const levels = bytes.toString('latin1').split('/');
  const wrong = levels.some((level, i) => level.includes('#') && (level !== '#' || i !== levels.length - 1));
  return wrong ? 'has # elsewhere than alone in the last level' : undefined;
}

function misplacedPlus(bytes: Buffer): string | undefined {
  const levels = bytes.toString('latin1').split('/');
  return levels.some((level) => level.includes('+') && level !== '+') ? 'has + that does not fill a level' : undefined;
}
