import { WOUNDBLOCK } from '../protocol/codes.ts';
import type { EventOf } from '../timeline/events.ts';
import type { Seen } from './rule.ts';
import type { Topic } from './topic.ts';

interface Subscriber {
  readonly on: readonly Topic[];
  /** Those of `on` that it takes whatever was before; left out: all. */
  readonly opens?: readonly Topic[] | undefined;
  /** Those within `on` that it does not take: they are counted. */
  readonly spared?: readonly Topic[];
}

/** Who is given an event, and whether only if something is open. */
export interface Taker<S> {
  readonly subscriber: S;
  readonly isOpening: boolean;
}

/** Who is given which event, worked out once: every event of a timeline passes here. */
export class Routes<S extends Subscriber> {
  readonly #all = new Route<S>();
  readonly #routes: ReadonlyMap<Topic, Route<S>>;

  /** Each event goes to its subscribers in the order that they have here. */
  constructor(subscribers: readonly S[]) {
    const topics = new Set(subscribers.flatMap(({ on, opens = [], spared = [] }) => [...opens, ...on, ...spared]));
    const routes = new Map([...topics].map((topic) => [topic, this.#open(topic)]));
    this.#routes = routes;
    for (const subscriber of subscribers) {
      const { on, opens = on, spared = [] } = subscriber;
      const past = new Set(spared.map((topic) => routes.get(topic)));
      for (const topic of opens) routes.get(topic)?.add({ subscriber, isOpening: true }, past);
      for (const topic of on) routes.get(topic)?.add({ subscriber, isOpening: false }, past);
    }
  }

  of(seen: Seen): readonly Taker<S>[] {
    const route = this.#routeOf(seen);
    route.passed += 1;
    return route.takers;
  }

  /** How many events of a topic that somebody is spared have passed. */
  passed(topic: Topic): number {
    return this.#routes.get(topic)?.allPassed ?? 0;
  }

  #open(topic: Topic): Route<S> {
    let route = this.#all;
    for (const word of topic.split(' ')) route = route.open(word);
    return route;
  }

  #routeOf({ event, call, isOrdinary }: Seen): Route<S> {
    const ofKind = this.#all.narrowed(event.k);
    switch (event.k) {
      case 'frame': {
        const ofType = ofKind.narrowed(event.dir).narrowed(event.packet.type);
        if (event.dir === 'up') return ofType.narrowed(event.lint.length === 0 ? 'sound' : 'flawed');
        return isOdd(event) ? ofType.narrowed('odd') : ofType;
      }
      case 'enter': {
        const ofCallback = ofKind.narrowed(event.cb);
        const route = event.cb === 'request' && call !== undefined ? ofCallback.narrowed(call.fn) : ofCallback;
        return isOrdinary === true ? route.narrowed('ordinary') : route;
      }
      case 'leave':
        return ofKind.narrowed(event.cb);
      case 'call':
        return event.in === undefined ? ofKind : ofKind.narrowed('inside');
      case 'ret': {
        const route = ofKind.narrowed(event.fn).narrowed(event.ret === WOUNDBLOCK ? 'pending' : 'final');
        return isOrdinary === true ? route.narrowed('ordinary') : route;
      }
      default:
        return ofKind;
    }
  }
}

function isOdd({ held, injected, defects }: EventOf<'frame'>): boolean {
  return held !== undefined || injected !== undefined || defects !== undefined;
}

/** Those who asked for a topic or for what contains it, and the topics within it that somebody asked for, by their next word. */
class Route<S> {
  readonly takers: Taker<S>[];
  /** The events that came this way and no further. */
  passed = 0;
  readonly #within = new Map<string, Route<S>>();
  /** For what nobody asked for by name. */
  #rest: Route<S> = this;

  constructor(takers: Taker<S>[] = []) {
    this.takers = takers;
  }

  /** With those that went on. */
  get allPassed(): number {
    const further = this.#rest === this ? [...this.#within.values()] : [this.#rest, ...this.#within.values()];
    return further.reduce((sum, { allPassed }) => sum + allPassed, this.passed);
  }

  narrowed(word: string): Route<S> {
    return this.#within.get(word) ?? this.#rest;
  }

  /** The route of that word alone. */
  open(word: string): Route<S> {
    const known = this.#within.get(word);
    if (known !== undefined) return known;
    const route = new Route<S>();
    this.#within.set(word, route);
    if (this.#rest === this) this.#rest = new Route(this.takers);
    return route;
  }

  /**
   * Adds whoever asked for this or for what contains it, but not past these routes; all that it asked for, before the next one
   * comes, what opens first.
   */
  add(taker: Taker<S>, past: ReadonlySet<unknown>): void {
    if (past.has(this)) return;
    if (this.takers.at(-1)?.subscriber !== taker.subscriber) this.takers.push(taker);
    for (const route of this.#within.values()) route.add(taker, past);
  }
}
