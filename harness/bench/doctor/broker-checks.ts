import type { BrokerTrial } from '../reach/broker-trial.ts';
import { describeTrial } from '../reach/describe-trial.ts';
import type { Check, Sighting } from './check.ts';

const WAYS = 'docs/bench.md, "How the module reaches the broker"';
const NO_PLACE_TO_LISTEN = '`listen` names an address of this machine, or 0.0.0.0; its port must be free';

/** Whether the module reaches the broker that a run will open, layer by layer, by its own ql_mqtt calls. */
export const BROKER_CHECKS: readonly Check[] = [
  {
    id: 'broker-tcp',
    needs: ['data-call'],
    mend: NO_PLACE_TO_LISTEN,
    look: async (visit) => {
      const address = visit.options.broker;
      if (address === undefined) {
        const mend = `name this machine's address with --broker-host, or \`broker\` in bench.yaml (${WAYS})`;
        return { saw: 'nobody said at which address the module finds the broker', mend };
      }
      const trial = await visit.trial('mqtt');
      const { visitor } = trial.seen;
      if (visitor !== null) return { saw: `${trial.url}: a connection came from ${visitor} to ${trial.place}` };
      return judge(trial, false, mendWay(address.host, trial.place));
    },
  },
  {
    id: 'broker-mqtt',
    needs: ['broker-tcp'],
    mend: NO_PLACE_TO_LISTEN,
    look: async (visit) => {
      const trial = await visit.trial('mqtt');
      const mend =
        trial.seen.frames.length === 0
          ? 'something on the way takes the connection and keeps what is sent: a proxy or firewall that does not know MQTT'
          : `the bytes arrive, so look at the module: \`qlhil run --profile smoke\` tells more`;
      return judge(trial, trial.hasRoundTrip, mend);
    },
  },
  {
    id: 'broker-tls',
    needs: ['broker-tcp', 'clock'],
    mend: NO_PLACE_TO_LISTEN,
    look: async (visit) => {
      const trial = await visit.trial('mqtts');
      return judge(trial, trial.hasRoundTrip, mendTls(trial));
    },
  },
];

function judge(trial: BrokerTrial, isGood: boolean, mend: string): Sighting {
  const saw = `${trial.url}: ${describeTrial(trial)}`;
  return isGood ? { saw } : { saw, mend };
}

function mendWay(host: string, place: string): string {
  const firewall = `${host} must be this machine as the module's network sees it, and let it through to ${place}: look at firewall, NAT and APN`;
  const loopback = place.startsWith('127.')
    ? '; 127.0.0.1 is reached from this machine alone: name another with --listen'
    : '';
  return `${firewall}${loopback} (${WAYS})`;
}

function mendTls({ seen }: BrokerTrial): string {
  if (!seen.hasClientHello)
    return 'TCP arrives and no ClientHello: something on the way stops TLS, or the module did not begin it';
  if (seen.tlsFailure !== null) {
    return 'the module and this broker do not agree: the code says which of them ended it and why; a certificate that it refuses may be a matter of its clock';
  }
  return 'look at what the module says: the way is good';
}
