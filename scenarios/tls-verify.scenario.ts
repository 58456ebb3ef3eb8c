import type { ServerIdentityName } from '../broker/tls/server-identities.ts';
import { scenario } from '../harness/run/scenario.ts';
import { completed } from './support/completed.ts';
import { initialisedClient } from './support/connected-client.ts';
import { moduleClockAt } from './support/module-clock.ts';
import { unsecuredConnect } from './support/unsecured-connect.ts';

/** `verify_level`, as the SDK's headers have it. */
const NOBODY = 0;
const SERVER = 1;

interface BadIdentity {
  readonly identity: ServerIdentityName;
  readonly clause: string;
}

const PROVEN: readonly ServerIdentityName[] = ['good', 'good-chain', 'chain-with-root'];

const UNPROVEN: readonly BadIdentity[] = [
  { identity: 'unknown-ca', clause: 'R-1.chain' },
  { identity: 'impostor-ca', clause: 'R-1.chain' },
  { identity: 'self-signed', clause: 'R-1.chain' },
  { identity: 'intermediate-missing', clause: 'R-1.chain' },
  { identity: 'expired', clause: 'R-2.validity' },
  { identity: 'intermediate-expired', clause: 'R-2.validity' },
  { identity: 'not-yet-valid', clause: 'R-2.validity' },
  { identity: 'wrong-host', clause: 'R-3.name' },
  { identity: 'wrong-san', clause: 'R-3.name' },
  { identity: 'nul-in-name', clause: 'R-3.name' },
  { identity: 'client-use', clause: 'R-4.usage' },
  { identity: 'issuer-no-ca', clause: 'R-4.usage' },
];

for (const identity of PROVEN) {
  scenario({
    id: `tls-verify/level-1-${identity}`,
    title: `at verify level 1 a server with the identity "${identity}" is connected to`,
    clauses: ['M-8.verify-level', 'M-8.ca', 'R-1.chain', 'M-7.accepted'],
    over: ['mqtts'],
    async run(rig) {
      await rig.listen({ identity });
      const client = await initialisedClient(rig);

      const connect = await client.connect({ info: { ssl: rig.ssl({ verifyLevel: SERVER }) } });

      await completed(rig, connect, 'R-1.chain');
    },
  });
}

for (const { identity, clause } of UNPROVEN) {
  scenario({
    id: `tls-verify/level-1-${identity}`,
    title: `at verify level 1 a server with the identity "${identity}" is refused, on both sides`,
    clauses: ['A-3.certificate-refused', 'M-8.verify-level', 'R-7.verify-first', clause],
    over: ['mqtts'],
    async run(rig) {
      await rig.listen({ identity });
      const client = await initialisedClient(rig);

      const connect = await client.connect({ info: { ssl: rig.ssl({ verifyLevel: SERVER }) } });

      rig.expect.frame({ dir: 'up', type: 'CONNECT' }, { max: 0 }, 'R-7.verify-first');
      rig.expect.tlsFailed('A-3.certificate-refused');
      await unsecuredConnect(rig, connect, clause);
    },
  });
}

for (const { identity } of UNPROVEN) {
  scenario({
    id: `tls-verify/level-0-${identity}`,
    title: `at verify level 0 nobody is verified: a server with the identity "${identity}" is connected to`,
    clauses: ['M-8.verify-level', 'M-3.tls'],
    over: ['mqtts'],
    async run(rig) {
      await rig.listen({ identity });
      const client = await initialisedClient(rig);

      const connect = await client.connect({ info: { ssl: rig.ssl({ verifyLevel: NOBODY, caCert: null }) } });

      await completed(rig, connect, 'M-8.verify-level');
    },
  });
}

/** Proof to some and none to others: RFC 6125 lets nobody fall back to the common name, and libraries differ over addresses and sizes. */
const DEBATED: readonly ServerIdentityName[] = ['common-name-only', 'ip-san-only', 'ip-as-dns-only', 'ec-key', 'large'];

for (const identity of DEBATED) {
  scenario({
    id: `tls-verify/level-1-${identity}`,
    title: `whether at verify level 1 a server with the identity "${identity}" is connected to is recorded`,
    clauses: ['M-8.verify-level'],
    over: ['mqtts'],
    async run(rig) {
      await rig.listen({ identity });
      const client = await initialisedClient(rig);

      const connect = await client.connect({ info: { ssl: rig.ssl({ verifyLevel: SERVER }) } });
      const told = await connect.callback();

      const isConnected = 'status' in told && told.status === 0;
      rig.observe('M-8.verify-level', `connects to a server with the identity "${identity}"`, isConnected);
    },
  });
}

const UNREADABLE_CAS = [
  { name: 'null', says: 'NULL', caCert: null },
  { name: 'missing', says: 'a file that is not there', caCert: 'UFS:qlhil_absent.pem' },
  { name: 'garbage', says: 'a file that holds no certificate', caCert: 'UFS:qlhil_garbage.pem' },
] as const;

