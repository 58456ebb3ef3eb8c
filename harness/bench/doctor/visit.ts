import { HarnessError } from '../../errors.ts';
import { AtSession } from '../../flash/target/at-session.ts';
import { openPort } from '../../flash/target/open-port.ts';
import { ModuleProxy } from '../../module/module-proxy.ts';
import { ModuleSession } from '../../module/session.ts';
import { SESSION_TIMING } from '../../module/session-timing.ts';
import { verifiedSsl } from '../../protocol/verified-ssl.ts';
import { transportFor } from '../../transport/transport-for.ts';
import { AtModule } from '../at/at-module.ts';
import type { BenchHost } from '../discovery/bench-host.ts';
import { type AttachedDevice, discoverDevices } from '../discovery/discover-devices.ts';
import type { BenchModule } from '../inventory/inventory.ts';
import { DATA_CALL_PROFILE } from '../park-module.ts';
import type { BrokerAddress, Scheme } from '../reach/broker-side.ts';
import { type BrokerTrial, tryBroker } from '../reach/broker-trial.ts';
import { LiveBrokerSide } from '../reach/live-broker-side.ts';

export interface VisitOptions {
  readonly host: BenchHost;
  /** Which module, where several are plugged in. */
  readonly usbPath?: string;
  /** What the inventory says of it, if it was named from there. */
  readonly expected?: BenchModule;
  /** Undefined if nobody said where the module finds the broker. */
  readonly broker?: BrokerAddress;
  /** Of the data call; the network's own choice without. */
  readonly apn?: string;
  /** For the shim's first answer; a module that starts takes some seconds. */
  readonly shimBudgetMs?: number;
  /** Where run records go. */
  readonly folder: string;
  /** Unix time. */
  readonly nowMs: () => number;
}

/** Not the run's: that of a run that was killed may still be there. */
const CA_FILE = 'UFS:qlhil_doctor_ca.pem';

/** What the checks of one visit share: each thing is opened once, by the check that is about it. */
export class Visit implements AsyncDisposable {
  readonly options: VisitOptions;
  /** What is to be undone at the end, the newest first. */
  readonly #undo: (() => PromiseLike<void>)[] = [];
  readonly #trials = new Map<Scheme, Promise<BrokerTrial>>();
  #device: AttachedDevice | undefined;
  #at: AtModule | undefined;
  #session: ModuleSession | undefined;
  #broker: Promise<LiveBrokerSide> | undefined;
  #isLocked = false;

  constructor(options: VisitOptions) {
    this.options = options;
  }

  /** Those that could be meant, whatever they are. */
  async findDevices(): Promise<readonly AttachedDevice[]> {
    const { host, usbPath } = this.options;
    const all = await discoverDevices(host.source);
    return usbPath === undefined ? all : all.filter(({ usb }) => usb.usbPath === usbPath);
  }

  choose(device: AttachedDevice): void {
    this.#device = device;
  }

  get device(): AttachedDevice {
    if (this.#device !== undefined) return this.#device;
    throw new HarnessError('HARNESS_BUG', 'a check needs a device and none was chosen', { where: 'doctor' });
  }

  /** That of the inventory; else the interface that the shim prefers, then the others that an application may open. */
  get rpcPort(): string | undefined {
    return this.rpcPortOf(this.device);
  }

  /** The same, when the module is plugged in anew. */
  rpcPortOf({ ports }: AttachedDevice): string | undefined {
    const { expected } = this.options;
    return expected === undefined ? (ports.nmea ?? ports.modem ?? ports.acm) : ports[expected.rpc];
  }

  async lock(): Promise<void> {
    if (this.#isLocked) return;
    this.#keep(await this.options.host.lock(this.device.usb.usbPath));
    this.#isLocked = true;
  }

  async at(): Promise<AtModule> {
    const path = this.device.ports.at ?? '';
    this.#at ??= this.#keep(await AtModule.open(new AtSession(await openPort(this.options.host, path), path)));
    return this.#at;
  }

  async session(): Promise<ModuleSession> {
    const { shimBudgetMs: openMs = SESSION_TIMING.openMs } = this.options;
    const transport = transportFor(this.rpcPort ?? '');
    this.#session ??= this.#keep(await ModuleSession.open({ transport, timing: { openMs } }));
    return this.#session;
  }

  /** Brings the data call up, if it is down, until the end of the visit. Returns the module's address, and whether it was up already. */
  async dataCall(): Promise<{ readonly address: string | null; readonly wasUp: boolean }> {
    const module = new ModuleProxy(await this.session());
    const { dataCall, address } = await module.networkStatus();
    if (dataCall) return { address, wasUp: true };
    const brought = await module.networkUp({ profile: DATA_CALL_PROFILE, apn: this.options.apn ?? null });
    this.#undo.push(() => module.networkDown(DATA_CALL_PROFILE).catch(() => undefined)); // or the module is gone
    return { address: brought.address, wasUp: false };
  }

  /** The module's one try to use our broker over TCP or TLS. */
  trial(scheme: Scheme): Promise<BrokerTrial> {
    const trial = this.#trials.get(scheme) ?? this.#try(scheme);
    this.#trials.set(scheme, trial);
    return trial;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const undo of this.#undo.splice(0).toReversed()) await undo();
  }

  #keep<T extends AsyncDisposable>(opened: T): T {
    this.#undo.push(() => opened[Symbol.asyncDispose]());
    return opened;
  }

  async #try(scheme: Scheme): Promise<BrokerTrial> {
    const address = this.options.broker;
    if (address === undefined) throw new HarnessError('HARNESS_BUG', 'there is no address to try', { where: 'doctor' });
    this.#broker ??= LiveBrokerSide.open(address).then((side) => this.#keep(side));
    const broker = await this.#broker;
    const module = new ModuleProxy(await this.session());
    await using door = await broker.open(scheme);
    if (scheme === 'mqtt') return await tryBroker(module, door, null);
    await module.putFile(CA_FILE, Buffer.from(broker.ca));
    const trial = await tryBroker(module, door, verifiedSsl(CA_FILE, module.hello.features));
    await module.removeFile(CA_FILE).catch(() => undefined); // the trial is what counts
    return trial;
  }
}
