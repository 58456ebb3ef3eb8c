import { CONNECTION_STATUSES, ERROR_CODES } from '../harness/protocol/codes.ts';
import { scenario } from '../harness/run/scenario.ts';
import { completed } from './support/completed.ts';
import { initialisedClient } from './support/connected-client.ts';
import { failedConnect } from './support/failed-connect.ts';
import { refused } from './support/refused.ts';

const NO_URLS = [
  { name: 'empty', host: '' },
  { name: 'without-an-address', host: 'mqtt://' },
  { name: 'with-a-port-beyond-65535', host: 'mqtt://127.0.0.1:70000' },
  { name: 'with-a-foreign-scheme', host: 'gopher://127.0.0.1:1883' },
] as const;

for (const { name, host } of NO_URLS) {
  scenario({
    id: `connect-url/${name}`,
    title: `a URL ${name.replaceAll('-', ' ')} leads nowhere`,
    clauses: ['M-3.url'],
    async run(rig) {
      const client = await initialisedClient(rig);

      const connect = await client.connect({ host });

      await refused(rig, connect, 'M-3.url');
      rig.expect.noConnection('M-3.url');
    },
  });
}

scenario({
  id: 'connect-url/no-scheme',
  title: 'what becomes of a host without a scheme',
  clauses: ['D-1'],
  async run(rig) {
    const url = await rig.url();
    const client = await initialisedClient(rig);

    const connect = await client.connect({ host: url.slice('mqtt://'.length), info: { ssl: null } });
    const told = connect.ret === ERROR_CODES.MQTTCLIENT_WOUNDBLOCK ? await connect.callback() : undefined;

    const result = told !== undefined && 'status' in told ? told.status : connect.ret;
    rig.observe('D-1', 'status, or return, of a connect to a host without a scheme', result);
  },
});

scenario({
  id: 'connect-url/ssl-cfg-with-mqtt',
  title: 'whether the scheme or ssl_cfg selects TLS',
  clauses: ['D-1'],
  over: ['mqtts'],
  async run(rig) {
    const url = await rig.url();
    const client = await initialisedClient(rig);

    // The server speaks TLS alone, so that success says that ssl_cfg was enough.
    const connect = await client.connect({ host: url.replace('mqtts://', 'mqtt://') });
    const told = connect.ret === ERROR_CODES.MQTTCLIENT_WOUNDBLOCK ? await connect.callback() : undefined;

    const isSecured = told !== undefined && 'status' in told && told.status === 0;
    rig.observe('D-1', 'ssl_cfg selects TLS for a mqtt:// host', isSecured);
  },
});

scenario({
  id: 'connect-url/by-name',
  title: 'a broker is reached by its name',
  clauses: ['M-3.url', 'M-3.connect', 'M-7.accepted', 'R-3.name'],
  over: ['mqtt', 'mqtts'],
  async run(rig) {
    const host = (await rig.namedUrl()) ?? rig.stop('the module knows the broker by its address alone');
    const client = await initialisedClient(rig);

    await completed(rig, await client.connect({ host }), 'M-4.connect-callback');
  },
});

scenario({
  id: 'connect-url/capitals',
  title: 'whether a scheme and a host in capitals are what they are in small letters is recorded',
  clauses: ['M-3.url'],
  async run(rig) {
    const host = (await rig.namedUrl()) ?? rig.stop('the module knows the broker by its address alone');
    const [scheme = '', authority = ''] = host.split('://');
    const urls = { host: `${scheme}://${authority.toUpperCase()}`, scheme: `${scheme.toUpperCase()}://${authority}` };
    for (const [part, url] of Object.entries(urls)) {
      const client = await initialisedClient(rig);
      const connect = await client.connect({ host: url });
      const told = connect.ret === ERROR_CODES.MQTTCLIENT_WOUNDBLOCK ? await connect.callback() : undefined;

      const isConnected = told !== undefined && 'status' in told && told.status === 0;
      rig.observe('M-3.url', `connects with the ${part} in capitals`, isConnected);
    }
  },
});

scenario({
  id: 'connect-url/unknown-name',
  title: 'a name that nobody has is reported as a failed TCP connection, once',
  clauses: ['M-7.tcp-connect-failure', 'M-2.tcp-connect-fail', 'M-4.connect-callback'],
  async run(rig) {
    const client = await initialisedClient(rig);

    // A name that can't be looked up [RFC 6761 6.4].
    const connect = await client.connect({ host: 'mqtt://qlhil.invalid:1883', info: { ssl: null } });

    const { MQTT_CONNECT_TCP_CONNECTED_FAILURE } = CONNECTION_STATUSES;
    if (connect.ret === ERROR_CODES.MQTTCLIENT_TCP_CONNECT_FAIL) return;
    await failedConnect(rig, connect, [MQTT_CONNECT_TCP_CONNECTED_FAILURE], 'M-7.tcp-connect-failure');
    rig.expect.noConnection('M-3.url');
  },
});
