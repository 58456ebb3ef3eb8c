import { expect, test } from '@jest/globals';
import { TemporaryFolder } from '../../../test/support/temporary-folder.ts';
import { addressBlock } from './address-block.ts';
import { missingForNetwork } from './missing-for-network.ts';

test('no two blocks share an address or the name of an interface, which fits into the kernel’s 15 characters', () => {
  const blocks = Array.from({ length: 8_192 }, (_, index) => addressBlock(index));
  const addresses = blocks.flatMap(({ host, airToHost, airToModule, module }) => [
    host,
    airToHost,
    airToModule,
    module,
  ]);

  expect(new Set(addresses).size).toBe(4 * blocks.length);
  expect(new Set(blocks.map(({ hostInterface }) => hostInterface)).size).toBe(blocks.length);
  expect(Math.max(...blocks.map(({ hostInterface }) => hostInterface.length))).toBeLessThanOrEqual(15);
  expect(blocks.at(-1)).toMatchObject({ host: '198.19.255.249', module: '198.19.255.254' });
  expect(addressBlock(8_192)).toEqual(addressBlock(0));
});

test('without root it says that it takes root', () => {
  expect(missingForNetwork({ isRoot: false, path: process.env['PATH'] ?? '' })).toMatch(/takes root/u);
});

test('without its tools it names them and what to install', () => {
  using folder = new TemporaryFolder();

  const missing = missingForNetwork({ isRoot: true, path: folder.path });

  expect(missing).toMatch(/no ip, tc, unshare, nsenter, mount: install iproute2 and util-linux and mount/u);
});
