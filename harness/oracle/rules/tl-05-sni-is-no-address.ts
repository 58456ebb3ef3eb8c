import { rule } from '../rule.ts';
import { breach, kept, undecided } from '../step.ts';

const ADDRESS = /^(?:\d{1,3}(?:\.\d{1,3}){3}|[0-9a-f:]*:[0-9a-f:]*)$/i;

/** The server name extension carries no IP address. [RFC 6066 3] */
export const sniIsNoAddress = rule({
  id: 'TL-05',
  clause: 'R-5.sni',
  says: 'the server name in the ClientHello is a host name',
  on: ['client-hello'],
  step(_, { event: { sni, n } }) {
    if (sni === null) return undecided();
    return ADDRESS.test(sni) ? breach(`the ClientHello asks for ${sni}, an address`, [n]) : kept();
  },
});
