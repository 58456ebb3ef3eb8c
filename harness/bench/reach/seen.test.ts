import { expect, test } from '@jest/globals';
import type { BrokerEvent } from '../../../broker/events.ts';
import { digestEvents } from './seen.ts';

function opened(conn: number, address: string): BrokerEvent {
  return { k: 'tcp-open', at: 1, conn, listener: 'l', port: 20_000, remote: { address, port: 4 } };
}

function frame(conn: number, dir: 'up' | 'down', type: 'PINGREQ' | 'PINGRESP', held = false): BrokerEvent {
  return { k: 'frame', at: 2, conn, dir, frame: 1, length: 2, hex: '', packet: { type }, lint: [], held };
}

test('a stranger that knocked first is not taken for the module', () => {
  const seen = digestEvents([
    opened(1, '198.51.100.9'),
    frame(1, 'up', 'PINGREQ'),
    opened(2, '203.0.113.7'),
    { k: 'claimed', at: 2, conn: 2, by: 'client-id' },
    frame(2, 'down', 'PINGRESP'),
  ]);

  expect(seen).toMatchObject({ visitor: '203.0.113.7', frames: ['down PINGRESP'] });
});

test('where nobody proved to be the module, whoever came is told, and a frame that was kept from it is not', () => {
  const failed: BrokerEvent = { k: 'tls-failed', at: 3, conn: 1, code: 'ERR_X', message: '' };

  expect(digestEvents([opened(1, '203.0.113.7'), failed, frame(1, 'down', 'PINGRESP', true)])).toEqual({
    visitor: '203.0.113.7',
    hasClientHello: false,
    tlsVersion: null,
    tlsFailure: 'ERR_X',
    frames: [],
  });
});

test('nothing is nobody', () => {
  expect(digestEvents([]).visitor).toBeNull();
});
