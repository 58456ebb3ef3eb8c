import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { VirtualModule } from '../harness/bench/virtual-module.ts';
import { ModuleProxy } from '../harness/module/module-proxy.ts';
import { ModuleSession } from '../harness/module/session.ts';
import type { ModuleEvent } from '../harness/protocol/module-event.ts';
import { transportFor } from '../harness/transport/transport-for.ts';
import { startVirtual } from '../test/support/start-virtual.ts';

/** A virtual module and a session with it, as a run has them. */
export class BenchModule implements AsyncDisposable {
  readonly virtual: VirtualModule;
  readonly module: ModuleProxy;
  /** Called with each event. */
  onEvent: (event: ModuleEvent) => void = () => undefined;
  readonly #session: ModuleSession;
  readonly #folder: string;

  static async start(): Promise<BenchModule> {
    const folder = mkdtempSync(join(tmpdir(), 'qlhil-bench-'));
    const virtual = await startVirtual('virtual', { folder: join(folder, 'module') });
    const session = await ModuleSession.open({ transport: transportFor(virtual.port) });
    return new BenchModule(virtual, session, folder);
  }

  private constructor(virtual: VirtualModule, session: ModuleSession, folder: string) {
    this.virtual = virtual;
    this.module = new ModuleProxy(session);
    this.#session = session;
    this.#folder = folder;
    session.observe({ event: (event) => this.onEvent(event) });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#session.close();
    await this.virtual[Symbol.asyncDispose]();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
