import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { buildFirmware } from '../harness/bench/firmware-build.ts';
import { compareWith } from '../harness/compare/compare-with.ts';
import { referenceFromRun } from '../harness/compare/reference-from-run.ts';
import type { RunRecord } from '../harness/report/run-record.ts';
import { openBrowser, openFile } from './support/browser.ts';
import { makeRun, readRecord } from './support/made-run.ts';
import { qlhil } from './support/qlhil.ts';
import { TemporaryFolder } from './support/temporary-folder.ts';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const BUDGET_MS = 120_000;
const EVENTS = 5000;

const folder = new TemporaryFolder();
/** A real run of a module that reuses packet ids, and a made one with a long timeline and texts that attack. */
const real = join(folder.path, 'real');
const made = join(folder.path, 'made');
const HOSTILE = `</script><script>alert(1)</script><img src=x onerror=alert(2)><!-- \u{2028} \u{d800} & "'`;
let browser: Browser;

beforeAll(async () => {
  await buildFirmware('r03');
  const words = [
    '--module',
    'virtual:EC200U-CN?defect=packet-id-reused',
    '--grep',
    '^(publish/qos1|two-clients/crossing)',
    '--out',
    real,
  ];
  const { exitCode, stderr } = await qlhil(['run', ...words], { cwd: folder.path });
  if (exitCode !== 1) throw new Error(`the run should have failed: ${stderr}`);
  makeRun(made, {
    passing: 40,
    events: EVENTS,
    text: HOSTILE,
    compare: (record) => compareWith(referenceFromRun(earlier(record)), record),
  });
  browser = await openBrowser();
}, 600_000);

afterAll(async () => {
  await browser?.close();
  folder[Symbol.dispose]();
});

/** The run of a revision that did otherwise in one place. */
function earlier(record: RunRecord): RunRecord {
  const observations = record.observations.map((one) => (one.name === 'value 1' ? { ...one, value: 'status' } : one));
  return { ...record, module: { ...record.module, revision: 'OLD' }, observations };
}

const report = (run: string) => join(run, 'report.html');
/** The events that the finding in view cites. */
const cited = (page: Page) => page.locator('.event.cited');

test(
  'the answer comes first, and neither an error nor a request beyond the file comes with it',
  async () => {
    const { page, complaints, requests } = await openFile(browser, report(real));

    const { totals, baseline } = readRecord(real);
    const answer = await page.locator('.answer').innerText();
    expect(answer).toContain('Do not release');
    expect(answer).toContain(`${totals.fail} of ${totals.scenarios} scenarios failed`);
    expect(answer).toContain(baseline === null ? 'No baseline' : 'ince the baseline of EC200U-CN');
    expect(await page.locator('.banners').innerText()).toContain('never exercised');
    expect([complaints, requests]).toEqual([[], []]);
    await page.close();
  },
  BUDGET_MS,
);

test(
  'three clicks lead from the clause matrix to the cause, and its events are lit in the chart',
  async () => {
    const { page, complaints } = await openFile(browser, report(real));

    await page.getByRole('button', { name: 'MQTT 2.3: 1 violated' }).click();
    await page.locator('.matrix .opened a').first().click();
    await page.locator('.places a:visible').first().click();

    await expectSeen(cited(page).first());
    const finding = await page.locator('.finding.chosen').innerText();
    expect(finding).toMatch(/MQTT-2\.3\.1-2/u);
    const numbers = [...finding.matchAll(/\d+/gu)].map(String);
    expect(numbers).toContain(await numberOf(page));
    expect(complaints).toEqual([]);
    await page.close();
  },
  BUDGET_MS,
);

/** Seen by a reader: in the scrolled part of the chart, in the window. */
async function expectSeen(locator: ReturnType<Page['locator']>): Promise<void> {
  await locator.waitFor({ state: 'visible' });
  const box = await locator.boundingBox();
  const scroller = await locator.page().locator('.chart-scroller').boundingBox();
  if (box === null || scroller === null) throw new Error('it has no place on the page');
  expect(box.y).toBeGreaterThanOrEqual(scroller.y - 1);
  expect(box.y + box.height).toBeLessThanOrEqual(scroller.y + scroller.height + 1);
}

/** Of the event in focus, from its panel. */
async function numberOf(page: Page): Promise<string> {
  const told = await page.locator('.details .quiet').first().innerText();
  return /^Event (?<n>\d+),/u.exec(told)?.groups?.['n'] ?? told;
}

test(
  'a chart of 5,000 events has only what can be seen in the document, and the keyboard goes through all of it',
  async () => {
    const { page } = await openFile(browser, report(made), { hash: '#/scenario/made%2Ffails' });
    const options = page.locator('.chart [role=option]');
    await cited(page).first().waitFor();

    const counts = [await options.count()];
    expect(await numberOf(page)).toBe(String(EVENTS - 20));
    await page.locator('.chart-scroller').press('p');
    expect(await numberOf(page)).toBe(String(EVENTS - 22));
    await page.locator('.chart-scroller').press('End');
    await page.locator(`[aria-posinset="${EVENTS}"]`).waitFor();
    counts.push(await options.count());
    expect(await numberOf(page)).toBe(String(EVENTS));
    await page.locator('.chart-scroller').press('Home');
    await page.locator('[aria-posinset="1"]').waitFor();
    counts.push(await options.count());

    expect(await numberOf(page)).toBe('1');
    const active = await page.locator('.chart-scroller').getAttribute('aria-activedescendant');
    expect(await page.locator(`#${active} title`).textContent()).toContain('0.0 ms, host: asks mqtt.publish');
    expect(Math.max(...counts)).toBeLessThan(80);
    await page.close();
  },
  BUDGET_MS,
);

