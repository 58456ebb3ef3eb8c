/** What a module is given before its silence is told: twice what the slowest known client (lwIP) waits for, ms. */
export const CONNECT_MS = 150_000;
export const REQUEST_MS = 90_000;
export const RETURN_MS = 60_000;
