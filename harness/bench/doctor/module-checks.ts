import { describeDifferences } from '../inventory/check-identity.ts';
import type { Check } from './check.ts';

/** Below, LTE loses data calls. */
const WEAKEST_DBM = -105;
/** Certificates of a run are valid for longer than that before and after. */
const LARGEST_OFFSET_S = 300;

/** What can be wrong with the module, its SIM, and the network. */
export const MODULE_CHECKS: readonly Check[] = [
  {
    id: 'at',
    needs: ['lock', 'rights'],
    mend: 'give it 20 s to start, then a power cycle; see what else has the port open with `fuser`',
    look: async (visit) => {
      await visit.at();
      return { saw: 'the AT port answers' };
    },
  },
  {
    id: 'firmware',
    needs: ['at'],
    mend: 'ask it with ATI by hand',
    look: async (visit) => {
      const { revision, firmware, sku } = await (await visit.at()).identity();
      const saw = `${revision}, SKU ${sku}`;
      if (sku === 'unknown')
        return { saw, mend: 'this is no module of the family, or a revision of a form not seen yet' };
      if (firmware === 'ocpu') return { saw };
      return { saw: `${saw}: standard AT firmware`, mend: 'flash the QuecOpen (OCPU) core of the same SKU' };
    },
  },
  {
    id: 'identity',
    needs: ['firmware'],
    mend: 'ask it with AT+CGSN by hand',
    look: async (visit) => {
      const identity = await (await visit.at()).identity();
      const imei = identity.imei === '' ? 'unknown' : `…${identity.imei.slice(-4)}`;
      const saw = `SKU ${identity.sku}, IMEI ${imei}`;
      const { expected } = visit.options;
      if (expected === undefined) return { saw: `${saw}; no inventory says which it must be` };
      const differences = describeDifferences(expected, identity);
      if (differences.length === 0) return { saw: `${saw}, as bench.yaml says of ${expected.name}` };
      const mend = `plug ${expected.name} in at ${expected.usb}, or correct bench.yaml (\`qlhil devices\` prints entries)`;
      return { saw: differences.join(', '), mend };
    },
  },
  {
    id: 'sim',
    needs: ['at'],
    mend: 'seat the SIM and restart the module',
    look: async (visit) => {
      const saw = await (await visit.at()).sim();
      return saw === 'READY'
        ? { saw }
        : { saw, mend: 'insert a SIM without a PIN, or switch its PIN off in a telephone' };
    },
  },
  {
    id: 'registration',
    needs: ['sim'],
    mend: 'restart the module',
    look: async (visit) => {
      const saw = await (await visit.at()).registration();
      if (saw === 'home' || saw === 'roaming') return { saw };
      return { saw, mend: 'look at the antenna, the subscription, and whether the network has bands of this SKU' };
    },
  },
  {
    id: 'signal',
    needs: ['registration'],
    mend: 'restart the module',
    look: async (visit) => {
      const { rssiDbm } = await (await visit.at()).signal();
      const saw = rssiDbm === undefined ? 'unknown' : `${rssiDbm} dBm`;
      return rssiDbm !== undefined && rssiDbm >= WEAKEST_DBM ? { saw } : { saw, mend: 'move the antenna' };
    },
  },
  {
    id: 'clock',
    needs: ['at'],
    mend: 'restart the module',
    look: async (visit) => {
      const offsetS = Math.round(((await (await visit.at()).clock()) - visit.options.nowMs()) / 1000);
      const saw = `the module's clock minus ours is ${offsetS} s`;
      if (Math.abs(offsetS) <= LARGEST_OFFSET_S) return { saw };
      return {
        saw,
        mend: 'certificates are judged by this clock: let the network set it (AT+CTZU=1), or set it (AT+CCLK)',
      };
    },
  },
  {
    id: 'shim',
    needs: ['lock', 'rights', 'firmware'],
    mend: 'flash an application with the shim (firmware/sdk); one with another port needs `rpc` in bench.yaml',
    look: async (visit) => {
      const { shim, protocol, sdk, features, boot } = (await visit.session()).hello;
      const offers = features.length === 0 ? 'no features' : features.join(' ');
      return { saw: `shim ${shim}, protocol ${protocol}, SDK ${sdk} (${offers}), started by ${boot.cause}` };
    },
  },
  {
    id: 'data-call',
    needs: ['shim', 'registration'],
    mend: 'look at the APN (`apn` in bench.yaml) and the subscription',
    look: async (visit) => {
      const { address, wasUp } = await visit.dataCall();
      return { saw: `${wasUp ? 'up' : 'can be brought up'}, ${address ?? 'address unknown'}` };
    },
  },
];
