import { constants } from 'node:fs';
import { access, readFile, statfs } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { asError } from '../../errors.ts';
import type { Check } from './check.ts';

/** A full run with packet captures takes some tens of MB. */
const LEAST_FREE_MB = 200;

/** What can be wrong on this side of the cable. */
export const HOST_CHECKS: readonly Check[] = [
  {
    id: 'disk',
    needs: [],
    mend: 'run it in a folder that can be read',
    look: async ({ options }) => {
      const { bavail, bsize } = await statfs(options.folder);
      const freeMb = Math.floor((bavail * bsize) / 1_000_000);
      const saw = `${freeMb} MB free in ${options.folder}`;
      return freeMb >= LEAST_FREE_MB ? { saw } : { saw, mend: `free ${LEAST_FREE_MB} MB, or choose another --out` };
    },
  },
  {
    id: 'modem-manager',
    needs: [],
    mend: 'stop ModemManager',
    look: async ({ options }) => {
      const running = await options.host.findProbers();
      if (running.length === 0) return { saw: 'nobody else opens new modem ports' };
      const mend = 'install fixtures/udev/70-qlhil.rules (docs/bench.md, "Rights"), or stop it';
      return { saw: `${running.join(', ')} runs and opens each new modem port`, mend };
    },
  },
  {
    id: 'usb',
    needs: [],
    mend: 'look at cable and power: `lsusb -d 2c7c:` lists the module',
    look: async (visit) => {
      const found = await visit.findDevices();
      const modules = found.filter(({ kind }) => kind === 'module');
      const [module] = modules;
      const others = found.map(
        ({ usb, id, note }) => `${usb.usbPath} is ${id}${note === undefined ? '' : ` (${note})`}`,
      );
      if (module === undefined) {
        const mend =
          'plug a module in, switch it on; one in download mode needs a power cycle without the USB_BOOT strap';
        return { saw: ['no module', ...others].join('; '), mend };
      }
      const paths = modules.map(({ usb }) => usb.usbPath).join(', ');
      if (modules.length > 1) return { saw: `${modules.length} modules: ${paths}`, mend: 'name one with --module' };
      visit.choose(module);
      return { saw: `${module.id} at ${module.usb.usbPath}` };
    },
  },
  {
    id: 'lock',
    needs: ['usb'],
    mend: 'wait until it is free; `qlhil lock release` ends what is held by hand',
    look: async (visit) => {
      await visit.lock();
      return { saw: 'nobody else has the module' };
    },
  },
  {
    id: 'ports',
    needs: ['usb'],
    mend: 'plug it in again',
    look: async (visit) => {
      const { ports, note } = visit.device;
      const paths = Object.entries(ports).map(([role, path]) => `${role} ${basename(path)}`);
      const saw = paths.length === 0 ? (note ?? 'no ports') : paths.join(', ');
      if (ports.at !== undefined && visit.rpcPort !== undefined) return { saw };
      return { saw, mend: 'load the driver `option` and tell it the id 2c7c 0901 (docs/bench.md, "No ports")' };
    },
  },
  {
    id: 'rights',
    needs: ['ports'],
    mend: 'plug it in again',
    look: async (visit) => {
      const wanted = [visit.device.ports.at ?? '', visit.rpcPort ?? ''];
      const refused = (await Promise.all(wanted.map(whyNot))).filter((why) => why !== undefined);
      if (refused.length === 0) return { saw: 'this user may open its ports' };
      return {
        saw: refused.join('; '),
        mend: 'install fixtures/udev/70-qlhil.rules and join its group (docs/bench.md, "Rights")',
      };
    },
  },
  {
    id: 'autosuspend',
    needs: ['usb'],
    mend: 'install fixtures/udev/70-qlhil.rules',
    look: async ({ options, device }) => {
      const path = join(options.host.roots.sys, 'bus/usb/devices', device.usb.usbPath, 'power/control');
      const control = await readText(path);
      if (control !== 'auto') return { saw: `the kernel leaves it awake (${control ?? 'it has no power control'})` };
      return {
        saw: `the kernel may put it to sleep (${path})`,
        mend: `install fixtures/udev/70-qlhil.rules, or echo on > ${path}`,
      };
    },
  },
];

async function whyNot(path: string): Promise<string | undefined> {
  try {
    await access(path, constants.R_OK | constants.W_OK);
    return undefined;
  } catch (thrown) {
    return asError(thrown).message;
  }
}

async function readText(path: string): Promise<string | undefined> {
  try {
    return (await readFile(path, 'utf8')).trim();
  } catch {
    return undefined; // a kernel without power management of USB
  }
}
