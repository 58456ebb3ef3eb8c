import { type ChildProcessByStdio, spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';

/**
 * Runs the words given to it and ends with their exit code; at the end of its standard input it ends them, and all that they
 * started. What watches writes to nobody, so that it holds no pipe open.
 */
const BOUND = `
exec 3<&0
"$@" </dev/null 3<&- &
command=$!
{ cat <&3; kill -s KILL -- -$$; } >/dev/null 2>&1 &
watch=$!
wait $command
code=$?
kill $watch
exit $code`;

/** Starts a command that does not outlive this process, however that ends: its processes are a group that a pipe from us keeps alive. */
export function spawnBound(
  command: string,
  args: readonly string[],
  timeoutMs: number,
): ChildProcessByStdio<Writable, Readable, Readable> {
  return spawn('/bin/sh', ['-c', BOUND, 'bound', command, ...args], {
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true,
    timeout: timeoutMs,
  });
}
