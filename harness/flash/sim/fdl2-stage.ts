import { BSL_COMMAND, BSL_REPLY, type BslCommandName } from '../bsl/bsl-code.ts';
import { NV_IMAGE_BYTES } from '../image/nv-image.ts';
import { BslReceiver } from './bsl-receiver.ts';
import type { DeviceContext } from './device-context.ts';
import { LOGIC_ADDRESS, type StartedWrite, startWrite } from './started-write.ts';

const MAX_PACKET_BYTES = 0x3000;
const WHOLE_CHIP_ERASE_MS = 22_000;
const FILE_SYSTEMS = new Set([0x5359_5346, 0x5458_4546]);

/** The second loader: writes, erases and reads flash; answers what it does not know with INVALID_CMD and lives on. */
export class Fdl2Stage {
  readonly #receiver = new BslReceiver(MAX_PACKET_BYTES);
  #write: StartedWrite | undefined;
  #nvForReading: Buffer | undefined;
  #wrotePhaseCheck = false;

  feed(bytes: Buffer, device: DeviceContext): void {
    for (const received of this.#receiver.push(bytes)) {
      if (received.kind === 'panic') return device.panic(received.why);
      this.#handle(received.type, received.payload, device);
    }
  }

  #handle(type: number, payload: Buffer, device: DeviceContext): void {
    switch (type) {
      case BSL_COMMAND.START_DATA:
        return this.#start(payload, device);
      case BSL_COMMAND.MIDST_DATA:
        return this.#append(payload, device);
      case BSL_COMMAND.END_DATA:
        return this.#end(device);
      case BSL_COMMAND.READ_FLASH:
        return this.#read(payload, device);
      case BSL_COMMAND.ERASE_FLASH:
        return this.#erase(payload, device);
      case BSL_COMMAND.NORMAL_RESET:
        device.send('NORMAL_RESET', BSL_REPLY.ACK);
        return device.reset();
      default:
        return acknowledgeOrRefuse(type, device);
    }
  }

  #start(payload: Buffer, device: DeviceContext): void {
    if (payload.length < 8) return device.send('START_DATA', BSL_REPLY.INVALID_CMD);
    const started = startWrite(payload.readUInt32BE(0), payload.readUInt32BE(4), this.#wrotePhaseCheck, device);
    if (typeof started === 'number') return device.send('START_DATA', started);
    this.#write = started;
    return device.send('START_DATA', BSL_REPLY.ACK);
  }

  #append(chunk: Buffer, device: DeviceContext): void {
    const write = this.#write;
    if (write === undefined) return device.send('MIDST_DATA', BSL_REPLY.DOWN_NOT_START);
    if (write.receivedBytes + chunk.length > write.totalBytes)
      return device.send('MIDST_DATA', BSL_REPLY.DOWN_SIZE_ERROR);
    const complaint = write.append(chunk, device);
    if (complaint !== undefined) {
      device.send('MIDST_DATA', complaint);
      device.busyUntil(device.nowMs() + 50);
    }
    return device.send('MIDST_DATA', BSL_REPLY.ACK);
  }

  #end(device: DeviceContext): void {
    const write = this.#write;
    if (write === undefined) return device.send('END_DATA', BSL_REPLY.DOWN_NOT_START);
    this.#write = undefined;
    if (write.receivedBytes !== write.totalBytes) return device.send('END_DATA', BSL_REPLY.DOWN_SIZE_ERROR);
    const complaint = write.finish(device);
    if (complaint === undefined && write.address === LOGIC_ADDRESS.phaseCheck) this.#wrotePhaseCheck = true;
    return device.send('END_DATA', complaint ?? BSL_REPLY.ACK);
  }

  #read(payload: Buffer, device: DeviceContext): void {
    if (payload.length < 12) return device.send('READ_FLASH', BSL_REPLY.INVALID_CMD);
    const [address, sizeBytes, offset] = [payload.readUInt32BE(0), payload.readUInt32BE(4), payload.readUInt32BE(8)];
    const found = this.#contents(address, sizeBytes, offset, device);
    if (typeof found === 'number') return device.send('READ_FLASH', found);
    return device.send('READ_FLASH', BSL_REPLY.READ_FLASH, found);
  }

  #contents(address: number, sizeBytes: number, offset: number, device: DeviceContext): Buffer | number {
    const { memory, nv, phaseCheck } = device.storage;
    if (address === LOGIC_ADDRESS.phaseCheck) return phaseCheck ?? BSL_REPLY.OPERATION_FAILED;
    if (address === LOGIC_ADDRESS.nv) {
      // The copy is made when offset 0 is asked for, so that must come first.
      if (offset === 0) this.#nvForReading = Buffer.from(nv);
      if (this.#nvForReading === undefined || offset >= NV_IMAGE_BYTES) return BSL_REPLY.INVALID_CMD;
      return this.#nvForReading.subarray(offset, offset + sizeBytes);
    }
    if (sizeBytes > 0xffff || !memory.contains(address + offset, sizeBytes)) return BSL_REPLY.INVALID_CMD;
    memory.settle(device.nowMs());
    const at = address + offset - 0x6000_0000;
    return worn(Buffer.from(memory.bytes.subarray(at, at + sizeBytes)), device.faults.find('read-differs')?.at);
  }

  #erase(payload: Buffer, device: DeviceContext): void {
    if (payload.length < 8) return device.send('ERASE_FLASH', BSL_REPLY.INVALID_CMD);
    const reply = eraseReply(payload.readUInt32BE(0), payload.readUInt32BE(4), device);
    return device.send('ERASE_FLASH', reply);
  }
}

function worn(bytes: Buffer, at: number | undefined): Buffer {
  if (at !== undefined && at < bytes.length) bytes[at] = (bytes[at] ?? 0) ^ 0x10;
  return bytes;
}

function acknowledgeOrRefuse(type: number, device: DeviceContext): void {
  for (const name of [
    'CONNECT',
    'CHANGE_BAUD',
    'REPARTITION',
    'POWER_OFF',
    'ENABLE_DEBUG_MODE',
  ] as const satisfies readonly BslCommandName[])
    if (BSL_COMMAND[name] === type) return device.send(name, BSL_REPLY.ACK);
  return device.send('EXEC_DATA', BSL_REPLY.INVALID_CMD);
}

function eraseReply(address: number, second: number, device: DeviceContext): number {
  const { storage } = device;
  const nowMs = device.nowMs();
  if (address === LOGIC_ADDRESS.runningNv || address === LOGIC_ADDRESS.appFile) return BSL_REPLY.ACK;
  if (address === LOGIC_ADDRESS.phaseCheck) {
    storage.phaseCheck = undefined;
    return BSL_REPLY.ACK;
  }
  if (address === LOGIC_ADDRESS.fileSystem) {
    if (!FILE_SYSTEMS.has(second)) return BSL_REPLY.OPERATION_FAILED;
    if (second === 0x5359_5346) storage.files.clear();
    return BSL_REPLY.ACK;
  }
  if (address === 0 && second === 0xffff_ffff) {
    storage.memory.bytes.fill(0xff);
    storage.files.clear();
    device.busyUntil(nowMs + WHOLE_CHIP_ERASE_MS);
    return BSL_REPLY.ACK;
  }
  if (!storage.memory.contains(address, second)) return BSL_REPLY.INVALID_CMD;
  storage.memory.erase(address, second, nowMs);
  device.busyUntil(storage.memory.idleAtMs(nowMs));
  return BSL_REPLY.ACK;
}
