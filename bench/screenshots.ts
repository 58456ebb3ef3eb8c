import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Page } from 'playwright-core';
import { openBrowser } from '../test/support/browser.ts';

/*
 * Makes the pictures of docs/reports.md: a real run of a virtual module with a defect, its report in Chromium.
 */
const ROOT = join(import.meta.dirname, '..');
const IMAGES = join(ROOT, 'docs', 'images');
const MODULE = 'virtual:EC200U-CN?defect=packet-id-reused';

interface Picture {
  readonly name: string;
  readonly width: number;
  readonly height: number;
  readonly colorScheme: 'light' | 'dark';
  readonly show: (page: Page) => Promise<void>;
}

const PICTURES: readonly Picture[] = [
  { name: 'answer', width: 1100, height: 760, colorScheme: 'light', show: async () => undefined },
  { name: 'clauses', width: 1100, height: 860, colorScheme: 'light', show: openClause },
  { name: 'chart', width: 1180, height: 760, colorScheme: 'light', show: openChart },
  { name: 'chart-dark', width: 1180, height: 760, colorScheme: 'dark', show: openChart },
  { name: 'phone', width: 390, height: 780, colorScheme: 'dark', show: async () => undefined },
];

const folder = mkdtempSync(join(tmpdir(), 'qlhil-screenshots-'));
try {
  const report = run(join(folder, 'run'));
  const browser = await openBrowser();
  for (const { name, width, height, colorScheme, show } of PICTURES) {
    const page = await browser.newPage({ viewport: { width, height }, colorScheme });
    await page.goto(pathToFileURL(report).href);
    await show(page);
    await page.screenshot({ path: join(IMAGES, `${name}.png`) });
    await page.close();
  }
  await browser.close();
} finally {
  rmSync(folder, { recursive: true });
}

/** It fails, as it should. @returns the path of report.html */
function run(out: string): string {
  const words = ['run', '--module', MODULE, '--grep', '^(publish|subscribe|two-clients|tls-verify)/', '--seed', '7'];
  try {
    execFileSync(process.execPath, [join(ROOT, 'dist', 'bin', 'qlhil.js'), ...words, '--out', out], {
      stdio: 'ignore',
    });
  } catch {
    return join(out, 'report.html');
  }
  throw new Error(`${MODULE} should have failed`);
}

async function openClause(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'MQTT 2.3: 1 violated' }).click();
  await page.locator('.matrix .opened').waitFor();
  await page.locator('#clauses').evaluate('(heading) => heading.scrollIntoView({ block: "start" })');
  await page.mouse.move(0, 0);
}

/** The evidence of the first finding, with a packet in focus. */
async function openChart(page: Page): Promise<void> {
  await page.locator('.places a:visible').first().click();
  await page.locator('.event.cited.packet').first().click();
  await page.locator('#evidence').evaluate('(heading) => heading.scrollIntoView({ block: "start" })');
}
