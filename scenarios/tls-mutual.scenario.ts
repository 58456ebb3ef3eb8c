import type { Listener } from '../broker/broker.ts';
import type { SslConfig } from '../harness/protocol/arguments.ts';
import { type Rig, scenario } from '../harness/run/scenario.ts';
import { CLIENT_FILES, clientFiles } from './support/client-files.ts';
import { completed } from './support/completed.ts';
import { initialisedClient } from './support/connected-client.ts';
import { unsecuredConnect } from './support/unsecured-connect.ts';

/** `verify_level`, as the SDK's headers have it. */
const BOTH_SIDES = 2;
const PASSWORD = 'opens the client key';

/** A server that takes nobody without a certificate of the run's authority. */
function demandingListener(rig: Rig): Promise<Listener> {
  return rig.listen({ tls: { clientCa: rig.tls.ca, requestClientCert: 'required' } });
}

function mutualSsl(rig: Rig, changes: SslConfig = {}): SslConfig {
  return rig.ssl({ verifyLevel: BOTH_SIDES, ...CLIENT_FILES, ...changes });
}

scenario({
  id: 'tls-mutual/good',
  title: 'at verify level 2 the client certificate is shown, with proof of its key',
  clauses: ['M-8.client-cert', 'M-8.client-key', 'R-6.client-certificate', 'M-8.verify-level'],
  over: ['mqtts'],
  async run(rig) {
    await demandingListener(rig);
    const client = await initialisedClient(rig);
    await using _files = await clientFiles(rig, 'good');

    const connect = await client.connect({ info: { ssl: mutualSsl(rig) } });

    await completed(rig, connect, 'M-8.client-cert');
  },
});

scenario({
  id: 'tls-mutual/asked-only',
  title: 'at verify level 2 a server that only asks is shown the client certificate too',
  clauses: ['M-8.client-cert', 'R-6.client-certificate'],
  over: ['mqtts'],
  async run(rig) {
    await rig.listen({ tls: { clientCa: rig.tls.ca, requestClientCert: 'optional' } });
    const client = await initialisedClient(rig);
    await using _files = await clientFiles(rig, 'good');

    const connect = await client.connect({ info: { ssl: mutualSsl(rig) } });

    await completed(rig, connect, 'M-8.client-cert');
  },
});

for (const identity of ['expired', 'alien'] as const) {
  scenario({
    id: `tls-mutual/${identity}`,
    title: `a client certificate that the server refuses (${identity}) is no connection, on both sides`,
    clauses: ['M-8.client-cert', 'R-6.client-certificate'],
    over: ['mqtts'],
    async run(rig) {
      await demandingListener(rig);
      const client = await initialisedClient(rig);
      await using _files = await clientFiles(rig, identity);

      const connect = await client.connect({ info: { ssl: mutualSsl(rig) } });

      await unsecuredConnect(rig, connect, 'R-6.client-certificate');
      rig.expect.tlsFailed('R-6.client-certificate');
    },
  });
}

const UNUSABLE: readonly { readonly name: string; readonly ssl: SslConfig; readonly clause: string }[] = [
  { name: 'certificate-null', ssl: { clientCert: null }, clause: 'M-8.client-cert' },
  { name: 'certificate-missing', ssl: { clientCert: 'UFS:qlhil_absent.pem' }, clause: 'M-8.client-cert' },
  { name: 'key-missing', ssl: { clientKey: 'UFS:qlhil_absent.key' }, clause: 'M-8.client-key' },
];

for (const { name, ssl, clause } of UNUSABLE) {
  scenario({
    id: `tls-mutual/${name}`,
    title: `at verify level 2 without a usable client identity (${name}) nothing is connected to`,
    clauses: [clause, 'M-8.verify-level'],
    over: ['mqtts'],
    async run(rig) {
      await demandingListener(rig);
      const client = await initialisedClient(rig);
      await using _files = await clientFiles(rig, 'good');
      for (const file of [ssl.clientCert, ssl.clientKey]) if (typeof file === 'string') rig.file(file, 'nothing');

      const connect = await client.connect({ info: { ssl: mutualSsl(rig, ssl) } });

      await unsecuredConnect(rig, connect, clause);
    },
  });
}

scenario({
  id: 'tls-mutual/wrong-key',
  title: 'a client key that is not the one of the certificate connects to nothing',
  clauses: ['M-8.client-key', 'R-6.client-certificate'],
  over: ['mqtts'],
  async run(rig) {
    await demandingListener(rig);
    const client = await initialisedClient(rig);
    await using _files = await clientFiles(rig, 'wrong-key');

    const connect = await client.connect({ info: { ssl: mutualSsl(rig) } });

    await unsecuredConnect(rig, connect, 'M-8.client-key');
  },
});

scenario({
  id: 'tls-mutual/encrypted-key',
  title: 'client_key_pwd opens an encrypted client key',
  clauses: ['M-8.key-password', 'R-6.client-certificate'],
  over: ['mqtts'],
  async run(rig) {
    await demandingListener(rig);
    const client = await initialisedClient(rig);
    await using _files = await clientFiles(rig, 'good', PASSWORD);

    const connect = await client.connect({ info: { ssl: mutualSsl(rig, { clientKeyPassword: PASSWORD }) } });

    await completed(rig, connect, 'M-8.key-password');
  },
});

for (const [name, clientKeyPassword] of [
  ['wrong', 'opens another key'],
  ['null', null],
] as const) {
  scenario({
    id: `tls-mutual/key-password-${name}`,
    title: `an encrypted client key stays shut with client_key_pwd ${name}`,
    clauses: ['M-8.key-password', 'M-8.client-key'],
    over: ['mqtts'],
    async run(rig) {
      await demandingListener(rig);
      const client = await initialisedClient(rig);
      await using _files = await clientFiles(rig, 'good', PASSWORD);

      const connect = await client.connect({ info: { ssl: mutualSsl(rig, { clientKeyPassword }) } });

      await unsecuredConnect(rig, connect, 'M-8.key-password');
    },
  });
}
