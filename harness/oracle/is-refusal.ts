/** Whether a return value is an error: neither success nor WOUNDBLOCK. */
export function isRefusal(ret: number): boolean {
  return ret !== 0 && ret !== -2;
}
