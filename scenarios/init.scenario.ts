import { ERROR_CODES } from '../harness/protocol/codes.ts';
import { scenario } from '../harness/run/scenario.ts';

scenario({
  id: 'init/creates-a-client',
  title: 'ql_mqtt_client_init succeeds and hands out a client',
  clauses: ['M-1.init', 'M-2.success'],
  async run(rig) {
    const client = rig.client();

    const init = await client.init();

    const setCallback = await client.setInpubCallback();

    rig.expect.returns(init, [ERROR_CODES.MQTTCLIENT_SUCCESS], 'M-1.init');
    // What the first said to have done is there for the second.
    rig.expect.returns(setCallback, [ERROR_CODES.MQTTCLIENT_SUCCESS], 'M-2.success');
    rig.observe('D-23', 'a handle is above 0', init.handle > 0);
  },
});

scenario({
  id: 'init/refuses-a-null-client',
  title: 'ql_mqtt_client_init without a place for the handle is an invalid parameter',
  clauses: ['M-2.invalid-param'],
  async run(rig) {
    const client = rig.client();

    const init = await client.init({ client: 'null' });

    rig.expect.returns(init, [ERROR_CODES.MQTTCLIENT_INVALID_PARAM], 'M-2.invalid-param');
  },
});

for (const cid of [0, 7, 99]) {
  scenario({
    id: `init/cid-${cid}`,
    title: `whether ql_mqtt_client_init takes context ${cid} is recorded`,
    clauses: ['D-23', 'M-1.handle-untouched'],
    async run(rig) {
      const init = await rig.client().init({ cid });

      rig.observe('D-23', `init with context ${cid} returns`, init.ret);
    },
  });
}
