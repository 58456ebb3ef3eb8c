import { HarnessError } from '../../errors.ts';
import { PDL_FLOW_ACK, PDL_FLOW_ERROR, type PdlCommandName, pdlResponseName } from '../pdl/pdl-packet.ts';
import { type PdlPacket, PdlPacketReader } from '../pdl/pdl-packet-reader.ts';
import type { Exchange } from './exchange.ts';

/** Requests to the boot ROM. */
export class PdlLink {
  readonly #exchange: Exchange;
  readonly #reader = new PdlPacketReader([PDL_FLOW_ACK, PDL_FLOW_ERROR]);

  constructor(exchange: Exchange) {
    this.#exchange = exchange;
    exchange.onStray = (chunk) => this.#reader.push(chunk);
  }

  /** True on ACK, false on silence. @throws HarnessError FLASH_PDL_REFUSED — the ROM answered with an error */
  async tryCommand(command: PdlCommandName, packet: Uint8Array, timeoutMs: number): Promise<boolean> {
    const answer = await this.#exchange.ask(command, {
      bytes: packet,
      timeoutMs,
      read: (chunk) => this.#reader.push(chunk)[0],
    });
    if (answer === undefined) return false;
    this.check(command, answer);
    return true;
  }

  /** @throws HarnessError FLASH_PDL_TIMEOUT, FLASH_PDL_REFUSED */
  async command(command: PdlCommandName, packet: Uint8Array, timeoutMs: number): Promise<void> {
    if (await this.tryCommand(command, packet, timeoutMs)) return;
    const message = `the boot ROM did not answer ${command} within ${timeoutMs} ms`;
    throw new HarnessError('FLASH_PDL_TIMEOUT', message, { ...this.#exchange.point(command), timeoutMs });
  }

  /** Answers in this chunk, for the moment in which the ROM may still complain and the next loader may already speak. */
  look(chunk: Buffer): readonly PdlPacket[] {
    return this.#reader.push(chunk);
  }

  check(command: PdlCommandName, { flow, payload }: PdlPacket): void {
    const response = payload.readUInt32LE(0);
    if (flow === PDL_FLOW_ACK && response === 0) return;
    const responseName = pdlResponseName(response);
    const point = this.#exchange.point(command);
    if (command === 'EXEC_DATA')
      throw new HarnessError('FLASH_FDL1_REJECTED', `the boot ROM rejected the first loader: ${responseName}`, {
        ...point,
        responseName,
      });
    throw new HarnessError('FLASH_PDL_REFUSED', `the boot ROM answered ${command} with ${responseName}`, {
      ...point,
      response,
      responseName,
    });
  }
}
