import { asError, HarnessError } from '../../errors.ts';
import { runTool } from '../power/run-tool.ts';
import { type AddressBlock, addressBlock } from './address-block.ts';
import { AIR_INTERFACES, Air } from './air.ts';
import { inAir, inModule } from './behind-air.ts';
import { networkCapabilities } from './capabilities.ts';

/** A network that was laid for one module. */
export interface OwnNetwork {
  /** The process that runs behind its air. */
  readonly pid: number;
  /** The host's address: the module alone comes here, from one of its own. */
  readonly host: string;
  /** What the module's /etc/hosts calls it. */
  readonly hostName: string;
  /** Capabilities of its network, for scenarios that need one. */
  readonly capabilities: readonly string[];
}

/** Top-level domain that is nobody's (RFC 6761). */
const HOST_NAME = 'broker.qlhil.test';
const TAKES =
  'it takes root, veth in the kernel: modprobe veth; in a container, CAP_SYS_ADMIN, CAP_NET_ADMIN and a /proc/sys that can be written';
const TOOL_MS = 10_000;
/** Far more modules than a host has. */
const TRIES = 256;
const MODULE_INTERFACE = 'radio';
/**
 * Of both ends of each cable: without ARP a packet goes to the address that it comes from. An ARP that is lost would tell a sender what a
 * network tells nobody, and be taken for a packet of the module.
 */
const CABLE = 'address 02:71:68:69:6c:01 arp off up';
const NO_IPV6 = '/proc/sys/net/ipv6/conf/all/disable_ipv6';

/**
 * Lays the network of a module whose process waits for it: a cable from the host to the air and one from the air to the module.
 *
 * @param number tells modules apart that are started at once, so that they don't try for the same addresses
 * @throws HarnessError CONFIGURATION — this machine can't
 */
export async function layNetwork(pid: number, number: number): Promise<OwnNetwork> {
  try {
    const block = await plugIn(pid, number);
    await runTool([...inAir(pid), 'sh', '-ec', airScript(block, pid)], TOOL_MS);
    await runTool([...inModule(pid), 'sh', '-ec', moduleScript(block)], TOOL_MS);
    await runTool(['sh', '-ec', hostScript(block)], TOOL_MS);
    return { pid, host: block.host, hostName: HOST_NAME, capabilities: await networkCapabilities(new Air(pid)) };
  } catch (thrown) {
    throw cannotLay(thrown);
  }
}

/** This machine has root and tools, and can't all the same. */
export function cannotLay(cause: unknown): HarnessError<'CONFIGURATION'> {
  const message = `network=own: this machine can't give a module a network of its own: ${asError(cause).message} (${TAKES})`;
  return new HarnessError('CONFIGURATION', message, { subject: 'network=own' }, { cause });
}

/** Born with one end in the air, which ends with the module: there is no moment at which its end would leave it behind. */
async function plugIn(pid: number, number: number): Promise<AddressBlock> {
  for (let tried = 0; ; tried += 1) {
    const block = addressBlock(process.pid * 17 + number + tried);
    const host = ['peer', 'name', block.hostInterface, 'netns', String(process.pid)];
    try {
      await runTool([...inAir(pid), 'ip', 'link', 'add', 'name', AIR_INTERFACES.up, 'type', 'veth', ...host], TOOL_MS);
      return block;
    } catch (thrown) {
      const isTaken = asError(thrown).message.includes('File exists');
      if (!isTaken || tried === TRIES) throw thrown;
    }
  }
}

function airScript({ airToHost, airToModule }: AddressBlock, pid: number): string {
  const { up, down } = AIR_INTERFACES;
  return `
    ip link add name ${down} type veth peer name ${MODULE_INTERFACE} netns ${pid}
    ip address add ${airToHost}/30 dev ${up}
    ip address add ${airToModule}/30 dev ${down}
    [ ! -e ${NO_IPV6} ] || echo 1 >${NO_IPV6}
    ip link set ${up} ${CABLE}
    ip link set ${down} ${CABLE}
    echo 1 >/proc/sys/net/ipv4/ip_forward`;
}

function moduleScript({ module, airToModule }: AddressBlock): string {
  return `
    ip address add ${module}/30 dev ${MODULE_INTERFACE}
    ip link set lo up
    ip link set ${MODULE_INTERFACE} ${CABLE}
    ip route add default via ${airToModule}`;
}

function hostScript({ hostInterface, host, airToHost, moduleNetwork }: AddressBlock): string {
  return `
    ip address add ${host}/30 dev ${hostInterface}
    ip link set ${hostInterface} ${CABLE}
    ip route add ${moduleNetwork} via ${airToHost}`;
}

/** The module's /etc/hosts. */
export function hostsOf({ host, hostName }: OwnNetwork): string {
  return `127.0.0.1 localhost\n${host} ${hostName}\n`;
}
