import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { isFailure } from '../../errors.ts';
import { scanXml, type XmlElement } from './scan-xml.ts';

const scan = (text: string): XmlElement => scanXml(Buffer.from(text, 'utf8'));

test('elements, attributes in both quotes, text, comments and known entities are read', () => {
  const root = scan(
    `<?xml version="1.0"?>\r\n<!-- plan -->\n<A x="1" y='&quot;two&quot;'>\t<B/><C>a &lt;&#65;&#x42;&gt; b</C></A>\n`,
  );

  expect(root.name).toBe('A');
  expect([...root.attributes]).toEqual([
    ['x', '1'],
    ['y', '"two"'],
  ]);
  expect(root.children.map(({ name, text }) => [name, text])).toEqual([
    ['B', ''],
    ['C', 'a <AB> b'],
  ]);
});

test.each([
  ['an entity declaration', '<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>', 'DOCTYPE, ENTITY and CDATA are refused'],
  ['an external entity', '<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>', 'are refused'],
  ['CDATA', '<a><![CDATA[x]]></a>', 'are refused'],
  ['an unknown entity', '<a>&lol;</a>', 'the entity &lol is unknown'],
  ['a bare ampersand', '<a>a & b</a>', 'is unknown'],
  ['a processing instruction', '<a><?php x?></a>', 'processing instructions are refused'],
  ['deep nesting', '<a>'.repeat(17), 'nested deeper than 16'],
  ['too many elements', `<a>${'<b/>'.repeat(5000)}</a>`, 'more than 4096 elements'],
  ['an open element', '<a><b></b>', '<a> is never closed'],
  ['a crossed end tag', '<a><b></a></b>', '</a> closes nothing'],
  ['two roots', '<a/><b/>', 'two document elements'],
  ['text outside', 'x<a/>', 'text outside'],
  ['an attribute twice', '<a x="1" x="2"/>', 'the attribute x is there twice'],
  ['an open comment', '<a><!-- ', 'a comment is never closed'],
  ['nothing', '', 'there is no element'],
  ['too much', `<a>${' '.repeat(300_000)}</a>`, 'more than 262144'],
])('%s is refused by name', (_, text, message) => {
  expect(() => scan(text)).toThrow(
    expect.objectContaining({ code: 'FLASH_PAC_INVALID', message: expect.stringContaining(message) }),
  );
});

test('bytes that are not UTF-8 are refused', () => {
  expect(() => scanXml(Buffer.from([0x3c, 0x61, 0xff, 0x3e]))).toThrow('not UTF-8');
});

test('no text makes the scanner fail otherwise than by its own error', () => {
  const markup = fc.string({
    unit: fc.constantFrom('<', '>', '/', '&', ';', '!', '-', '?', '"', "'", '=', 'a', ' ', '#', 'x'),
    maxLength: 200,
  });
  fc.assert(
    fc.property(fc.oneof(fc.string(), markup), (text) => {
      expect(survives(text)).toBe(true);
    }),
    { numRuns: 500 },
  );
});

function survives(text: string): boolean {
  try {
    scan(text);
    return true;
  } catch (error) {
    return isFailure(error, 'FLASH_PAC_INVALID');
  }
}
