import type { Packet } from '../../../broker/events.ts';
import { type AnyRule, type RuleFinding, rule } from '../rule.ts';

export interface LintRule {
  readonly id: string;
  readonly says: string;
  /** The clauses that it speaks for, the first its own; each with the packets that put it to the test. */
  readonly shows: Readonly<Record<string, (packet: Packet) => boolean>>;
}

/** A rule that passes on what the broker's linter found in the packets of the module, under the linter's own clause. */
export function lintRule({ id, says, shows }: LintRule): AnyRule {
  const [clause = id, ...also] = Object.keys(shows);
  return rule({
    id,
    clause,
    also,
    says,
    on: ['frame'],
    key: ({ event }) => (event.dir === 'up' ? '' : undefined),
    step(_, { event: { packet, lint, n } }) {
      const found = lint.filter((one) => Object.hasOwn(shows, one.clause));
      const shown = Object.keys(shows).filter((one) => shows[one]?.(packet) === true);
      const clauses = [...new Set([...shown, ...found.map((one) => one.clause)])];
      if (clauses.length === 0) return {};
      const findings = found.map((one): RuleFinding => ({ message: one.says, events: [n], clause: one.clause }));
      return { exercised: 1, clauses, findings };
    },
  });
}

type PacketType = Packet['type'];

/** Packets of these types put the clause to the test. */
export function inPackets(...types: readonly PacketType[]): (packet: Packet) => boolean {
  return ({ type }) => types.includes(type);
}

/** Every packet does. */
export function inAnyPacket(): boolean {
  return true;
}

/** A PUBLISH of one of these QoS does. */
export function inPublish(...levels: readonly number[]): (packet: Packet) => boolean {
  return (packet) => packet.type === 'PUBLISH' && levels.includes(packet.qos);
}

/** A PUBLISH that is sent again does. */
export function inResend(packet: Packet): boolean {
  return packet.type === 'PUBLISH' && packet.dup;
}
