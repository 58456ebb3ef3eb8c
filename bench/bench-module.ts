import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildFirmware } from '../harness/bench/firmware-build.ts';
import { parseModuleSpec } from '../harness/bench/module-spec.ts';
import { readSkus } from '../harness/bench/sku.ts';
import { readVirtualCatalogue } from '../harness/bench/virtual-catalogue.ts';
import { VirtualModule } from '../harness/bench/virtual-module.ts';
import { ModuleProxy } from '../harness/module/module-proxy.ts';
import { ModuleSession } from '../harness/module/session.ts';
import type { ModuleEvent } from '../harness/protocol/module-event.ts';
import { transportFor } from '../harness/transport/transport-for.ts';

/** A virtual module and a session with it, as a run has them. */
export class BenchModule implements AsyncDisposable {
  readonly virtual: VirtualModule;
  readonly module: ModuleProxy;
  /** Called with each event. */
  onEvent: (event: ModuleEvent) => void = () => undefined;
  readonly #session: ModuleSession;
  readonly #folder: string;

  static async start(): Promise<BenchModule> {
    const spec = parseModuleSpec('virtual', { ...readVirtualCatalogue(), skus: readSkus() });
    if (spec.kind !== 'virtual') throw new TypeError('virtual is a virtual module');
    const folder = mkdtempSync(join(tmpdir(), 'qlhil-bench-'));
    const binary = await buildFirmware(spec.sdk);
    const virtual = await VirtualModule.start({ spec, binary, folder: join(folder, 'module'), seed: 1, copy: 1 });
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
