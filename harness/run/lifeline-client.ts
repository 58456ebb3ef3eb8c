import { connect, type Socket } from 'node:net';

/** Where the environment names the command line's lifeline. */
export const LIFELINE_VARIABLE = 'QLHIL_LIFELINE';

const finish = new AbortController();

/** Aborted when no further scenario shall begin. One that runs on for too long is ended from outside. */
export const finishRequested: AbortSignal = finish.signal;

/**
 * Holds the command line's lifeline, if there is one: Jest does so first in each test file. When its other end is gone, so is this
 * process: nobody is left to whom a result would matter, and a port held on would block the next run.
 */
export function holdLifeline(path: string | undefined = process.env[LIFELINE_VARIABLE]): void {
  if (path !== undefined) hold(connect(path));
}

function hold(socket: Socket): void {
  // Bound here: Jest takes the globals of a test file away when it is done with it, and this outlives the file.
  const die = process.kill.bind(process, process.pid, 'SIGKILL');
  // It says nothing but "finish".
  socket.on('data', () => finish.abort());
  socket.on('error', () => undefined); // 'close' follows
  socket.on('close', die);
  socket.unref();
}
