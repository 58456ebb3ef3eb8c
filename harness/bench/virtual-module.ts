import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { asError, HarnessError } from '../errors.ts';
import type { VirtualSpec } from './module-spec.ts';
import { behindAir } from './network/behind-air.ts';
import { cannotLay, hostsOf, layNetwork, type OwnNetwork } from './network/own-network.ts';
import type { PowerSwitch } from './power/power-settings.ts';
import { decodeSupervisorEvent, type SupervisorEvent } from './supervisor-event.ts';

type Supervisor = ChildProcessByStdio<Writable, Readable, Readable>;

/** The application's USB interface (NMEA), on which the shim listens. */
const RPC_INTERFACE = '8';
const AT_INTERFACE = '2';
const PLUG_BUDGET_MS = 10_000;
const CONTROL_BUDGET_MS = 5_000;
const END_BUDGET_MS = 2_000;
const POWER_OFF_MS = 200;
const LONGEST_LINE = 65_536;

export interface VirtualModuleOptions {
  readonly spec: VirtualSpec;
  /** Path of `qlhil-vmodule`. */
  readonly binary: string;
  /** Made here; the caller's folder above it is private. */
  readonly folder: string;
  /** Used where the spec names no seed. */
  readonly seed: number;
  /** Tells copies of a kind apart in the IMEI. */
  readonly copy: number;
  /** The command that answers on its port in download mode; without one it never gets there. */
  readonly bootRom?: string;
}

/**
 * A virtual module that runs. It dies with this process, however that ends: its supervisor ends at the end of its stdin.
 *
 * TTY numbers move each time the module starts again, so `port` is a link that follows; while the module is unplugged there is none.
 */
export class VirtualModule implements AsyncDisposable {
  readonly port: string;
  readonly atPort: string;
  readonly #supervisor: Supervisor;
  readonly #waiting = new Set<Waiter>();
  readonly #ended: Promise<void>;
  readonly #folder: string;
  readonly #hostsFile: string;
  #network: OwnNetwork | undefined;
  #complaint = '';
  #hasEnded = false;

  /**
   * Resolves when the module is plugged in.
   *
   * @throws HarnessError CHILD_FAILED — the supervisor ended or said nothing within 10 s
   * @throws HarnessError CONFIGURATION — it is to have a network of its own, which this machine can't give
   */
  static async start(options: VirtualModuleOptions): Promise<VirtualModule> {
    mkdirSync(options.folder, { recursive: true, mode: 0o700 });
    const module = new VirtualModule(options);
    try {
      if (options.spec.hasOwnNetwork) await module.#layNetwork(options.copy);
      await module.waitFor((event) => event.event === 'plugged', PLUG_BUDGET_MS, 'the virtual module to be plugged in');
    } catch (thrown) {
      await module[Symbol.asyncDispose]();
      throw thrown;
    }
    return module;
  }

