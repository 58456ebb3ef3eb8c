import type { EventOf } from '../timeline/events.ts';
import type { Relation } from './relations/relation.ts';
import { Teller, type Telling } from './relations/telling.ts';
import type { Seen } from './rule.ts';

/** What comes of the situations of a timeline. */
export interface SituationSink {
  compared(relation: Relation): void;
  differs(relation: Relation, message: string, events: readonly number[]): void;
  trouble(what: string): void;
}

interface Pair {
  readonly relation: Relation;
  readonly first: Telling;
}

/** Listens between the marks of situations, and compares the second of each pair with the first. */
export class Situations {
  readonly #relations: ReadonlyMap<string, Relation>;
  readonly #sink: SituationSink;
  #teller: Teller | undefined;
  #half: Pair | undefined;

  constructor(relations: readonly Relation[], sink: SituationSink) {
    this.#relations = new Map(relations.map((relation) => [relation.id, relation]));
    this.#sink = sink;
  }

  see(seen: Seen): void {
    const { event } = seen;
    if (event.k !== 'situation') this.#teller?.see(seen);
    else if (event.act === 'begin') this.#teller = new Teller();
    else this.#ended(event);
  }

  end(): void {
    if (this.#half !== undefined)
      this.#sink.trouble(`the second situation of ${this.#half.relation.id} did not come to its end`);
  }

  #ended({ relation: id, nth }: EventOf<'situation'>): void {
    const relation = this.#relations.get(id);
    const telling = this.#teller?.tell();
    const half = this.#half;
    this.#teller = undefined;
    this.#half = undefined;
    // Of a relation that was left out nothing is asked.
    if (relation === undefined || telling === undefined) return;
    if (nth === 1) this.#half = { relation, first: telling };
    else if (half?.relation === relation) this.#compare(half, telling);
  }

  #compare({ relation, first }: Pair, second: Telling): void {
    this.#sink.compared(relation);
    for (const { message, events } of relation.compare(first, second)) this.#sink.differs(relation, message, events);
  }
}
