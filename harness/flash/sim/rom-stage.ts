import { readUImage } from '../image/u-image.ts';
import {
  PDL_COMMAND,
  PDL_FLOW_ACK,
  PDL_FLOW_ERROR,
  PDL_RESPONSES,
  PDL_TAG,
  type PdlCommandName,
} from '../pdl/pdl-packet.ts';
import { type PdlPacket, PdlPacketReader } from '../pdl/pdl-packet-reader.ts';
import type { DeviceContext } from './device-context.ts';
import { isSignedFor } from './image-signature.ts';

/** The boot ROM: takes the first loader by PDL and jumps to it without a word. */
export class RomStage {
  readonly #reader = new PdlPacketReader([PDL_FLOW_ACK]);
  #image: Buffer | undefined;
  #received = 0;
  #connects = 0;

  feed(bytes: Buffer, device: DeviceContext): void {
    for (const packet of this.#reader.push(bytes)) this.#handle(packet, device);
  }

  #handle({ payload }: PdlPacket, device: DeviceContext): void {
    if (device.faults.find('rom-silent') !== undefined) return;
    const command = payload.readUInt32LE(0);
    const known = findCommandName(command);
    if (known === undefined) return reply(device, 'UNKNOWN_CMD');
    const forced = device.faults.pdlError(known);
    if (forced !== undefined) {
      device.busyUntil(device.nowMs() + (forced.delayMs ?? 0));
      return replyCode(device, forced.response);
    }
    return this.#dispatch(known, payload, device);
  }

  #dispatch(command: PdlCommandName, payload: Buffer, device: DeviceContext): void {
    if (command === 'CONNECT') return this.#connect(device);
    if (command === 'EXEC_DATA') return this.#execute(device);
    if (command === 'END_DATA') return reply(device, 'ACK');
    if (payload.length < 12) return reply(device, 'PACKET_ERROR');
    if (command === 'START_DATA') return this.#start(payload.readUInt32LE(4), payload.readUInt32LE(8), device);
    return this.#append(payload.subarray(12), payload.readUInt32LE(8), device);
  }

  #connect(device: DeviceContext): void {
    this.#connects++;
    if (this.#connects > (device.faults.find('rom-busy')?.connects ?? 0)) reply(device, 'ACK');
  }

  #start(address: number, sizeBytes: number, device: DeviceContext): void {
    const { fdl1 } = device.options;
    if (address < fdl1.address || address + sizeBytes > fdl1.address + fdl1.limitBytes)
      return reply(device, 'INVALID_ADDR');
    this.#image = Buffer.alloc(sizeBytes);
    this.#received = 0;
    return reply(device, 'ACK');
  }

  #append(chunk: Buffer, sizeBytes: number, device: DeviceContext): void {
    if (this.#image === undefined || sizeBytes > chunk.length || this.#received + sizeBytes > this.#image.length)
      return reply(device, 'INVALID_SIZE');
    this.#image.set(chunk.subarray(0, sizeBytes), this.#received);
    this.#received += sizeBytes;
    return reply(device, 'ACK');
  }

  #execute(device: DeviceContext): void {
    if (this.#image !== undefined && isBootable(this.#image, device.options.secureBootKey)) device.enter('fdl1-wait');
    else reply(device, 'VERIFY_ERROR');
  }
}

export function isBootable(image: Buffer, key: number | undefined): boolean {
  try {
    readUImage(image, 'image');
  } catch {
    // What is wrong with it matters to a host that reads a PAC, not to a ROM that refuses to jump.
    return false;
  }
  return isSignedFor(image, key);
}

function findCommandName(command: number): PdlCommandName | undefined {
  for (const name of ['CONNECT', 'START_DATA', 'MID_DATA', 'END_DATA', 'EXEC_DATA'] as const)
    if (PDL_COMMAND[name] === command) return name;
  return undefined;
}

function reply(device: DeviceContext, response: (typeof PDL_RESPONSES)[number]): void {
  replyCode(device, PDL_RESPONSES.indexOf(response));
}

/** Header and payload go out as two transfers; bytes 6 and 7 are whatever was in memory. */
function replyCode(device: DeviceContext, response: number): void {
  const payload = Buffer.alloc(4);
  payload.writeUInt32LE(response, 0);
  device.sendRaw(Buffer.of(PDL_TAG, 4, 0, 0, 0, response === 0 ? PDL_FLOW_ACK : PDL_FLOW_ERROR, 0xa5, 0x7e), payload);
}
