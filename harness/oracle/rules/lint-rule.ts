import type { Packet, PacketType } from '../../../broker/events.ts';
import { type AnyRule, type RuleFinding, rule, type Step } from '../rule.ts';
import { undecided } from '../step.ts';
import { FLAWED_PACKETS, type Topic } from '../topic.ts';

type Test = (packet: Packet) => boolean;

/** The packets that put a clause to the test. */
interface Shown {
  /** Left out: any. */
  readonly types?: readonly PacketType[];
  /** Left out: all of these types. */
  readonly isShown?: Test;
}

export interface LintRule {
  readonly id: string;
  readonly says: string;
  /** The clauses that it speaks for, the first its own; each with the packets that put it to the test. */
  readonly shows: Readonly<Record<string, Shown>>;
}

/** A rule that passes on what the broker's linter found in the packets of the module, under the linter's own clause. */
export function lintRule({ id, says, shows }: LintRule): AnyRule {
  const [clause = id, ...also] = Object.keys(shows);
  const byType = new Map<PacketType, SoundPackets>();
  return rule({
    id,
    clause,
    also,
    says,
    on: topicsOf(Object.values(shows)),
    step(_, { event }): Step<never> {
      if (event.k !== 'frame') return undecided();
      const { packet, lint, n } = event;
      const { type } = packet;
      const ofType = byType.get(type) ?? keep(byType, type, new SoundPackets(shows, type));
      if (lint.length === 0) return ofType.step(packet);
      const found = lint.filter((one) => Object.hasOwn(shows, one.clause));
      const clauses = [...new Set([...ofType.clauses(packet), ...found.map((one) => one.clause)])];
      const findings = found.map((one): RuleFinding => ({ message: one.says, events: [n], clause: one.clause }));
      return step(clauses, findings);
    },
  });
}

/** A flawed packet may break a clause whatever its type is; of the others only those matter that put one to the test. */
function topicsOf(shown: readonly Shown[]): readonly Topic[] {
  if (shown.some(({ types }) => types === undefined)) return ['frame up'];
  const types = new Set(shown.flatMap(({ types: some = [] }) => some));
  return [...[...types].map((type): Topic => `frame up ${type}`), ...FLAWED_PACKETS];
}

/** Nearly all packets are sound. Those of one type share a step for each set of clauses that they put to the test. */
class SoundPackets {
  readonly #shows: readonly { readonly clause: string; readonly bit: number; readonly isShown: Test }[];
  readonly #steps = new Map<number, Step<never>>();

  constructor(shows: LintRule['shows'], type: PacketType) {
    const ofType = Object.entries(shows).filter(([, { types }]) => types?.includes(type) ?? true);
    this.#shows = ofType.map(([clause, { isShown = always }], index) => ({ clause, bit: 1 << index, isShown }));
  }

  step(packet: Packet): Step<never> {
    let shown = 0;
    for (const { bit, isShown } of this.#shows) if (isShown(packet)) shown |= bit;
    const known = this.#steps.get(shown);
    if (known !== undefined) return known;
    const made = step(this.clauses(packet), []);
    this.#steps.set(shown, made);
    return made;
  }

  clauses(packet: Packet): readonly string[] {
    return this.#shows.filter(({ isShown }) => isShown(packet)).map(({ clause }) => clause);
  }
}

function always(): boolean {
  return true;
}

function step(clauses: readonly string[], findings: readonly RuleFinding[]): Step<never> {
  if (clauses.length === 0) return undecided();
  return findings.length === 0 ? { exercised: 1, clauses } : { exercised: 1, clauses, findings };
}

function keep<K, V>(known: Map<K, V>, key: K, value: V): V {
  known.set(key, value);
  return value;
}

/** Every packet puts the clause to the test. */
export const inAnyPacket: Shown = {};

/** Packets of these types do. */
export function inPackets(...types: readonly PacketType[]): Shown {
  return { types };
}

type Connect = Extract<Packet, { readonly type: 'CONNECT' }>;
type Publish = Extract<Packet, { readonly type: 'PUBLISH' }>;

/** A CONNECT of which that holds does. */
export function inConnect(holds: (packet: Connect) => boolean): Shown {
  return { types: ['CONNECT'], isShown: (packet) => packet.type === 'CONNECT' && holds(packet) };
}

/** A PUBLISH of which that holds does, and any packet of the other types. */
export function inPublish(holds: (packet: Publish) => boolean, ...others: readonly PacketType[]): Shown {
  return { types: ['PUBLISH', ...others], isShown: (packet) => packet.type !== 'PUBLISH' || holds(packet) };
}
