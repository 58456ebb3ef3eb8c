import { existsSync, mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { buildFirmware } from '../bench/firmware-build.ts';
import type { ModuleLock } from '../bench/lock/module-lock.ts';
import type { ModuleSpec, VirtualSpec } from '../bench/module-spec.ts';
import { checkForNetwork } from '../bench/network/missing-for-network.ts';
import { parkModule } from '../bench/park-module.ts';
import { VirtualModule } from '../bench/virtual-module.ts';
import { asError, HarnessError } from '../errors.ts';
import type { Lane } from './plan.ts';
import type { RunRequest } from './run-request.ts';
import { startAttached } from './start-attached.ts';
import { virtualLane } from './virtual-lane.ts';

/** Modules of one kind: they share the scenarios between them. Modules of another kind run all of them once more. */
export interface ModuleGroup {
  /** Fit for a file name. */
  readonly name: string;
  readonly specs: readonly ModuleSpec[];
}

/** Copies of a kind together; a module on a bench is a kind of its own. */
export function groupModules(modules: readonly ModuleSpec[]): readonly ModuleGroup[] {
  const kinds = new Map<string, ModuleSpec[]>();
  for (const spec of modules) {
    const copies = spec.kind === 'virtual' ? spec.count : 1;
    kinds.set(spec.text, [...(kinds.get(spec.text) ?? []), ...Array.from({ length: copies }, () => spec)]);
  }
  return [...kinds].map(([text, specs], index) => ({ name: `${index + 1}-${slug(text)}`, specs }));
}

/** @throws HarnessError PORT_LOST — a TTY that was given is not there */
export function checkPorts(modules: readonly ModuleSpec[]): void {
  for (const spec of modules) {
    if (spec.kind !== 'tty' || existsSync(spec.path)) continue;
    const message = `there is no ${spec.path}: is the module plugged in and switched on?`;
    throw new HarnessError('PORT_LOST', message, { port: spec.path });
  }
}

/** The modules of a group, ready to be opened. Virtual ones are running until it is disposed of. */
export class StartedGroup implements AsyncDisposable {
  readonly group: ModuleGroup;
  readonly lanes: readonly Lane[];
  readonly #virtual: readonly VirtualModule[];
  readonly #locks: readonly ModuleLock[];

  /**
   * @throws HarnessError CHILD_FAILED — a virtual module can't be built or started
   * @throws HarnessError MODULE_LOCKED — somebody else holds a module on a bench
   * @throws HarnessError PORT_LOST, RPC_TIMEOUT, PROTOCOL, RPC_REFUSED — a module on a bench does not answer, or has no network
   */
  static async start(group: ModuleGroup, request: RunRequest, options: StartOptions): Promise<StartedGroup> {
    const started = await Promise.allSettled(
      group.specs.map((spec, index) => startModule(spec, index, { ...options, request })),
    );
    const modules = started.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
    const failed = started.find((result) => result.status === 'rejected');
    const whole = new StartedGroup(group, modules);
    if (failed === undefined) return whole;
    await whole[Symbol.asyncDispose]();
    throw failed.reason;
  }

  private constructor(group: ModuleGroup, modules: readonly StartedModule[]) {
    this.group = group;
    this.lanes = modules.map(({ lane }) => lane);
    this.#virtual = modules.flatMap(({ virtual }) => (virtual === undefined ? [] : [virtual]));
    this.#locks = modules.flatMap(({ lock }) => (lock === undefined ? [] : [lock]));
  }

  /** Parks the modules of a bench; says what went wrong, one sentence a module. A virtual one simply ends. */
  async park(): Promise<readonly string[]> {
    const parked = this.lanes.filter((lane) => !lane.virtual).map((lane) => parkOne(lane));
    return (await Promise.all(parked)).filter((trouble) => trouble !== undefined);
  }

  /** What the firmware of virtual modules printed, if anything. */
  logs(): readonly string[] {
    return this.#virtual.map((module) => module.log());
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const held = [...this.#virtual, ...this.#locks];
    await Promise.all(held.map((resource) => resource[Symbol.asyncDispose]()));
  }
}

export interface StartOptions {
  /** A private folder for this group. */
  readonly folder: string;
  readonly onNote: (note: string) => void;
}

interface StartedModule {
  readonly lane: Lane;
  readonly virtual?: VirtualModule;
  readonly lock?: ModuleLock;
}

async function startModule(
  spec: ModuleSpec,
  index: number,
  options: StartOptions & { readonly request: RunRequest },
): Promise<StartedModule> {
  return spec.kind === 'virtual'
    ? startVirtual(spec, index, options)
    : startAttached(spec, options.request, options.onNote);
}

async function startVirtual(
  spec: VirtualSpec,
  index: number,
  { folder, onNote, request }: StartOptions & { readonly request: RunRequest },
): Promise<StartedModule> {
  if (spec.hasOwnNetwork) checkForNetwork();
  const binary = await buildFirmware(spec.sdk, () =>
    onNote(`building the firmware of the virtual module (${spec.sdk} generation; only the first time)`),
  );
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const virtual = await VirtualModule.start({
    spec,
    binary,
    folder: spec.folder === undefined ? join(folder, `module-${index + 1}`) : resolve(spec.folder),
    seed: request.seed,
    copy: index + 1,
  });
  return { lane: virtualLane(spec, virtual), virtual };
}

async function parkOne({ port, care }: Lane): Promise<string | undefined> {
  try {
    await parkModule(port, care.place);
    return undefined;
  } catch (thrown) {
    return `the module on ${port} could not be parked: ${asError(thrown).message}`;
  }
}

function slug(text: string): string {
  const words = text.replaceAll(/[^a-z0-9]+/giu, '-').replaceAll(/^-|-$/gu, '');
  return words.slice(0, 48).toLowerCase();
}
