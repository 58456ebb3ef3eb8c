import { HarnessError } from '../../errors.ts';
import { openPort } from '../../flash/target/open-port.ts';
import { transportFor } from '../../transport/transport-for.ts';
import { discoverDevices } from '../discovery/discover-devices.ts';
import type { Visit } from '../doctor/visit.ts';
import { LiveBrokerSide } from '../reach/live-broker-side.ts';
import type { HourParts } from './first-hour.ts';

/** The first hour of a module that is there, once the doctor has chosen and locked it. */
export function liveParts(visit: Visit): HourParts {
  const { host, apn = null, broker, nowMs } = visit.options;
  const { usb, ports } = visit.device;
  const atPort = ports.at ?? '';
  return {
    apn,
    atPort,
    openAt: () => openPort(host, atPort),
    transport: async () => {
      const device = (await discoverDevices(host.source)).find((found) => found.usb.usbPath === usb.usbPath);
      const port = device === undefined ? undefined : visit.rpcPortOf(device);
      if (port !== undefined) return transportFor(port)();
      throw new HarnessError('PORT_LOST', `at ${usb.usbPath} is no port of the shim`, { port: usb.usbPath });
    },
    openBroker: async () => {
      if (broker !== undefined) return await LiveBrokerSide.open(broker);
      const why = 'nobody said at which address the module finds the broker: --broker-host, or `broker` in bench.yaml';
      throw new HarnessError('CONFIGURATION', why, { subject: 'broker' });
    },
    nowMs,
    pause: (ms) =>
      new Promise((resolve) => {
        setTimeout(resolve, ms);
      }),
  };
}
