import { expect, test } from '@jest/globals';
import { FakeModule } from '../module/fake-module.ts';
import { ModuleProxy } from '../module/module-proxy.ts';
import { Client } from './client.ts';
import { VIRTUAL_DEADLINES } from './deadlines.ts';

test('a client of before a start is gone: its calls stop the body, until another is made', async () => {
  const module = new FakeModule();
  await using session = await module.open();
  const defaults = () => Promise.reject(new Error('nobody connects'));
  const client = new Client(0, new ModuleProxy(session), VIRTUAL_DEADLINES, defaults);
  await client.init();
  await client.isConnected();

  module.shim.reset({ announced: false, cause: 'pin-reset', unplug: false });
  await session.request('slots', {}).catch(() => undefined); // by which the session learns of it
  const ran = module.shim.ran.length;

  await expect(client.isConnected()).rejects.toMatchObject({
    code: 'STOPPED',
    message: 'the module has started again, and the client on slot 0 is gone',
  });
  expect(module.shim.ran).toHaveLength(ran);
  await client.init();
  expect((await client.isConnected()).ret).toBe(0);
});
