import type { TimelineEvent } from '../timeline/events.ts';
import type { Topic } from './topic.ts';

interface Subscriber {
  readonly on: readonly Topic[];
}

/** Who is given which event, worked out once: every event of a timeline passes here. */
export class Routes<S extends Subscriber> {
  readonly #all = new Route<S>();

  /** Each event goes to its subscribers in the order that they have here. */
  constructor(subscribers: readonly S[]) {
    const asked = subscribers.map(({ on }) => on.map((topic) => this.#open(topic)));
    for (const [index, subscriber] of subscribers.entries())
      for (const route of asked[index] ?? []) route.add(subscriber);
  }

  of(event: TimelineEvent): readonly S[] {
    return this.#routeOf(event).subscribers;
  }

  #open(topic: Topic): Route<S> {
    let route = this.#all;
    for (const word of topic.split(' ')) route = route.open(word);
    return route;
  }

  #routeOf(event: TimelineEvent): Route<S> {
    const ofKind = this.#all.narrowed(event.k);
    switch (event.k) {
      case 'frame':
        return ofKind.narrowed(event.dir).narrowed(event.packet.type);
      case 'enter':
      case 'leave':
        return ofKind.narrowed(event.cb);
      case 'ret':
        return ofKind.narrowed(event.fn);
      default:
        return ofKind;
    }
  }
}

/** Those who asked for a topic or for what contains it, and the topics within it that somebody asked for, by their next word. */
class Route<S> {
  readonly subscribers: S[];
  readonly #within = new Map<string, Route<S>>();
  /** For what nobody asked for by name. */
  #rest: Route<S> = this;

  constructor(subscribers: S[] = []) {
    this.subscribers = subscribers;
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
    if (this.#rest === this) this.#rest = new Route(this.subscribers);
    return route;
  }

  /** Adds whoever asked for this or for what contains it; all that it asked for, before the next one comes. */
  add(subscriber: S): void {
    if (this.subscribers.at(-1) !== subscriber) this.subscribers.push(subscriber);
    for (const route of this.#within.values()) route.add(subscriber);
  }
}