test(
  'the bytes of a packet in focus are decoded, field by field',
  async () => {
    const { page } = await openFile(browser, report(real));
    await page.locator('.places a:visible').first().click();
    await cited(page).first().waitFor();

    await page.locator('.chart-scroller').press('Home');
    await page.locator('.event.packet', { hasText: 'CONNECT' }).first().click();

    const details = page.locator('.details');
    expect(await details.locator('.dump').innerText()).toContain('10');
    const fields = await details.locator('.fields').innerText();
    expect(fields).toMatch(/type and flags\s+CONNECT/u);
    expect(fields).toMatch(/protocol name\s+"MQTT", 4 bytes/u);
    expect(fields).toMatch(/client identifier\s+"/u);
    await page.close();
  },
  BUDGET_MS,
);

test(
  'text from a module is text: nothing of it runs, and it is shown as it came',
  async () => {
    const { page, complaints, requests } = await openFile(browser, report(made));

    expect(await page.locator('.cause').first().innerText()).toContain(HOSTILE.slice(0, 60));
    await page.locator('.places a:visible').first().click();
    await cited(page).first().waitFor();
    expect(await page.locator('h1:visible').innerText()).toContain(HOSTILE.slice(0, 60));

    expect(await page.locator('img').count()).toBe(0);
    expect([complaints, requests]).toEqual([[], []]);
    await page.close();
  },
  BUDGET_MS,
);

test(
  'a comparison shows the old value beside the new one',
  async () => {
    const { page } = await openFile(browser, report(made));

    expect(await page.locator('.answer').innerText()).toContain(
      'Since the run of EC200U-CN OLD: 1 observation changed.',
    );
    const changes = page.locator('section', { has: page.locator('#changes') });
    expect(await changes.locator('del').innerText()).toBe('status');
    expect(await changes.locator('ins').innerText()).toBe('1');
    await page.close();
  },
  BUDGET_MS,
);

test(
  'the command that does one scenario again is there to be copied',
  async () => {
    const { page } = await openFile(browser, report(real), { permissions: ['clipboard-write'] });
    await page.locator('.places a:visible').first().click();
    const command = page.locator('.command').filter({ hasText: 'qlhil run' }).locator('visible=true');

    await command.getByRole('button').click();

    await command
      .getByRole('status')
      .filter({ hasText: /Copied|Selected/u })
      .waitFor();
    const { seed } = readRecord(real);
    expect(await command.locator('code').innerText()).toMatch(
      new RegExp(
        `^qlhil run --module 'virtual:EC200U-CN\\?defect=packet-id-reused' --seed ${seed} --grep '\\^two-clients/`,
        'u',
      ),
    );
    await page.close();
  },
  BUDGET_MS,
);

test(
  'Back leads to the overview as it was left',
  async () => {
    const { page } = await openFile(browser, report(real));
    const cell = page.locator('.matrix .cell.held').first();
    await cell.click();
    await page.locator('.matrix .opened a').first().click();
    await page.locator('h1.code').waitFor();

    await page.goBack();

    expect(await cell.getAttribute('aria-expanded')).toBe('true');
    expect(await cell.isVisible()).toBe(true);
    await page.close();
  },
  BUDGET_MS,
);

describe.each(['light', 'dark'] as const)('with %s colours', (colorScheme) => {
  test(
    'axe finds nothing serious on any page',
    async () => {
      const { page } = await openFile(browser, report(made), { colorScheme, viewport: { width: 1280, height: 900 } });
      await page.evaluate(axe);
      const barriers: Record<string, readonly string[]> = { overview: await findBarriers(page) };

      for (const place of ['clause/M-10.request-callback', 'chapter/Manual%203.3.3', 'scenario/made%2Ffails']) {
        await page.evaluate(`location.hash = '#/${place}'`);
        await (place.startsWith('scenario') ? cited(page).first() : page.locator('.crumbs')).waitFor();
        barriers[place] = await findBarriers(page);
      }

      expect(Object.entries(barriers).filter(([, found]) => found.length > 0)).toEqual([]);
      await page.close();
    },
    BUDGET_MS,
  );

  test(
    'the switch overrules the system',
    async () => {
      const { page } = await openFile(browser, report(made), { colorScheme });
      const background = () => page.evaluate<string>('getComputedStyle(document.documentElement).backgroundColor');
      const before = await background();

      const other = colorScheme === 'light' ? 'dark' : 'light';
      await page.getByText(other, { exact: true }).click();
      await page.locator(`html[data-theme=${other}]`).waitFor();

      expect(await background()).not.toBe(before);
      await page.close();
    },
    BUDGET_MS,
  );
});

/** What axe-core calls serious or critical, as rule and place. */
async function findBarriers(page: Page): Promise<readonly string[]> {
  return page.evaluate<string[]>(`axe.run().then(({ violations }) => violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) => id + ' at ' + target + ': ' + failureSummary)))`);
}
