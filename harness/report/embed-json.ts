/**
 * JSON that may stand in a `<script type="application/json">`: no text in it can end the element or open a comment there.
 *
 * Without `<` there is no tag; lone surrogates are escaped by JSON.stringify itself.
 */
export function embedJson(value: unknown): string {
  return JSON.stringify(value).replaceAll('<', String.raw`\u003c`);
}
