import { CLIENT_FACTS } from './client-facts.ts';
import type { Fact } from './fact.ts';
import { IDENTITY_FACTS, LINK_FACTS } from './identity-facts.ts';
import { LATE_FACTS } from './late-facts.ts';
import { NETWORK_FACTS } from './network-facts.ts';

/** In this order: each stands on those before it. */
export const FACTS: readonly Fact[] = [
  ...IDENTITY_FACTS,
  ...LINK_FACTS,
  ...NETWORK_FACTS,
  ...CLIENT_FACTS,
  ...LATE_FACTS,
];
