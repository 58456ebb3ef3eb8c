import type { BytePort } from '../../flash/byte-port.ts';
import { AtSession } from '../../flash/target/at-session.ts';
import { ModuleProxy } from '../../module/module-proxy.ts';
import { ModuleSession } from '../../module/session.ts';
import type { TransportFactory } from '../../transport/line-transport.ts';
import { AtModule } from '../at/at-module.ts';
import type { BrokerDoor, BrokerSide, Scheme } from '../reach/broker-side.ts';

/** A module may take a minute to start; a run gives it less. */
export const REOPEN_MS = 60_000;

/** All that the first hour has of the world, so that a transcript can stand in its place. */
export interface HourParts {
  /** Of the data call. */
  readonly apn: string | null;
  readonly atPort: string;
  openAt(): Promise<BytePort>;
  /** Finds the port anew at each opening: its number moves at a reset. */
  readonly transport: TransportFactory;
  openBroker(): Promise<BrokerSide & AsyncDisposable>;
  /** Unix time. */
  nowMs(): number;
  /** Lets time pass on the module. */
  pause(ms: number): Promise<void>;
}

/** What the looks at a module share: each thing is opened by the first of them that needs it. */
export class FirstHour implements AsyncDisposable {
  readonly parts: HourParts;
  #at: AtModule | undefined;
  #module: ModuleProxy | undefined;
  #broker: (BrokerSide & AsyncDisposable) | undefined;

  constructor(parts: HourParts) {
    this.parts = parts;
  }

  async at(): Promise<AtModule> {
    this.#at ??= await AtModule.open(new AtSession(await this.parts.openAt(), this.parts.atPort));
    return this.#at;
  }

  async module(): Promise<ModuleProxy> {
    this.#module ??= new ModuleProxy(
      await ModuleSession.open({ transport: this.parts.transport, timing: { reopenMs: REOPEN_MS } }),
    );
    return this.#module;
  }

  async broker(): Promise<BrokerSide> {
    this.#broker ??= await this.parts.openBroker();
    return this.#broker;
  }

  async open(scheme: Scheme): Promise<BrokerDoor> {
    return await (await this.broker()).open(scheme);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#broker?.[Symbol.asyncDispose]();
    await this.#module?.session.close();
    await this.#at?.[Symbol.asyncDispose]();
  }
}
