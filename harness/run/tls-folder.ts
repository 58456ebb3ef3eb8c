import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Authority, makeAuthority } from '../../broker/tls/authority.ts';
import { issueServer } from '../../broker/tls/server-identities.ts';

/**
 * Makes a run's certificate authority and the server's good identity, which test processes share:
 * `authority.json` (all of it, for issuing others), `ca.pem`, `server.pem`, `server.key`.
 *
 * @param hosts names and addresses by which modules know the broker
 * @param underWay the making of the authority, if it has begun
 */
export async function makeTlsFolder(
  folder: string,
  hosts: readonly string[],
  underWay: Promise<Authority> = makeAuthority(),
): Promise<void> {
  const authority = await underWay;
  const server = await issueServer(authority, hosts);
  await mkdir(folder, { mode: 0o700 });
  await Promise.all(
    Object.entries({
      'authority.json': JSON.stringify(authority),
      'ca.pem': authority.root.cert,
      'server.pem': server.cert,
      'server.key': server.key,
    }).map(([name, text]) => writeFile(join(folder, name), text, { mode: 0o600 })),
  );
}
