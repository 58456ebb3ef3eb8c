import { X509Certificate } from 'node:crypto';

const PEM_CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/**
 * Why a client certificate is refused, as an OpenSSL verify code, or nothing. Only direct issue by one of the
 * authorities is known; Node accepts whatever is presented and leaves the decision to us.
 */
export function findClientFault(
  certificate: X509Certificate,
  authoritiesPem: string,
  nowMs: number,
): string | undefined {
  const authorities = (authoritiesPem.match(PEM_CERTIFICATE) ?? []).map((pem) => new X509Certificate(pem));
  const issuer = authorities.find((authority) => certificate.checkIssued(authority));
  if (issuer === undefined) return 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY';
  if (!certificate.verify(issuer.publicKey)) return 'CERT_SIGNATURE_FAILURE';
  if (nowMs < Date.parse(certificate.validFrom)) return 'CERT_NOT_YET_VALID';
  return nowMs > Date.parse(certificate.validTo) ? 'CERT_HAS_EXPIRED' : undefined;
}
