import type { TimelineEvent } from '../timeline/events.ts';
import type { Topic } from './topic.ts';

interface Subscriber {
  readonly on: readonly Topic[];
}

/** Who is given which event, worked out once: every event of a timeline passes here. */
export class Routes<S extends Subscriber> {
  readonly #all: Route<S>;

  /** Each event goes to its subscribers in the order that they have here. */
  constructor(subscribers: readonly S[]) {
    this.#all = routeTo('', subscribers);
  }

  of(event: TimelineEvent): readonly S[] {
    return this.#routeOf(event).subscribers;
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
  readonly subscribers: readonly S[];
  readonly #within: ReadonlyMap<string, Route<S>>;
  /** For what nobody asked for by name. */
  readonly #rest: Route<S>;

  constructor(subscribers: readonly S[], within: ReadonlyMap<string, Route<S>>) {
    this.subscribers = subscribers;
    this.#within = within;
    this.#rest = within.size === 0 ? this : new Route(subscribers, new Map());
  }

  narrowed(word: string): Route<S> {
    return this.#within.get(word) ?? this.#rest;
  }
}

function routeTo<S extends Subscriber>(topic: string, subscribers: readonly S[]): Route<S> {
  const asked = subscribers.flatMap(({ on }) => on.filter((one) => contains(topic, one)));
  const next = new Set(asked.map((one) => one.split(' ')[wordsIn(topic)]).filter((word) => word !== undefined));
  const within = [...next].map((word) => [word, routeTo(`${topic} ${word}`.trim(), subscribers)] as const);
  return new Route(
    subscribers.filter(({ on }) => on.some((one) => contains(one, topic))),
    new Map(within),
  );
}

/** Whether every event of the second topic is one of the first. */
function contains(topic: string, other: string): boolean {
  return topic === '' || other === topic || other.startsWith(`${topic} `);
}

function wordsIn(topic: string): number {
  return topic === '' ? 0 : topic.split(' ').length;
}
