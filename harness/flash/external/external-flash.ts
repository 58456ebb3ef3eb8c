import type { FlashLedger } from '../flash-ledger.ts';
import type { FlashPlan } from '../plan/flash-plan.ts';
import { AT_INTERFACE, type FlashHost, isDownload, type UsbDevice } from '../target/flash-host.ts';
import type { ExternalDriver } from './flash-driver.ts';
import { runTool } from './run-tool.ts';
import type { ToolLine } from './tool-grammar.ts';

export interface ExternalFlash {
  readonly driver: ExternalDriver;
  readonly plan: FlashPlan;
  readonly pacPath: string;
  readonly target: UsbDevice;
  readonly host: FlashHost;
}

/** Lets a tool do the writing. Returns the enumeration after which the module must come back. */
export async function externalFlash(
  { driver, plan, pacPath, target, host }: ExternalFlash,
  ledger: FlashLedger,
): Promise<UsbDevice> {
  ledger.onStage('fdl2');
  ledger.onLeft('unknown');
  const port = target.ports.find(({ interfaceNumber }) => interfaceNumber === AT_INTERFACE) ?? target.ports[0];
  const placeholders = { pac: pacPath, port: port?.path ?? '', usb: target.usbPath };
  await runTool({ driver, placeholders, onLine: (line) => follow(line, plan, ledger) });
  finishFile(ledger);
  ledger.onLeft('written');
  // The tool may end while the module is still in download mode, or after it came back.
  const seen = (await host.listDevices()).find(({ usbPath }) => usbPath === target.usbPath);
  return seen !== undefined && isDownload(seen) ? seen : target;
}

/** A tool without percentages is done with a file when it names the next one. */
function follow(line: ToolLine, plan: FlashPlan, ledger: FlashLedger): void {
  if (line.kind === 'percent') ledger.onPercent(line.percent);
  if (line.kind !== 'file') return;
  finishFile(ledger);
  const items = [plan.fdl1, plan.fdl2, ...plan.steps.map((step) => step.item)];
  ledger.onFile(line.id, items.find(({ id }) => id === line.id)?.bytes.length ?? 0);
}

function finishFile(ledger: FlashLedger): void {
  const bytes = ledger.onFileDone();
  if (bytes > 0) ledger.onBytes(bytes);
}
