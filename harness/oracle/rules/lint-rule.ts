import type { Packet, PacketType } from '../../../broker/events.ts';
import { type AnyRule, type RuleFinding, rule, type Spared, type Step, spare } from '../rule.ts';
import { undecided } from '../step.ts';
import { PACKET_TYPES } from '../topic.ts';

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

/**
 * A rule that passes on what the broker's linter found in the packets of the module, under the linter's own clause.
 *
 * Nearly all packets are sound. Those of which the type alone matters need no look; the others share their steps.
 */
export function lintRule({ id, says, shows }: LintRule): AnyRule {
  const [clause = id, ...also] = Object.keys(shows);
  const shownBy = new Map(PACKET_TYPES.map((type) => [type, new ShownClauses(shows, type)]));
  return rule({
    id,
    clause,
    also,
    says,
    on: ['frame up'],
    spared: PACKET_TYPES.flatMap((type) => shownBy.get(type)?.spared ?? []),
    step(_, { event }): Step<never> {
      const shown = event.k === 'frame' ? shownBy.get(event.packet.type) : undefined;
      if (event.k !== 'frame' || shown === undefined) return undecided();
      const { packet, lint, n } = event;
      if (lint.length === 0) return shown.step(packet);
      const found = lint.filter((one) => Object.hasOwn(shows, one.clause));
      const clauses = [...new Set([...shown.clauses(packet), ...found.map((one) => one.clause)])];
      if (clauses.length === 0) return undecided();
      const findings = found.map((one): RuleFinding => ({ message: one.says, events: [n], clause: one.clause }));
      return { exercised: 1, clauses, findings };
    },
  });
}

/** The clauses that packets of one type put to the test. */
class ShownClauses {
  readonly #type: PacketType;
  readonly #shown: readonly { readonly clause: string; readonly bit: number; readonly isShown: Test | undefined }[];
  readonly #steps = new Map<number, Step<never>>();

  constructor(shows: LintRule['shows'], type: PacketType) {
    const ofType = Object.entries(shows).filter(([, { types }]) => types?.includes(type) ?? true);
    this.#type = type;
    this.#shown = ofType.map(([clause, { isShown }], index) => ({ clause, bit: 1 << index, isShown }));
  }

  /** Sound packets, unless what they count for depends on what is in them. */
  get spared(): readonly Spared[] {
    if (this.#shown.some(({ isShown }) => isShown !== undefined)) return [];
    return spare([`frame up ${this.#type} sound`], ...this.#shown.map(({ clause }) => clause));
  }

  /** Of a sound packet: the same for all that show the same clauses. */
  step(packet: Packet): Step<never> {
    let bits = 0;
    for (const { bit, isShown = always } of this.#shown) if (isShown(packet)) bits |= bit;
    const known = this.#steps.get(bits);
    if (known !== undefined) return known;
    const clauses = this.clauses(packet);
    const step = clauses.length === 0 ? undecided<never>() : { exercised: 1, clauses };
    this.#steps.set(bits, step);
    return step;
  }

  clauses(packet: Packet): readonly string[] {
    return this.#shown.filter(({ isShown = always }) => isShown(packet)).map(({ clause }) => clause);
  }
}

function always(): boolean {
  return true;
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
