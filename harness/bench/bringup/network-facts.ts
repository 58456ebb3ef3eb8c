import { DATA_CALL_PROFILE } from '../park-module.ts';
import { tryBroker } from '../reach/broker-trial.ts';
import { describeTrial } from '../reach/describe-trial.ts';
import type { Fact } from './fact.ts';

/** Certificates of a run are valid for longer than that before and after. */
const LARGEST_OFFSET_S = 300;

/** SIM, network, and the way to the broker. */
export const NETWORK_FACTS: readonly Fact[] = [
  {
    id: 'data-call',
    mark: 'unknown',
    says: 'a data call on profile 1 with this access point comes up and has an address',
    probe: '`network.status`, `network.up`',
    ifNot:
      'look at SIM, antenna and `apn` in bench.yaml (`qlhil doctor` tells which); some networks give nothing without a name',
    look: async (hour) => {
      const module = await hour.module();
      const status = await module.networkStatus();
      const { address } = status.dataCall
        ? status
        : await module.networkUp({ profile: DATA_CALL_PROFILE, apn: hour.parts.apn });
      return {
        holds: address !== null,
        saw: `${status.dataCall ? 'up already' : 'brought up'}, ${address ?? 'without an address'}`,
      };
    },
  },
  {
    id: 'date',
    mark: 'unknown',
    says: 'the network, or who built the module in, has set its clock: certificates are judged by it',
    probe: '`clock.unix`',
    ifNot: 'TLS scenarios would fail for their certificates: AT+CTZU=1 and a new registration, or set it by AT+CCLK',
    look: async (hour) => {
      const unixS = await (await hour.module()).readUnixTime();
      const offsetS = unixS - Math.floor(hour.parts.nowMs() / 1000);
      return { holds: Math.abs(offsetS) <= LARGEST_OFFSET_S, saw: `the module's clock minus ours is ${offsetS} s` };
    },
  },
  {
    id: 'way',
    mark: 'unknown',
    says: "the module's network leads to this machine, and passes MQTT",
    probe: 'connect, subscribe, a QoS 1 message to itself, disconnect; the broker of a run looks on',
    ifNot:
      'nothing can be tested from here: docs/bench.md, "How the module reaches the broker"; what both sides saw tells the layer',
    look: async (hour) => {
      await using door = await hour.open('mqtt');
      const trial = await tryBroker(await hour.module(), door, null);
      return { holds: trial.hasRoundTrip, saw: describeTrial(trial) };
    },
  },
];
