import { ModuleProxy } from '../../module/module-proxy.ts';
import { DATA_CALL_PROFILE } from '../park-module.ts';
import { findSkuOfRevision } from '../sku.ts';
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
      const { shim, protocol, sdk, features, boot, module } = (await visit.session()).hello;
      const sku = findSkuOfRevision(module.revision) ?? 'unknown';
      const saw = `shim ${shim}, protocol ${protocol}, SDK ${sdk}, ${features.length} features, SKU ${sku}, started by ${boot.cause}`;
      return { saw };
    },
  },
  {
    id: 'data-call',
    needs: ['shim', 'registration'],
    mend: 'look at the APN (`apn` in bench.yaml) and the subscription',
    look: async (visit) => {
      const module = new ModuleProxy(await visit.session());
      const { dataCall, address } = await module.networkStatus();
      if (dataCall) return { saw: `up, ${address ?? 'address unknown'}` };
      const brought = await module.networkUp({ profile: DATA_CALL_PROFILE, apn: null });
      await module.networkDown(DATA_CALL_PROFILE);
      return { saw: `can be brought up, ${brought.address ?? 'address unknown'}` };
    },
  },
];
