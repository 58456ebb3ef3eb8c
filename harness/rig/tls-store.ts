import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Authority } from '../../broker/tls/authority.ts';
import type { ClientIdentityName } from '../../broker/tls/client-identities.ts';
import type { Identity } from '../../broker/tls/serve-tls.ts';
import type { ServerIdentityName } from '../../broker/tls/server-identities.ts';

/**
 * The run's certificate authority: server and client identities, issued when a scenario first asks for them.
 *
 * What issues them is loaded then too: its two hundred modules would cost each scenario file as much as all of the harness.
 */
export class TlsStore {
  /** Name of the root certificate's file on the module. */
  readonly caFile = 'UFS:qlhil_ca.pem';
  /** PEM of the root certificate. */
  readonly ca: string;
  readonly #folder: string;
  readonly #hosts: readonly string[];
  readonly #servers = new Map<ServerIdentityName, Promise<Identity>>();

  /** @param hosts names and addresses by which the module knows the broker */
  constructor(folder: string, hosts: readonly string[]) {
    this.#folder = folder;
    this.#hosts = hosts;
    this.ca = this.#read('ca.pem');
    const good = { cert: this.#read('server.pem'), key: this.#read('server.key') };
    this.#servers.set('good', Promise.resolve(good));
  }

  server(name: ServerIdentityName): Promise<Identity> {
    const issued = this.#servers.get(name) ?? this.#issueServer(name);
    this.#servers.set(name, issued);
    return issued;
  }

  /** What the module shows to a server that asks for a certificate. */
  async client(name: ClientIdentityName): Promise<Identity> {
    const { issueClient } = await import('../../broker/tls/client-identities.ts');
    return issueClient(this.#authority(), 'module under test', name);
  }

  async #issueServer(name: ServerIdentityName): Promise<Identity> {
    const { issueServer } = await import('../../broker/tls/server-identities.ts');
    return issueServer(this.#authority(), this.#hosts, name);
  }

  #authority(): Authority {
    const authority: Authority = JSON.parse(this.#read('authority.json'));
    return authority;
  }

  #read(name: string): string {
    return readFileSync(join(this.#folder, name), 'utf8');
  }
}
