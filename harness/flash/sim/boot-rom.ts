import { DeviceFolder } from './device-folder.ts';
import { readRomOptions } from './rom-options.ts';
import { serveDevice } from './serve-device.ts';
import { SimulatedDevice } from './simulated-device.ts';
import { TerminalMaster } from './terminal-master.ts';

/* The boot ROM of a virtual module: a process that its supervisor starts when the firmware enters download mode. */
const { fd, folder, timing, faults } = readRomOptions(process.argv.slice(2), process.env);
const state = new DeviceFolder(folder);
const storage = state.load(timing);
const device = new SimulatedDevice(storage, { isStream: true, bootDelayMs: 0 }, faults);
const how = await serveDevice(device, new TerminalMaster(fd));
state.save(storage);
process.exitCode = how === 'reset' ? 0 : 1;
