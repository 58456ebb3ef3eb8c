import { expect, test } from '@jest/globals';
import { isFailure } from '../errors.ts';
import { PtyPair } from './pty-pair.ts';
import { RecordingReceiver } from './recording-receiver.ts';
import { serialTransport } from './serial.ts';

test('lines pass through a TTY in both directions', async () => {
  await using pair = await PtyPair.open();
  const [near, far] = [serialTransport(pair.near), serialTransport(pair.far)];
  const [atNear, atFar] = [new RecordingReceiver(), new RecordingReceiver()];
  await near.open(atNear);
  await far.open(atFar);

  near.send('one\n');
  near.send('two\n');
  await atFar.until(() => atFar.lines.length === 2);
  far.send(`${'x'.repeat(8000)}\nback\n`);
  await atNear.until(() => atNear.lines.length === 2);

  expect(atFar.lines).toEqual(['one', 'two']);
  expect(atNear.lines).toEqual(['x'.repeat(8000), 'back']);
  await near.close();
  await far.close();
});

test('a port that vanishes while it is written to is told once', async () => {
  await using pair = await PtyPair.open();
  const near = serialTransport(pair.near);
  const receiver = new RecordingReceiver();
  await near.open(receiver);

  // More than a TTY holds: the write fails, and then the port's end is told in the same turn.
  near.send('x'.repeat(100_000));
  await pair.unplug();
  await receiver.until(() => receiver.closings.length > 0);

  expect(receiver.closings).toHaveLength(1);
});

test('a port that vanishes while nothing is written to it is told as what it is', async () => {
  await using pair = await PtyPair.open();
  const near = serialTransport(pair.near);
  const receiver = new RecordingReceiver();
  await near.open(receiver);

  await pair.unplug();
  await receiver.until(() => receiver.closings.length > 0);

  expect(receiver.closings).toEqual([expect.stringMatching(/^the device went away \(.+\)$/u)]);
});

test('after close nothing is told any more', async () => {
  await using pair = await PtyPair.open();
  const near = serialTransport(pair.near);
  const receiver = new RecordingReceiver();
  await near.open(receiver);

  await near.close();
  await pair.unplug();

  expect(receiver.closings).toEqual([]);
});

test('a TTY that is not there is told by its path, with what to do', async () => {
  const error: unknown = await serialTransport('/dev/ttyUSB-none')
    .open(new RecordingReceiver())
    .catch((thrown: unknown) => thrown);

  expect(isFailure(error, 'PORT_LOST') && error.data).toEqual({ port: '/dev/ttyUSB-none' });
  expect(error).toMatchObject({ message: expect.stringMatching(/^\/dev\/ttyUSB-none is not there: .*qlhil devices/) });
});
