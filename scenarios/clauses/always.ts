import type { Clauses } from './clause.ts';

/** What fails whatever the documents say. */
export const always = {
  'A-1.no-reset': {
    source: 'whatever the documents say',
    says: 'the module does not crash, assert, bite its watchdog or start again unannounced',
    kind: 'specified',
  },
  'A-2.no-hang': {
    source: 'whatever the documents say',
    says: 'every call returns',
    kind: 'specified',
  },
  'A-3.certificate-refused': {
    source: 'whatever the documents say',
    says: 'at verify level 1 and above a certificate that does not prove the server is refused',
    kind: 'specified',
  },
} as const satisfies Clauses;
