import { HarnessError } from '../../errors.ts';
import type { AtSession } from '../../flash/target/at-session.ts';
import { type ModuleIdentity, readIdentity } from '../../flash/target/module-identity.ts';
import { findSkuOfRevision } from '../sku.ts';
import {
  type Registration,
  readAddress,
  readAti,
  readClock,
  readRegistration,
  readSignal,
  readSimState,
  type Signal,
} from './at-answers.ts';
import { describeRefusal } from './cme-error.ts';

const COMMAND_MS = 3_000;
/** A module that boots swallows the first commands. */
const ATTEMPTS = 3;
const ATTEMPT_MS = 1_000;

export interface AtIdentity extends ModuleIdentity {
  /** `EC200U-CN`; `unknown` if the revision is none of the family. */
  readonly sku: string;
  /** `ocpu`: the core of QuecOpen, on which an application runs; `at`: the standard firmware, on which no shim can. */
  readonly firmware: 'ocpu' | 'at';
}

/**
 * A module by its AT port. It sets nothing: echo and the form of errors stay as whoever used the port before left them.
 *
 * Every method: @throws HarnessError FLASH_AT_SILENT, AT_REFUSED, AT_UNREADABLE
 */
export class AtModule implements AsyncDisposable {
  readonly #at: AtSession;

  /** Resolves when the module answers. @throws HarnessError FLASH_AT_SILENT — it does not, at three attempts of 1 s */
  static async open(at: AtSession): Promise<AtModule> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        await at.ask('AT', ATTEMPT_MS);
        return new AtModule(at);
      } catch (thrown) {
        if (attempt === ATTEMPTS) throw thrown;
      }
    }
  }

  private constructor(at: AtSession) {
    this.#at = at;
  }

  async identity(): Promise<AtIdentity> {
    const identity = await this.#identify();
    const sku = findSkuOfRevision(identity.revision) ?? 'unknown';
    return { ...identity, sku, firmware: await this.#firmware(identity.revision) };
  }

  /** `READY`, or in words why not. */
  async sim(): Promise<string> {
    const { lines, final } = await this.#at.ask('AT+CPIN?', COMMAND_MS);
    return final === 'OK' ? this.#read('AT+CPIN?', lines, readSimState) : describeRefusal(final ?? '');
  }

  /** With the LTE network, or else with the older ones. */
  async registration(): Promise<Registration> {
    const lte = await this.#value('AT+CEREG?', readRegistration);
    return lte === 'home' || lte === 'roaming' ? lte : await this.#value('AT+CREG?', readRegistration);
  }

  signal(): Promise<Signal> {
    return this.#value('AT+CSQ', readSignal);
  }

  /** Of the data call; undefined if there is none. */
  async address(): Promise<string | undefined> {
    return readAddress(await this.#lines('AT+CGPADDR'));
  }

  /** Unix time, ms; whole seconds. */
  clock(): Promise<number> {
    return this.#value('AT+CCLK?', readClock);
  }

  /** Whether it has AT commands for MQTT, as the standard firmware does. */
  async hasMqttCommands(): Promise<boolean> {
    const { final } = await this.#at.ask('AT+QMTCFG=?', COMMAND_MS);
    return final === 'OK';
  }

  /** Restarts the module; its ports go away, perhaps before the OK is out. */
  async reset(): Promise<void> {
    const { final } = await this.#at.ask('AT+CFUN=1,1', COMMAND_MS);
    if (final !== undefined && final !== 'OK') throw refused('AT+CFUN=1,1', final);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#at.close();
  }

  /** `ATI` is asked where one of the others is refused, or a URC of the start-up stood in its place: it has both in one answer. */
  async #identify(): Promise<ModuleIdentity> {
    const identity = await readIdentity(this.#at);
    if (identity.model !== '' && identity.revision.startsWith(identity.model)) return identity;
    const { lines } = await this.#at.ask('ATI', COMMAND_MS);
    return { ...identity, ...readAti(lines) };
  }

  /** The core of QuecOpen has no AT commands for MQTT. */
  async #firmware(revision: string): Promise<AtIdentity['firmware']> {
    if (revision.includes('_OCPU')) return 'ocpu';
    return (await this.hasMqttCommands()) ? 'at' : 'ocpu';
  }

  async #value<T>(command: string, read: (lines: readonly string[]) => T | undefined): Promise<T> {
    return this.#read(command, await this.#lines(command), read);
  }

  #read<T>(command: string, lines: readonly string[], read: (lines: readonly string[]) => T | undefined): T {
    const value = read(lines);
    if (value !== undefined) return value;
    throw new HarnessError('AT_UNREADABLE', `no answer to ${command} is in ${JSON.stringify(lines)}`, {
      command,
      lines,
    });
  }

  async #lines(command: string): Promise<readonly string[]> {
    const { lines, final } = await this.#at.ask(command, COMMAND_MS);
    if (final === 'OK') return lines;
    throw refused(command, final);
  }
}

function refused(command: string, final: string | undefined): HarnessError {
  const why = final === undefined ? 'the port went away' : describeRefusal(final);
  return new HarnessError('AT_REFUSED', `the module refused ${command}: ${why}`, { command, why });
}
