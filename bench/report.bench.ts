import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, CDPSession, Page } from 'playwright-core';
import type { RunRecord } from '../harness/report/run-record.ts';
import { writeReports } from '../harness/run/write-reports.ts';
import { openBrowser } from '../test/support/browser.ts';
import { makeRun } from '../test/support/made-run.ts';
import { atMost, type Measure, median } from './measure.ts';

/*
 * What a report costs whoever renders it and whoever opens it: a run of 300 scenarios with a chart of 5,000 events, against an empty page
 * in the same browser, turn by turn.
 */
const SCENARIOS = 300;
const EVENTS = 5000;
const TURNS = 5;
const FRAMES = 120;
const PIXELS_A_FRAME = 400;

const EMPTY_PAGE = '<!doctype html><meta charset="utf-8"><title>x</title><p>x</p>';
const EMPTY_SCROLLER = `<!doctype html><meta charset="utf-8"><title>x</title>
<div class="chart-scroller" style="height:600px;overflow-y:scroll"><div style="height:${EVENTS * 36}px">x</div></div>`;

export async function* measures(): AsyncGenerator<Measure> {
  const folder = mkdtempSync(join(tmpdir(), 'qlhil-bench-report-'));
  try {
    const report = makeRun(folder, { passing: SCENARIOS - 1, events: EVENTS });
    yield rendering(folder);
    yield atMost({ name: 'report.html of 300 scenarios', value: statSync(report).size / 1e6, unit: 'MB', bar: 5 });
    const browser = await openBrowser();
    try {
      yield* opening(browser, folder, report);
    } finally {
      await browser.close();
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function rendering(runDir: string): Measure {
  const record: RunRecord = JSON.parse(readFileSync(join(runDir, 'run.json'), 'utf8'));
  const took = Array.from({ length: TURNS }, () => {
    const began = performance.now();
    writeReports({ record, runDir });
    return performance.now() - began;
  });
  return atMost({ name: 'reports of 300 scenarios rendered', value: median(took) / 1000, unit: 's', bar: 2 });
}

async function* opening(browser: Browser, folder: string, report: string): AsyncGenerator<Measure> {
  const empty = write(folder, 'empty.html', EMPTY_PAGE);
  const scroller = write(folder, 'scroller.html', EMPTY_SCROLLER);
  const paints = { empty: [] as number[], report: [] as number[] };
  const frames = { empty: [] as number[], chart: [] as number[] };
  for (let turn = 0; turn < TURNS; turn += 1) {
    paints.empty.push(await opened(browser, empty, '', firstPaint));
    paints.report.push(await opened(browser, report, '', firstPaint));
    frames.empty.push(await opened(browser, scroller, '', frameTime));
    frames.chart.push(await opened(browser, report, '#/scenario/made%2Ffails', frameTime));
  }
  const beyond = median(paints.report) - median(paints.empty);
  yield atMost({
    name: "first paint of a whole run's report beyond an empty page's",
    value: beyond,
    unit: 'ms',
    bar: 300,
  });
  const frame = median(frames.chart) - median(frames.empty);
  const name = 'main thread of a frame while a chart of 5,000 events scrolls, beyond an empty box';
  // A display has 16.7 ms for a frame.
  yield atMost({ name, value: frame, unit: 'ms', bar: 10 });
}

function write(folder: string, name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

async function opened(
  browser: Browser,
  path: string,
  hash: string,
  measure: (page: Page) => Promise<number>,
): Promise<number> {
  const page = await browser.newPage();
  await page.goto(`${pathToFileURL(path).href}${hash}`);
  const value = await measure(page);
  await page.close();
  return value;
}

/** From the start of the navigation, ms. */
function firstPaint(page: Page): Promise<number> {
  return page.evaluate<number>(`new Promise((resolve) =>
    new PerformanceObserver((list) => resolve(list.getEntriesByName('first-contentful-paint')[0].startTime))
      .observe({ type: 'paint', buffered: true }))`);
}

/**
 * Time of the page's main thread for a frame while the box scrolls from its top, ms. Its processor time, not the time between frames: that is
 * the display's, and of whatever else runs on the machine.
 */
async function frameTime(page: Page): Promise<number> {
  await page.locator('.chart-scroller').waitFor();
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  const before = await threadSeconds(session);
  await page.evaluate(`new Promise((resolve) => {
    const box = document.querySelector('.chart-scroller');
    let frames = 0;
    const step = () => {
      box.scrollTop = ++frames * ${PIXELS_A_FRAME};
      if (frames < ${FRAMES}) requestAnimationFrame(step);
      else resolve();
    };
    step();
  })`);
  return (((await threadSeconds(session)) - before) * 1000) / FRAMES;
}

async function threadSeconds(session: CDPSession): Promise<number> {
  const { metrics } = await session.send('Performance.getMetrics');
  return metrics.find(({ name }) => name === 'ThreadTime')?.value ?? Number.NaN;
}
