/** What comes from outside must not become a table, a link or HTML. */
export function escapeMarkdown(text: string): string {
  return text.replaceAll(/[\\`*{}[\]<>#|~]/gu, String.raw`\$&`).replaceAll(/\s+/gu, ' ');
}
