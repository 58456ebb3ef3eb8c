import { expect, test } from '@jest/globals';
import type { ListedPort } from '../../transport/serial.ts';
import { discoverDevices } from './discover-devices.ts';
import { devicesOfPorts, portListSource } from './port-list.ts';

/** As the package `serialport` lists them. */
function port(path: string, rest: Partial<ListedPort> = {}): ListedPort {
  return {
    path,
    manufacturer: undefined,
    serialNumber: undefined,
    pnpId: undefined,
    locationId: undefined,
    vendorId: '2c7c',
    productId: '0901',
    ...rest,
  };
}

const windows = (path: string, number: string, instance: string) =>
  port(path, {
    pnpId: `USB\\VID_2C7C&PID_0901&MI_${number}\\${instance}&0&00${number}`,
    serialNumber: `${instance}&0&00${number}`,
    manufacturer: 'Quectel',
    vendorId: '2C7C',
  });

const discover = (...ports: readonly ListedPort[]) => discoverDevices(portListSource(() => Promise.resolve(ports)));

test('on Windows two of a kind are told apart by their instance, and their ports by MI', async () => {
  const devices = await discover(
    windows('COM7', '02', '6&1C2D3E'),
    windows('COM12', '08', '6&1C2D3E'),
    windows('COM9', '08', '6&2F00AB'),
    port('COM1', { vendorId: undefined, productId: undefined }),
  );

  expect(devices.map(({ usb, kind, ports }) => [usb.usbPath, kind, ports])).toEqual([
    ['6&1C2D3E&0', 'module', { at: 'COM7', nmea: 'COM12' }],
    ['6&2F00AB&0', 'module', { nmea: 'COM9' }],
  ]);
});

test("by the names of udev's links, roles are told as well", () => {
  const listed = port('/dev/ttyUSB6', { pnpId: 'usb-Android_Android-if08-port0', locationId: '1-1' });

  expect(devicesOfPorts([listed])).toMatchObject([{ usbPath: '1-1', ports: [{ interfaceNumber: 8 }] }]);
});

test('where the system tells no interface, the ports are shown and not guessed', async () => {
  const [module] = await discover(
    port('/dev/tty.usbmodem14101', { locationId: '14100000' }),
    port('/dev/tty.usbmodem14103', { locationId: '14100000' }),
  );

  expect(module).toMatchObject({ kind: 'module', ports: {}, usb: { usbPath: '14100000' } });
  expect(module?.note).toMatch(/which is which.*usbmodem14101, \/dev\/tty\.usbmodem14103/u);
});

test('an ASR sibling is refused and a gadget is no module in download mode, here as well', async () => {
  const devices = await discover(
    port('COM3', { productId: '6001', locationId: 'a' }),
    port('COM4', { vendorId: '0525', productId: 'A4A7', locationId: 'b', manufacturer: 'Linux 6.1 with dwc3-gadget' }),
    port('COM5', { vendorId: '0525', productId: 'A4A7', locationId: 'c' }),
    port('COM6', { vendorId: '1a86', productId: '7523', locationId: 'd' }),
  );

  expect(devices.map(({ usb, kind }) => [usb.usbPath, kind])).toEqual([
    ['a', 'refused'],
    ['b', 'refused'],
    ['c', 'download'],
  ]);
});
