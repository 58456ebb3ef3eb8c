import { pathToFileURL } from 'node:url';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';

/** Debian's Chromium; nothing of it may reach for a network. */
const EXECUTABLE = process.env['QLHIL_CHROMIUM'] ?? '/usr/bin/chromium';
const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** With a user's folder of its own, which is gone with it. */
export function openBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: EXECUTABLE, args: ARGUMENTS });
}

/** A page, and whatever it complained of or asked for. */
export interface WatchedPage {
  readonly page: Page;
  readonly complaints: string[];
  /** Besides the file itself. */
  readonly requests: string[];
}

/** Opens a file in a browser as one does from a CI artefact: `file://`, and `hash` for a place in it. */
export async function openFile(
  browser: Browser,
  path: string,
  { hash = '', ...options }: BrowserContextOptions & { readonly hash?: string } = {},
): Promise<WatchedPage> {
  const url = pathToFileURL(path).href;
  const page = await browser.newPage(options);
  const complaints: string[] = [];
  const requests: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('dialog', (dialog) => {
    complaints.push(`a dialog: ${dialog.message()}`);
    void dialog.dismiss(); // told already; the page waits for it
  });
  page.on('request', (request) => {
    if (request.url().replace(/#.*$/u, '') !== url) requests.push(request.url());
  });
  await page.goto(`${url}${hash}`);
  return { page, complaints, requests };
}
