import { rmSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Lifeline } from './lifeline.ts';

const PREFIX = 'qlhil-run-';

/** The private folder of one run of the command line (mode 0700): sockets, keys, plans, virtual modules. Gone when the run ends. */
export class Workspace implements AsyncDisposable {
  readonly folder: string;
  readonly lifeline: Lifeline;

  static async make(): Promise<Workspace> {
    await removeAbandoned();
    const folder = await mkdtemp(join(tmpdir(), PREFIX));
    return new Workspace(folder, await Lifeline.open(lifelinePath(folder)));
  }

  private constructor(folder: string, lifeline: Lifeline) {
    this.folder = folder;
    this.lifeline = lifeline;
    // Also on the second Ctrl-C, which waits for nothing.
    process.once('exit', this.#remove);
  }

  get lifelinePath(): string {
    return lifelinePath(this.folder);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.lifeline[Symbol.asyncDispose]();
    process.off('exit', this.#remove);
    this.#remove();
  }

  readonly #remove = () => rmSync(this.folder, { recursive: true, force: true, maxRetries: 3 });
}

/** A command line that was killed leaves its folder, keys and all; nobody answers on its lifeline. */
async function removeAbandoned(): Promise<void> {
  const names = await readdir(tmpdir());
  const folders = names.filter((name) => name.startsWith(PREFIX)).map((name) => join(tmpdir(), name));
  await Promise.all(folders.map(removeIfAbandoned));
}

async function removeIfAbandoned(folder: string): Promise<void> {
  const code = await new Promise<string | undefined>((resolve) => {
    const socket = connect(lifelinePath(folder), () => {
      socket.destroy();
      resolve(undefined);
    });
    socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code));
  });
  // Refused: the socket is there, its owner is not. Anything else may be somebody who is only just starting.
  if (code === 'ECONNREFUSED') await rm(folder, { recursive: true, force: true });
}

function lifelinePath(folder: string): string {
  return join(folder, 'lifeline');
}
