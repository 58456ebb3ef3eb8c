import { scenario } from '../harness/run/scenario.ts';

const DEVICE = { productId: '417661', deviceName: 'test_led', version: '2018-10-31' };
/** Base64 of 32 zero bytes: any key serves, none is a secret. */
const ACCESS_KEY = 'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=';
const ONE_YEAR_S = 365 * 24 * 3600;

scenario({
  id: 'onenet-token/generated',
  title: 'ql_mqtt_onenet_generate_auth_token returns a string',
  clauses: ['M-16.token'],
  needs: ['onenet-token'],
  async run(rig) {
    const token = await rig.client().onenetToken({ ...DEVICE, accessKey: ACCESS_KEY, expireTime: ONE_YEAR_S });

    rig.expect.returns(token, [1], 'M-16.token');
  },
});

scenario({
  id: 'onenet-token/no-access-key',
  title: 'ql_mqtt_onenet_generate_auth_token without an access key fails with NULL',
  clauses: ['M-16.null-on-failure'],
  needs: ['onenet-token'],
  async run(rig) {
    const token = await rig.client().onenetToken({ ...DEVICE, accessKey: null, expireTime: ONE_YEAR_S });

    rig.expect.returns(token, [0], 'M-16.null-on-failure');
  },
});
