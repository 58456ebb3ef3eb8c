import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { buildFirmware } from '../harness/bench/firmware-build.ts';
import { Capture } from '../harness/capture/capture.ts';
import { qlhil } from './support/qlhil.ts';
import { TemporaryFolder } from './support/temporary-folder.ts';

const folder = new TemporaryFolder();
const cwd = folder.path;
const captures = join(cwd, 'run', 'captures');
afterAll(() => folder[Symbol.dispose]());
beforeAll(async () => {
  await buildFirmware('r03');
  const words = [
    'run',
    '--module',
    'virtual:EC200U-CN',
    '--grep',
    '^publish/qos1@|^tls-mutual/good',
    '--pcap',
    '--out',
  ];
  const { exitCode, stdout, stderr } = await qlhil([...words, 'run'], { cwd });
  if (exitCode !== 0) throw new Error(`the run should have passed: ${stdout}${stderr}`);
}, 600_000);

/** Lines that tshark prints of a capture. */
function tshark(path: string, ...words: readonly string[]): readonly string[] {
  const printed = execFileSync('tshark', ['-r', path, ...words], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  return printed.split('\n').filter((line) => line !== '');
}

const packetTypes = (path: string) =>
  tshark(path, '-Y', 'mqtt', '-T', 'fields', '-e', 'mqtt.msgtype').join(',').split(',');

test('a capture shows the MQTT packets of a plain connection', () => {
  const types = packetTypes(join(captures, 'publish__qos1@mqtt.1.pcapng'));

  // CONNECT, CONNACK; then the PUBLISH with its PUBACK.
  expect(types.slice(0, 2)).toEqual(['1', '2']);
  expect(types).toEqual(expect.arrayContaining(['3', '4']));
});

test.each(['publish__qos1@mqtts', 'tls-mutual__good@mqtts'])('%s: the keys within open what TLS hides', (name) => {
  expect(packetTypes(join(captures, `${name}.1.pcapng`)).slice(0, 2)).toEqual(['1', '2']);
});

test('the key log beside it opens a capture from which the keys are gone', () => {
  const path = join(captures, 'publish__qos1@mqtts.1.pcapng');
  const bare = join(cwd, 'bare.pcapng');
  writeFileSync(bare, withoutSecrets(readFileSync(path)));

  expect(tshark(bare, '-Y', 'mqtt')).toEqual([]);
  const keys = `tls.keylog_file:${path.replace(/pcapng$/u, 'keylog')}`;
  expect(tshark(bare, '-o', keys, '-Y', 'mqtt.msgtype == 3').length).toBeGreaterThan(0);
});

/** The blocks of a pcapng file but for those with secrets. */
function withoutSecrets(file: Buffer): Buffer {
  const kept: Buffer[] = [];
  for (let at = 0; at < file.length; at += file.readUInt32LE(at + 4)) {
    if (file.readUInt32LE(at) !== 10) kept.push(file.subarray(at, at + file.readUInt32LE(at + 4)));
  }
  return Buffer.concat(kept);
}

test('tshark finds nothing odd in the framing', () => {
  const checks = ['-o', 'tcp.check_checksum:TRUE', '-o', 'ip.check_checksum:TRUE'];
  const odd = 'tcp.analysis.flags || tcp.checksum.status == 0 || ip.checksum.status == 0 || _ws.malformed';

  for (const name of readdirSync(captures).filter((file) => file.endsWith('.pcapng'))) {
    expect([name, tshark(join(captures, name), ...checks, '-Y', odd)]).toEqual([name, []]);
  }
});

test('IPv6, a reset and bytes beyond the limit are shown as such', () => {
  const capture = new Capture({ epochMsAtZero: 1_790_000_000_000, application: 'a test', limitBytes: 10 });
  capture.event({ k: 'listener', at: 0, listener: 'l', address: '::1', port: 40_000, tls: false });
  const remote = { address: '2001:db8::7:1', port: 50_000 };
  capture.event({ k: 'tcp-open', at: 1, conn: 1, listener: 'l', port: 40_000, remote });
  capture.segment({ at: 2, conn: 1, dir: 'up', bytes: Buffer.from('c000', 'hex') });
  capture.segment({ at: 3, conn: 1, dir: 'down', bytes: Buffer.alloc(20, 0xd0) });
  capture.segment({ at: 4, conn: 1, dir: 'up', bytes: Buffer.from('c000', 'hex') });
  capture.event({ k: 'tcp-close', at: 5, conn: 1, by: 'module', how: 'rst' });
  const path = join(cwd, 'made.pcapng');
  writeFileSync(path, capture.pcapng);

  const fields = ['ipv6.src', 'tcp.dstport', 'tcp.len', 'tcp.flags.reset', 'frame.time_epoch'].flatMap((field) => [
    '-e',
    field,
  ]);
  const lines = tshark(
    path,
    '-o',
    'tcp.check_checksum:TRUE',
    '-Y',
    'tcp.checksum.status != 0',
    '-T',
    'fields',
    ...fields,
  );

  expect(lines.map((line) => line.split('\t'))).toEqual([
    ['2001:db8::7:1', '1883', '0', '0', '1790000000.001000000'],
    ['::1', '50000', '0', '0', '1790000000.001000000'],
    ['2001:db8::7:1', '1883', '0', '0', '1790000000.001000000'],
    ['2001:db8::7:1', '1883', '2', '0', '1790000000.002000000'],
    ['::1', '50000', '20', '0', '1790000000.003000000'],
    ['2001:db8::7:1', '1883', '0', '1', '1790000000.005000000'],
  ]);
  expect(tshark(path, '-T', 'fields', '-e', 'frame.comment').join()).toMatch(
    /port 40000 in truth.*the capture is full/u,
  );
});
