// Reads a file of JSON lines and parses each, and no more. Prints the time it took, ms.
import { createReadStream } from 'node:fs';

const started = performance.now();
let rest = '';
let events = 0;
for await (const chunk of createReadStream(process.argv[2], { encoding: 'utf8' })) {
  const lines = (rest + chunk).split('\n');
  rest = lines.pop();
  for (const line of lines) if (JSON.parse(line).n !== undefined) events += 1;
}
process.stdout.write(
  `${JSON.stringify({ events, ms: performance.now() - started, peakMb: process.resourceUsage().maxRSS / 1024 })}\n`,
);
