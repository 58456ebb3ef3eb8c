import { refusePac } from '../refuse-pac.ts';

export interface XmlElement {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly XmlElement[];
  /** The text directly inside, trimmed. */
  readonly text: string;
}

const WHAT = 'the plan in the PAC is unusable';
const LIMIT_BYTES = 256 * 1024;
const MAX_DEPTH = 16;
const MAX_ELEMENTS = 4096;
const ENTITIES = new Map([
  ['lt', '<'],
  ['gt', '>'],
  ['amp', '&'],
  ['quot', '"'],
  ['apos', "'"],
]);

/**
 * Reads the subset of XML that PAC plans are written in: elements, attributes, text, comments and the declaration. All
 * that makes XML dangerous is refused by name: DOCTYPE, entities of its own, CDATA, other processing instructions.
 * @throws HarnessError FLASH_PAC_INVALID — with the offset in the XML
 */
export function scanXml(bytes: Uint8Array): XmlElement {
  if (bytes.length > LIMIT_BYTES) refusePac(WHAT, `the XML has ${bytes.length} bytes, more than ${LIMIT_BYTES}`);
  return new XmlScanner(decodeUtf8(bytes)).document();
}

function decodeUtf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    return refusePac(WHAT, 'the XML is not UTF-8', { cause });
  }
}

interface OpenElement {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: XmlElement[];
  text: string;
}

class XmlScanner {
  readonly #source: string;
  readonly #open: OpenElement[] = [];
  #at = 0;
  #elements = 0;
  #root: XmlElement | undefined;

  constructor(source: string) {
    this.#source = source;
  }

  document(): XmlElement {
    if (this.#source.startsWith('<?xml')) this.#skipPast('?>', 'declaration');
    while (this.#at < this.#source.length) {
      if (this.#source[this.#at] === '<') this.#markup();
      else this.#text();
    }
    const open = this.#open.at(-1);
    if (open !== undefined) this.#fail(`<${open.name}> is never closed`);
    return this.#root ?? this.#fail('there is no element');
  }

  #markup(): void {
    if (this.#source.startsWith('<!--', this.#at)) this.#skipPast('-->', 'comment');
    else if (this.#source.startsWith('<!', this.#at))
      this.#fail('declarations such as DOCTYPE, ENTITY and CDATA are refused');
    else if (this.#source.startsWith('<?', this.#at)) this.#fail('processing instructions are refused');
    else if (this.#source.startsWith('</', this.#at)) this.#endTag();
    else this.#startTag();
  }

  #text(): void {
    const start = this.#at;
    const next = this.#source.indexOf('<', start);
    this.#at = next < 0 ? this.#source.length : next;
    const text = this.#source.slice(start, this.#at);
    const parent = this.#open.at(-1);
    if (parent !== undefined) parent.text += this.#resolve(text);
    else if (text.trim() !== '') this.#fail('there is text outside the document element');
  }

  #startTag(): void {
    const [, name] = this.#take(/<([A-Za-z_][\w.:-]*)/uy, 'a tag');
    if (++this.#elements > MAX_ELEMENTS) this.#fail(`there are more than ${MAX_ELEMENTS} elements`);
    if (this.#open.length === MAX_DEPTH) this.#fail(`elements are nested deeper than ${MAX_DEPTH}`);
    if (this.#root !== undefined) this.#fail('there are two document elements');
    this.#open.push({ name: name ?? '', attributes: this.#attributes(), children: [], text: '' });
    const [, slash] = this.#take(/\s*(\/?)>/uy, 'the end of a tag');
    if (slash === '/') this.#close();
  }

  #attributes(): ReadonlyMap<string, string> {
    const attributes = new Map<string, string>();
    for (;;) {
      const match = this.#match(/\s+([A-Za-z_][\w.:-]*)\s*=\s*(?:"([^"<]*)"|'([^'<]*)')/uy);
      if (match === undefined) return attributes;
      const [, name = '', double, single] = match;
      if (attributes.has(name)) this.#fail(`the attribute ${name} is there twice`);
      attributes.set(name, this.#resolve(double ?? single ?? ''));
    }
  }

  #endTag(): void {
    const [, name] = this.#take(/<\/([A-Za-z_][\w.:-]*)\s*>/uy, 'an end tag');
    if (this.#open.at(-1)?.name !== name) this.#fail(`</${name}> closes nothing`);
    this.#close();
  }

  #close(): void {
    const closed = this.#open.pop();
    if (closed === undefined) return;
    const element = { ...closed, text: closed.text.trim() };
    const parent = this.#open.at(-1);
    if (parent === undefined) this.#root = element;
    else parent.children.push(element);
  }

  #resolve(text: string): string {
    return text.replace(/&([^;]{0,32})(;?)/gu, (_, name: string, end: string) => {
      const value = end === '' ? undefined : (ENTITIES.get(name) ?? characterOf(name));
      return value ?? this.#fail(`the entity &${name} is unknown`);
    });
  }

  #skipPast(mark: string, what: string): void {
    const end = this.#source.indexOf(mark, this.#at);
    if (end < 0) this.#fail(`a ${what} is never closed`);
    this.#at = end + mark.length;
  }

  #take(pattern: RegExp, what: string): RegExpExecArray {
    return this.#match(pattern) ?? this.#fail(`${what} is malformed`);
  }

  #match(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.#at;
    const match = pattern.exec(this.#source);
    if (match === null) return undefined;
    this.#at = pattern.lastIndex;
    return match;
  }

  #fail(reason: string): never {
    return refusePac(WHAT, reason, { offsetBytes: this.#at });
  }
}

function characterOf(name: string): string | undefined {
  const match = /^#(?:x([0-9a-fA-F]{1,6})|([0-9]{1,7}))$/u.exec(name);
  if (match === null) return undefined;
  const point = match[1] === undefined ? Number(match[2]) : Number.parseInt(match[1], 16);
  return point > 0 && point <= 0x10ffff ? String.fromCodePoint(point) : undefined;
}
