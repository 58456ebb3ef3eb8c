import type { EventOf } from '../timeline/events.ts';
import type { Timeline } from '../timeline/timeline.ts';

/** A start of the module, as timelines tell it. */
export type Start = Readonly<Pick<EventOf<'boot'>, 'id' | 'cause' | 'announced'>>;

/** What is known of a module's starts when nobody watches it any more. */
export interface LeftStarts {
  /** Of the start that was heard of last. */
  readonly bootId: string;
  /** Whose attempt was the last one. */
  readonly after: string;
  readonly untold: readonly Start[];
}

/** Starts of the module between two attempts. No timeline is open then, so the next one begins with them. */
export class UntoldStarts {
  #bootId: string | undefined;
  #after: string | undefined;
  #untold: readonly Start[];

  /** @param left as another left the module; undefined: there was nobody */
  constructor(left: LeftStarts | undefined) {
    this.#bootId = left?.bootId;
    this.#after = left?.after;
    this.#untold = left?.untold ?? [];
  }

  /** Of the start that was heard of last; undefined: of none yet. */
  get bootId(): string | undefined {
    return this.#bootId;
  }

  /** Whether one of them counts against the module. */
  get hasUnannounced(): boolean {
    return this.#untold.some(({ announced }) => !announced);
  }

  /** For whoever watches the module next; undefined before the first attempt. */
  get left(): LeftStarts | undefined {
    if (this.#bootId === undefined || this.#after === undefined) return undefined;
    return { bootId: this.#bootId, after: this.#after, untold: this.#untold };
  }

  /** The module says since which start it runs. One that nobody has heard of came while nobody watched. */
  meet({ id, cause }: Pick<Start, 'id' | 'cause'>, isAnnounced: (cause: string) => boolean): void {
    if (this.#bootId === undefined) this.#bootId = id;
    if (id !== this.#bootId) this.hear({ id, cause, announced: isAnnounced(cause) });
  }

  hear(start: Start): void {
    if (start.id === this.#bootId) return;
    this.#bootId = start.id;
    this.#untold = [...this.#untold, start];
  }

  /** Tells all of them to a timeline that has just been opened; those that come while it is open are its own. */
  tellTo(timeline: Timeline): void {
    const after = this.#after === undefined ? {} : { after: this.#after };
    for (const { id, cause, announced } of this.#untold) timeline.host({ k: 'boot', id, cause, announced, ...after });
    this.#untold = [];
    this.#after = timeline.header.scenario.id;
    timeline.subscribe((event) => {
      if (event.k !== 'boot') return;
      this.#bootId = event.id;
      this.#untold = this.#untold.filter(({ id }) => id !== event.id);
    });
  }
}
