import type { AtSession } from './at-session.ts';

export interface ModuleIdentity {
  readonly model: string;
  readonly revision: string;
  /** 15 digits, or empty when the module does not tell. */
  readonly imei: string;
}

const COMMAND_MS = 3000;

/** Asks for model, revision and IMEI. @throws HarnessError FLASH_AT_SILENT */
export async function readIdentity(at: AtSession): Promise<ModuleIdentity> {
  return {
    model: await value(at, 'AT+CGMM'),
    revision: await value(at, 'AT+CGMR'),
    imei: /\d{15}/u.exec(await value(at, 'AT+CGSN'))?.[0] ?? '',
  };
}

/** Some firmwares prefix the value: "+CGMR: EC200U…"; URCs in between start with a plus sign as well. */
async function value(at: AtSession, command: string): Promise<string> {
  const { lines } = await at.ask(command, COMMAND_MS);
  const prefix = `${command.slice(2)}:`;
  const prefixed = lines.find((line) => line.startsWith(prefix));
  if (prefixed !== undefined) return prefixed.slice(prefix.length).trim().replaceAll('"', '');
  return lines.find((line) => !line.startsWith('+')) ?? '';
}
