/** The narrator writes what rules only read. */
export type Mutable<T> = { -readonly [K in keyof T]: T[K] };
