import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Authority } from '../../broker/tls/authority.ts';
import { type ClientIdentityName, issueClient } from '../../broker/tls/client-identities.ts';
import type { Identity } from '../../broker/tls/serve-tls.ts';
import { issueServer, type ServerIdentityName } from '../../broker/tls/server-identities.ts';

/** The run's certificate authority: server and client identities, issued when a scenario first asks for them. */
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
    const issued = this.#servers.get(name) ?? issueServer(this.#authority(), this.#hosts, name);
    this.#servers.set(name, issued);
    return issued;
  }

  /** What the module shows to a server that asks for a certificate. */
  client(name: ClientIdentityName): Promise<Identity> {
    return issueClient(this.#authority(), 'module under test', name);
  }

  #authority(): Authority {
    const authority: Authority = JSON.parse(this.#read('authority.json'));
    return authority;
  }

  #read(name: string): string {
    return readFileSync(join(this.#folder, name), 'utf8');
  }
}
