import type { Decoded } from '../frame/decode.ts';
import { type FrameCheck, packetOf } from './check.ts';

const RESERVED = 0x01;
const CLEAN = 0x02;
const WILL = 0x04;
const WILL_RETAIN = 0x20;
const PASSWORD = 0x40;
const USER_NAME = 0x80;

/** What the variable header and payload of a CONNECT break. */
export const CONNECT_CHECKS: readonly FrameCheck[] = [
  connectCheck('MQTT-3.1.2-1', 'the protocol name is MQTT', ({ protocolName }) =>
    protocolName === 'MQTT' ? undefined : `protocol name is ${JSON.stringify(protocolName)}`,
  ),
  connectCheck('MQTT-3.1.2-2', 'the protocol level is 4', ({ protocolLevel }) =>
    protocolLevel === 4 ? undefined : `protocol level is ${protocolLevel}`,
  ),
  connectCheck('MQTT-3.1.2-3', 'the reserved connect flag is 0', (_, flags) =>
    (flags & RESERVED) === 0 ? undefined : 'the reserved connect flag is 1',
  ),
  connectCheck('MQTT-3.1.2-11', 'without a will, its QoS and retain flags are 0', (_, flags) =>
    (flags & WILL) === 0 && (flags & 0x38) !== 0 ? `will flag 0, but connect flags are ${flags}` : undefined,
  ),
  connectCheck('MQTT-3.1.2-13', 'without a will, its QoS is 0', (_, flags) =>
    (flags & WILL) === 0 && willQos(flags) !== 0 ? `will flag 0, will QoS ${willQos(flags)}` : undefined,
  ),
  connectCheck('MQTT-3.1.2-14', 'the will QoS is not 3', (_, flags) =>
    willQos(flags) === 3 ? 'will QoS is 3' : undefined,
  ),
  connectCheck('MQTT-3.1.2-15', 'without a will, its retain flag is 0', (_, flags) =>
    (flags & WILL) === 0 && (flags & WILL_RETAIN) !== 0 ? 'will flag 0, will retain 1' : undefined,
  ),
  connectCheck('MQTT-3.1.2-22', 'no password without a user name', (_, flags) =>
    (flags & PASSWORD) !== 0 && (flags & USER_NAME) === 0 ? 'a password without a user name' : undefined,
  ),
  connectCheck('MQTT-3.1.3-7', 'an empty client id goes with clean session 1', ({ clientId }, flags) =>
    clientId === '' && (flags & CLEAN) === 0 ? 'empty client id with clean session 0' : undefined,
  ),
];

type Connect = NonNullable<ReturnType<typeof connectOf>>;

function connectOf(frame: Decoded) {
  return packetOf(frame, 'CONNECT');
}

function willQos(flags: number): number {
  return (flags >> 3) & 3;
}

function connectCheck(
  clause: string,
  duty: string,
  breach: (packet: Connect, flags: number) => string | undefined,
): FrameCheck {
  return {
    clause,
    duty,
    types: [1],
    breach: (frame) => {
      const packet = connectOf(frame);
      return packet === undefined ? undefined : breach(packet, frame.innerFlags);
    },
  };
}