  private constructor(options: VirtualModuleOptions) {
    this.#folder = options.folder;
    this.port = join(options.folder, `port-${RPC_INTERFACE}`);
    this.atPort = join(options.folder, `port-${AT_INTERFACE}`);
    this.#hostsFile = join(options.folder, 'hosts');
    const [command = '', ...args] = supervisorCommand(options, this.#hostsFile);
    this.#supervisor = spawn(command, args, {
      stdio: ['pipe', 'pipe', 'pipe'],
      detached: true, // a Ctrl-C at the terminal is the command line's to deal with
    });
    this.#ended = new Promise((resolve) => {
      this.#supervisor.once('error', (error) => resolve(this.#end(asError(error).message)));
      this.#supervisor.once('close', (code, signal) => resolve(this.#end(`it ended (${signal ?? `exit ${code}`})`)));
    });
    this.#supervisor.stdin.on('error', () => undefined); // its end is told by 'close'
    this.#supervisor.stderr.on('data', (chunk: Buffer) => {
      this.#complaint = (this.#complaint + chunk.toString()).slice(-LONGEST_LINE);
    });
    followLines(this.#supervisor.stdout, (line) => this.#hear(line));
  }

  /** Hands a control line (`set csq 17`, `kill`, `unplug` …) to the supervisor. @throws HarnessError CHILD_FAILED, if refused */
  async control(line: string): Promise<void> {
    const answered = this.waitFor(
      (event) => event.event === 'control' && event.line === line,
      CONTROL_BUDGET_MS,
      `an answer to '${line}'`,
    );
    this.#supervisor.stdin.write(`${line}\n`);
    const answer = await answered;
    if (answer.event === 'control' && answer.ok) return;
    throw this.#failure(`the supervisor refused '${line}'`);
  }

  /** The first event from here on that fits. @throws HarnessError CHILD_FAILED — none came, or the supervisor ended */
  async waitFor(fits: (event: SupervisorEvent) => boolean, budgetMs: number, what: string): Promise<SupervisorEvent> {
    if (this.#hasEnded) throw this.#failure(`waited for ${what}, but it has ended`);
    return new Promise((resolve, reject) => {
      const settle = (act: () => void) => {
        clearTimeout(timer);
        this.#waiting.delete(waiter);
        act();
      };
      const waiter: Waiter = {
        hear: (event) => fits(event) && settle(() => resolve(event)),
        fail: (why) => settle(() => reject(this.#failure(`waited for ${what}: ${why}`))),
      };
      const timer = setTimeout(() => waiter.fail(`nothing within ${budgetMs} ms`), budgetMs);
      this.#waiting.add(waiter);
    });
  }

  /** Where it has a network of its own: undefined on the loopback. */
  get network(): OwnNetwork | undefined {
    return this.#network;
  }

  /** Its supply, for whoever is not the process that started it. */
  get power(): PowerSwitch {
    const say = (word: string) => ['sh', '-c', 'echo "power $1" > "$0"', join(this.#folder, 'control'), word];
    return { on: say('on'), off: say('off'), offMs: POWER_OFF_MS };
  }

  /** What the firmware printed, if anything. */
  log(): string {
    try {
      return readFileSync(join(this.#folder, 'log', 'child.log'), 'utf8');
    } catch {
      return ''; // it never started
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#supervisor.stdin.end();
    const timer = setTimeout(() => this.#supervisor.kill('SIGKILL'), END_BUDGET_MS);
    await this.#ended;
    clearTimeout(timer);
  }

  async #layNetwork(number: number): Promise<void> {
    const what = 'it to have network namespaces';
    await this.waitFor((event) => event.event === 'waits-for-network', PLUG_BUDGET_MS, what).catch((thrown) => {
      throw cannotLay(thrown);
    });
    const { pid } = this.#supervisor;
    if (pid === undefined) throw this.#failure('it has no process');
    this.#network = await layNetwork(pid, number);
    writeFileSync(this.#hostsFile, hostsOf(this.#network));
    this.#supervisor.stdin.write('go\n');
  }

  #hear(line: string): void {
    const event = decodeSupervisorEvent(line);
    if (event === undefined) return;
    if (event.event === 'plugged') this.#link(event.ports);
    if (event.event === 'unplugged') this.#unlink();
    for (const waiter of this.#waiting) waiter.hear(event);
  }

  #link(ports: Readonly<Record<string, string>>): void {
    pointTo(this.port, ports[RPC_INTERFACE]);
    pointTo(this.atPort, ports[AT_INTERFACE]);
  }

  // Removed, not left dangling: PTY numbers are used again at once, for somebody else's terminal.
  #unlink(): void {
    rmSync(this.port, { force: true });
    rmSync(this.atPort, { force: true });
  }

  #end(why: string): void {
    this.#hasEnded = true;
    this.#unlink();
    for (const waiter of this.#waiting) waiter.fail(why);
  }

  #failure(message: string): HarnessError {
    const complaint = this.#complaint.trim();
    return new HarnessError('CHILD_FAILED', `virtual module: ${message}${complaint === '' ? '' : `: ${complaint}`}`, {
      command: this.#supervisor.spawnfile,
      exitCode: this.#supervisor.exitCode,
    });
  }
}

interface Waiter {
  readonly hear: (event: SupervisorEvent) => void;
  readonly fail: (why: string) => void;
}

function supervisorCommand(options: VirtualModuleOptions, hostsFile: string): readonly string[] {
  const command = [options.binary, ...supervisorArguments(options)];
  return options.spec.hasOwnNetwork ? behindAir(command, hostsFile) : command;
}

function supervisorArguments({ spec, folder, seed, copy, bootRom }: VirtualModuleOptions): string[] {
  const options: readonly (readonly [string, string])[] = [
    ['--dir', folder],
    ['--sku', spec.sku.sku],
    ['--imei', imeiOfCopy(copy)],
    ['--seed', String(spec.seed ?? seed)],
    ...optional('--revision', spec.revision),
    ...optional('--personality', spec.personality),
    ...optional('--boot-rom', bootRom),
    ...spec.defects.map((defect) => ['--defect', defect] as const),
    ...spec.settings.map((setting) => ['--set', setting] as const),
  ];
  return options.flat();
}

function optional(option: string, value: string | undefined): readonly (readonly [string, string])[] {
  return value === undefined ? [] : [[option, value]];
}

/** A number of the test range 00-101540, with its Luhn digit. */
function imeiOfCopy(copy: number): string {
  const body = `00101540${String(copy).padStart(6, '0')}`;
  const weighed = Array.from(body, (digit, index) => Number(digit) * (index % 2 === 0 ? 1 : 2));
  const sum = weighed.reduce((total, value) => total + Math.floor(value / 10) + (value % 10), 0);
  return `${body}${(10 - (sum % 10)) % 10}`;
}

function pointTo(link: string, target: string | undefined): void {
  if (target === undefined) return;
  const fresh = `${link}.new`;
  rmSync(fresh, { force: true });
  symlinkSync(target, fresh);
  renameSync(fresh, link);
}

function followLines(stream: Readable, onLine: (line: string) => void): void {
  let rest = '';
  stream.setEncoding('utf8');
  stream.on('data', (chunk: string) => {
    const lines = (rest + chunk).split('\n');
    rest = (lines.pop() ?? '').slice(-LONGEST_LINE);
    for (const line of lines) onLine(line);
  });
}
