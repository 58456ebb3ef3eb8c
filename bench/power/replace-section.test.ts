import { expect, test } from '@jest/globals';
import { replaceSection } from './replace-section.ts';

test('what stands between the marks of that name is replaced, and nothing else', () => {
  const document = 'a\n<!-- one -->\nold\n<!-- /one -->\nb\n<!-- two -->\nkept\n<!-- /two -->\n';

  const replaced = replaceSection(document, 'one', '\nnew\n\n');

  expect(replaced).toBe('a\n<!-- one -->\nnew\n<!-- /one -->\nb\n<!-- two -->\nkept\n<!-- /two -->\n');
  expect(replaceSection(replaced, 'one', 'new')).toBe(replaced);
});

test('a document without the marks is left alone', () => {
  expect(() => replaceSection('<!-- /one --> <!-- one -->', 'one', 'x')).toThrow('<!-- one -->');
});
