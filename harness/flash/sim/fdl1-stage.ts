import { BSL_COMMAND, BSL_REPLY } from '../bsl/bsl-code.ts';
import { U_IMAGE_MAGIC } from '../image/u-image.ts';
import { BslReceiver } from './bsl-receiver.ts';
import type { DeviceContext } from './device-context.ts';
import { isSignedFor } from './image-signature.ts';

const VERSION = 'Spreadtrum Boot Block version 1.2';
const MAX_PACKET_BYTES = 0x840;

/** The first loader: says its version once, takes the second loader, panics at whatever it did not expect. */
export class Fdl1Stage {
  readonly #receiver = new BslReceiver(MAX_PACKET_BYTES);
  #image: Buffer | undefined;
  #received = 0;
  #spoke = false;

  feed(bytes: Buffer, device: DeviceContext): void {
    const rest = this.#spoke ? bytes : this.#listen(bytes, device);
    for (const received of this.#receiver.push(rest)) {
      if (received.kind === 'panic') return device.panic(received.why);
      this.#handle(received.type, received.payload, device);
    }
  }

  /** Everything before the first 0x7E is ignored. */
  #listen(bytes: Buffer, device: DeviceContext): Buffer {
    const at = bytes.indexOf(0x7e);
    if (at < 0) return Buffer.alloc(0);
    this.#spoke = true;
    device.enter('fdl1');
    this.#tellVersion(device);
    return bytes.subarray(at + 1);
  }

  #tellVersion(device: DeviceContext): void {
    const text = device.faults.find('version-wrong')?.text ?? VERSION;
    const late = device.faults.find('version-late');
    if (device.faults.find('version-missing') !== undefined) return;
    if (late !== undefined) device.busyUntil(device.nowMs() + late.delayMs);
    const times = device.faults.find('version-twice') === undefined ? 1 : 2;
    for (let time = 0; time < times; time++)
      device.send('CHECK_BAUD', BSL_REPLY.VER, Buffer.from(`${text}\0`, 'latin1'));
  }

  #handle(type: number, payload: Buffer, device: DeviceContext): void {
    if (type === BSL_COMMAND.CONNECT) return device.send('CONNECT', BSL_REPLY.ACK);
    if (type === BSL_COMMAND.CHANGE_BAUD) return device.send('CHANGE_BAUD', BSL_REPLY.ACK);
    if (type === BSL_COMMAND.START_DATA && payload.length >= 8)
      return this.#start(payload.readUInt32BE(0), payload.readUInt32BE(4), device);
    if (type === BSL_COMMAND.MIDST_DATA) return this.#append(payload, device);
    if (type === BSL_COMMAND.END_DATA) return this.#end(device);
    if (type === BSL_COMMAND.EXEC_DATA) return this.#execute(device);
    return device.panic(`FDL1 does not know command 0x${type.toString(16)}`);
  }

  #start(address: number, sizeBytes: number, device: DeviceContext): void {
    const { fdl2 } = device.options;
    if (address !== fdl2.address) return this.#refuse('START_DATA', BSL_REPLY.DOWN_DEST_ERROR, device);
    if (sizeBytes > fdl2.limitBytes) return this.#refuse('START_DATA', BSL_REPLY.DOWN_SIZE_ERROR, device);
    this.#image = Buffer.alloc(sizeBytes);
    this.#received = 0;
    return device.send('START_DATA', BSL_REPLY.ACK);
  }

  #append(chunk: Buffer, device: DeviceContext): void {
    if (this.#image === undefined) return this.#refuse('MIDST_DATA', BSL_REPLY.DOWN_NOT_START, device);
    if (this.#received + chunk.length > this.#image.length)
      return this.#refuse('MIDST_DATA', BSL_REPLY.DOWN_SIZE_ERROR, device);
    this.#image.set(chunk, this.#received);
    this.#received += chunk.length;
    return device.send('MIDST_DATA', BSL_REPLY.ACK);
  }

  /** Looks at the signature only; how much was received is not checked. */
  #end(device: DeviceContext): void {
    const isSigned = this.#image !== undefined && isSignedFor(this.#image, device.options.secureBootKey);
    device.send('END_DATA', isSigned ? BSL_REPLY.ACK : BSL_REPLY.SEC_VERIFY_ERROR);
  }

  /** The answer to EXEC is the start-up ACK of FDL2; without an image nothing happens at all. */
  #execute(device: DeviceContext): void {
    if (this.#image === undefined || this.#image.length < 4 || this.#image.readUInt32BE(0) !== U_IMAGE_MAGIC) return;
    device.send('EXEC_DATA', BSL_REPLY.ACK);
    device.enter('fdl2');
    device.busyUntil(device.nowMs() + device.options.bootDelayMs);
  }

  #refuse(command: 'START_DATA' | 'MIDST_DATA', type: number, device: DeviceContext): void {
    device.send(command, type);
    device.panic(`FDL1 refused ${command}`);
  }
}
