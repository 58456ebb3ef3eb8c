import type { VirtualSpec } from '../bench/module-spec.ts';
import type { Defect } from '../bench/virtual-catalogue.ts';
import type { StopRequest } from '../run/stop-request.ts';
import type { TriedDefect } from './tried-defect.ts';

/** What `qlhil mutate` is asked to do, checked and complete. */
export interface MutateRequest {
  /** What is given the defects. */
  readonly module: VirtualSpec;
  readonly defects: readonly Defect[];
  /** How many are tried at a time. */
  readonly lanes: number;
  /** What the scenarios of its area miss is a survivor: the others are not tried. */
  readonly areaOnly: boolean;
  readonly seed: number;
  /** Where outcomes and timelines are kept, a folder a defect; undefined: nowhere. */
  readonly out: string | undefined;
}

/** Whoever shows it while it runs. */
export interface MutateView {
  note(text: string): void;
  /** A defect's trial is over; one that was missed may be tried again. */
  tried(defect: TriedDefect): void;
}

export interface MutateContext {
  readonly view: MutateView;
  readonly stop: StopRequest;
}
