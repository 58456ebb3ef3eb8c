import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { buildFirmware } from '../harness/bench/firmware-build.ts';
import { isFailure } from '../harness/errors.ts';
import { ModuleSession } from '../harness/module/session.ts';
import { transportFor } from '../harness/transport/transport-for.ts';
import { qlhil } from './support/qlhil.ts';
import { startVirtual } from './support/start-virtual.ts';
import { TemporaryFolder } from './support/temporary-folder.ts';

/** `tcp:` against the servers that labs use, from Debian. */

const BUDGET_MS = 120_000;
const folder = new TemporaryFolder();
beforeAll(() => buildFirmware('manual'), 600_000);
afterAll(() => folder[Symbol.dispose]());

/** The words that make each offer a TTY on a TCP port. */
const SERVERS: Readonly<Record<string, (tty: string, port: number) => readonly string[]>> = {
  ser2net: (tty, port) => {
    const path = join(folder.path, `ser2net-${port}.yaml`);
    const connector = `serialdev,${tty},115200n81,local`;
    writeFileSync(path, `connection: &c\n  accepter: tcp,127.0.0.1,${port}\n  connector: ${connector}\n`);
    return ['ser2net', '-n', '-c', path, '-P', join(folder.path, `${port}.pid`)];
  },
  socat: (tty, port) => ['socat', `TCP-LISTEN:${port},bind=127.0.0.1,reuseaddr,fork`, `FILE:${tty},rawer`],
};

test.each(Object.keys(SERVERS))(
  'through %s calls return, a reset is told with its cause, and a run passes',
  async (name) => {
    await using virtual = await startVirtual('virtual', { folder: join(folder.path, `module-${name}`) });
    await using server = await PortServer.start(name, virtual.port);
    const boots: string[] = [];
    {
      const observer = {
        happening: (told: { readonly k: string }) => void ('cause' in told && boots.push(String(told.cause))),
      };
      await using session = await ModuleSession.open({ transport: transportFor(server.spec), observer });
      expect(await callOften(session)).toBe(CALLS);
      await virtual.control('reset');
      await untilBooted(session);
      expect(await callOften(session)).toBe(CALLS);
    }
    expect(boots).toEqual(['pin-reset']);

    const words = ['run', '--module', server.spec, '--grep', '^publish/qos1@', '--out', name];
    const { exitCode, stdout, stderr } = await qlhil(words, {
      cwd: folder.path,
      env: { QLHIL_LOCK_DIR: join(folder.path, 'locks') },
    });

    expect({ exitCode, stderr, stdout }).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('2 passed') });
  },
  BUDGET_MS,
);

const CALLS = 40;

async function callOften(session: ModuleSession): Promise<number> {
  const returned = Array.from({ length: CALLS }, async (_, n) => {
    const call = await session.call('mqtt.is_connected', { slot: n % 6 });
    return await call.returned(BUDGET_MS);
  });
  return (await Promise.all(returned)).length;
}

/** Requests fail with the start, and then do not. */
async function untilBooted(session: ModuleSession): Promise<void> {
  for (;;) {
    try {
      await session.request('clock.read', {});
    } catch (thrown) {
      if (isFailure(thrown, 'MODULE_RESET')) return;
      throw thrown;
    }
  }
}

class PortServer implements AsyncDisposable {
  readonly spec: string;
  readonly #child: ChildProcess;

  /** Resolves when it accepts connections. */
  static async start(name: string, tty: string): Promise<PortServer> {
    const port = await freePort();
    const [command = '', ...words] = SERVERS[name]?.(tty, port) ?? [];
    // Where Debian puts servers, and few users' paths lead.
    const env = { ...process.env, PATH: `${process.env['PATH']}:/usr/sbin` };
    const child = spawn(command, words, { stdio: 'ignore', env });
    const server = new PortServer(child, port);
    const ended = once(child, 'exit').then(() => {
      throw new Error(`${name} ended`);
    });
    ended.catch(() => undefined); // it ends when the test does
    await Promise.race([accepts(port), ended]);
    return server;
  }

  private constructor(child: ChildProcess, port: number) {
    this.#child = child;
    this.spec = `tcp:127.0.0.1:${port}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const ended = once(this.#child, 'exit');
    this.#child.kill();
    await ended;
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const closed = once(server, 'close');
  server.close();
  await closed;
  return typeof address === 'object' && address !== null ? address.port : 0;
}

const LISTENING = '0A';

/** Neither server says when it listens, and a connection to find out would have the TTY opened for nobody: the kernel's table tells. */
async function accepts(port: number): Promise<void> {
  const local = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  const isOurs = (row: string) => {
    const [, address = '', , state] = row.trim().split(/\s+/u);
    return address.endsWith(local) && state === LISTENING;
  };
  while (!readFileSync('/proc/net/tcp', 'utf8').split('\n').some(isOurs)) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
