import { PAC_MIN_XML_BYTES } from './pac-layout.ts';
import type { PacFileType } from './read-pac-plan.ts';

export interface PlannedFile {
  readonly id: string;
  readonly type: PacFileType;
  readonly address: number;
  readonly roomBytes: number;
  readonly hasData: boolean;
  readonly mandatory: boolean;
}

/** The XML of a PAC: CRLF and tabs, padded to the length below which the vendor's Linux tool refuses it. */
export function writePacPlan(product: string, files: readonly PlannedFile[]): Buffer {
  const lines = [
    '<BMAConfig>',
    '\t<ProductList>',
    `\t\t<Product name="${escapeXml(product)}">`,
    `\t\t\t<SchemeName>${escapeXml(product)}</SchemeName>`,
    '\t\t\t<RebootByAT>1</RebootByAT>',
    '\t\t\t<FlashTypeID>1</FlashTypeID>',
    '\t\t\t<Mode>0</Mode>',
    '\t\t\t<NVBackup backup="0"></NVBackup>',
    '\t\t</Product>',
    '\t</ProductList>',
    '\t<SchemeList>',
    `\t\t<Scheme name="${escapeXml(product)}">`,
    ...files.flatMap(fileLines),
    '\t\t</Scheme>',
    '\t</SchemeList>',
    '</BMAConfig>',
    '',
  ];
  const xml = Buffer.from(lines.join('\r\n'), 'utf8');
  const missing = PAC_MIN_XML_BYTES - xml.length;
  return missing > 0 ? Buffer.concat([xml, Buffer.alloc(missing, ' ')]) : xml;
}

function fileLines(file: PlannedFile): readonly string[] {
  return [
    '\t\t\t<File>',
    `\t\t\t\t<ID>${escapeXml(file.id)}</ID>`,
    `\t\t\t\t<IDAlias>${escapeXml(file.id)}</IDAlias>`,
    `\t\t\t\t<Type>${file.type}</Type>`,
    '\t\t\t\t<Block>',
    `\t\t\t\t\t<Base>0x${file.address.toString(16)}</Base>`,
    `\t\t\t\t\t<Size>0x${file.roomBytes.toString(16)}</Size>`,
    '\t\t\t\t</Block>',
    `\t\t\t\t<Flag>${file.hasData ? 1 : 0}</Flag>`,
    `\t\t\t\t<CheckFlag>${file.mandatory ? 1 : 0}</CheckFlag>`,
    '\t\t\t\t<Description></Description>',
    '\t\t\t</File>',
  ];
}

function escapeXml(value: string): string {
  return value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
