import type { ModuleSpec } from '../bench/module-spec.ts';
import type { NamedBaseline } from './baseline.ts';
import type { KnownFailure } from './known-failure.ts';
import type { Selection } from './select-scenarios.ts';

/** What `qlhil run` is asked to do, checked and complete. */
export interface RunRequest extends Selection {
  readonly modules: readonly ModuleSpec[];
  /** Scenario files or folders; none means those that the package ships. */
  readonly files: readonly string[];
  readonly seed: number;
  readonly repeat: number;
  /** The scenarios of a file run in an order drawn from the seed, not as they stand there. */
  readonly shuffle: boolean;
  readonly strict: boolean;
  readonly known: readonly KnownFailure[];
  /** The user's; a virtual module without one has that of the package. */
  readonly baselines: readonly NamedBaseline[];
  /** Observations that are not as the baseline has them turn the run red. */
  readonly failOnChange: boolean;
  readonly failOnFlaky: boolean;
  /** End after the first scenario that the module fails. */
  readonly bail: boolean;
  /** No scenario begins later than this. */
  readonly maxDurationMs: number | undefined;
  readonly out: string | undefined;
  /** Where modules on a bench reach the broker, and where it listens. Virtual modules use the loopback. */
  readonly brokerHost: string;
  readonly listenAddress: string;
  /** For the data call of a module on a bench, if it has none yet; may be empty. */
  readonly apn: string;
  /** Keep a packet capture of each attempt, with the keys that open it. */
  readonly pcap: boolean;
  /** For the record: how to do it again. */
  readonly command: readonly string[];
}
