/** Failures of talking AT; a silent port is `FLASH_AT_SILENT`, since the flasher opens it with the same session. */
export interface AtFailureData {
  /** The module answered a command with an error; `why` in words. */
  AT_REFUSED: { readonly command: string; readonly why: string };
  /** The module answered with something else than the command's answer. */
  AT_UNREADABLE: { readonly command: string; readonly lines: readonly string[] };
}

declare module '../../errors.ts' {
  interface FailureData extends AtFailureData {}
}
