import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { type OpenBroker, openBroker } from './support/open-broker.ts';
import { BUDGET_MS } from './support/raw-client.ts';
import { makeAuthority } from './tls/authority.ts';
import { issueServer } from './tls/server-identities.ts';

/** Runs one of Mosquitto's clients; resolves to what it printed when it ends. */
async function run(command: 'mosquitto_pub' | 'mosquitto_sub', args: readonly string[]): Promise<string> {
  const child = spawn(command, ['-h', 'localhost', ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  const printed: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => printed.push(chunk));
  const [code] = await once(child, 'close');
  return `${code} ${Buffer.concat(printed).toString()}`;
}

/** One message with QoS 2 from one to the other. */
async function converse({ listener }: OpenBroker, args: readonly string[]): Promise<string> {
  const subscribed = listener.waitForFrame({ type: 'SUBACK' }, BUDGET_MS);
  const received = run('mosquitto_sub', ['-p', String(listener.port), '-t', 'a/#', '-q', '2', '-C', '1', ...args]);
  await subscribed;
  await run('mosquitto_pub', ['-p', String(listener.port), '-t', 'a/b', '-q', '2', '-m', 'payload', ...args]);
  return received;
}

function faults({ log }: OpenBroker) {
  return log.of('frame').filter(({ lint, defects }) => lint.length > 0 || defects !== undefined);
}

test("Mosquitto's clients talk over the pipeline, and break nothing", async () => {
  await using open = await openBroker({ address: '127.0.0.1' });

  expect(await converse(open, ['-V', '311'])).toBe('0 payload\n');
  await open.listener.waitForNoConnections(BUDGET_MS);

  expect(faults(open)).toEqual([]);
});

test("Mosquitto's clients talk over TLS, checking the certificate", async () => {
  const folder = mkdtempSync(join(tmpdir(), 'qlhil-mosquitto-'));
  try {
    const authority = await makeAuthority({ keys: 'p-256' });
    const ca = join(folder, 'ca.pem');
    writeFileSync(ca, authority.root.cert);
    const identity = await issueServer(authority, ['localhost'], 'good-chain');
    await using open = await openBroker({ tls: { identity } });

    expect(await converse(open, ['-V', '311', '--cafile', ca])).toBe('0 payload\n');
    await open.listener.waitForNoConnections(BUDGET_MS);

    expect(faults(open)).toEqual([]);
    expect(open.log.of('tls-secured').map(({ sni }) => sni)).toEqual(['localhost', 'localhost']);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
