import type { Packet } from '../../../broker/events.ts';
import { type AnyRule, type RuleFinding, rule, type Step } from '../rule.ts';
import { undecided } from '../step.ts';

type Test = (packet: Packet) => boolean;

export interface LintRule {
  readonly id: string;
  readonly says: string;
  /** The clauses that it speaks for, the first its own; each with the packets that put it to the test. */
  readonly shows: Readonly<Record<string, Test>>;
}

/** A rule that passes on what the broker's linter found in the packets of the module, under the linter's own clause. */
export function lintRule({ id, says, shows }: LintRule): AnyRule {
  const names = Object.keys(shows);
  const [clause = id, ...also] = names;
  const tests = Object.values(shows);
  // Nearly all packets are sound: they share a step for each set of clauses that they put to the test.
  const sound = new Map<number, Step<never>>();
  return rule({
    id,
    clause,
    also,
    says,
    on: ['frame up'],
    step(_, { event: { packet, lint, n } }): Step<never> {
      const shown = bitsOf(tests, packet);
      if (lint.length === 0) return sound.get(shown) ?? keep(sound, shown, step(named(names, shown), []));
      const found = lint.filter((one) => Object.hasOwn(shows, one.clause));
      const clauses = [...new Set([...named(names, shown), ...found.map((one) => one.clause)])];
      const findings = found.map((one): RuleFinding => ({ message: one.says, events: [n], clause: one.clause }));
      return step(clauses, findings);
    },
  });
}

/** Which of the tests a packet meets, a bit each. */
function bitsOf(tests: readonly Test[], packet: Packet): number {
  return tests.reduce((bits, isShown, index) => (isShown(packet) ? bits | (1 << index) : bits), 0);
}

function named(names: readonly string[], bits: number): readonly string[] {
  return names.filter((_, index) => (bits & (1 << index)) !== 0);
}

function step(clauses: readonly string[], findings: readonly RuleFinding[]): Step<never> {
  return clauses.length === 0 ? undecided() : { state: undefined, exercised: 1, clauses, findings };
}

function keep<K, V>(known: Map<K, V>, key: K, value: V): V {
  known.set(key, value);
  return value;
}

type PacketType = Packet['type'];

/** Packets of these types put the clause to the test. */
export function inPackets(...types: readonly PacketType[]): Test {
  return ({ type }) => types.includes(type);
}

/** Every packet does. */
export function inAnyPacket(): boolean {
  return true;
}

/** A PUBLISH of one of these QoS does. */
export function inPublish(...levels: readonly number[]): Test {
  return (packet) => packet.type === 'PUBLISH' && levels.includes(packet.qos);
}

/** A PUBLISH that is sent again does. */
export function inResend(packet: Packet): boolean {
  return packet.type === 'PUBLISH' && packet.dup;
}
