import { homedir } from 'node:os';
import { join } from 'node:path';

/**
 * Where the harness keeps what must outlive a command, for this user: `QLHIL_STATE_DIR`, else below `XDG_STATE_HOME`, else below
 * `~/.local/state`. Made by whoever writes there.
 */
export function stateFolder(part: string, env: NodeJS.ProcessEnv = process.env): string {
  const root =
    env['QLHIL_STATE_DIR'] ?? join(env['XDG_STATE_HOME'] ?? join(homedir(), '.local', 'state'), 'ql-mqtt-hil');
  return join(root, part);
}