for (const { name, says, caCert } of UNREADABLE_CAS) {
  scenario({
    id: `tls-verify/ca-${name}`,
    title: `at verify level 1 with ${says} for a CA certificate nothing is connected to`,
    clauses: ['M-8.ca', 'A-3.certificate-refused'],
    over: ['mqtts'],
    async run(rig) {
      await rig.listen();
      if (name === 'garbage') await rig.module.putFile(caCert, Buffer.from('no certificate\n'));
      if (caCert !== null) rig.file(caCert, name === 'garbage' ? 'garbage' : 'nothing');
      const client = await initialisedClient(rig);

      const connect = await client.connect({ info: { ssl: rig.ssl({ verifyLevel: SERVER, caCert }) } });

      await unsecuredConnect(rig, connect, 'M-8.ca');
      if (name === 'garbage') await rig.module.removeFile(caCert);
    },
  });
}

scenario({
  id: 'tls-verify/clock-never-set',
  title: 'what a module whose clock was never set makes of a good certificate',
  clauses: ['R-2.validity'],
  over: ['mqtts'],
  async run(rig) {
    await rig.listen();
    const client = await initialisedClient(rig);
    // The SDK's clock holds nothing before 2000.
    await using _clock = await moduleClockAt(rig, Date.UTC(2000, 0, 1) / 1000);

    const connect = await client.connect({ info: { ssl: rig.ssl({ verifyLevel: SERVER }) } });
    const told = await connect.callback();

    if ('status' in told) rig.observe('R-2.validity', 'status of a connect in the year 2000', told.status);
  },
});

scenario({
  id: 'tls-verify/version-1-2',
  title: 'with ssl_version 3 a server that speaks TLS 1.2 alone is connected to',
  clauses: ['M-3.tls', 'D-21'],
  over: ['mqtts'],
  needs: ['ssl-ext'],
  async run(rig) {
    await rig.listen({ tls: { minVersion: 'TLSv1.2', maxVersion: 'TLSv1.2' } });
    const client = await initialisedClient(rig);

    const connect = await client.connect({ info: { ssl: rig.ssl({ version: 3 }) } });

    await completed(rig, connect, 'M-3.tls');
  },
});

scenario({
  id: 'tls-verify/version-too-old',
  title: 'with ssl_version 1 a server that wants TLS 1.2 is not connected to',
  clauses: ['M-3.tls', 'D-21'],
  over: ['mqtts'],
  needs: ['ssl-ext'],
  async run(rig) {
    await rig.listen({ tls: { minVersion: 'TLSv1.2' } });
    const client = await initialisedClient(rig);

    const connect = await client.connect({ info: { ssl: rig.ssl({ version: 1 }) } });
    const told = await connect.callback();

    // The headers list the versions and say no more: one that offers a higher version all the same breaks nobody's word.
    if ('status' in told) rig.observe('D-21', 'status where only TLS 1.0 is to be offered', told.status);
  },
});

scenario({
  id: 'tls-verify/server-name',
  title: 'with sni_enable 1 the host name is sent in the ClientHello',
  clauses: ['R-5.sni'],
  over: ['mqtts'],
  needs: ['ssl-ext'],
  async run(rig) {
    await rig.listen({ tls: { sniRequired: true } });
    const host = (await rig.namedUrl()) ?? rig.stop('the module knows the broker by its address alone');
    const client = await initialisedClient(rig);

    const connect = await client.connect({ host, info: { ssl: rig.ssl({ verifyLevel: NOBODY, sni: 1 }) } });

    await completed(rig, connect, 'R-5.sni');
  },
});

/** What the longer struct can waive; its headers name the members and say no more. */
const WAIVERS = [
  { name: 'signature', ssl: { ignoreInvalidCertSign: 1 } },
  { name: 'chain', ssl: { ignoreMultiCertChainVerify: 1 } },
  { name: 'expiry', ssl: { ignoreCertItem: 1 } },
] as const;
const WAIVED: readonly ServerIdentityName[] = [
  'expired',
  'unknown-ca',
  'impostor-ca',
  'intermediate-missing',
  'intermediate-expired',
  'wrong-host',
];

for (const { name, ssl } of WAIVERS) {
  for (const identity of WAIVED) {
    scenario({
      id: `tls-verify/waived-${name}-${identity}`,
      title: `whether a server with the identity "${identity}" is connected to where the ${name} is waived is recorded`,
      clauses: ['D-21', 'M-8.verify-level'],
      over: ['mqtts'],
      needs: ['ssl-ext'],
      async run(rig) {
        await rig.listen({ identity });
        const client = await initialisedClient(rig);

        const connect = await client.connect({ info: { ssl: rig.ssl({ verifyLevel: SERVER, ...ssl }) } });
        const told = await connect.callback();

        const isConnected = 'status' in told && told.status === 0;
        rig.observe('D-21', `connects to "${identity}" with the ${name} waived`, isConnected);
      },
    });
  }
}
