import type { Direction, LintFinding } from '../events.ts';
import type { Decoded } from '../frame/decode.ts';
import type { FrameCheck } from './check.ts';
import { CONNECT_CHECKS } from './connect-checks.ts';
import { HEADER_CHECKS } from './header-checks.ts';
import { PACKET_CHECKS } from './packet-checks.ts';
import { STRING_CHECKS } from './string-checks.ts';

/** All that a single frame can show; what only a sequence shows is in `session-ledger.ts` and `connection-lint.ts`. */
export const FRAME_CHECKS: readonly FrameCheck[] = [
  ...HEADER_CHECKS,
  ...CONNECT_CHECKS,
  ...STRING_CHECKS,
  ...PACKET_CHECKS,
];

type ByType = Readonly<Record<Direction, readonly (readonly FrameCheck[])[]>>;

/** By direction and packet type, so that a frame meets only what it can break. */
const CHECKS_OF = byDirection(FRAME_CHECKS);
const CHECKS_BESIDE_STRINGS = byDirection(FRAME_CHECKS.filter((check) => !STRING_CHECKS.includes(check)));

/** Strings of topics in which nothing was found; decoding gives the same list again for the same topic. */
const clean = new WeakSet<Decoded['strings']>();

function byDirection(checks: readonly FrameCheck[]): ByType {
  return {
    up: byType(checks.filter(({ dir }) => dir !== 'down')),
    down: byType(checks.filter(({ dir }) => dir !== 'up')),
  };
}

function byType(checks: readonly FrameCheck[]): FrameCheck[][] {
  return Array.from({ length: 16 }, (_, type) => checks.filter(({ types }) => types?.includes(type) ?? true));
}

/** What one frame breaks, looked at alone. */
export function lintFrame(frame: Decoded, dir: Direction): LintFinding[] {
  const findings: LintFinding[] = [];
  if (frame.packet.type === 'malformed')
    findings.push({ clause: frame.brokenClause ?? 'MQTT-2.2.3', says: frame.packet.why });
  const checks = clean.has(frame.strings) ? CHECKS_BESIDE_STRINGS : CHECKS_OF;
  for (const check of checks[dir][frame.typeNibble] ?? []) {
    const says = check.breach(frame);
    if (says !== undefined) findings.push({ clause: check.clause, says });
  }
  if (findings.length === 0 && frame.strings.length > 0) clean.add(frame.strings);
  return findings;
}
