import { rule } from '../rule.ts';
import { breach, kept } from '../step.ts';

/** Cipher suites of the IANA registry with NULL encryption, no authentication, export keys or RC4: first and last of each run. */
const WEAK: readonly (readonly [number, number])[] = [
  [0x0000, 0x0006],
  [0x0008, 0x0008],
  [0x000b, 0x000b],
  [0x000e, 0x000e],
  [0x0011, 0x0011],
  [0x0014, 0x0014],
  [0x0017, 0x001b],
  [0x0020, 0x0020],
  [0x0024, 0x0024],
  [0x0026, 0x002e],
  [0x0034, 0x0034],
  [0x003a, 0x003b],
  [0x0046, 0x0046],
  [0x006c, 0x006d],
  [0x0089, 0x008a],
  [0x008e, 0x008e],
  [0x0092, 0x0092],
  [0x009b, 0x009b],
  [0x00a6, 0x00a7],
  [0x00b0, 0x00b1],
  [0x00b4, 0x00b5],
  [0x00b8, 0x00b9],
  [0x00bf, 0x00bf],
  [0x00c5, 0x00c5],
  [0xc001, 0xc002],
  [0xc006, 0xc007],
  [0xc00b, 0xc00c],
  [0xc010, 0xc011],
  [0xc015, 0xc019],
  [0xc033, 0xc033],
  [0xc039, 0xc03b],
];

/** No cipher suite is offered that protects nothing. [RFC 9325 4.1] */
export const noWeakCiphers = rule({
  id: 'TL-06',
  clause: 'R-9.ciphers',
  says: 'the ClientHello offers no NULL, anonymous, export or RC4 cipher suite',
  on: ['client-hello'],
  step(_, { event: { ciphers, n } }) {
    const weak = ciphers.filter(isWeak);
    if (weak.length === 0) return kept();
    return breach(
      `cipher suites ${weak.map((code) => `0x${code.toString(16).padStart(4, '0')}`).join(', ')} are offered`,
      [n],
    );
  },
});

function isWeak(code: number): boolean {
  return WEAK.some(([first, last]) => code >= first && code <= last);
}
