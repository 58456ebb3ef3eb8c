import { findArgumentText } from '../argument.ts';
import { findSsl, verifyLevelOf } from '../find-ssl.ts';
import { rule } from '../rule.ts';
import { breach, kept, undecided } from '../step.ts';

interface Shown {
  readonly fingerprint: string;
  readonly n: number;
}

/** The certificates in the module's files, by name. */
type Files = Readonly<Record<string, Shown>>;

const BOTH_SIDES = 2;

/** At verify level 2 the client shows the certificate that client_cert_path names. [manual 3.3.2.5] */
export const certificateOfFile = rule<Files, 'file' | 'tls-secured'>({
  id: 'TL-04',
  clause: 'M-8.client-cert',
  also: ['R-6.client-certificate'],
  says: 'at verify level 2 a server that asks is shown the certificate in the file of client_cert_path',
  on: ['file', 'tls-secured'],
  step(files = {}, { event, connection }) {
    if (event.k === 'file') return undecided(withFile(files, event.name, event.fingerprint, event.n));
    const ssl = findSsl(connection?.connectCall);
    const isDue = connection?.server?.asksClient === true && verifyLevelOf(ssl) >= BOTH_SIDES;
    const file = files[findArgumentText(ssl?.['clientCert']) ?? ''];
    if (!isDue || file === undefined) return undecided(files);
    const { clientCertificate, n } = event;
    if (clientCertificate === file.fingerprint) {
      return { ...kept(files), clauses: ['M-8.client-cert', 'R-6.client-certificate'] };
    }
    const what = clientCertificate === null ? 'no client certificate' : 'another certificate than the one in its file';
    return breach(`${what} was shown to a server that asks`, [file.n, n], files);
  },
});

function withFile(files: Files, name: string, fingerprint: string | undefined, n: number): Files {
  const { [name]: _, ...others } = files;
  return fingerprint === undefined ? others : { ...others, [name]: { fingerprint, n } };
}
