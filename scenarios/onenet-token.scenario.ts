import type { LoginOffer } from '../broker/peers/ordinary-peer.ts';
import { CONNECTION_STATUSES } from '../harness/protocol/codes.ts';
import type { OnenetArguments, ReturnedCall } from '../harness/rig/client.ts';
import { type Rig, scenario } from '../harness/run/scenario.ts';
import { completed } from './support/completed.ts';
import { initialisedClient } from './support/connected-client.ts';
import { failedConnect } from './support/failed-connect.ts';
import { heapComesBack } from './support/heap-comes-back.ts';
import { moduleClockAt } from './support/module-clock.ts';
import { type OnenetFields, onenetToken } from './support/onenet-token.ts';
import { readOnenetToken } from './support/read-onenet-token.ts';

type Device = Omit<OnenetArguments, 'expireTime'> & {
  readonly productId: string;
  readonly deviceName: string;
  readonly version: string;
  readonly accessKey: string;
};

/** Keys that were published with their signatures: none is a secret. */
const KEY_A = 'KuF3NT/jUBJ62LNBB/A8XZA9CqS3Cu79B/ABmfA1UCw=';
const KEY_B = 'aggblpDBWoKg2CGdbxp/CVKt9xXWcV162hJ1+Bhzvw4=';
const MYDEV = { productId: '123123', deviceName: 'mydev', version: '2018-10-31', accessKey: KEY_A };
const TEST = { productId: 'Ck2AF9QD2K', deviceName: 'test', version: '2018-10-31', accessKey: KEY_A };
const LED = { productId: '417661', deviceName: 'test_led', version: '2018-10-31', accessKey: KEY_B };
const DEVICES = [
  { name: 'plain', device: LED },
  { name: 'newer-version', device: { ...LED, version: '2022-05-01' } },
  { name: 'escaped', device: { ...LED, deviceName: 'lamp 1+2/50%' } },
] as const;

const VECTORS = [
  { name: 'mydev', device: MYDEV, etS: 1_537_255_523, sign: 'p2Bv5QYrZolQCtt68923gtxRCVk%3D' },
  { name: 'far-future', device: TEST, etS: 32_472_115_200, sign: 'onzQlILHFFNqIY%2BdOXYM3lthLT8%3D' },
  {
    name: 'far-future-2022',
    device: { ...TEST, version: '2022-05-01' },
    etS: 32_472_115_200,
    sign: 'xAdc4C2D6YU7qsDm1X6%2BFfxfbqI%3D',
  },
  { name: 'slash', device: LED, etS: 1_537_255_523, sign: '8D24kM%2FAtcn%2F8PqIQiKii0zSKZE%3D' },
  {
    name: 'plus',
    device: { ...LED, version: '2022-05-01' },
    etS: 1_537_255_523,
    sign: 'FyC%2BslB%2B%2BudZD6hThFxOxgEZnHI%3D',
  },
] as const;

const ONE_YEAR_S = 365 * 24 * 3600;
/** Where the module's clock is put for the vectors: 2017-07-14. */
const CLOCK_S = 1_500_000_000;
const MAX_TRIES = 5;

scenario({
  id: 'onenet-token/generated',
  title: 'ql_mqtt_onenet_generate_auth_token returns a string',
  clauses: ['M-16.token'],
  needs: ['onenet-token'],
  async run(rig) {
    const token = await rig.client().onenetToken({ ...LED, expireTime: ONE_YEAR_S });

    rig.expect.returns(token, [1], 'M-16.token');
  },
});

for (const { name, device } of DEVICES) {
  scenario({
    id: `onenet-token/recomputed-${name}`,
    title: `a token (${name}) is what its own fields make with the access key, for the device that was asked for`,
    clauses: ['M-16.token'],
    needs: ['onenet-token'],
    async run(rig) {
      const token = await rig.client().onenetToken({ ...device, expireTime: ONE_YEAR_S });
      const clockS = await rig.module.readUnixTime();

      const expiresAtS = fieldsOf(rig, token).expiresAtS;
      rig.expect.text(token, tokenFor(device, expiresAtS), 'M-16.token');
      const isFromNow = Math.abs(expiresAtS - clockS - ONE_YEAR_S) <= 2;
      rig.observe('M-16.token', 'et is the module’s clock plus expire_time', isFromNow);
    },
  });
}

for (const { name, device, etS, sign } of VECTORS) {
  scenario({
    id: `onenet-token/vector-${name}`,
    title: `the published token (${name}) comes out when the clock is right for it`,
    clauses: ['M-16.token'],
    needs: ['onenet-token'],
    async run(rig) {
      await using _clock = await moduleClockAt(rig, CLOCK_S);

      const token = await tokenExpiringAt(rig, device, etS);

      const { version, resource } = fieldsOfDevice(device, etS);
      const escaped = resource.replaceAll('/', '%2F');
      const expected = `version=${version}&res=${escaped}&et=${etS}&method=sha1&sign=${sign}`;
      rig.expect.text(token, expected, 'M-16.token');
    },
  });
}

