import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { ExternalDriver } from './flash-driver.ts';
import { runTool } from './run-tool.ts';
import { QDLOADER_GRAMMAR, type ToolLine, templateGrammar } from './tool-grammar.ts';

let folder: string;
let tools = 0;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'qlhil-tool-'));
});

afterEach(() => rmSync(folder, { recursive: true }));

/** A tool that is a shell script; a plain program, so that arguments arrive as they are. */
function tool(script: string, options: Partial<ExternalDriver> = {}): ExternalDriver {
  const path = join(folder, `tool-${++tools}.sh`);
  writeFileSync(path, script);
  return {
    kind: 'external',
    name: 'QDloader',
    command: ['/bin/sh', path, '-f', '{pac}', '-s', '{usb}'],
    grammar: QDLOADER_GRAMMAR,
    overallMs: 30_000,
    silenceMs: 30_000,
    ...options,
  };
}

async function run(driver: ExternalDriver): Promise<readonly ToolLine[]> {
  const lines: ToolLine[] = [];
  await runTool({
    driver,
    placeholders: { pac: "a 'b'; $(x).pac", port: '/dev/ttyUSB2', usb: '1-1.3' },
    onLine: (line) => lines.push(line),
  });
  return lines;
}

const SUCCESS = `
printf '[000:001] Version: QDloader_Linux_Android_V1.0.11\\n[000:010] AT < OK\\n'
printf '[001:200] Flash    HOST_FDL\\n[001:300] \\t< BSL_REP_VER\\n[002:200] Flash    FDL2\\n'
printf '[003:000] Flash    APPIMG\\n[009:000] Upgrade module successfully\\n'
`;

test('the files that the tool names come out, and its closing line with exit code 0 is success', async () => {
  expect(await run(tool(SUCCESS))).toEqual([
    { kind: 'file', id: 'HOST_FDL' },
    { kind: 'file', id: 'FDL2' },
    { kind: 'file', id: 'APPIMG' },
    { kind: 'success' },
  ]);
});

test('arguments reach the tool as they are, whatever they contain', async () => {
  const echo = 'test "$2" = "a \'b\'; \\$(x).pac" && test "$4" = 1-1.3 && echo "Upgrade module successfully"';

  expect(await run(tool(echo))).toEqual([{ kind: 'success' }]);
});

test.each([
  ['a usage text with exit code 0', 'echo "usage: QDloader"; exit 0', 'it never said that it succeeded (exit code 0)'],
  ['a closing line and another exit code', `${SUCCESS} exit 255`, 'exit code 255'],
  ['a protocol error in between', `printf '\\t< BSL_REP_DOWN_SIZE_ERROR\\n'; ${SUCCESS}`, '< BSL_REP_DOWN_SIZE_ERROR'],
  [
    'a failed expression',
    'echo "[1:1] failed: sendSync() (dloader/test.c: x: 1)"; echo "Upgrade module fail"; exit 255',
    'failed: sendSync()',
  ],
  ['no module', 'echo "not quectel modem find!"; exit 255', 'not quectel modem find!'],
])('%s is a failure', async (_, script, why) => {
  await expect(run(tool(script))).rejects.toMatchObject({
    code: 'FLASH_TOOL_FAILED',
    message: expect.stringContaining(why),
  });
});

test('a tool that is not there is told by name', async () => {
  await expect(run(tool('', { command: [join(folder, 'nothing')] }))).rejects.toMatchObject({
    code: 'FLASH_TOOL_MISSING',
  });
});

test('silence and endless talk are both stopped, and the last lines are kept', async () => {
  const silent = tool('echo "Flash    APPIMG"; sleep 60', { silenceMs: 200 });
  const endless = tool('while :; do echo "scan quectel modem"; sleep 0.05; done', { overallMs: 400 });

  await expect(run(silent)).rejects.toMatchObject({
    code: 'FLASH_TOOL_STALLED',
    data: { limitMs: 200, lastLines: ['Flash    APPIMG'] },
  });
  await expect(run(endless)).rejects.toMatchObject({ code: 'FLASH_TOOL_STALLED', data: { limitMs: 400 } });
});

test('a tool that writes the bootloader is not stopped before it is through with it', async () => {
  const script = `
    echo "Flash    BOOTLOADER"
    sleep 0.6
    echo through > ${join(folder, 'through')}
    echo "> BSL_CMD_END_DATA"
    exec sleep 60`;

  await expect(run(tool(script, { silenceMs: 200 }))).rejects.toMatchObject({
    code: 'FLASH_TOOL_STALLED',
    data: { lastLines: ['Flash    BOOTLOADER', '> BSL_CMD_END_DATA'] },
  });
});

test('any command can be used whose closing line the user names', async () => {
  const driver = tool('printf "10%%\\r55.5 %%\\r\\n"; echo "All done"', { grammar: templateGrammar(/^All done$/u) });

  expect(await run(driver)).toEqual([
    { kind: 'percent', percent: 10 },
    { kind: 'percent', percent: 55.5 },
    { kind: 'success' },
  ]);
});
