const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/**
 * Text for XML or HTML, in an element or an attribute. Characters that XML 1.0 has no way to write come out as `\xNN` or `\uNNNN`, so that
 * garbage from a serial line leaves the document valid.
 */
export function escapeMarkup(text: string): string {
  return text.replaceAll(/[&<>"']/gu, (character) => ENTITIES[character] ?? character).replaceAll(UNWRITABLE, writeOut);
}

// Control characters but for tab, LF and CR; lone surrogates; the two noncharacters that XML excludes.
const UNWRITABLE = /[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu;

function writeOut(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return code < 0x1_00 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`;
}