scenario({
  id: 'onenet-token/logs-in',
  title: 'a server that recomputes the token lets the module in with it',
  clauses: ['M-16.token', 'M-5.user', 'M-5.password', 'M-7.accepted'],
  over: ['mqtt', 'mqtts'],
  needs: ['onenet-token'],
  async run(rig) {
    await rig.listen({ authenticate: (offer) => judgeLogin(offer, LED) });
    const client = await initialisedClient(rig);
    const { text = null } = await client.onenetToken({ ...LED, expireTime: ONE_YEAR_S });

    const connect = await client.connect({ info: { clientId: LED.deviceName, user: LED.productId, pass: text } });

    await completed(rig, connect, 'M-16.token');
  },
});

scenario({
  id: 'onenet-token/wrong-access-key',
  title: 'a server that recomputes the token refuses one that was signed with another key',
  clauses: ['M-16.token', 'M-7.refused-username-pass'],
  over: ['mqtt'],
  needs: ['onenet-token'],
  async run(rig) {
    await rig.listen({ authenticate: (offer) => judgeLogin(offer, LED) });
    const client = await initialisedClient(rig);
    const { text = null } = await client.onenetToken({ ...LED, accessKey: KEY_A, expireTime: ONE_YEAR_S });

    const connect = await client.connect({ info: { clientId: LED.deviceName, user: LED.productId, pass: text } });

    const { MQTT_CONNECT_REFUSED_USERNAME_PASS } = CONNECTION_STATUSES;
    await failedConnect(rig, connect, [MQTT_CONNECT_REFUSED_USERNAME_PASS], 'M-7.refused-username-pass');
  },
});

for (const missing of ['productId', 'deviceName', 'version', 'accessKey'] as const) {
  scenario({
    id: `onenet-token/null-${missing.replaceAll(/[A-Z]/g, (capital) => `-${capital.toLowerCase()}`)}`,
    title: `ql_mqtt_onenet_generate_auth_token fails with NULL if ${missing} is NULL`,
    clauses: ['M-16.null-on-failure'],
    needs: ['onenet-token'],
    async run(rig) {
      const token = await rig.client().onenetToken({ ...LED, [missing]: null, expireTime: ONE_YEAR_S });

      rig.expect.returns(token, [0], 'M-16.null-on-failure');
    },
  });
}

/** Characters that no variant of base64 has. */
const NO_BASE64_KEY = KEY_A.replaceAll('/', '!');
/** So many that what one call keeps of its key shows. */
const REFUSED_TOKENS = 200;

scenario({
  id: 'onenet-token/key-is-no-base64',
  title: `what ${REFUSED_TOKENS} calls make of a key that is no base64 is recorded, and they keep nothing of it`,
  clauses: ['M-16.null-on-failure', 'M-17.heap'],
  needs: ['onenet-token'],
  async run(rig) {
    const client = rig.client();
    const answers = new Set<string>();

    const play = async () => {
      const { ret } = await client.onenetToken({ ...LED, accessKey: NO_BASE64_KEY, expireTime: ONE_YEAR_S });
      answers.add(ret === 0 ? 'NULL' : 'a token');
    };

    await heapComesBack(rig, { times: REFUSED_TOKENS, play });

    rig.observe('M-16.null-on-failure', 'a key that is no base64 makes', [...answers].join(', '));
  },
});

/** A token that expires then, made with the clock put back again if the second turned in between. */
async function tokenExpiringAt(rig: Rig, device: Device, etS: number): Promise<ReturnedCall> {
  const client = rig.client();
  for (let tries = 1; ; tries++) {
    const token = await client.onenetToken({ ...device, expireTime: etS - CLOCK_S });
    const isLate = readOnenetToken(token.text ?? '')?.expiresAtS !== etS;
    if (!isLate || tries === MAX_TRIES) return token;
    await rig.module.setUnixTime(CLOCK_S);
  }
}

function fieldsOf(rig: Rig, token: ReturnedCall): OnenetFields {
  return readOnenetToken(token.text ?? '') ?? rig.stop(`not a token: ${token.text}`);
}

function fieldsOfDevice({ productId, deviceName, version }: Device, expiresAtS: number): OnenetFields {
  return { version, resource: `products/${productId}/devices/${deviceName}`, expiresAtS };
}

function tokenFor(device: Device, expiresAtS: number): string {
  return onenetToken(fieldsOfDevice(device, expiresAtS), device.accessKey);
}

/** As the platform would: the password is the token that its own expiry makes with the device's key. */
function judgeLogin({ clientId, userName, password }: LoginOffer, device: Device): number {
  const offered = password?.toString() ?? '';
  const expiresAtS = readOnenetToken(offered)?.expiresAtS ?? 0;
  const isDevice = clientId === device.deviceName && userName === device.productId;
  const isValid = expiresAtS * 1000 > Date.now() && offered === tokenFor(device, expiresAtS);
  return isDevice && isValid ? 0 : CONNECTION_STATUSES.MQTT_CONNECT_REFUSED_USERNAME_PASS;
}
