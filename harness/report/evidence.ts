import type { Changes } from './changes.ts';

/** What reports show besides the run record: read from the run's folder by whoever calls the renderer. */
export interface Evidence {
  /** One for each attempt whose timeline could be read. */
  readonly timelines: readonly TimelineEvidence[];
  /** Undefined: there was no baseline. */
  readonly comparison?: Changes | undefined;
}

/** What a timeline says about itself, and the timeline itself if it fits into the page. */
export interface TimelineEvidence extends TimelineFacts {
  /** As the attempt names it: relative to the run's folder. */
  readonly timeline: string;
  /** The lines, deflated (RFC 1951), in base64; undefined where it was left out. */
  readonly packed?: string | undefined;
  /** Events that are in `packed`, when it is not all of them. */
  readonly cutTo?: { readonly from: number; readonly to: number } | undefined;
}

export interface TimelineFacts {
  /** ISO 8601; empty if the header can't be read. */
  readonly startedAt: string;
  readonly events: number;
  /** Lines of the serial link that were no message. */
  readonly noise: number;
  /** How often the port went away. */
  readonly portLosses: number;
  /** Faults and gates that were armed and never acted. */
  readonly unfired: readonly string[];
}

/** The bundled front end: one script, one style sheet, and their hashes for the page's Content-Security-Policy. */
export interface PageBundle {
  readonly script: string;
  readonly style: string;
  /** `sha256-…` */
  readonly scriptHash: string;
  readonly styleHash: string;
}
