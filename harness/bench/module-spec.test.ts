import { expect, test } from '@jest/globals';
import { type KnownNames, parseModuleSpec } from './module-spec.ts';
import { readSkus } from './sku.ts';

const known: KnownNames = {
  skus: readSkus(),
  defects: ['publish-callback-lost', 'connect-callback-twice'].map((name) => ({
    name,
    clause: 'M-1',
    family: 'callbacks',
    gloss: '',
  })),
  personalities: [{ name: 'manual', gloss: '' }],
  engineSettings: ['request_ms'],
};

const parse = (text: string) => parseModuleSpec(text, known);

test('virtual alone is one module of the generation that the manual describes', () => {
  expect(parse('virtual')).toMatchObject({ kind: 'virtual', sku: { sku: 'EG500U-CN' }, sdk: 'manual', count: 1 });
});

test('another SKU is of the later generation unless asked otherwise', () => {
  expect(parse('virtual:EC200U-CN')).toMatchObject({ sdk: 'r03' });
  expect(parse('virtual:EC200U-CN?sdk=manual')).toMatchObject({ sdk: 'manual' });
});

test('a count may stand before or after the options and is no part of the name', () => {
  expect(parse('virtual*4')).toMatchObject({ count: 4, text: 'virtual:EG500U-CN' });
  expect(parse('virtual:EC600U-CN*2?seed=7')).toMatchObject({ count: 2, seed: 7 });
  expect(parse('virtual:EC600U-CN?seed=7*2')).toMatchObject({ count: 2, seed: 7 });
});

test('options may be combined, defects listed, and settings passed on', () => {
  const spec = parse(
    'virtual?personality=manual&defect=publish-callback-lost,connect-callback-twice&set.mqtt.request_ms=900&set.csq=17',
  );

  expect(spec).toMatchObject({
    personality: 'manual',
    defects: ['publish-callback-lost', 'connect-callback-twice'],
    settings: ['mqtt.request_ms=900', 'csq=17'],
  });
});

test('a path is a TTY and tcp:host:port a socket', () => {
  expect(parse('/dev/ttyUSB2')).toMatchObject({ kind: 'tty', path: '/dev/ttyUSB2' });
  expect(parse('tcp:[::1]:4000')).toMatchObject({ kind: 'tcp', host: '::1', port: 4000 });
});

test.each([
  ['virtual:EC200', /unknown SKU 'EC200'.*EC200U-CN.*EG700U-CN/u],
  ['virtual?defect=publish-callback-lots', /did you mean publish-callback-lost\?.*connect-callback-twice/u],
  ['virtual?flavour=x', /unknown option 'flavour'.*personality/u],
  ['virtual?personality=x', /unknown personality 'x' \(known: manual\)/u],
  ['virtual?set.mqtt.request=1', /unknown setting 'mqtt.request'.*mqtt.request_ms/u],
  ['virtual?network=shared', /unknown network 'shared' \(known: own\)/u],
  ['virtual?sdk=r04', /unknown SDK generation 'r04'/u],
  ['virtual?defect', /is not option=value/u],
  ['virtual?seed=x', /a seed is a number/u],
  ['virtual*0', /a number from 1 to 16/u],
  ['virtual*x', /a number from 1 to 16/u],
  ['virtual?seed=%zz', /starts no escape/u],
  ['tcp:host', /is not tcp:host:port/u],
  ['tcp:host:70000', /is not tcp:host:port/u],
  ['bench-3', /unknown module 'bench-3'/u],
])('%s is refused with what is known instead', (text, message) => {
  expect(() => parse(text)).toThrow(message);
});
