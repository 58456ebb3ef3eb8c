/**
 * The addresses of one module's network: eight of 198.19.0.0/16, which is kept for tests of network devices (RFC 2544) and never routed.
 *
 * Four are between the host and the air, four between the air and the module.
 */
export interface AddressBlock {
  /** The host's interface. Its name claims the block: the kernel gives a name once. */
  readonly hostInterface: string;
  readonly host: string;
  readonly airToHost: string;
  readonly airToModule: string;
  readonly module: string;
  /** The module's four, for the host's route to it. */
  readonly moduleNetwork: string;
}

const SIZE = 8;
const BLOCKS = 65_536 / SIZE;

/** @param index of any size: beyond the last block it begins again */
export function addressBlock(index: number): AddressBlock {
  const block = index % BLOCKS;
  const address = (nth: number) => {
    const low = block * SIZE + nth;
    return `198.19.${Math.trunc(low / 256)}.${low % 256}`;
  };
  return {
    hostInterface: `qlhil${block}`,
    host: address(1),
    airToHost: address(2),
    airToModule: address(5),
    module: address(6),
    moduleNetwork: `${address(4)}/30`,
  };
}
